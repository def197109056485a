package bot_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// opens has the coordinator open something by the labels of buttons.
func (h *hall) opens(command string, labels ...string) said {
	h.Helper()
	s := h.types("coordinator", command)
	for _, label := range labels {
		s = s.tap(label)
	}
	return s
}

// has reports whether there is a button.
func (s said) has(label string) bool {
	return slices.ContainsFunc(s.Buttons, func(b chat.Button) bool { return b.Label == label })
}

// button returns the command of a button.
func (s said) button(label string) string {
	s.Helper()
	for _, b := range s.Buttons {
		if b.Label == label {
			return b.Command
		}
	}
	s.Fatalf("there is no button %q below\n%s\n%v", label, s.Text.Plain(), s.Buttons)
	return ""
}

// untold checks that nobody but the coordinator was sent anything.
func (h *hall) untold() {
	h.Helper()
	for _, who := range []string{"mentor", "mentee", "second", "other"} {
		h.hearsNothing(who)
	}
}

func (h *hall) forgets() *hall {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.heard)
	return h
}

// session returns the session of the hall as it is now.
func (h *hall) session() (x store.Session) {
	h.Helper()
	h.view(func(tx *store.Tx) (err error) { x, err = tx.Session(h.ids["spring"]); return err })
	return x
}

func (h *hall) event() (e store.Event) {
	h.Helper()
	h.view(func(tx *store.Tx) (err error) { e, err = tx.Event(h.ids["belgrade"]); return err })
	return e
}

func (h *hall) view(f func(*store.Tx) error) {
	h.Helper()
	if err := h.store.View(h.Context(), f); err != nil {
		h.Fatal(err)
	}
}

// met has both pairs be ahead of their plan, so that nobody is reminded of it.
func (h *hall) met() *hall {
	h.Helper()
	h.do(func(tx *store.Tx) error {
		for _, pair := range []string{"pair-mentee", "pair-second"} {
			for day := range store.Date(6) {
				_, err := tx.Log(h.ids[pair], store.NewDate(2027, 1, 20)+day, time.Hour, h.ids["mentor"])
				must(err)
			}
		}
		return nil
	})
	return h
}

// invited has everybody asked to the session: it is 25 February, 19:00.
func (h *hall) invited() *hall {
	h.Helper()
	h.met().later(15*24*time.Hour + 9*time.Hour)
	h.hears("mentee", "Spring session", "Will you come?")
	return h.forgets()
}

func (h *hall) springs() said { return h.opens("/manage", "Sessions", "Spring session") }

// moves has the coordinator move the session, up to the question whether to.
func (h *hall) moves(day, clock string) said {
	h.Helper()
	h.springs().tap("Move it").says("To which day?")
	h.types("coordinator", day).says("At what time?")
	return h.types("coordinator", clock)
}

func TestManaging(t *testing.T) {
	h := newHall(t).everyone()
	h.opens("/manage").says("Pilot cycle: what would you like to change?").
		buttons("People", "Pairs", "Sessions", "Live event", "Take attendance", "What has been done")
	h.types("mentee", "/manage").says("That is for coordinators.")
	h.types("coordinator", "/manage").tap("What has been done").says("Nothing has been done yet.").tap("Change something else").says("what would you like to change?")
	h.opens("/manage", "Take attendance").says("Nothing has taken place yet.")
}

