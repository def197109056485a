package store_test

import (
	"errors"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/store"
)

func TestMeetingIsPutBack(t *testing.T) {
	eachWorld(t, func(w *world) {
		at := noon.Add(48 * time.Hour)
		m := w.agree(at)
		for name, act := range map[string]func(tx *store.Tx) error{
			"moved":     func(tx *store.Tx) error { return tx.Move(m.ID, at.Add(72*time.Hour)) },
			"cancelled": func(tx *store.Tx) error { return tx.Cancel(m.ID) },
			"held, disputed": func(tx *store.Tx) error {
				_, err := tx.Log(w.pair.ID, m.Day, time.Minute, w.mentor.ID)
				return errors.Join(err, tx.Dispute(m.ID, w.mentee.ID))
			},
		} {
			w.now = at.Add(time.Hour) // so that it can have been held
			if name == "moved" {
				w.now = noon
			}
			before := w.meeting(m.ID)
			w.do(act)
			if w.meeting(m.ID) == before {
				t.Errorf("%s, it is the same", name)
			}
			w.do(func(tx *store.Tx) error { return tx.RestoreMeeting(before) })
			if diff := gocmp.Diff(before, w.meeting(m.ID)); diff != "" {
				t.Errorf("%s and put back: %s", name, diff)
			}
		}
		other := *m
		other.Number++
		w.refused(store.ErrNotFound, func(tx *store.Tx) error { return tx.RestoreMeeting(other) })
	})
}

func TestMeetingIsNotPutBackOnATakenDay(t *testing.T) {
	eachWorld(t, func(w *world) {
		at := noon.Add(48 * time.Hour)
		m := w.agree(at)
		before := w.meeting(m.ID)
		w.do(func(tx *store.Tx) error { return tx.Cancel(m.ID) })
		w.agree(at.Add(time.Hour))
		w.refused(store.ErrSameDay, func(tx *store.Tx) error { return tx.RestoreMeeting(before) })
		held := w.log(today - 1)
		w.do(func(tx *store.Tx) error { return tx.Cancel(held.ID) })
		w.log(today - 1)
		w.refused(store.ErrSameDay, func(tx *store.Tx) error { return tx.RestoreMeeting(held) })
	})
}

// outcomes are what became of messages, by their keys as they were enqueued.
func (w *world) outcomes(ids map[string]string) map[string]string {
	w.Helper()
	all := map[string]string{}
	for _, m := range w.messages(store.MessageFilter{}) {
		all[ids[m.ID]] = string(m.State) + " " + m.Reason
		if m.Key != ids[m.ID] {
			all[ids[m.ID]] += " (set aside)"
		}
	}
	return all
}

// say enqueues a message about a subject in a state.
func (w *world) say(ids map[string]string, kind store.Kind, subject, occurrence string, state store.MessageState) {
	w.Helper()
	m := w.message(kind, string(kind)+"/"+subject+"/"+occurrence+"/"+string(state))
	m.ID, m.Subject, m.Occurrence, m.State, m.Until = store.NewID(), subject, occurrence, state, w.now.Add(time.Hour)
	if state == store.Withdrawn {
		m.Reason = "moved"
	}
	ids[m.ID] = m.Key
	w.enqueue(m)
}

