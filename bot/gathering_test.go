package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// elsewhere adds a cycle of its own people, and returns the ids of what is in it: a
// coordinator "stranger", a pair, a session and an event.
func (h *hall) elsewhere() *hall {
	h.Helper()
	other := h.cycle
	other.ID, other.Slug, other.Title = "", "autumn", "Autumn cycle"
	h.do(func(tx *store.Tx) error {
		must(tx.InsertCycle(&other))
		h.ids["autumn"] = other.ID
		for slug, role := range map[string]store.Role{"x-mentor": store.Mentor, "x-mentee": store.Mentee, "stranger": store.Coordinator} {
			p := store.Person{Slug: slug, Name: "Name of " + slug}
			must(tx.InsertPerson(&p))
			must(tx.PutMember(store.Member{CycleID: other.ID, PersonID: p.ID, Role: role}))
			h.ids[slug] = p.ID
		}
		pair := store.Pair{CycleID: other.ID, MentorID: h.ids["x-mentor"], MenteeID: h.ids["x-mentee"]}
		must(tx.InsertPair(&pair))
		s := store.Session{CycleID: other.ID, Slug: "kickoff", Title: "Kick-off", At: store.NewDate(2027, 3, 8).At(17 * 60), Length: time.Hour}
		must(tx.InsertSession(&s))
		e := store.Event{CycleID: other.ID, Slug: "skopje", Title: "Days in Skopje", From: store.NewDate(2027, 5, 7), To: store.NewDate(2027, 5, 8)}
		must(tx.InsertEvent(&e))
		h.ids["x-pair"], h.ids["kickoff"], h.ids["skopje"] = pair.ID, s.ID, e.ID
		return nil
	})
	for _, who := range []string{"x-mentor", "x-mentee", "stranger"} {
		h.joins(who)
	}
	h.tick()
	clear(h.heard)
	return h
}

// answer is what the mentee has answered; nil: nothing.
func (h *hall) answer(subject string) (found *store.Answer) {
	h.Helper()
	h.do(func(tx *store.Tx) error {
		all, err := tx.Answers(h.ids[subject])
		for i := range all {
			if all[i].PersonID == h.ids["mentee"] {
				found = &all[i]
			}
		}
		return err
	})
	return found
}

func TestAnsweringTheReminder(t *testing.T) {
	h := newHall(t).everyone()
	h.later(15*24*time.Hour + 9*time.Hour) // Thursday 25 February, 19:00: a week before
	asked := h.hears("mentee", "Spring session", "Will you come?")
	yes := asked.tap("I'll come").says("You're coming.", "You'll hear from me again: Thursday 4 March at 17:00.", "Shall others see your name")
	if !yes.Update {
		t.Error("the facts don't take the place of the question")
	}
	if a := h.answer("spring"); a == nil || !a.Coming || a.By != h.ids["mentee"] {
		t.Errorf("the answer is %+v", a)
	}
	yes.tap("Yes, show my name").says("others see your name")
	h.types("mentor", "/sessions").tap("Spring session").says("Who else is coming: Ana")
	no := h.hears("mentor", "Will you come?").tap("I can't").says("you can't come", "Who else is coming: Ana")
	no.tap("I'll come after all").says("You're coming.", "Shall others see your name").tap("No, don't show it").says("only counted")
	h.taps("mentee", "session "+h.ids["spring"]).says("Who else is coming: 1 person")
	h.taps("mentor", "session "+h.ids["spring"]+" no")
	again := h.taps("mentor", "session "+h.ids["spring"]+" yes").says("You're coming.")
	if strings.Contains(string(again.Text), "Shall others") {
		t.Error("they are asked for their name again")
	}
	h.hearsNothing("coordinator")
}

func TestAnswersHoldUntilItBegins(t *testing.T) {
	h := newHall(t).everyone()
	asked := h.taps("mentee", "session "+h.ids["spring"])
	h.later(22*24*time.Hour + 8*time.Hour + time.Minute) // Thursday 4 March, 18:01
	asked.tap("I'll come").says("has begun already", "Spring session")
	h.later(30 * 24 * time.Hour)
	asked.tap("I can't").says("has begun already", "It is over.")
	if a := h.answer("spring"); a != nil {
		t.Errorf("a late answer is %+v", a)
	}
	ask := h.taps("mentee", "event "+h.ids["belgrade"])
	h.do(func(tx *store.Tx) error { return tx.CancelEvent(h.ids["belgrade"]) })
	ask.tap("I'll come").says("cancelled, so there is nothing to answer")
	if a := h.answer("belgrade"); a != nil {
		t.Errorf("an answer to what is cancelled is %+v", a)
	}
	h.do(func(tx *store.Tx) error { return tx.RemoveSession(h.ids["spring"]) })
	asked.tap("I'll come").says("too old")
}

func TestACoordinatorAnswersForSomebody(t *testing.T) {
	h := newHall(t).everyone()
	ask := h.taps("coordinator", "session "+h.ids["spring"]).says("4 without an answer: Ana, Borka, Dino, Mira").tap("Somebody is coming")
	ask.says("Who is it?").tap("Ana").says("Noted, as your entry: Ana is coming.", "1 coming: Ana")
	ask.tap("Borka")
	h.taps("coordinator", "session "+h.ids["spring"]+" no").tap("Dino").says("Dino can't come")
	h.taps("coordinator", "event "+h.ids["belgrade"]+" yes")
	h.types("coordinator", "mira").says("Noted, as your entry: Mira is coming.")
	h.taps("mentee", "session "+h.ids["spring"]).says("You're coming. Your coordinators noted that for you.")
	if a := h.answer("spring"); a.By != h.ids["coordinator"] {
		t.Errorf("the answer was given by %s", a.By)
	}
	h.do(func(tx *store.Tx) error {
		entries, err := tx.Entries(h.cycle.ID, 10)
		for _, e := range entries {
			if e.For == h.ids["mentee"] && e.By == h.ids["coordinator"] && e.Subject == h.ids["spring"] && len(entries) == 4 {
				return err
			}
		}
		t.Errorf("the journal is %+v", entries)
		return err
	})
}

