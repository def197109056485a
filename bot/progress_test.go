package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

func TestProgressOfAPair(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/progress").says("You and Mira", "No meetings yet.", "0 of 6 meetings held.", "we'd expect 1", "no answer yet").
		buttons("Log a meeting", "Answer the event", "See what's next").tap("Log a meeting").says("When did you meet?").
		tap("Today, Wednesday 10 February").tap("90 minutes").tap("See our progress").
		says("Wednesday 10 February, 90 minutes", "1 of 6 meetings held.", "your pace is fine", "Meeting 2 is expected by Wednesday 3 March.")
	h.hears("mentor").tap("Something's off")
	h.types("mentee", "/progress").says("doesn't count yet: Mira says that something is off").tap("Take it back").says("isn't logged any more")
	h.types("mentee", "/progress").says("No meetings yet.")
	h.taps("mentee", "progress "+h.ids["pair-second"]).says("wasn't meant for you")
	h.types("mentee", "/progress somebody").says("couldn't read “somebody”")
	h.do(func(tx *store.Tx) error { return tx.EndPair(h.ids["pair-mentee"]) })
	h.taps("mentee", "progress "+h.ids["pair-mentee"]).says("This pair ended on Wednesday 10 February.").
		buttons("Answer the event", "See what's next")
	h.types("mentee", "/progress").says("You aren't in a pair just now.")
}

func TestAMentorOfThree(t *testing.T) {
	h := newHall(t).everyone()
	h.do(func(tx *store.Tx) error {
		for _, slug := range []string{"third", "fourth"} {
			p := store.Person{Slug: slug, Name: "Mentee " + slug}
			must(tx.InsertPerson(&p))
			must(tx.PutMember(store.Member{CycleID: h.cycle.ID, PersonID: p.ID, Role: store.Mentee}))
			pair := store.Pair{CycleID: h.cycle.ID, MentorID: h.ids["mentor"], MenteeID: p.ID}
			must(tx.InsertPair(&pair))
			h.ids["pair-"+slug] = pair.ID
		}
		return tx.EndPair(h.ids["pair-fourth"])
	})
	h.taps("mentor", "log "+h.ids["pair-second"]+" 2027-02-01 60")
	all := h.types("mentor", "/progress").says("You and Ana", "You and Borka", "Monday 1 February, 1 hour", "You and Mentee third")
	all.buttons("Ana", "Borka", "Mentee third", "Log a meeting", "See what's next")
	all.tap("Borka").says("You and Borka", "1 of 6")
	h.types("mentor", "/progress bor").says("You and Borka", "1 of 6")
	h.types("mentor", "/next").says("6 meetings with Ana", "5 meetings with Borka", "6 meetings with Mentee third")
}

func TestACoordinatorSettles(t *testing.T) {
	h := newHall(t).everyone().elsewhere()
	h.types("mentee", "/log today 60")
	h.hears("mentor").tap("Something's off")
	h.hears("mentee", "something is off")
	disputed := h.types("coordinator", "/progress").says("2 of 2 pairs need you", "Mira disputes the meeting of Wednesday 10 February").
		tap("Mira – Ana").says("doesn't count yet", "Mira disputes")
	settled := disputed.tap("It counts: Wednesday 10 February").says("counts (Mira and Ana)", "Both get a message.")
	h.hears("mentee", "have settled it", "counts")
	h.hears("mentor", "have settled it", "counts")
	disputed.tap("It doesn't: Wednesday 10 February").says("settled already")
	h.taps("mentee", settled.Buttons[0].Command).says("wasn't meant for you")
	settled.tap("Undo").says("disputed again")
	h.hears("mentor", "taken their word back")
	h.hears("mentee")
	stranger := disputed.Buttons[0].Command
	h.taps("stranger", stranger).says("wasn't meant for you")
	h.taps("mentee", stranger).says("for coordinators")
	disputed.tap("It doesn't: Wednesday 10 February").says("doesn't count (Mira and Ana)")
	h.hears("mentee", "doesn't count").tap("Log a meeting").says("When did you meet?")
	h.types("mentee", "/progress").says("No meetings yet.")
	h.do(func(tx *store.Tx) error {
		entries, err := tx.Entries(h.cycle.ID, 10)
		held, undone := 0, 0
		for _, e := range entries {
			switch {
			case e.What != "settle" || e.By != h.ids["coordinator"]:
			case e.UndoneAt.IsZero():
				held++
			default:
				undone++
			}
		}
		if held != 1 || undone != 1 {
			t.Errorf("the journal is %+v", entries)
		}
		return err
	})
}

