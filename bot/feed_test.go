package bot_test

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// withFeeds has calendars be fetched.
func withFeeds(o *bot.Options) {
	o.FeedURL = func(token string) string { return "https://bot.example.org/calendar/" + token + ".ics" }
}

var feedToken = regexp.MustCompile(`https://bot\.example\.org/calendar/([a-z2-7]{26})\.ics`)

// token is the one in the address that is shown.
func (s said) token() string {
	s.Helper()
	m := feedToken.FindStringSubmatch(s.Text.Plain())
	if m == nil {
		s.Fatalf("there is no address in\n%s", s.Text.Plain())
	}
	return m[1]
}

// fetch fetches a calendar that is there.
func (h *hall) fetch(token string) (c *icalComponent, data, etag string) {
	h.Helper()
	b, etag, found, err := h.bot.Feed(h.Context(), token)
	if err != nil || !found {
		h.Fatalf("found %v, %v", found, err)
	}
	if c, err = readICal(b); err != nil {
		h.Fatalf("%v in\n%s", err, b)
	}
	return c, string(b), etag
}

func (h *hall) nowhere(token string) {
	h.Helper()
	if b, etag, found, err := h.bot.Feed(h.Context(), token); found || len(b) > 0 || etag != "" || err != nil {
		h.Errorf("found %v, %v, %d bytes, %q", found, err, len(b), etag)
	}
}

// entry returns one of a calendar.
func (c *icalComponent) entry(uid string) *icalComponent {
	for _, e := range c.components("VEVENT") {
		if e.value("UID") == uid+"@mentorbot" {
			return e
		}
	}
	return nil
}

func TestTheAddressOfACalendar(t *testing.T) {
	h := newHall(t, withFeeds).everyone()
	first := h.types("mentee", "/settings").tap("Calendar address").
		says("Your calendar address.", "Keep it to yourself", "Google Calendar", "Apple", "Outlook", "only now").
		buttons("New address", "Stop it", "Settings")
	old := first.token()
	h.fetch(old)
	again := h.types("mentee", "/settings calendar").says("since Wednesday 10 February", "can't show it again").
		buttons("New address", "Stop it", "Settings")
	if feedToken.MatchString(again.Text.Plain()) {
		t.Error("it is shown again")
	}
	h.taps("mentee", "settings data").says("everything")
	token := again.tap("New address").token()
	h.nowhere(old)
	h.fetch(token)
	h.types("mentee", "/settings calendar").tap("Stop it").says("Nobody gets anything").buttons("New address", "Settings")
	h.nowhere(token)
	h.taps("mentee", "settings calendar stop").says("Nobody gets anything")
	h.taps("stranger", "settings calendar").says("invitation")
}

func TestWhereNothingIsPublicThereIsNoAddress(t *testing.T) {
	h := newHall(t).everyone()
	for _, s := range []said{h.types("mentee", "/settings"), h.types("coordinator", "/manage")} {
		for _, b := range s.Buttons {
			if strings.Contains(b.Label, "alendar") {
				t.Errorf("there is the button %+v", b)
			}
		}
	}
	h.taps("mentee", "settings calendar").says("wasn't meant for you")
	h.taps("coordinator", "cycle-calendar "+h.cycle.ID).says("wasn't meant for you")
	if text := h.taps("mentee", "settings delete").Text.Plain(); strings.Contains(text, "alendar") {
		t.Error(text)
	}
}

func TestARequestThatIsRepeatedShowsTheSameAddress(t *testing.T) {
	h := newHall(t, withFeeds).everyone()
	r := chat.Request{ID: "same", UserID: "mentee", ChatID: "mentee", Text: "settings calendar new", Tapped: true}
	if a, b := h.asks(r).token(), h.asks(r).token(); a != b {
		t.Error("each time there is another address")
	}
}