func TestWhatWasWithdrawnIsAskedAgain(t *testing.T) {
	const meeting = "mentor-1+mentee-1#1"
	eachWorld(t, func(w *world) {
		m := w.agree(noon.Add(48 * time.Hour))
		before := w.meeting(m.ID)
		w.do(func(tx *store.Tx) error { return tx.Move(m.ID, noon.Add(96*time.Hour)) })
		ids := map[string]string{}
		w.say(ids, store.KindMeeting, meeting, "1", store.Withdrawn)
		w.say(ids, store.KindMeeting, meeting, "1", store.Sent)
		w.say(ids, store.KindMeeting, meeting, "2", store.Sent)
		w.say(ids, store.KindMeeting, "mentor-1+mentee-2#1", "1", store.Withdrawn)
		w.say(ids, store.KindMeeting, "mentor-1+mentee-2#1", "2", store.Sent)
		w.do(func(tx *store.Tx) error { return tx.RestoreMeeting(before) })
		want := map[string]string{
			"meeting/mentor-1+mentee-1#1/1/withdrawn": "planned ",
			"meeting/mentor-1+mentee-1#1/1/sent":      "sent ",
			"meeting/mentor-1+mentee-1#1/2/sent":      "sent  (set aside)",
			"meeting/mentor-1+mentee-2#1/1/withdrawn": "withdrawn moved",
			"meeting/mentor-1+mentee-2#1/2/sent":      "sent ",
		}
		if diff := gocmp.Diff(want, w.outcomes(ids)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestCancellationIsTakenBack(t *testing.T) {
	eachWorld(t, func(w *world) {
		before := w.snapshot()
		cancel := func(tx *store.Tx) error {
			return errors.Join(tx.CancelSession(w.session.ID), tx.CancelEvent(w.event.ID))
		}
		restore := func(tx *store.Tx) error {
			return errors.Join(tx.RestoreSession(w.session.ID), tx.RestoreEvent(w.event.ID))
		}
		w.refused(store.ErrState, restore)
		w.do(cancel)
		w.refused(store.ErrState, cancel)
		ids := map[string]string{}
		for _, about := range []struct {
			kind    store.Kind
			subject string
		}{{store.KindSession, "spring"}, {store.KindEvent, "belgrade"}, {store.KindEvent, "spring"}} {
			w.say(ids, about.kind, about.subject, "1", store.Withdrawn)
		}
		w.do(restore)
		after := w.snapshot()
		after.Cycle.Version = before.Cycle.Version
		if diff := gocmp.Diff(before, after); diff != "" {
			t.Error(diff)
		}
		want := map[string]string{
			"session/spring/1/withdrawn": "planned ", "event/belgrade/1/withdrawn": "planned ", "event/spring/1/withdrawn": "withdrawn moved",
		}
		if diff := gocmp.Diff(want, w.outcomes(ids)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestRestoringIsTakenBack(t *testing.T) {
	eachWorld(t, func(w *world) {
		cancelled := func() [2]time.Time {
			return [2]time.Time{
				get(w, func(tx *store.Tx) (store.Session, error) { return tx.Session(w.session.ID) }).CancelledAt,
				get(w, func(tx *store.Tx) (store.Event, error) { return tx.Event(w.event.ID) }).CancelledAt,
			}
		}
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.CancelSession(w.session.ID), tx.CancelEvent(w.event.ID))
		})
		before := cancelled()
		w.now = w.now.Add(time.Hour)
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.RestoreSession(w.session.ID), tx.RestoreEvent(w.event.ID))
		})
		ids := map[string]string{} // the word that it's cancelled came due meanwhile
		w.say(ids, store.KindSession, "spring", "1", store.Withdrawn)
		w.say(ids, store.KindEvent, "belgrade", "1", store.Withdrawn)
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.RecancelSession(store.Session{ID: w.session.ID, CancelledAt: before[0]}),
				tx.RecancelEvent(store.Event{ID: w.event.ID, CancelledAt: before[1]}))
		})
		if after := cancelled(); after != before {
			t.Errorf("cancelled at %v, want %v", after, before)
		}
		want := map[string]string{"session/spring/1/withdrawn": "planned ", "event/belgrade/1/withdrawn": "planned "}
		if diff := gocmp.Diff(want, w.outcomes(ids)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestLeaveIsTakenBack(t *testing.T) {
	eachWorld(t, func(w *world) {
		back := func(tx *store.Tx) error { return tx.Return(w.cycle.ID, w.mentee.ID) }
		w.refused(store.ErrState, back)
		before := get(w, func(tx *store.Tx) (store.Member, error) { return tx.Member(w.cycle.ID, w.mentee.ID) })
		w.now = w.now.Add(time.Hour)
		w.do(func(tx *store.Tx) error { return tx.Leave(w.cycle.ID, w.mentee.ID) })
		w.do(back)
		if after := get(w, func(tx *store.Tx) (store.Member, error) { return tx.Member(w.cycle.ID, w.mentee.ID) }); after != before {
			t.Errorf("after their return they are %+v, want %+v", after, before)
		}
		w.refused(store.ErrNotFound, func(tx *store.Tx) error { return tx.Return(w.cycle.ID, "none") })
	})
}
