package store_test

import (
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

func TestEndOfAPauseIsKept(t *testing.T) {
	eachWorld(t, func(w *world) {
		until := func() (at time.Time) {
			w.do(func(tx *store.Tx) error {
				p, err := tx.Person(w.mentee.ID)
				at = p.PausedUntil
				return err
			})
			return at
		}
		resume := func(tx *store.Tx) error { return tx.Pause(w.mentee.ID, time.Time{}) }
		w.do(resume)
		if got := until(); !got.IsZero() {
			t.Errorf("who never paused is paused until %v", got)
		}
		w.do(func(tx *store.Tx) error { return tx.Pause(w.mentee.ID, noon.Add(48*time.Hour)) })
		w.now = noon.Add(24 * time.Hour)
		w.do(resume)
		ended := w.now
		w.now = noon.Add(72 * time.Hour)
		w.do(resume)
		if got := until(); !got.Equal(ended) {
			t.Errorf("paused until %v, want when the pause was ended: %v", got, ended)
		}
	})
}

func TestOtherRulesDontLookBackFar(t *testing.T) {
	eachWorld(t, func(w *world) {
		plannedTo := func() (at time.Time) {
			w.do(func(tx *store.Tx) error {
				c, err := tx.Cycle(w.cycle.ID)
				at = c.PlannedTo
				return err
			})
			return at
		}
		c := w.cycle
		apply := func(tx *store.Tx) error { return tx.UpdateCycle(c) }
		c.Rules.Pace++
		w.do(apply)
		if got := plannedTo(); !got.IsZero() {
			t.Errorf("a cycle that was never planned is planned to %v", got)
		}
		w.do(func(tx *store.Tx) error {
			version, err := tx.Version(c.ID)
			if err == nil {
				_, err = tx.NotePlanned(c.ID, version, noon, time.Time{}, "test")
			}
			return err
		})
		w.now = noon.Add(100 * time.Hour)
		c.Title = "Another title"
		w.do(apply)
		if got := plannedTo(); !got.Equal(noon) {
			t.Errorf("with another title it is planned to %v, want as before: %v", got, noon)
		}
		c.Rules.Pace++
		w.do(apply)
		if got := plannedTo(); !got.Equal(w.now) {
			t.Errorf("with other rules it is planned to %v, want now: %v", got, w.now)
		}
	})
}