// Settled and undone in the night, nobody hears of either.
func TestSettlingUndoneBeforeItWasTold(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/log today 60")
	h.hears("mentor").tap("Something's off")
	h.types("mentor", "/settings quiet none")
	h.later(13*time.Hour + 30*time.Minute)
	h.forgets()
	var id string
	h.view(func(tx *store.Tx) error {
		all, err := tx.MeetingsOf(h.ids["pair-mentee"])
		id = all[0].ID
		return err
	})
	h.taps("coordinator", "settle "+id+" yes").tap("Undo").says("disputed again", "One person had heard of it, and now hears that it's undone.")
	h.hears("mentor", "taken their word back")
	h.later(11 * time.Hour)
	h.hearsNothing("mentee")
}

func TestPairsInTrouble(t *testing.T) {
	h := newHall(t).everyone()
	h.taps("mentee", "log "+h.ids["pair-mentee"]+" 2027-02-10 60")
	list := func() string { return h.types("coordinator", "/progress").Text.Plain() }
	if text := list(); strings.Index(text, "Mira and Borka") > strings.Index(text, "Mira and Ana") {
		t.Errorf("who is in trouble doesn't come first:\n%s", text)
	}
	h.do(func(tx *store.Tx) error {
		accounts, err := tx.Accounts(h.ids["second"])
		must(err)
		return tx.SetReachable(accounts[0].ID, false, "blocked")
	})
	h.types("coordinator", "/progress").says("Borka can't be reached")
	h.do(func(tx *store.Tx) error { return tx.Leave(h.cycle.ID, h.ids["mentee"]) })
	h.types("coordinator", "/progress").says("2 of 2 pairs need you:", "Ana has left")
	h.do(func(tx *store.Tx) error { return tx.EndPair(h.ids["pair-mentee"]) })
	h.types("coordinator", "/progress").says("Mira and Borka").tap("All pairs").says("1 of 1 pairs needs you:", "Mira and Ana: 1 of 6 meetings; has ended")
	h.taps("coordinator", "progress "+h.ids["pair-second"]).tap("Log for them").says("When did you meet?")
}

func TestWhatComesIsWhatWasForetold(t *testing.T) {
	h := newHall(t).everyone()
	h.do(func(tx *store.Tx) error {
		_, err := tx.Agree(h.ids["pair-mentee"], time.Date(2027, 3, 2, 16, 0, 0, 0, time.UTC), time.Hour, h.ids["mentee"])
		return err
	})
	for _, who := range []string{"mentee", "mentor", "second", "coordinator", "other"} {
		clear(h.heard)
		foretold := foretold(h, who)
		if len(foretold) < 4 {
			t.Fatalf("%s is foretold only %q", who, foretold)
		}
	}
	var got []time.Time
	want := foretold(h, "mentee")
	for n := 0; len(got) < 5 && n < 24*60; n++ {
		h.later(30 * time.Minute)
		h.mu.Lock()
		for range h.heard["mentee"] {
			got = append(got, h.now)
		}
		h.heard["mentee"] = nil
		h.mu.Unlock()
	}
	for i, at := range got {
		if d := at.Sub(want[i]); d < 0 || d >= 30*time.Minute {
			t.Errorf("the message %d came at %s, foretold for %s", i+1, at, want[i])
		}
	}
}

// foretold are the instants on all pages of messages to somebody.
func foretold(h *hall, who string) (all []time.Time) {
	h.Helper()
	for page := h.taps(who, "messages"); ; page = page.tap("More") {
		for _, line := range page.Text.Lines() {
			for _, s := range line.Spans {
				if !s.Moment.IsZero() {
					all = append(all, s.Moment)
				}
			}
		}
		if !strings.Contains(labels(page), "More") {
			return all
		}
	}
}

func labels(s said) string {
	var all []string
	for _, b := range s.Buttons {
		all = append(all, b.Label)
	}
	return strings.Join(all, "; ")
}

