package bot_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A linked hall is another app in which the hall's people are met, which has addresses.
type linked struct{ *hall }

// Link is chat.Linker's.
func (linked) Link(code string) string { return "https://letters.example.org/bot?start=" + code }

// letters opens another app, with the same bot.
func (h *hall) letters() chat.Handler {
	h.Helper()
	handler, err := h.bot.Connect(h.Context(), "letters", "main", linked{h})
	if err != nil {
		h.Fatal(err)
	}
	return handler
}

// through has what is said go through another app's handler.
func (h *hall) through(handler chat.Handler) *hall {
	other := &hall{
		T: h.T, store: h.store, bot: h.bot, handler: handler, scheduler: h.scheduler, cycle: h.cycle, ids: h.ids,
		now: h.read(), heard: h.heard, edited: h.edited, blocked: h.blocked, n: 100000,
	}
	return other
}

var aCode = regexp.MustCompile(`/start ([a-z0-9]{20,})`)

// code takes the code out of what was said.
func (s said) code() string {
	s.Helper()
	m := aCode.FindStringSubmatch(s.Text.Plain())
	if m == nil {
		s.Fatalf("there is no code in %q", s.Text.Plain())
	}
	return m[1]
}

func TestAnotherApp(t *testing.T) {
	h := newHall(t).everyone()
	letters := h.through(h.letters())
	how := h.types("mentee", "/settings").tap("Use another app too").
		says("Another app", "Letters", "It works once", "today, Wednesday 10 February, at 10:15")
	code := how.code()
	if !strings.Contains(string(how.Text), "https://letters.example.org/bot?start="+code) {
		t.Errorf("there is no address in %s", how.Text)
	}
	letters.types("ana-too", "/start "+code).says("This app is connected to you now.").tap("Settings").says("Apps: Hall hears first, then Letters")
	letters.types("thief", "/start "+code).says("has been used")
	letters.types("ana-too", "/log today 60").says("Meeting 1 of 6 logged.") // both are the same person
	h.types("mentor", "/log Ana yesterday 60")
	h.hears("mentee", "Mira logged")
	h.hearsNothing("ana-too")

	h.types("mentee", "/settings").tap("My apps").says("Hall, since Wednesday 10 February: hears first", "Letters, since").
		buttons("Write to Letters first", "Disconnect Hall", "Disconnect Letters", "Use another app too", "Settings").
		tap("Write to Letters first").says("I write to Letters first")
	h.types("mentor", "/log Ana 2027-02-01 60")
	h.hears("ana-too", "Mira logged")
	h.hearsNothing("mentee")
	h.blocked["ana-too"] = &chat.UnreachableError{Reason: "blocked"}
	h.types("mentor", "/log Ana 2027-02-02 60")
	h.hears("mentee", "Mira logged")
	h.types("mentee", "/settings app").says("Letters, since Wednesday 10 February: can't be reached")
}

func TestACodeForAnotherAppIsGoodForAQuarterOfAnHour(t *testing.T) {
	h := newHall(t).everyone()
	letters := h.through(h.letters())
	old := h.types("mentee", "/settings app new").code()
	h.later(16 * time.Minute)
	letters.later(16 * time.Minute)
	letters.types("ana-too", "/start "+old).says("has expired")
	code := h.types("mentee", "/settings app new").code()
	letters.types("ana-too", "/start "+old).says("I don't know that code")
	letters.types("ana-too", "/start "+code).says("connected to you now")
	code = h.types("mentor", "/settings app new").code()
	h.types("second", "/start "+code).says("povezan") // who is somebody else already stays so
	letters.types("mira-too", "/start "+code).says("connected to you now")
}

func TestDisconnectingAnApp(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/settings app").buttons("Use another app too", "Settings")
	letters := h.through(h.letters())
	letters.types("ana-too", "/start "+h.types("mentee", "/settings app new").code())
	apps := h.types("mentee", "/settings app")
	first := apps.tap("Disconnect Hall").says("Disconnect Hall?").buttons("Yes, disconnect it", "Keep it")
	first.tap("Keep it").says("Fine, nothing was changed.").tap("Settings").says("Your settings")
	h.taps("mentor", first.Buttons[0].Command).says("wasn't meant for you") // nobody else's
	gone := first.tap("Yes, disconnect it").says("Hall isn't connected to you any more", "I don't know you here now")
	if !gone.Menu {
		t.Error("the menu stays")
	}
	h.types("mentee", "/log today 60").says("invitation")
	h.taps("mentee", first.Buttons[0].Command).says("invitation")
	h.types("mentor", "/log Ana today 60")
	h.hears("ana-too", "Mira logged")
	letters.types("ana-too", "/settings").says("App: Letters")
	last := apps.Buttons[2].Command // Disconnect Letters
	letters.taps("ana-too", last).says("Letters is your only app, so it stays.")
	letters.types("ana-too", "/log yesterday 60").says("logged.")
	h.types("mentee", "/start "+letters.types("ana-too", "/settings app new").code()).says("connected to you now")
}

func TestAppsOfSomebodyElse(t *testing.T) {
	h := newHall(t).everyone()
	letters := h.through(h.letters())
	letters.types("ana-too", "/start "+h.types("mentee", "/settings app new").code())
	apps := h.types("mentee", "/settings app")
	for _, b := range apps.Buttons[:3] {
		h.taps("mentor", b.Command).says("wasn't meant for you")
	}
	for _, line := range []string{"settings app first", "settings app off x", "settings app steal " + h.ids["mentee"], "settings app \x00"} {
		h.taps("mentee", line).says("wasn't meant for you")
	}
}

// Whoever becomes somebody by a code can't do so unseen.
func TestTheOtherAppsHearOfANewOne(t *testing.T) {
	h := newHall(t).everyone()
	letters := h.through(h.letters())
	letters.types("ana-too", "/start "+h.types("mentee", "/settings app new").code())
	h.hears("mentee", "Another app was connected to you just now: Letters.").buttons("That wasn't me", "My apps")
	h.hearsNothing("ana-too")
	h.later(14 * time.Hour) // midnight
	h.forgets()
	pending := h.invite("mentee")
	code := h.types("mentee", "/settings app new").code()
	h.types("thief", "/start "+code).says("connected to you now")
	h.hears("ana-too", "connected to you just now: Hall.")
	news := h.hears("mentee", "connected to you just now: Hall.")
	h.taps("thief", news.button("That wasn't me")).says("wasn't meant for you")
	h.taps("mentor", news.button("That wasn't me"))
	h.types("thief", "/log today 60").says("logged")
	news.tap("That wasn't me").says("isn't connected to you any more", "tell your coordinators").buttons("Settings", "See what's next")
	h.types("thief", "/log yesterday 60").says("invitation")
	h.types("thief", "/start "+pending).says("has expired")
	news.tap("That wasn't me").says("isn't connected to you any more")
	h.types("mentee", "/settings app").buttons("Write to Letters first", "Disconnect Hall", "Disconnect Letters", "Use another app too", "Settings")
}