func TestThePersonsFeed(t *testing.T) {
	h := newHall(t, withFeeds).everyone()
	h.do(func(tx *store.Tx) error {
		return cmp.Or(tx.AnswerSession(h.ids["spring"], h.ids["other"], false, h.ids["other"]), tx.SetProgram(store.Program{Name: `Mentors, mentees; \ and all`}))
	})
	h.underWay() // the spring session is over, the closing one cancelled
	token := h.taps("mentor", "settings calendar").token()
	c, data, etag := h.fetch(token)
	if got := [4]string{c.text("NAME"), c.text("X-WR-CALNAME"), c.value("REFRESH-INTERVAL"), c.value("X-PUBLISHED-TTL")}; got != [4]string{
		`Mentors, mentees; \ and all`, `Mentors, mentees; \ and all`, "PT1H", "PT1H",
	} {
		t.Errorf("it says of itself %q", got)
	}
	for uid, want := range map[string][5]string{
		"session-" + h.ids["spring"]:  {"Spring session", "CONFIRMED", "20270304T180000", "https://meet.example.org/spring", ""},
		"session-" + h.ids["skills"]:  {"Skills session", "CONFIRMED", "20270422T180000", "https://meet.example.org/skills", "Your answer: no answer yet"},
		"session-" + h.ids["closing"]: {"Cancelled: Closing session", "CANCELLED", "20270610T180000", "https://meet.example.org/closing", ""},
		"event-" + h.ids["belgrade"]: {"Live event in Belgrade", "CONFIRMED", "20270618", "Belgrade",
			"Your answer: no answer yet\n\nFriday 18 June\n18:00 Arrival and dinner"},
	} {
		e := c.entry(uid)
		if e == nil {
			t.Errorf("%s isn't there", uid)
			continue
		}
		if got := [5]string{e.text("SUMMARY"), e.value("STATUS"), e.value("DTSTART"), e.text("LOCATION"), e.text("DESCRIPTION")}; got != want {
			t.Errorf("%s is %q, want %q", uid, got, want)
		}
	}
	if zones := c.components("VTIMEZONE"); len(zones) != 1 || zones[0].value("TZID") != "Europe/Belgrade" || !strings.Contains(data, "SUMMARY:Meeting with Borka\r\n") {
		t.Error(data)
	}
	h.later(10 * time.Minute)
	if _, later, same := h.fetch(token); same != etag || later == data {
		t.Error("as time passes the tag changes, or nothing does")
	}
	h.taps("mentor", "session "+h.ids["skills"]+" yes")
	if c, _, changed := h.fetch(token); changed == etag || c.entry("session-"+h.ids["skills"]).text("DESCRIPTION") != "Your answer: you're coming" {
		t.Error("the answer isn't there")
	}
	h.taps("mentor", "session "+h.ids["skills"]+" no")
	if c, _, _ := h.fetch(token); c.entry("session-"+h.ids["skills"]) != nil {
		t.Error("what they can't come to is there")
	}
	if c, _, _ := h.fetch(h.taps("other", "settings calendar").token()); c.entry("session-"+h.ids["spring"]) != nil {
		t.Error("what they couldn't come to is there once it is long over")
	}
	c, _, _ = h.fetch(h.taps("coordinator", "settings calendar").token())
	if e := c.entry("session-" + h.ids["skills"]); e == nil || e.value("DESCRIPTION") != "" {
		t.Error("a coordinator is told of an answer")
	}
	c, _, _ = h.fetch(h.taps("second", "settings calendar").token())
	if e := c.entry("session-" + h.ids["closing"]); e.text("SUMMARY") != "Otkazano: Closing session" {
		t.Errorf("in Serbian there is %s", e.text("SUMMARY"))
	}
}

func TestMeetingsInAFeed(t *testing.T) {
	h := newHall(t, withFeeds).everyone()
	token := h.taps("mentee", "settings calendar").token()
	var m *store.Meeting
	at := time.Date(2027, 2, 20, 15, 0, 0, 0, time.UTC)
	h.do(func(tx *store.Tx) (err error) {
		m, err = tx.Agree(h.ids["pair-mentee"], at, time.Hour, h.ids["mentor"])
		return err
	})
	entry := func() string {
		c, _, _ := h.fetch(token)
		e := c.entry("meeting-" + m.ID)
		if e == nil {
			return ""
		}
		return e.text("SUMMARY") + " " + e.value("STATUS") + " " + e.value("DTSTART")
	}
	if got := entry(); got != "Meeting with Mira CONFIRMED 20270220T150000Z" {
		t.Error(got)
	}
	h.do(func(tx *store.Tx) error { return tx.Move(m.ID, at.Add(time.Hour)) })
	if got := entry(); got != "Meeting with Mira CONFIRMED 20270220T160000Z" {
		t.Error(got)
	}
	h.do(func(tx *store.Tx) error { return tx.Cancel(m.ID) })
	if got := entry(); got != "Cancelled: Meeting with Mira CANCELLED 20270220T160000Z" {
		t.Error(got)
	}
	h.do(func(tx *store.Tx) (err error) {
		m, err = tx.Agree(h.ids["pair-mentee"], at.AddDate(0, 0, 1), time.Hour, h.ids["mentor"])
		return err
	})
	h.later(20 * 24 * time.Hour)
	h.taps("mentee", "log "+h.ids["pair-mentee"]+" 2027-02-21 60")
	if got := entry(); got != "Meeting with Mira CONFIRMED 20270221T150000Z" {
		t.Error("once it was held, there is", got)
	}
	if _, data, _ := h.fetch(token); strings.Contains(data, "Cancelled") {
		t.Error("what was called off is still there when it would be over")
	}
	h.do(func(tx *store.Tx) error { return tx.EndPair(h.ids["pair-mentee"]) })
	if got := entry(); got != "" {
		t.Error("when the pair has ended, there is", got)
	}
}

