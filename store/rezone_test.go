package store_test

import (
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// revisions are those of the session and the event of a world.
func revisions(w *world) [2]int {
	w.Helper()
	return [2]int{
		get(w, func(tx *store.Tx) (store.Session, error) { return tx.Session(w.session.ID) }).Revision,
		get(w, func(tx *store.Tx) (store.Event, error) { return tx.Event(w.event.ID) }).Revision,
	}
}

func TestAnotherZoneMovesWhatIsByItsClock(t *testing.T) {
	for name, test := range map[string]struct {
		now    time.Time
		change func(w *world, tx *store.Tx) error
		want   [2]int
	}{
		"the cycle's":               {noon, setCycleZone("Asia/Tbilisi"), [2]int{2, 2}},
		"another of the same clock": {noon, setCycleZone("Europe/Zagreb"), [2]int{1, 1}},
		"the session is over":       {time.Date(2027, 3, 1, 18, 30, 0, 0, time.UTC), setCycleZone("Asia/Tbilisi"), [2]int{1, 2}},
		"all is over":               {time.Date(2027, 6, 20, 22, 0, 0, 0, time.UTC), setCycleZone("Asia/Tbilisi"), [2]int{1, 1}},
		"the event's":               {noon, setEventZone("Asia/Tbilisi"), [2]int{1, 2}},
		"the event says it":         {noon, setEventZone("Europe/Belgrade"), [2]int{1, 1}},
		"both are cancelled": {noon, func(w *world, tx *store.Tx) error {
			if err := tx.CancelSession(w.session.ID); err != nil {
				return err
			}
			if err := tx.CancelEvent(w.event.ID); err != nil {
				return err
			}
			return setCycleZone("Asia/Tbilisi")(w, tx)
		}, [2]int{1, 1}},
		"the event keeps its own": {noon, func(w *world, tx *store.Tx) error {
			if err := setEventZone("Europe/Belgrade")(w, tx); err != nil {
				return err
			}
			return setCycleZone("Asia/Tbilisi")(w, tx)
		}, [2]int{2, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.now = test.now
				w.do(func(tx *store.Tx) error { return test.change(w, tx) })
				if got := revisions(w); got != test.want {
					t.Errorf("session and event have revisions %v, want %v", got, test.want)
				}
			})
		})
	}
}

func setCycleZone(zone string) func(*world, *store.Tx) error {
	return func(w *world, tx *store.Tx) error {
		c := w.cycle
		c.Zone = zone
		return tx.UpdateCycle(c)
	}
}

func setEventZone(zone string) func(*world, *store.Tx) error {
	return func(w *world, tx *store.Tx) error {
		e := w.event
		e.Zone = zone
		return tx.UpdateEvent(e)
	}
}

// Who said that they come meant the instant of then.
func TestAnotherZoneVoidsAnswers(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.do(func(tx *store.Tx) error { return tx.AnswerSession(w.session.ID, w.mentee.ID, true, w.mentee.ID) })
		w.do(func(tx *store.Tx) error { return setCycleZone("Asia/Tbilisi")(w, tx) })
		if a, ok := w.snapshot().Answer(w.session.ID, w.mentee.ID); ok {
			t.Errorf("the answer %+v still holds", a)
		}
	})
}
