package bot_test

import (
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// restore has the hall's database be that of some time ago: whoever went on from there, in
// between, may have sent what was due.
func (h *hall) restore(ago time.Duration) {
	h.Helper()
	if err := h.store.HoldSince(h.Context(), h.read().Add(-ago)); err != nil {
		h.Fatal(err)
	}
	h.tick()
}

// lost has two weeks pass of which nobody knows what was sent.
func (h *hall) lost() *hall {
	h.Helper()
	h.tick()
	clear(h.heard)
	h.mu.Lock()
	h.now = h.now.Add(14 * 24 * time.Hour)
	h.mu.Unlock()
	h.restore(14 * 24 * time.Hour)
	return h
}

func TestRestored(t *testing.T) {
	h := newHall(t).everyone().lost()
	word := h.hears("coordinator", "The system was restored as of Wednesday 10 February at 10:00.", "please do it again",
		"messages that were due since then may have been sent already. They wait for your word.").
		buttons("Send them", "Don't send them", "Show them")
	for _, who := range []string{"mentor", "mentee", "second"} {
		h.hearsNothing(who)
	}
	list := word.tap("Show them").says("may have been sent already, before the system was restored:", "to Mira: reminder of a pair's pace")
	list.tap("More").says("to ")
	h.types("coordinator", "/overview").says("They wait for your word.").tap("See what is held").says("before the system was restored")
	h.taps("mentor", "held "+h.cycle.ID).says("That is for coordinators.")
	word.tap("Don't send them").says("Good. They aren't sent again.")
	h.tick()
	for _, who := range []string{"mentor", "mentee", "second", "coordinator"} {
		h.hearsNothing(who)
	}
	word.tap("Send them").says("Nothing is held any more.").tap("What has been done").
		says("Vesna decided that what was held after the restore isn't sent again")
	for _, b := range h.types("coordinator", "/overview").says("Pilot cycle").Buttons {
		if b.Label == "See what is held" {
			t.Error("the overview still offers what was held")
		}
	}
}

func TestRestoredAndSent(t *testing.T) {
	h := newHall(t).everyone().lost()
	h.hears("coordinator", "The system was restored").tap("Send them").says("Good. They go out now")
	h.tick()
	h.hears("mentee") // of the reminders of two weeks what still makes sense
	h.types("coordinator", "/overview").says("Pilot cycle")
	left := 0
	h.do(func(tx *store.Tx) error {
		all, err := tx.Messages(store.MessageFilter{State: store.OnHold})
		left = len(all)
		return err
	})
	if left > 0 {
		t.Errorf("%d are still held", left)
	}
}

// Where nothing was due coordinators are told all the same: what people did is lost.
func TestRestoredWithNothingHeld(t *testing.T) {
	h := newHall(t).everyone()
	h.tick()
	clear(h.heard)
	h.restore(time.Minute)
	h.hears("coordinator", "The system was restored", "No message waits for your word.")
}
