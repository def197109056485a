package store_test

import (
	"errors"
	"testing"

	"github.com/kooperativa/mentorbot/store"
)

// What was planned for a session or an event that is removed must not stand in the way
// of another with the same id.
func TestRemovedGatheringTakesItsUnsentMessagesAlong(t *testing.T) {
	eachWorld(t, func(w *world) {
		session := store.Session{CycleID: w.cycle.ID, Slug: "twice", Title: "Twice", At: w.cycle.Starts.At(18 * 60)}
		event := store.Event{CycleID: w.cycle.ID, Slug: "twice", Title: "Twice", From: w.cycle.Starts, To: w.cycle.Starts}
		planned := func(kind store.Kind, state store.MessageState) store.Message {
			return store.Message{
				CycleID: w.cycle.ID, Key: string(kind) + "/twice/1/" + string(state), Kind: kind, Subject: "twice",
				Occurrence: "1", PersonID: w.mentee.ID, Due: noon, Until: noon, State: state,
			}
		}
		var all []store.Message
		for _, kind := range []store.Kind{store.KindSession, store.KindAttendance, store.KindEvent} {
			for _, state := range []store.MessageState{store.Planned, store.Missed, store.Failed, store.Withdrawn} {
				all = append(all, planned(kind, state))
			}
		}
		left := func() (n int) {
			w.do(func(tx *store.Tx) error {
				messages, err := tx.Messages(store.MessageFilter{Subject: "twice"})
				n = len(messages)
				return err
			})
			return n
		}
		w.do(func(tx *store.Tx) error { return tx.InsertSession(&session) })
		w.do(func(tx *store.Tx) error { return tx.InsertEvent(&event) })
		w.do(func(tx *store.Tx) error { _, err := tx.Enqueue(all); return err })
		w.do(func(tx *store.Tx) error { return tx.RemoveSession(session.ID) })
		if n := left(); n != 4 {
			t.Errorf("with the session gone %d messages are left, want the event's 4", n)
		}
		w.do(func(tx *store.Tx) error { return tx.RemoveEvent(event.ID) })
		if n := left(); n != 0 {
			t.Errorf("with the event gone too %d messages are left", n)
		}
	})
}

// An event must not be kept because of what was told of a session with the same id.
func TestSessionsAndEventsOfOneNameAreApart(t *testing.T) {
	eachWorld(t, func(w *world) {
		event := store.Event{CycleID: w.cycle.ID, Slug: "twice", Title: "Twice", From: w.cycle.Starts, To: w.cycle.Starts}
		w.do(func(tx *store.Tx) error { return tx.InsertEvent(&event) })
		w.do(func(tx *store.Tx) error {
			_, err := tx.Enqueue([]store.Message{{
				CycleID: w.cycle.ID, Key: "session/twice/1/7d/mentee", Kind: store.KindSession, Subject: "twice",
				PersonID: w.mentee.ID, Due: noon, Until: noon, State: store.Sent,
			}})
			return err
		})
		w.do(func(tx *store.Tx) error { return tx.RemoveEvent(event.ID) })
	})
}

// A pair that was told of its pace has happened, though it never met.
func TestPairThatWasToldIsKept(t *testing.T) {
	eachWorld(t, func(w *world) {
		slug := store.PairSlug(w.mentor.Slug, w.second.Slug)
		tell := func(state store.MessageState) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				_, err := tx.Enqueue([]store.Message{{
					CycleID: w.cycle.ID, Key: "pace/" + slug + "/1/" + string(state), Kind: store.KindPace, Subject: slug,
					PersonID: w.mentor.ID, Due: noon, Until: noon, State: state,
				}})
				return err
			}
		}
		traces := func() store.Traces {
			return get(w, func(tx *store.Tx) (store.Traces, error) { return tx.PairTraces(w.secondPair.ID) })
		}
		w.do(tell(store.Missed))
		if got := traces(); !got.None() {
			t.Errorf("of a pair that was never told removal would lose %v", got)
		}
		w.do(tell(store.Sent))
		if got := traces(); got != (store.Traces{Messages: 1}) {
			t.Errorf("removal would lose %v, want 1 sent message", got)
		}
		err := w.try(func(tx *store.Tx) error { return tx.RemovePair(w.secondPair.ID) })
		var kept *store.KeptError
		if !errors.As(err, &kept) {
			t.Errorf("removing it gave %v", err)
		}
	})
}