func TestWhoMayNotAnswer(t *testing.T) {
	h := newHall(t).everyone().elsewhere()
	spring, person := "session "+h.ids["spring"], " "+h.ids["mentee"]
	for _, c := range []struct{ who, line string }{
		{"mentor", spring + " yes" + person},                       // for somebody else, not a coordinator
		{"stranger", spring + " yes" + person},                     // of another cycle
		{"stranger", spring},                                       //
		{"coordinator", "session " + h.ids["kickoff"] + " yes"},    //
		{"coordinator", spring + " yes " + h.ids["x-mentee"]},      // for somebody of another cycle
		{"coordinator", spring + " yes " + h.ids["coordinator"]},   // for a coordinator
		{"mentee", "event " + h.ids["skopje"] + " yes"},            //
		{"mentee", "session " + h.ids["belgrade"] + " yes"},        // an event is no session
		{"mentee", "session aaaaaaaaaaaaa yes"},                    // nothing at all
		{"mentee", "calendar " + h.ids["kickoff"]},                 //
		{"x-mentee", "event " + h.ids["belgrade"] + " 2027-06-18"}, //
	} {
		if said := h.taps(c.who, c.line); !strings.Contains(string(said.Text), "wasn't meant for you") || strings.Contains(string(said.Text), "Ana") {
			t.Errorf("%s says %q, and hears %q", c.who, c.line, said.Text)
		}
	}
	for _, line := range []string{spring + " yes", "event " + h.ids["belgrade"], "progress", "next", "sessions", "calendar", "messages"} {
		h.taps("outsider", line).says("invitation")
	}
	h.do(func(tx *store.Tx) error { return tx.Leave(h.cycle.ID, h.ids["mentee"]) })
	for _, line := range []string{spring + " yes", "event " + h.ids["belgrade"], "progress", "next", "sessions", "calendar", "messages", "overview"} {
		h.taps("mentee", line).says("aren't in a mentorship cycle")
	}
	h.taps("coordinator", spring+" yes"+person).says("wasn't meant for you")
	if a := h.answer("spring"); a != nil {
		t.Errorf("somebody answered: %+v", a)
	}
	for _, line := range []string{"overview", "pairs " + h.cycle.ID, "settle aaaaaaaaaaaaa yes"} {
		h.taps("mentor", line).says("for coordinators")
	}
	h.taps("coordinator", "overview "+h.ids["autumn"]).says("wasn't meant for you")
	h.taps("coordinator", "pairs "+h.ids["autumn"]).says("wasn't meant for you")
	h.taps("coordinator", "progress "+h.ids["x-pair"]).says("wasn't meant for you")
}

func TestARoleThatChanges(t *testing.T) {
	h := newHall(t).everyone()
	h.taps("other", "session "+h.ids["spring"]).buttons("I'll come", "I can't", "Add to my calendar", "See what's next")
	h.do(func(tx *store.Tx) error {
		return tx.PutMember(store.Member{CycleID: h.cycle.ID, PersonID: h.ids["other"], Role: store.Coordinator})
	})
	h.taps("other", "session "+h.ids["spring"]).says("3 without an answer").
		buttons("Somebody is coming", "Somebody can't", "Add to my calendar", "See what's next")
	h.types("other", "/overview").says("Pilot cycle")
}

func TestEvents(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/event").says("Live event in Belgrade", "Friday 18 June", "18:00 Arrival and dinner")
	h.do(func(tx *store.Tx) error {
		e, err := tx.Event(h.ids["belgrade"])
		must(err)
		for day := e.From; day <= e.To; day++ {
			for hour := range 8 {
				e.Agenda = append(e.Agenda, store.AgendaItem{At: day.At(store.Clock(9+hour) * 60), Title: "Item " + day.String()})
			}
		}
		must(tx.UpdateEvent(e))
		return tx.ChooseZone(h.ids["mentee"], "Asia/Tbilisi")
	})
	many := h.types("mentee", "/event").says("day by day")
	many.tap("Saturday 19 June").says("Saturday 19 June", "\n• 09:00 Item 2027-06-19").tap("Back").says("will you come?")
	h.taps("mentee", "event "+h.ids["belgrade"]+" 2027-01-01").says("day by day")
	second := store.Event{CycleID: h.cycle.ID, Slug: "tirana", Title: "Weekend in Tirana", From: store.NewDate(2027, 5, 1), To: store.NewDate(2027, 5, 2)}
	h.do(func(tx *store.Tx) error { return tx.InsertEvent(&second) })
	h.types("mentee", "/event").says("Live events", "Weekend in Tirana", "no answer yet").tap("Weekend in Tirana").
		says("Saturday 1 to Sunday 2 May").tap("I'll come").says("You're coming.")
	h.types("mentee", "/event weekend").says("Weekend in Tirana", "You're coming.")
}