func TestAddingASession(t *testing.T) {
	h := newHall(t).everyone()
	h.opens("/manage", "Sessions").says("The session of this cycle.", "Spring session: Thursday 4 March at 18:00 – 0 coming, 0 can't, 4 haven't answered").
		tap("Add a session").says("What is the session called?").buttons("Cancel")
	h.types("coordinator", "\u200b\u200b").says("What is the session called?") // nobody can see that
	h.types("coordinator", strings.Repeat("x", 201)).says("That has 201 characters; 200 is the most.", "What is the session called?")
	h.types("coordinator", "Second *session*").says("On which day?")
	h.types("coordinator", "5 July 2027").says("Monday 5 July is outside the cycle, which runs from Monday 11 January to Wednesday 30 June")
	h.types("coordinator", "nonsense").says("On which day?")
	h.types("coordinator", "28 March").says("At what time?")
	h.types("coordinator", "02:30").says("the clocks skip that time", "At what time?") // the clock goes forward that night
	h.types("coordinator", "18:30").says("How long will it take?").buttons("90 minutes", "1 hour", "2 hours", "45 minutes", "Back", "Cancel").
		tap("45 minutes").says("Where is it?")
	sure := h.types("coordinator", "https://meet.example.org/second").
		says("Add this session?", "Second *session*", "Sunday 28 March at 18:30, 45 minutes", "Where: https://meet.example.org/second",
			"Nobody is told yet. The first reminder goes out on Sunday 21 March at 18:30").
		buttons("Yes, do it", "Back", "Cancel")
	done := sure.tap("Yes, do it").says("Done. There is a new session:", "Second *session*", "The first reminder goes out").
		buttons("Undo", "See the session", "Sessions")
	if !done.Update {
		t.Error("what was done doesn't take the place of the question")
	}
	sure.tap("Yes, do it").says("That is done already.").tap("Undo").says("Undone. Second *session* isn't planned any more, and nobody had heard of it.")
	sure.tap("Yes, do it").says("undone already")
	done.tap("Undo").says("undone already")
	h.opens("/manage", "Sessions").says("The session of this cycle.")
	h.opens("/manage", "What has been done").says("Vesna added the session Second *session* (undone)")
	h.untold()
}

func TestASessionThatIsKnownIsNotTakenAway(t *testing.T) {
	h := newHall(t).everyone()
	h.opens("/manage", "Sessions", "Add a session")
	h.types("coordinator", "Soon")
	h.types("coordinator", "12 February")
	h.types("coordinator", "18:00").tap("1 hour").tap("No address yet").says("4 people are invited within a day")
	h.untold()
	h.opens("/manage", "Sessions", "Add a session")
	h.types("coordinator", "Soon")
	h.types("coordinator", "12 February")
	done := h.types("coordinator", "18:00").tap("1 hour").tap("No address yet").tap("Yes, do it")
	h.hears("mentee", "Soon", "Will you come?")
	done.tap("Undo").says("People have heard of Soon already, so this can't be undone quietly.").tap("Cancel the session").says("Cancel this?", "4 people who count on it hear at once.").
		tap("Yes, do it").says("Soon is cancelled.")
	h.hears("mentee", "Soon is cancelled", "There is nothing to do for you.")
}

func TestMovingASession(t *testing.T) {
	h := newHall(t).everyone().invited()
	h.taps("mentee", "session "+h.ids["spring"]+" yes")
	h.springs().says("Spring session", "Thursday 4 March at 18:00, 90 minutes", "1 coming, 0 can't, 3 haven't answered").
		buttons("Move it", "Change the address", "Cancel the session", "See the answers", "Sessions")
	h.springs().tap("Move it").says("To which day?")
	h.types("coordinator", "24 February").says("Wednesday 24 February has passed.", "To which day?")
	h.types("coordinator", "4 March").says("At what time?")
	h.types("coordinator", "18:00").says("That is when it is now. Which other time?")
	sure := h.types("coordinator", "19:30").says("Move Spring session?", "Now: Thursday 4 March at 18:00", "Then: Thursday 4 March at 19:30",
		"4 people who know of it hear at once, and are asked again.")
	h.untold()
	done := sure.tap("Yes, do it").says("Done. The session is moved:", "at 19:30")
	h.hears("mentee", "Spring session has a new time", "19:30", "will you come?").tap("I'll come")
	h.hears("mentor", "Spring session has a new time")
	h.forgets()
	// Moved back, it is announced anew.
	done.tap("Undo").says("18:00", "4 people who know of it hear at once")
	h.hears("mentee", "Spring session has a new time", "at 18:00")
	h.hears("second", "18:00")
	if x := h.session(); x.Revision != 3 || x.At.Clock != 18*60 {
		t.Errorf("the session is %+v", x)
	}
	h.opens("/manage", "What has been done").says("Vesna moved Spring session (undone)")
}