// Whatever becomes of a session, its number never falls, and the tag changes.
func TestAFeedFollowsWhatChanges(t *testing.T) {
	h := newHall(t, withFeeds).everyone()
	token := h.taps("mentee", "settings calendar").token()
	last, tags := 0, map[string]bool{}
	var before store.Session
	for _, step := range []struct {
		change        func(*store.Tx) error
		status, start string
	}{
		{func(tx *store.Tx) (err error) { before, err = tx.Session(h.ids["spring"]); return err }, "CONFIRMED", "20270304T180000"},
		{func(tx *store.Tx) error {
			return tx.MoveSession(h.ids["spring"], store.NewDate(2027, 3, 6).At(18*60))
		}, "CONFIRMED", "20270306T180000"},
		{func(tx *store.Tx) error { return tx.PutSessionBack(before) }, "CONFIRMED", "20270304T180000"},
		{func(tx *store.Tx) error { return tx.CancelSession(h.ids["spring"]) }, "CANCELLED", "20270304T180000"},
		{func(tx *store.Tx) error { return tx.RestoreSession(h.ids["spring"]) }, "CONFIRMED", "20270304T180000"},
	} {
		h.do(step.change)
		c, _, etag := h.fetch(token)
		e := c.entry("session-" + h.ids["spring"])
		n, err := strconv.Atoi(e.value("SEQUENCE"))
		must(err)
		if e.value("STATUS") != step.status || e.value("DTSTART") != step.start || n < last {
			t.Errorf("after %d it is %d, %s at %s", last, n, e.value("STATUS"), e.value("DTSTART"))
		}
		last, tags[etag] = n, true
	}
	if len(tags) < 3 {
		t.Errorf("there are only %d tags", len(tags))
	}
}

func TestAFeedIsForMembers(t *testing.T) {
	h := newHall(t, withFeeds).everyone()
	token := h.taps("mentee", "settings calendar").token()
	left := h.taps("mentee", "settings leave").tap("Yes, leave")
	h.nowhere(token)
	h.taps("mentee", "settings calendar").says("aren't in a mentorship cycle")
	left.tap("Undo")
	h.fetch(token)
	h.taps("mentee", "settings delete").says("address of your calendar").tap("Go on with deleting").tap("Delete everything now")
	h.nowhere(token)
	h.nowhere("")
	h.nowhere(strings.Repeat("a", 5000))
	h.nowhere("\x00' OR 1=1")
}

func TestAFeedHasAllCyclesOfAPerson(t *testing.T) {
	w := newTown(newHall(t, withFeeds))
	w.do(func(tx *store.Tx) error {
		return cmp.Or(tx.PutMember(store.Member{CycleID: w.second.ID, PersonID: w.ids["mentee"], Role: store.Mentee}), tx.Join(w.second.ID, w.ids["mentee"]))
	})
	token := w.taps("mentee", "settings calendar").token()
	if c, data, _ := w.fetch(token); c.entry("session-"+w.ids["spring"]) == nil || c.entry("session-"+w.ids["far-spring"]) == nil {
		t.Error(data)
	}
	w.do(func(tx *store.Tx) error { return tx.Leave(w.second.ID, w.ids["mentee"]) })
	if c, data, _ := w.fetch(token); c.entry("session-"+w.ids["spring"]) == nil || c.entry("session-"+w.ids["far-spring"]) != nil {
		t.Error(data)
	}
}

