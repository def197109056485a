// Package playgroundtest takes part on the playground's page in chromium, as a person
// would: it types with the keyboard, taps what can be seen, and reads the screen.
//
// Without chromium a test is skipped; where MENTORBOT_TEST_REQUIRE contains the word
// chromium it fails.
package playgroundtest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long anything on the page may take, on a machine that has much
// else to do.
const patience = time.Minute

// A Page is the playground's page in a browser of its own.
type Page struct {
	ctx context.Context
	mu  sync.Mutex // one finger
}

// Open opens the page at an address, and closes the browser when the test ends. The
// test fails if the page has thrown an error or broken its own policy.
func Open(tb testing.TB, url string) *Page {
	tb.Helper()
	p := &Page{ctx: browser(tb)}
	p.watch(tb)
	if err := p.Load(url); err != nil {
		tb.Fatalf("open the page: %v", err)
	}
	return p
}

// Load goes to an address and waits for the people.
func (p *Page) Load(url string) error {
	if err := p.do(chromedp.Navigate(url)); err != nil {
		return err
	}
	return p.wait("the people", `document.querySelector('.person')`)
}

// Resize gives the page another width and height.
func (p *Page) Resize(width, height int) error {
	return p.do(chromedp.EmulateViewport(int64(width), int64(height)))
}

// Prefer has the reader prefer colours: light or dark.
func (p *Page) Prefer(colours string) error {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: colours}},
	})
	return err
}

// Press presses keys, by the names that package kb of chromedp has for them, or types
// characters, wherever the focus is.
func (p *Page) Press(keys string, modifiers ...chromedp.Modifier) error {
	return p.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...), raw))
}

// raw makes a key press such that, as with a keyboard, what the page prevents types
// nothing.
func raw(k *input.DispatchKeyEventParams) {
	if k.Type == kb.KeyDown {
		k.Type = kb.KeyRawDown
	}
}

// Screenshot returns what the page looks like, as a PNG.
func (p *Page) Screenshot() ([]byte, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.CaptureScreenshot())
}

// Eval returns what an expression in JavaScript is, into a pointer.
func (p *Page) Eval(expression string, into any) error {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](
		"Promise.resolve("+expression+").then((value) => JSON.stringify(value ?? null))", chromedp.EvalAwaitPromise))
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), into)
}

// Wait waits until an expression in JavaScript is true, and looks again whenever the
// page changes. The words say what was waited for.
func (p *Page) Wait(what, expression string) error { return p.wait(what, expression) }

func (p *Page) wait(what, expression string) error {
	var ok bool
	if err := p.Eval(fmt.Sprintf(waiting, expression, patience.Milliseconds()/2), &ok); err != nil {
		return fmt.Errorf("wait for %s: %w", what, err)
	}
	if !ok {
		return fmt.Errorf("wait for %s: it doesn't come", what)
	}
	return nil
}

const waiting = `new Promise((done) => {
	const look = () => { if (%s) { end(true); } };
	const observer = new MutationObserver(look);
	const timer = setTimeout(() => end(false), %d);
	document.addEventListener('focusin', look);
	const end = (ok) => { observer.disconnect(); clearTimeout(timer); document.removeEventListener('focusin', look); done(ok); };
	observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
	look();
})`

// Turn turns the clock by the button with a label, such as "A week", and returns when
// all that lies between has been played and is shown.
func (p *Page) Turn(label string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var found bool
	err := p.Eval(fmt.Sprintf(`(() => {
		const button = [...document.querySelectorAll('[data-turn]')].find((b) => b.innerText.trim().startsWith(%s));
		if (!button || button.getAttribute('aria-disabled') === 'true') return false;
		button.click();
		return true;
	})()`, quote(label)), &found)
	if err != nil {
		return fmt.Errorf("turn the clock: %w", err)
	}
	if !found {
		return fmt.Errorf("turn the clock: no button %q can be tapped", label)
	}
	if err := p.wait("the clock", `!('turning' in document.body.dataset)`); err != nil {
		return err
	}
	var trouble string
	if err := p.Eval(`document.getElementById('trouble').hidden ? '' : document.getElementById('trouble').textContent`, &trouble); err != nil {
		return err
	}
	if trouble != "" {
		return fmt.Errorf("turn the clock: %s", trouble)
	}
	return nil
}

// Now returns the moment at which the cycle's clock stands.
func (p *Page) Now() (now time.Time, err error) {
	err = p.Eval(`document.getElementById('now').getAttribute('datetime')`, &now)
	return now, err
}

func (p *Page) do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

// insert types a text at once, as a phone's keyboard or the clipboard does.
func (p *Page) insert(text string) error {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: text})
	return err
}

func (p *Page) enter() error { return p.Press(kb.Enter) }

// watch fails the test for what the page complains of.
func (p *Page) watch(tb testing.TB) {
	messages := chromedp.Console(p.ctx)
	ended := make(chan struct{})
	var complaints []string
	go func() {
		defer close(ended)
		for m, err := range messages {
			if err != nil {
				return // the browser has closed
			}
			text := m.String()
			if m.IsException() || strings.Contains(text, "Content Security Policy") || strings.Contains(text, "TrustedHTML") {
				complaints = append(complaints, text)
			}
		}
	}()
	tb.Cleanup(func() {
		if err := chromedp.Cancel(p.ctx); err != nil {
			tb.Errorf("close the browser: %v", err)
		}
		<-ended
		for _, c := range complaints {
			tb.Errorf("the page complains: %s", c)
		}
	})
}

// browser starts chromium with nothing in it, or skips the test.
func browser(tb testing.TB) context.Context {
	tb.Helper()
	path := chromium()
	if path == "" {
		skip := tb.Skip
		if strings.Contains(os.Getenv("MENTORBOT_TEST_REQUIRE"), "chromium") {
			skip = tb.Fatal
		}
		skip("needs chromium: install it (Debian: the package chromium)")
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.Headless, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.WindowSize(1440, 900),
	}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // chromium refuses its sandbox to root
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	tb.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
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

// quote returns a string as JavaScript has it.
func quote(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has a JSON
	}
	return string(data)
}