// Who has looked at the sessions and answered knows of one before any reminder is due.
func TestMovingASessionThatWasAnsweredUnasked(t *testing.T) {
	h := newHall(t).everyone()
	h.taps("mentee", "session "+h.ids["spring"]+" yes")
	h.taps("second", "session "+h.ids["spring"]+" no")
	h.moves("5 March", "18:00").says("2 people who know of it hear at once, and are asked again.").tap("Yes, do it").says("2 people")
	h.hears("mentee", "Spring session has a new time", "will you come?")
	h.hears("second", "Spring session: novi termin", "Dolaziš li?")
	h.untold()
}

// In the night a move waits until the morning: undone before, nobody hears of it, and
// what was answered counts. Moved again, everybody does.
func TestAMoveUndoneBeforeItWasTold(t *testing.T) {
	h := newHall(t).everyone().invited()
	h.taps("mentee", "session "+h.ids["spring"]+" yes")
	h.later(4 * time.Hour) // 23:00
	h.forgets()
	h.moves("5 March", "18:00").tap("Yes, do it").tap("Undo").says("Nobody had heard of it, so nobody is told.")
	if x := h.session(); x.Revision != 1 || x.At.Date != store.NewDate(2027, 3, 4) {
		t.Errorf("the session is %+v", x)
	}
	h.springs().says("1 coming")
	h.later(11 * time.Hour)
	h.untold()
	h.later(14 * time.Hour) // midnight again
	h.moves("5 March", "18:00").tap("Yes, do it")
	h.untold()
	h.later(10 * time.Hour)
	h.hears("mentee", "Spring session has a new time", "Friday 5 March")
}

func TestAddressOfASession(t *testing.T) {
	h := newHall(t).everyone().invited()
	h.taps("mentee", "session "+h.ids["spring"]+" yes")
	h.springs().tap("Change the address").says("Where is the session?").buttons("No address yet", "Cancel")
	done := h.types("coordinator", "https://new.example.org/a_b").
		says("Change the address?", "https://new.example.org/a_b", "Nobody has been told the address yet.").tap("Yes, do it")
	h.untold()
	done.tap("Undo").says("Where: https://meet.example.org/spring", "Nobody had heard of it")
	h.later(7*24*time.Hour - 110*time.Minute) // less than an hour before
	h.hears("mentee", "https://meet.example.org/spring")
	h.forgets()
	h.springs().tap("Change the address")
	done = h.types("coordinator", "https://new.example.org/").says("One person who comes has the old address already").tap("Yes, do it")
	h.hears("mentee", "Spring session has a new address", "https://new.example.org/")
	h.hearsNothing("mentor")
	done.tap("Undo").says("One person had heard of it, and now hears that it's undone.")
	h.hears("mentee", "Spring session has a new address", "https://meet.example.org/spring")
	h.springs().tap("Change the address").tap("No address yet").says("Where: not known yet").tap("Yes, do it")
	h.hears("mentee", "The address of Spring session has changed", "isn't right any more")
}

