// Package playgroundtest takes part on the playground's page in chromium, as a person
// would: it types with the keyboard, taps what can be seen, and reads the screen.
//
// The pages of a test binary share one browser, which [Main] ends. Without chromium a
// test is skipped; where MENTORBOT_TEST_REQUIRE contains the word chromium it fails.
package playgroundtest

import (
	"context"
	"encoding/json"
	"fmt"
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

// A Page is the playground's page in a window that shares nothing with another's, as if
// each person had a browser of their own.
type Page struct {
	ctx context.Context
	mu  sync.Mutex // one finger
}

// Open opens the page at an address, and closes it when the test ends. The test fails
// if the page has thrown an error or broken its own policy.
func Open(tb testing.TB, url string) *Page {
	tb.Helper()
	p := &Page{ctx: window(tb)}
	p.watch(tb)
	if err := p.Resize(1440, 900); err != nil {
		tb.Fatalf("open a window: %v", err)
	}
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

// lastWords are the last that a page says on its console: what it complained of before
// has been read by then.
const lastWords = "the test has ended"

// watch fails the test for what the page complains of.
func (p *Page) watch(tb testing.TB) {
	messages := chromedp.Console(p.ctx)
	ended := make(chan struct{})
	var complaints []string
	go func() {
		defer close(ended)
		for m, err := range messages {
			if err != nil || m.Text == lastWords {
				return // an error is that the page has been closed
			}
			text := m.String()
			if m.IsException() || strings.Contains(text, "Content Security Policy") || strings.Contains(text, "TrustedHTML") {
				complaints = append(complaints, text)
			}
		}
	}()
	tb.Cleanup(func() {
		if err := p.Eval("console.debug("+quote(lastWords)+")", new(any)); err != nil {
			tb.Errorf("hear what the page complains of: %v", err)
		} else {
			<-ended
		}
		if err := chromedp.Cancel(p.ctx); err != nil {
			tb.Errorf("close the page: %v", err)
		}
		<-ended
		for _, c := range complaints {
			tb.Errorf("the page complains: %s", c)
		}
	})
}

// quote returns a string as JavaScript has it.
func quote(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has a JSON
	}
	return string(data)
}
