package bot_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// Who blocks the bot and comes back hears of what is due again.
func TestComingBack(t *testing.T) {
	h := newHall(t).everyone()
	h.blocked["mentee"] = &chat.UnreachableError{Reason: "blocked"}
	h.sends("Hello")
	delete(h.blocked, "mentee")
	h.types("coordinator", "/overview").says("Ana can't be reached")
	h.types("mentee", "/next")
	h.sends("Good to see you")
	h.hears("mentee", "Good to see you")
}

// A typed answer that is delivered again doesn't answer the question after it.
func TestAnAnswerDeliveredAgain(t *testing.T) {
	h := newHall(t).everyone()
	h.taps("coordinator", "session-add "+h.cycle.ID)
	h.types("coordinator", "Third")
	h.types("coordinator", "10 March")
	h.types("coordinator", "18:00")
	r := chat.Request{ID: "twice", UserID: "coordinator", ChatID: "coordinator", Text: "90"}
	first, err := h.handler.Handle(context.Background(), r)
	must(err)
	again, err := h.handler.Handle(context.Background(), r)
	must(err)
	if first.Text != again.Text || first.Text == "" {
		t.Errorf("first it says\n%s\nand then\n%s", first.Text.Plain(), again.Text.Plain())
	}
	h.types("coordinator", "https://meet.example.org/third").says("90 minutes", "https://meet.example.org/third")
}

// Who has left the cycle in which they did something is told so kindly.
func TestUndoingAfterLeaving(t *testing.T) {
	h := newHall(t).everyone()
	undo := h.types("mentee", "/log today 60").button("Undo")
	h.do(func(tx *store.Tx) error { return tx.Leave(h.cycle.ID, h.ids["mentee"]) })
	h.taps("mentee", undo).says("Nothing was changed.")
	h.do(func(tx *store.Tx) error {
		meetings, err := tx.MeetingsOf(h.ids["pair-mentee"])
		if len(meetings) != 1 || meetings[0].State != store.Held {
			t.Errorf("there are %+v", meetings)
		}
		return err
	})
}

// Sent now twice before it went out, an announcement goes out, and is entered, once.
func TestSendingNowTwice(t *testing.T) {
	h := newHall(t).everyone()
	look := h.writes("Hello")
	for _, id := range []string{"one", "two"} { // before anything goes out
		reply, err := h.handler.Handle(context.Background(),
			chat.Request{ID: id, UserID: "coordinator", ChatID: "coordinator", Text: look.button("Send now"), Tapped: true})
		must(err)
		if !strings.Contains(reply.Text.Plain(), "on its way") {
			t.Errorf("it says %q", reply.Text.Plain())
		}
	}
	h.later(time.Minute)
	h.hears("mentor", "Hello")
	h.do(func(tx *store.Tx) error {
		entries, err := tx.Entries(h.cycle.ID, 10)
		if len(entries) != 1 {
			t.Errorf("entered are %+v", entries)
		}
		return err
	})
}

// What an ended pair has held doesn't count towards what the others have to hold.
func TestOverviewWithoutEndedPairs(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/log today 60")
	h.do(func(tx *store.Tx) error { return tx.EndPair(h.ids["pair-mentee"]) })
	h.types("coordinator", "/overview").says("0 meetings held in all, of 6.")
}

// What a coordinator has logged for a pair, either of them may dispute, and the other
// can't overrule it.
func TestDisputingWhatACoordinatorLogged(t *testing.T) {
	h := newHall(t).everyone()
	h.taps("coordinator", "log "+h.ids["pair-mentee"]+" 2027-02-08 60")
	mira := h.hears("mentor")
	ana := h.hears("mentee")
	off := mira.tap("Something's off").says("doesn't count until it is settled", "Ana hears of it")
	h.hears("mentee", "Mira says that something is off", "a coordinator logged")
	ana.tap("Yes, that's right").says("Mira says that something is off")
	h.do(func(tx *store.Tx) error {
		meetings, err := tx.MeetingsOf(h.ids["pair-mentee"])
		if meetings[0].DisputedBy != h.ids["mentor"] {
			t.Errorf("the dispute is gone: %+v", meetings[0])
		}
		return err
	})
	off.tap("It's right after all").says("confirmed")
}

// A name or title is one line, so that it fits into lists, buttons and program files.
func TestTitlesAreOneLine(t *testing.T) {
	h := newHall(t).everyone()
	h.taps("coordinator", "person-rename "+h.cycle.ID+" "+h.ids["mentee"])
	h.types("coordinator", "Ana\r\nMaria\t\u202eB\u2028C  D\x07").says("Ana Maria B C D").tap("Yes, do it")
	h.do(func(tx *store.Tx) error {
		p, err := tx.Person(h.ids["mentee"])
		if p.Name != "Ana Maria B C D" {
			t.Errorf("the name is %q", p.Name)
		}
		return err
	})
}

// Who is in no pair is told so, and not asked for one.
func TestLoggingWithoutAPair(t *testing.T) {
	h := newHall(t).everyone()
	h.types("other", "/log").says("You aren't in a pair just now.").buttons("See what's next", "What can I do?")
}

// What was ahead when it was asked may have passed when it is confirmed.
func TestAMoveConfirmedTooLate(t *testing.T) {
	h := newHall(t).everyone()
	h.taps("coordinator", "session-move "+h.ids["spring"])
	h.types("coordinator", "today")
	sure := h.types("coordinator", "18:00")
	h.later(9 * time.Hour) // 19:00
	sure.tap("Yes, do it").says("That time has passed.")
	h.do(func(tx *store.Tx) error {
		x, err := tx.Session(h.ids["spring"])
		if x.At != store.NewDate(2027, 3, 4).At(18*60) {
			t.Errorf("it is at %v", x.At)
		}
		return err
	})
}

// Undoing the move of an event doesn't throw away what was put on its agenda since.
func TestUndoingAMoveKeepsTheAgenda(t *testing.T) {
	h := newHall(t).everyone()
	h.taps("coordinator", "event-days "+h.ids["belgrade"])
	h.types("coordinator", "19 June")
	moved := h.types("coordinator", "21 June").tap("Yes, do it")
	h.belgrade().tap("Agenda").tap("Add to the agenda").tap("Sunday 20 June")
	h.types("coordinator", "10:00")
	h.types("coordinator", "Walk").tap("Yes, do it")
	moved.tap("Undo").says("changed")
	h.do(func(tx *store.Tx) error {
		e, err := tx.Event(h.ids["belgrade"])
		if e.From != store.NewDate(2027, 6, 19) || !slices.ContainsFunc(e.Agenda, func(i store.AgendaItem) bool { return i.Title == "Walk" }) {
			t.Errorf("the event is %+v", e)
		}
		return err
	})
}

// Ten minutes after a meeting was logged there is still a way to take it back.
func TestUndoingALogTooLate(t *testing.T) {
	h := newHall(t).everyone()
	undo := h.types("mentee", "/log today 60")
	h.later(11 * time.Minute)
	undo.tap("Undo").says("whoever was asked about it can still tap").buttons("See our progress", "What can I do?")
}