// What must be known before a session begins doesn't wait for the morning.
func TestASessionThatBeginsBeforeTheMorning(t *testing.T) {
	h := newHall(t).everyone().met()
	h.do(func(tx *store.Tx) error {
		return tx.MoveSession(h.ids["spring"], store.NewDate(2027, 3, 4).At(21*60+30))
	})
	h.until("2027-02-26 12:00")
	h.taps("mentee", "session "+h.ids["spring"]+" yes")
	h.until("2027-03-04 20:35")
	h.hears("mentee", "https://meet.example.org/spring") // the last reminder
	h.until("2027-03-04 21:05")
	address := func(where string) {
		h.springs().tap("Change the address")
		s := h.types("coordinator", where).says("One person who comes has the old address already, and hears at once.").lacks("quiet hours")
		s.tap("Yes, do it")
	}
	address("https://meet.example.org/other")
	h.hears("mentee", "has a new address", "https://meet.example.org/other")
	h.moves("4 March", "22:00").tap("Yes, do it") // whoever has heard of it twice
	h.taps("mentee", "session "+h.ids["spring"]+" yes")
	h.until("2027-03-04 21:40")
	h.hears("mentee")
	address("https://meet.example.org/third")
	h.hears("mentee", "https://meet.example.org/third")
	h.springs().tap("Cancel the session").tap("Yes, do it")
	h.hears("mentee", "is cancelled")
	h.later(time.Minute)
	h.springs().tap("It takes place after all").says("4 people had heard that it was cancelled, and hear at once").lacks("quiet hours").tap("Yes, do it")
	h.hears("mentee", "takes place after all")
	h.until("2027-03-05 10:00")
	h.hearsNothing("mentee")
}

// until turns the clock to an instant in Belgrade.
func (h *hall) until(wall string) {
	h.Helper()
	h.later(at(h.T, wall).Sub(h.read()))
}

func TestCancellingASession(t *testing.T) {
	h := newHall(t).everyone().invited()
	h.taps("mentee", "session "+h.ids["spring"]+" yes")
	h.taps("second", "session "+h.ids["spring"]+" no")
	done := h.springs().tap("Cancel the session").says("Cancel this?", "Spring session", "3 people who count on it hear at once.").
		tap("Yes, do it").says("Done. Spring session is cancelled.", "3 people")
	h.hears("mentee", "Spring session is cancelled", "Thursday 4 March", "There is nothing to do for you.").buttons("See what's next")
	h.hearsNothing("second")
	h.springs().buttons("It takes place after all", "Sessions")
	h.forgets()
	done.tap("Undo").says("3 people had heard that it was cancelled, and hear at once that it takes place.")
	h.hears("mentee", "Spring session takes place after all", "what you answered before counts again").tap("See the details").says("Spring session")
	h.hearsNothing("second")
	h.springs().says("1 coming, 1 can't, 2 haven't answered")
	h.forgets()

	h.later(time.Minute)
	h.springs().tap("Cancel the session").tap("Yes, do it")
	h.hears("mentee", "is cancelled") // once more
	h.forgets()
	restored := h.springs().tap("It takes place after all").says("Let it take place after all", "3 people had heard").tap("Yes, do it").says("takes place after all")
	h.hears("mentee", "takes place after all")
	h.forgets().later(time.Minute)
	restored.tap("Undo").says("Spring session", "cancelled")
	h.hears("mentee", "Spring session is cancelled")
}

func TestACancellationUndoneBeforeItWasTold(t *testing.T) {
	h := newHall(t).everyone().invited()
	h.later(4 * time.Hour)
	h.forgets()
	h.springs().tap("Cancel the session").tap("Yes, do it").tap("Undo").says("Nobody had heard that it was cancelled, so nobody is told.")
	h.later(10 * time.Hour)
	h.untold()
}

func TestUndoingTooLate(t *testing.T) {
	h := newHall(t).everyone().invited()
	first := h.moves("5 March", "18:00").tap("Yes, do it")
	h.moves("6 March", "18:00").tap("Yes, do it")
	h.forgets()
	first.tap("Undo").says("Spring session", "since").buttons("See the session")
	h.untold()
	third := h.moves("8 March", "18:00").tap("Yes, do it")
	h.later(11 * time.Minute)
	third.tap("Undo").says("ten minutes")
	if x := h.session(); x.At.Date != store.NewDate(2027, 3, 8) {
		t.Errorf("the session is %+v", x)
	}
	cancelled := h.springs().tap("Cancel the session").tap("Yes, do it")
	h.springs().tap("It takes place after all").tap("Yes, do it")
	cancelled.tap("Undo").says("Spring session", "since")
}

