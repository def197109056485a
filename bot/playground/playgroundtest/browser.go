package playgroundtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// Main runs a package's tests, and then ends the browser that they shared. A TestMain
// runs it in place of its testing.M.
type Main struct{ *testing.M }

// Run runs the tests, and returns the code to exit with.
func (m Main) Run() int {
	end = func() error { return nil }
	code := m.M.Run()
	if err := end(); err != nil {
		fmt.Fprintln(os.Stderr, "end the browser:", err)
		code = max(code, 1)
	}
	return code
}

// browser is what all pages share: to start chromium takes seconds, another window in it
// a fraction of one. It is nil where there is no chromium.
var browser = sync.OnceValues(start)

// end ends the browser, if it was started. It is nil unless Main runs.
var end func() error

func start() (context.Context, error) {
	path := chromium()
	if path == "" {
		return nil, nil
	}
	if end == nil {
		return nil, errors.New("nobody would end it: TestMain must run playgroundtest.Main")
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.Headless, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-features", "SpareRendererForSitePerProcess"), // a process for no page
	}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // chromium refuses its sandbox to root
	}
	ctx, release := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(ctx)
	end = func() error {
		defer release()
		defer cancel()
		return chromedp.Cancel(ctx)
	}
	return ctx, chromedp.Do(ctx)
}

// window opens a window with nothing in it, or skips the test.
func window(tb testing.TB) context.Context {
	tb.Helper()
	b, err := browser()
	if err != nil {
		tb.Fatalf("start chromium: %v", err)
	}
	if b == nil {
		skip := tb.Skip
		if strings.Contains(os.Getenv("MENTORBOT_TEST_REQUIRE"), "chromium") {
			skip = tb.Fatal
		}
		skip("needs chromium: install it (Debian: the package chromium)")
	}
	ctx, cancel := chromedp.NewContext(b, chromedp.WithNewBrowserContext())
	tb.Cleanup(cancel)
	return ctx
}

func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
