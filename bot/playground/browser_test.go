package playground_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/playground"
	"github.com/kooperativa/mentorbot/bot/playground/playgroundtest"
)

// scripted is a handler as a person meets it: it asks, and answers in place.
func scripted(f **fixture) *fakeHandler {
	return &fakeHandler{handle: func(r chat.Request) (chat.Reply, error) {
		switch command := strings.TrimPrefix(r.Text, "/"); {
		case strings.HasPrefix(command, "start "):
			(*f).stage.join(r.UserID)
			return say("*Welcome!*\n- one\n- " + chat.Link("two", "https://example.org/")), nil
		case command == "log":
			reply := say("When?", chat.Button{Label: "Today", Command: "log today"}, chat.Button{Label: "Another day", Command: "log other"})
			reply.Ask = "A date"
			return reply, nil
		case command == "log today":
			reply := say("Logged.", chat.Button{Label: "Undo", Command: "undo"})
			reply.Update = true
			return reply, nil
		case command == "report":
			return chat.Reply{Message: chat.Message{Text: "Here:", Files: []chat.File{{Name: "r.csv", Type: "text/csv", Data: []byte("a")}}}}, nil
		}
		return say(chat.Escape(r.Text)), nil
	}}
}

func openPage(t *testing.T) (*fixture, *playgroundtest.Page) {
	var f *fixture
	f = begin(t, playground.Options{}, scripted(&f))
	return f, playgroundtest.Open(t, f.server.URL)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func screen(t *testing.T, p *playgroundtest.Person) []chattest.Bubble {
	t.Helper()
	bubbles, err := p.Screen()
	must(t, err)
	return bubbles
}

func TestTakingPart(t *testing.T) {
	f, page := openPage(t)
	amra, lejla := page.Person("Amra"), page.Person("Lejla")
	must(t, amra.Type("/log"))
	must(t, amra.Tap("Today"))
	if diff := cmp.Diff([]chattest.Bubble{
		{Mine: true, Text: "/log", Buttons: []string{}, Files: []string{}, Links: []string{}},
		{Text: "Logged.", Buttons: []string{"Undo"}, Files: []string{}, Links: []string{}},
	}, screen(t, amra)); diff != "" {
		t.Error(diff)
	}
	must(t, amra.Type("/report"))
	if got := screen(t, amra); !slices.Equal(got[len(got)-1].Files, []string{"r.csv"}) {
		t.Errorf("the report is %+v", got)
	}
	if err := amra.Tap("Nowhere"); err == nil || !strings.Contains(err.Error(), `no button Nowhere`) {
		t.Errorf("tapping what isn't there: %v", err)
	}

	must(t, lejla.Tap("Start")) // she hasn't joined
	want := chattest.Bubble{Text: "Welcome!\n• one\n• two", Buttons: []string{}, Files: []string{}, Links: []string{"https://example.org/"}}
	if diff := cmp.Diff(want, screen(t, lejla)[1]); diff != "" {
		t.Error(diff)
	}
	must(t, lejla.Type("hello")) // now she has

	f.stage.turn = func(ctx context.Context, by playground.Turn) error {
		f.stage.set(start.AddDate(0, 0, 7))
		_, err := f.Send(ctx, "e", "", chat.Message{Text: "A week later, " + chat.Text(by)})
		return err
	}
	must(t, page.Turn("A week"))
	if got := screen(t, lejla); got[len(got)-1].Text != "A week later, week" {
		t.Errorf("after a turn the screen is %+v", got)
	}
	if now, err := page.Now(); err != nil || !now.Equal(start.AddDate(0, 0, 7)) {
		t.Errorf("the clock shows %v, %v", now, err)
	}
}

// People who take part at once do so as on machines of their own, though one browser
// shows all their pages.
func TestPagesShareNothing(t *testing.T) {
	f, one := openPage(t)
	other := playgroundtest.Open(t, f.server.URL)
	must(t, one.Eval(`document.cookie = 'mine=yes'`, new(any)))
	for page, want := range map[*playgroundtest.Page]string{one: "mine=yes", other: ""} {
		var got string
		must(t, page.Eval(`document.cookie`, &got))
		if got != want {
			t.Errorf("the cookies are %q, want %q", got, want)
		}
	}
}

func TestMessagesArriveByThemselves(t *testing.T) {
	f, page := openPage(t)
	amra := page.Person("Amra")
	send(t, f, "By itself")
	bubbles, err := amra.Until("the message", func(b []chattest.Bubble) bool { return len(b) == 1 })
	must(t, err)
	if bubbles[0].Text != "By itself" {
		t.Errorf("it is %+v", bubbles)
	}
	must(t, page.Eval(`document.querySelector('.talk[data-person="m"] .close').click()`, new(any)))
	send(t, f, "One", "Two")
	must(t, page.Wait("the unread count", `document.querySelector('.person[data-person="m"] .count')?.textContent.startsWith('2')`))
	must(t, amra.Open())
	must(t, page.Wait("nothing unread", `!document.querySelector('.person[data-person="m"] .count')`))
}

func TestNamesAndTextsInTheBrowser(t *testing.T) {
	stage := newStage()
	name := "_*[]<b>&\u202e עמית 👩‍👩‍👧 " + strings.Repeat("x", 300)
	stage.people[1].Name = name
	f := begin(t, playground.Options{Stage: stage}, &fakeHandler{handle: func(r chat.Request) (chat.Reply, error) {
		return say(chat.Escape(r.Text)), nil
	}})
	page := playgroundtest.Open(t, f.server.URL)
	person := page.Person(name)
	for _, text := range []string{
		"_*[]<b>&`", "a\nb <img src=x onerror=alert(1)>", "\u202eabc עמית", "👩‍👩‍👧", strings.Repeat("wide", 1000),
	} {
		must(t, person.Type(text))
		got := screen(t, person)
		if got[len(got)-1].Text != text || got[len(got)-2].Text != text {
			t.Errorf("%q is shown as %q", text, got[len(got)-1].Text)
		}
	}
	must(t, page.Resize(360, 640))
	var wider bool
	must(t, page.Eval(`document.documentElement.scrollWidth > innerWidth || [...document.querySelectorAll('.talk.current .log')].some((l) => l.scrollWidth > l.clientWidth)`, &wider))
	if wider {
		t.Error("something is wider than a phone")
	}
}

func TestOnlyAKeyboard(t *testing.T) {
	_, page := openPage(t)
	focus := func(what, selector string) {
		t.Helper()
		must(t, page.Wait(what, `document.activeElement?.matches(`+"`"+selector+"`"+`)`))
	}
	// tab presses Tab until the focus is somewhere.
	tab := func(selector string) {
		t.Helper()
		for range 60 {
			must(t, page.Press(kb.Tab))
			var there bool
			must(t, page.Eval(`Boolean(document.activeElement?.matches(`+"`"+selector+"`"+`))`, &there))
			if there {
				return
			}
		}
		t.Fatalf("Tab leads nowhere near %s", selector)
	}
	must(t, page.Press(kb.Tab))
	focus("the way past everything", ".skip")
	tab(".person")
	must(t, page.Press(kb.ArrowDown))
	focus("the next person", `.person[data-person="m"]`)
	must(t, page.Press(kb.Enter))
	focus("the box to write in", `.talk[data-person="m"] textarea`)
	must(t, page.Press("/"))
	must(t, page.Wait("the menu", `document.querySelector('.talk[data-person="m"] .menu [aria-selected="true"]')`))
	must(t, page.Press(kb.Enter))
	must(t, page.Wait("the question", `document.querySelector('.talk[data-person="m"] textarea').placeholder === 'A date'`))
	must(t, page.Press(kb.Tab, chromedp.ModifierShift)) // the menu's button
	must(t, page.Press(kb.Tab, chromedp.ModifierShift))
	focus("the last button", `.talk[data-person="m"] .buttons button:last-child`)
	must(t, page.Press(kb.Tab, chromedp.ModifierShift))
	must(t, page.Press(kb.Enter))
	must(t, page.Wait("the answer in its place", `document.querySelector('.talk[data-person="m"]').innerText.includes('Logged.')`))
	focus("the button of the answer", `.talk[data-person="m"] .buttons button`)
	var unnamed []string
	must(t, page.Eval(`[...document.querySelectorAll('button, input, textarea, a')].filter((e) => e.offsetParent &&
		!(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)).map((e) => e.outerHTML)`, &unnamed))
	if len(unnamed) > 0 {
		t.Errorf("without a name: %q", unnamed)
	}
}

func TestOnAPhone(t *testing.T) {
	_, page := openPage(t)
	must(t, page.Resize(360, 740))
	amra := page.Person("Amra")
	must(t, amra.Open())
	must(t, page.Wait("one conversation", `[...document.querySelectorAll('.talk')].filter((n) => n.offsetParent).length === 1`))
	must(t, amra.Type("/log"))
	must(t, amra.Tap("Today"))
	must(t, page.Eval(`document.querySelector('.talk.current .back').click()`, new(any)))
	must(t, page.Wait("the people", `document.querySelector('.person').offsetParent && document.activeElement.dataset.person === 'm'`))
	var wider bool
	must(t, page.Eval(`document.documentElement.scrollWidth > innerWidth`, &wider))
	if wider {
		t.Error("the page is wider than the phone")
	}
}

func TestALargeTurn(t *testing.T) {
	f, page := openPage(t)
	const each = 500
	f.stage.turn = func(ctx context.Context, _ playground.Turn) error {
		for i := range each {
			f.stage.set(start.Add(time.Duration(i) * time.Hour))
			for _, id := range []string{"c", "m", "e"} {
				text := chat.Text("A reminder")
				if i == each-1 {
					text += ", the last"
				}
				if _, err := f.Send(ctx, id, "", chat.Message{Text: text, Buttons: []chat.Button{{Label: "Log", Command: "log"}}}); err != nil {
					return err
				}
			}
		}
		return nil
	}
	must(t, page.Eval(`new PerformanceObserver((l) => { window.longest = Math.max(window.longest || 0, ...l.getEntries().map((e) => e.duration)); }).observe({ type: 'longtask' })`, new(any)))
	must(t, page.Turn("A week"))
	got := screen(t, page.Person("Jovana"))
	if last := got[len(got)-1].Text; len(got) < 100 || last != "A reminder, the last" {
		t.Errorf("%d messages are shown, the last is %q", len(got), last)
	}
	must(t, page.Eval(`document.querySelector('.talk .more').click()`, new(any)))
	must(t, page.Wait("earlier messages", fmt.Sprintf(`document.querySelectorAll('.talk[data-person="c"] .bubble').length > %d`, len(got))))
	var longest float64
	must(t, page.Eval(`window.longest || 0`, &longest))
	t.Logf("the page was busy for %.0f ms at most", longest)
}