// An old yes confirms what stood above it, or nothing.
func TestAnOldYes(t *testing.T) {
	h := newHall(t).everyone().invited()
	friday := h.moves("5 March", "18:00")
	saturday := h.moves("6 March", "17:00")
	friday.tap("Yes, do it").says("Friday 5 March at 18:00")
	saturday.tap("Yes, do it").says("This has changed in the meantime, so nothing was done.").tap("See the session").says("Friday 5 March")
	sure := h.moves("9 March", "18:00")
	back := sure.tap("Back").says("At what time?").tap("Back").says("To which day?")
	h.types("coordinator", "10 March") // goes on from there
	sure.tap("Yes, do it").says("Tuesday 9 March at 18:00")
	h.later(31 * 24 * time.Hour)
	for _, s := range []said{friday, saturday, back} {
		s.who = "coordinator"
		for _, b := range s.Buttons {
			h.taps("coordinator", b.Command)
		}
	}
	friday.tap("Yes, do it").says("begun too long ago") // a day later it is forgotten
	if x := h.session(); x.At.Date != store.NewDate(2027, 3, 9) {
		t.Errorf("the session is %+v", x)
	}
}

// Two coordinators confirm different changes of one thing: one is done.
func TestTwoCoordinatorsChangeOneThing(t *testing.T) {
	h := newHall(t).everyone().colleague().invited()
	a := h.moves("5 March", "18:00").button("Yes, do it")
	h.taps("colleague", "session-cancel "+h.ids["spring"])
	b := h.taps("colleague", "session-cancel "+h.ids["spring"]).button("Yes, do it")
	replies := make([]said, 2)
	var wg sync.WaitGroup
	for i, who := range []string{"coordinator", "colleague"} {
		wg.Go(func() { replies[i] = h.taps(who, []string{a, b}[i]) })
	}
	wg.Wait()
	done := 0
	for _, r := range replies {
		if r.has("Undo") {
			done++
		}
	}
	if done != 1 {
		t.Errorf("%d were done:\n%s\n%s", done, replies[0].Text.Plain(), replies[1].Text.Plain())
	}
	h.taps("colleague", a).says("begun too long ago, or by somebody else")
}

// colleague adds another coordinator, who has joined.
func (h *hall) colleague() *hall {
	h.Helper()
	h.do(func(tx *store.Tx) error {
		p := store.Person{Slug: "colleague", Name: "Zora"}
		must(tx.InsertPerson(&p))
		h.ids["colleague"] = p.ID
		return tx.PutMember(store.Member{CycleID: h.cycle.ID, PersonID: p.ID, Role: store.Coordinator})
	})
	h.joins("colleague")
	return h.forgets()
}

// Times are asked for, and told, by the clock of the cycle; a coordinator elsewhere sees
// both.
func TestACoordinatorElsewhere(t *testing.T) {
	h := newHall(t).everyone()
	h.do(func(tx *store.Tx) error {
		p, err := tx.Person(h.ids["coordinator"])
		must(err)
		p.Zone, p.ZoneChosen = "Asia/Tbilisi", true
		return tx.UpdatePerson(p)
	})
	h.springs().says("Thursday 4 March at 18:00 (Belgrade time); by your clock Thursday 4 March at 21:00").tap("Move it")
	h.types("coordinator", "5 March").says("At what time?", "All times are by the clock of Belgrade.")
	h.types("coordinator", "22:00").says("Friday 5 March at 22:00 (Belgrade time); by your clock Saturday 6 March at 01:00").tap("Yes, do it")
	if x := h.session(); x.At != store.NewDate(2027, 3, 5).At(22*60) {
		t.Errorf("the session is %+v", x)
	}
}