func TestTheCyclesFeedHasNothingOfPeople(t *testing.T) {
	w := newTown(newHall(t, withFeeds))
	h := w.hall
	h.do(func(tx *store.Tx) error {
		_, err := tx.Agree(h.ids["pair-second"], time.Date(2027, 4, 20, 15, 0, 0, 0, time.UTC), time.Hour, h.ids["mentor"])
		must(err)
		s := store.Session{CycleID: h.cycle.ID, Slug: "closing", Title: "Closing session", At: store.NewDate(2027, 6, 10).At(18 * 60),
			Length: time.Hour, Where: "https://meet.example.org/closing"}
		must(tx.InsertSession(&s))
		h.ids["closing"] = s.ID
		must(tx.CancelSession(s.ID))
		e, err := tx.Event(h.ids["belgrade"])
		must(err)
		e.Agenda = append(e.Agenda, store.AgendaItem{At: e.From.At(20 * 60), Title: "Toast by Mira"})
		return tx.UpdateEvent(e)
	})
	made := h.types("coordinator", "/manage").tap("Calendar of the cycle").says("The calendar of Pilot cycle", "Google", "only now").
		buttons("New address", "Stop it", "Change something else")
	token := made.token()
	c, data, _ := h.fetch(token)
	if len(c.components("VEVENT")) != 3 || c.text("NAME") != "Pilot cycle" {
		t.Error(data)
	}
	for _, name := range w.names {
		if hasWord(data, name) {
			t.Errorf("it names %s", name)
		}
	}
	for _, secret := range []string{"meet.example.org", "://", "URL", "Meeting", "Toast", "answer", "Far"} {
		if strings.Contains(data, secret) {
			t.Errorf("it has %q in it", secret)
		}
	}
	if e := c.entry("event-" + h.ids["belgrade"]); e.text("LOCATION") != "Belgrade" || c.entry("session-"+h.ids["closing"]).value("STATUS") != "CANCELLED" {
		t.Error(data)
	}
	h.do(func(tx *store.Tx) error {
		e, err := tx.Event(h.ids["belgrade"])
		must(err)
		e.Place = "https://meet.example.org/live"
		return tx.UpdateEvent(e)
	})
	if _, data, _ := h.fetch(token); strings.Contains(data, "://") {
		t.Error("it has an address to enter by")
	}
	h.taps("mentee", "cycle-calendar "+h.cycle.ID).says("for coordinators")
	h.taps("far-coordinator", "cycle-calendar "+h.cycle.ID+" stop").says("wasn't meant for you")
	again := h.taps("coordinator", "cycle-calendar "+h.cycle.ID).says("can't show it again").tap("New address").token()
	h.nowhere(token)
	h.taps("coordinator", "cycle-calendar "+h.cycle.ID).tap("Stop it").says("Nobody gets anything")
	h.nowhere(again)
	h.taps("coordinator", "history "+h.cycle.ID).says("gave the cycle's calendar a new address", "stopped the address of the cycle's calendar")
}

// A feed of a cycle in which there is nothing yet is a calendar all the same.
func TestAnEmptyFeed(t *testing.T) {
	h := newHall(t, withFeeds).everyone()
	token := h.taps("coordinator", "cycle-calendar "+h.cycle.ID).token()
	h.do(func(tx *store.Tx) error {
		return cmp.Or(tx.RemoveSession(h.ids["spring"]), tx.RemoveEvent(h.ids["belgrade"]))
	})
	b, _, found, err := h.bot.Feed(t.Context(), token)
	if err != nil || !found || !strings.HasPrefix(string(b), "BEGIN:VCALENDAR\r\n") || !strings.HasSuffix(string(b), "END:VCALENDAR\r\n") {
		t.Errorf("%v, %v, %s", found, err, b)
	}
}

func TestWhatIsKnownHasTheAddressOfTheCalendar(t *testing.T) {
	h := newHall(t, withFeeds).everyone()
	const line = "the address of your calendar, made Wednesday 10 February 2027"
	known := func() string { return string(h.taps("mentee", "settings data").Files[0].Data) }
	if strings.Contains(known(), line) {
		t.Error("there is none yet")
	}
	token := h.taps("mentee", "settings calendar").token()
	if text := known(); !strings.Contains(text, line) || strings.Contains(text, token) {
		t.Error(text)
	}
}

// What is said of calendars, in every language.
func TestFeedScreens(t *testing.T) {
	for _, language := range locale.Languages() {
		t.Run(language, func(t *testing.T) {
			h := newHall(t, withFeeds).everyone().speaking(language)
			cycle := "cycle-calendar " + h.cycle.ID
			var got strings.Builder
			for _, s := range []struct{ name, who, line string }{
				{"settings", "mentee", "settings"}, {"what can be set", "mentee", "settings calendar"},
				{"there is one", "mentee", "settings calendar"}, {"stopped", "mentee", "settings calendar stop"},
				{"delete", "mentee", "settings delete"},
				{"manage", "coordinator", "manage"}, {"of the cycle", "coordinator", cycle},
				{"of the cycle, there is one", "coordinator", cycle}, {"of the cycle, stopped", "coordinator", cycle + " stop"},
				{"history", "coordinator", "history " + h.cycle.ID},
			} {
				h.later(time.Minute) // so that the history has an order
				text := screenAsKept(h.taps(s.who, s.line), map[string]string{h.cycle.ID: "{cycle}"})
				got.WriteString("=== " + s.name + "\n" + codeShown.ReplaceAllString(text, "{token}") + "\n")
			}
			golden(t, "testdata/feed."+language+".txt", got.String())
		})
	}
}

// However long the public address is, it fits.
func TestALongPublicAddress(t *testing.T) {
	h := newHall(t, func(o *bot.Options) {
		o.FeedURL = func(token string) string {
			return "https://" + strings.Repeat("long.", 50) + "example.org/calendar/" + token
		}
	}).everyone()
	said := h.taps("mentee", "settings calendar")
	if !slices.ContainsFunc(strings.Split(said.Text.Plain(), "\n"), func(line string) bool { return strings.HasPrefix(line, "https://long.") }) {
		t.Error(said.Text)
	}
}
