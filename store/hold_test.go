package store_test

import (
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// TestHolds marks a database as restored: nothing of it is claimed before a coordinator
// decides, but what isn't due yet.
func TestHolds(t *testing.T) {
	for name, send := range map[string]bool{"send": true, "drop": false} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) { w.hold(send) })
		})
	}
}

func (w *world) hold(send bool) {
	later := w.message(store.KindSession, "later")
	later.Due, later.Until = w.now.Add(48*time.Hour), w.now.Add(72*time.Hour)
	w.enqueue(w.message(store.KindSession, "under way"), w.message(store.KindNote, "waiting"), later)
	w.claim("dead", time.Hour, 1)
	w.do(func(tx *store.Tx) error {
		bot := store.Bot{Platform: "hall", Name: "main"}
		if err := tx.PutBot(&bot); err != nil {
			return err
		}
		return tx.NoteHandled(store.Handled{BotID: bot.ID, RequestID: "1", ChatID: "c", Reply: []byte("x")})
	})
	from := w.now.Add(-time.Hour)
	if err := w.HoldSince(w.Context(), from); err != nil {
		w.Fatal(err)
	}
	if c := w.snapshot(); c.Cycle.Hold != (store.Hold{From: from}) || !c.Cycle.Hold.Opens() || c.Held != 3 {
		w.Errorf("after the mark it holds %d, %+v", c.Held, c.Cycle.Hold)
	}
	w.now = w.now.Add(24 * time.Hour)
	wantKeys(w, w.claim("new", time.Hour, 10))
	if n := get(w, (*store.Tx).Tally); n.Unsent != 0 || n.Messages[store.OnHold] != 3 || n.Messages[store.Planned] != 0 {
		w.Errorf("counted is %+v", n)
	}
	var held int
	w.do(func(tx *store.Tx) (err error) {
		held, err = tx.CloseHold(w.cycle.ID, w.now)
		return err
	})
	onHold := func() []store.Message {
		return get(w, func(tx *store.Tx) ([]store.Message, error) {
			return tx.Messages(store.MessageFilter{State: store.OnHold})
		})
	}
	wantKeys(w, onHold(), "under way", "waiting")
	if c := w.snapshot(); held != 2 || c.Held != 2 || c.Cycle.Hold.Opens() || !c.Cycle.Hold.To.Equal(w.now) {
		w.Errorf("%d are held, %+v", held, c.Cycle.Hold)
	}
	news := w.message(store.KindNote, "later news")
	news.Occurrence = "2"
	w.do(func(tx *store.Tx) error {
		gone, err := tx.GiveWay(&news)
		if len(gone) > 0 {
			w.Errorf("what is held gives way: %+v", gone)
		}
		return err
	})
	if next := get(w, (*store.Tx).NextMessage); !next.Equal(later.Due) {
		w.Errorf("the next message is due %v", next)
	}
	w.do(func(tx *store.Tx) error {
		taken, err := tx.Withdraw(w.cycle.ID, store.KindNote, "spring", "", "x")
		if taken != 0 {
			w.Errorf("%d were taken back that may have gone out", taken)
		}
		return err
	})
	version, decided := w.snapshot().Cycle.Version, 0
	w.do(func(tx *store.Tx) (err error) {
		if send {
			decided, err = tx.SendHeld(w.cycle.ID)
		} else {
			decided, err = tx.DropHeld(w.cycle.ID)
		}
		return err
	})
	c := w.snapshot()
	if decided != 2 || c.Held != 0 || c.Cycle.Hold != (store.Hold{}) || c.Cycle.Version == version || len(onHold()) != 0 {
		w.Errorf("decided on %d, then it holds %d, %+v", decided, c.Held, c.Cycle.Hold)
	}
	if send {
		wantKeys(w, w.claim("new", time.Hour, 10), "under way", "waiting")
		return
	}
	wantKeys(w, w.claim("new", time.Hour, 10))
	sent := get(w, func(tx *store.Tx) ([]store.Message, error) {
		return tx.Messages(store.MessageFilter{State: store.Sent})
	})
	wantKeys(w, sent, "under way", "waiting")
	if !sent[0].SettledAt.Equal(sent[0].Due) {
		w.Errorf("taken for sent at %v, not when it was due", sent[0].SettledAt)
	}
}

// A second restore, before anybody has decided, holds since the first one's backup.
func TestHoldsAddUp(t *testing.T) {
	eachWorld(t, func(w *world) {
		first := w.now.Add(-48 * time.Hour)
		for _, at := range []time.Time{first, w.now.Add(-time.Hour)} {
			if err := w.HoldSince(w.Context(), at); err != nil {
				t.Fatal(err)
			}
		}
		if c := w.snapshot(); !c.Cycle.Hold.From.Equal(first) {
			t.Errorf("held is since %v", c.Cycle.Hold.From)
		}
	})
}