func TestInTwoCycles(t *testing.T) {
	h := newHall(t).everyone().elsewhere()
	h.do(func(tx *store.Tx) error {
		must(tx.PutMember(store.Member{CycleID: h.ids["autumn"], PersonID: h.ids["mentor"], Role: store.Mentee}))
		must(tx.PutMember(store.Member{CycleID: h.ids["autumn"], PersonID: h.ids["coordinator"], Role: store.Coordinator}))
		must(tx.Join(h.ids["autumn"], h.ids["mentor"]))
		must(tx.Join(h.ids["autumn"], h.ids["coordinator"]))
		pair := store.Pair{CycleID: h.ids["autumn"], MentorID: h.ids["x-mentor"], MenteeID: h.ids["mentor"]}
		return tx.InsertPair(&pair)
	})
	h.types("mentor", "/sessions").says("Spring session: Thursday 4 March at 18:00; no answer yet (Pilot cycle)",
		"Kick-off: Monday 8 March at 17:00; no answer yet (Autumn cycle)").tap("Kick-off").tap("I'll come").says("You're coming.")
	h.types("mentor", "/next").says("Kick-off", "you're coming (Autumn cycle)", "Days in Skopje", "6 meetings with Name of x-mentor, by Tuesday 15 June (Autumn cycle)")
	h.types("mentor", "/progress").says("You and Name of x-mentor (Autumn cycle)", "You and Ana (Pilot cycle)")
	h.types("mentor", "/event").says("Live events", "Days in Skopje", "Live event in Belgrade")
	h.types("coordinator", "/overview").says("Which cycle is it about?").tap("Autumn cycle").says("Autumn cycle", "Name of x-mentor").
		tap("See the pairs").says("Autumn cycle", "Name of x-mentor and Name of x-mentee")
	h.types("coordinator", "/overview pilot").says("Pilot cycle", "Spring session")
	h.types("coordinator", "/progress").says("Which cycle is it about?").tap("Pilot cycle").says("Mira and Borka")
	h.do(func(tx *store.Tx) error { return tx.Leave(h.ids["autumn"], h.ids["mentor"]) })
	if text := h.types("mentor", "/next").Text.Plain(); strings.Contains(text, "Kick-off") || strings.Contains(text, "(Pilot cycle)") {
		t.Errorf("after leaving one cycle the other isn't alone:\n%s", text)
	}
}

func TestTimesAreTheReadersOwn(t *testing.T) {
	h := newHall(t).everyone()
	// Spring session, 18:00 in Belgrade before the clocks change; a second one after.
	h.do(func(tx *store.Tx) error {
		s := store.Session{CycleID: h.cycle.ID, Slug: "april", Title: "April session", At: store.NewDate(2027, 4, 1).At(18 * 60), Length: time.Hour}
		must(tx.InsertSession(&s))
		h.ids["april"] = s.ID
		return nil
	})
	for zone, want := range map[string][2]string{
		"Europe/Belgrade": {"4 March at 18:00", "1 April at 18:00"}, "Europe/Lisbon": {"4 March at 17:00", "1 April at 17:00"},
		"Asia/Tbilisi": {"4 March at 21:00", "1 April at 20:00"}, "Europe/Istanbul": {"4 March at 20:00", "1 April at 19:00"},
	} {
		h.do(func(tx *store.Tx) error { return tx.ChooseZone(h.ids["mentee"], zone) })
		h.types("mentee", "/sessions").says("Thursday "+want[0], "Thursday "+want[1])
		h.types("mentee", "/next").says("Thursday "+want[0], "Thursday "+want[1])
		yes := h.taps("mentee", "session "+h.ids["april"]+" yes").says("Thursday " + want[1])
		if c := ical(t, yes.tap("Add to my calendar").Files[0].Data); c.components("VEVENT")[0].value("DTSTART") != "20270401T180000" {
			t.Errorf("to %s the calendar has another time", zone)
		}
	}
}

func TestAfterTheCycle(t *testing.T) {
	h := newHall(t).everyone()
	h.later(200 * 24 * time.Hour)
	for _, who := range []string{"mentee", "mentor", "coordinator", "other"} {
		for _, line := range []string{"/next", "/messages", "/sessions", "/event", "/progress", "/calendar"} {
			if said := h.types(who, line); len(said.Buttons) == 0 {
				t.Errorf("after the cycle %s gets a dead end from %s:\n%s", who, line, said.Text)
			}
		}
	}
	h.types("mentee", "/next").says("Nothing is planned for you just now.")
	h.types("mentee", "/calendar").says("nothing for your calendar")
	h.types("coordinator", "/overview").says("No sessions or events are ahead.")
}

func TestOverview(t *testing.T) {
	h := newHall(t)
	h.joins("coordinator")
	h.types("coordinator", "/overview").says("Pilot cycle: overview of Wednesday 10 February", "2 of 2 pairs need you:",
		"Mira hasn't joined", "Spring session", "not asked yet", "1 of 5 people have joined.", "4 people haven't joined yet:")
	h.everyone()
	h.blocked["mentee"] = &chat.UnreachableError{Reason: "blocked"}
	h.later(15*24*time.Hour + 9*time.Hour)
	h.types("coordinator", "/overview").says("could not be delivered", "Ana can't be reached")
	h.later(8 * 24 * time.Hour) // Friday 5 March
	h.types("coordinator", "/overview").says("Spring session: attendance isn't taken yet").
		buttons("Take attendance", "See the pairs", "See the people", "See the sessions", "Announce something", "Change something")
	h.do(func(tx *store.Tx) error {
		return tx.TakeAttendance(h.ids["spring"], []string{h.ids["mentor"]}, h.ids["coordinator"])
	})
	h.types("coordinator", "/overview").says("Spring session: 1")
	h.later(3 * 24 * time.Hour) // Monday
	h.hears("coordinator", "Pilot cycle: overview of Monday").tap("See the overview").says("Pilot cycle: overview")
}
