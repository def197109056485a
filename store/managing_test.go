package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

func TestPresenceIsNotedOnePersonAtATime(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.refused(store.ErrFuture, func(tx *store.Tx) error {
			return tx.NotePresent(w.session.ID, w.mentee.ID, true, w.coordinator.ID)
		})
		w.refused(store.ErrFuture, func(tx *store.Tx) error {
			return tx.NoteEventPresent(w.event.ID, w.event.From, w.mentee.ID, true, w.coordinator.ID)
		})
		w.now = w.event.From.At(12 * 60).In(w.cycle.Location())
		for range 2 {
			w.do(func(tx *store.Tx) error { return tx.NotePresent(w.session.ID, w.mentee.ID, true, w.coordinator.ID) })
		}
		w.do(func(tx *store.Tx) error { return tx.NotePresent(w.session.ID, w.mentor.ID, true, w.mentor.ID) })
		if n := len(w.present(w.session.ID)); n != 2 {
			t.Errorf("%d are noted as present", n)
		}
		if s := w.snapshot().Sessions[0]; s.AttendanceAt.IsZero() {
			t.Error("attendance isn't taken")
		}
		w.do(func(tx *store.Tx) error { return tx.NotePresent(w.session.ID, w.mentor.ID, false, w.coordinator.ID) })
		if n := len(w.present(w.session.ID)); n != 1 {
			t.Errorf("%d are noted as present", n)
		}
		w.do(func(tx *store.Tx) error {
			return tx.NoteEventPresent(w.event.ID, w.event.From, w.mentee.ID, true, w.coordinator.ID)
		})
		if n := len(w.present(w.event.ID)); n != 1 {
			t.Errorf("%d are noted as present", n)
		}
		w.refused(store.ErrDates, func(tx *store.Tx) error {
			return tx.NoteEventPresent(w.event.ID, w.event.From-1, w.mentee.ID, true, w.coordinator.ID)
		})
		w.refused(store.ErrNotMember, func(tx *store.Tx) error {
			return tx.NotePresent(w.session.ID, store.NewID(), true, w.coordinator.ID)
		})
		w.do(func(tx *store.Tx) error { return tx.CancelSession(w.session.ID) })
		w.refused(store.ErrState, func(tx *store.Tx) error {
			return tx.NotePresent(w.session.ID, w.mentee.ID, true, w.coordinator.ID)
		})
	})
}

// said puts a message about the session into the outbox.
func (w *world) said(kind store.Kind, subject, occurrence string, state store.MessageState) {
	w.Helper()
	w.do(func(tx *store.Tx) error {
		_, err := tx.Enqueue([]store.Message{{
			CycleID: w.cycle.ID, Key: string(kind) + "/" + subject + "/" + occurrence + "/moved/mentee-1", Kind: kind,
			Subject: subject, Occurrence: occurrence, Offset: "moved", PersonID: w.mentee.ID, State: state,
			Due: w.now, Until: w.now.Add(time.Hour),
		}})
		return err
	})
}

func TestAMoveThatNobodyKnowsOfIsUndone(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.do(func(tx *store.Tx) error { return tx.AnswerSession(w.session.ID, w.mentee.ID, true, w.mentee.ID) })
		w.now = w.now.Add(time.Minute)
		w.do(func(tx *store.Tx) error { return tx.MoveSession(w.session.ID, store.NewDate(2027, 3, 2).At(600)) })
		w.said(store.KindSession, "spring", "2", store.Planned)
		w.do(func(tx *store.Tx) error { return tx.PutSessionBack(w.session) })
		if s := w.snapshot().Sessions[0]; s != w.session {
			t.Errorf("it is %+v, was %+v", s, w.session)
		}
		if !w.answers(w.session.ID)[w.mentee.ID].Coming {
			t.Error("the answer of before doesn't count again")
		}
		w.do(func(tx *store.Tx) error { return tx.MoveSession(w.session.ID, store.NewDate(2027, 3, 2).At(600)) })
		w.said(store.KindSession, "spring", "2", store.Sent) // the key is free again
		w.refused(store.ErrState, func(tx *store.Tx) error { return tx.PutSessionBack(w.session) })
	})
}

func TestAMoveThatWasAnsweredStays(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.do(func(tx *store.Tx) error { return tx.MoveSession(w.session.ID, store.NewDate(2027, 3, 2).At(600)) })
		w.do(func(tx *store.Tx) error { return tx.AnswerSession(w.session.ID, w.mentee.ID, true, w.mentee.ID) })
		w.refused(store.ErrState, func(tx *store.Tx) error { return tx.PutSessionBack(w.session) })
		w.do(func(tx *store.Tx) error { return tx.MoveEvent(w.event.ID, w.event.From+7, w.event.To+7) })
		moved := get(w, func(tx *store.Tx) (store.Event, error) { return tx.Event(w.event.ID) })
		w.do(func(tx *store.Tx) error { return tx.PutEventBack(w.event) })
		back := get(w, func(tx *store.Tx) (store.Event, error) { return tx.Event(w.event.ID) })
		if back.From != w.event.From || back.Revision != 1 || moved.Revision != 2 {
			t.Errorf("it is %+v", back)
		}
		w.do(func(tx *store.Tx) error { return tx.MoveEvent(w.event.ID, w.event.From+7, w.event.To+7) })
		w.said(store.KindEvent, "belgrade", "2", store.Sent)
		w.refused(store.ErrState, func(tx *store.Tx) error { return tx.PutEventBack(w.event) })
	})
}

func TestWithdraw(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.said(store.KindChange, "belgrade", "a", store.Planned)
		w.said(store.KindChange, "belgrade", "b", store.Planned)
		w.said(store.KindChange, "belgrade", "c", store.Sent)
		withdraw := func(occurrence string) int {
			var n int
			w.do(func(tx *store.Tx) (err error) {
				n, err = tx.Withdraw(w.cycle.ID, store.KindChange, "belgrade", occurrence, "undone")
				return err
			})
			return n
		}
		if n := withdraw("a"); n != 1 {
			t.Errorf("%d messages of an occurrence were withdrawn", n)
		}
		if n := withdraw(""); n != 1 {
			t.Errorf("%d messages of all were withdrawn", n)
		}
	})
}

// News that wait give way to later ones of the same thing, and come back with their undoing.
func TestGivingWay(t *testing.T) {
	eachWorld(t, func(w *world) {
		later := store.Message{CycleID: w.cycle.ID, Kind: store.KindDispute, Subject: "m", Occurrence: "later", PersonID: w.mentee.ID}
		gaveWay := func() (occurrences []string) {
			w.do(func(tx *store.Tx) error {
				all, err := tx.GiveWay(&later)
				for _, m := range all {
					occurrences = append(occurrences, m.Occurrence)
				}
				return err
			})
			slices.Sort(occurrences)
			return occurrences
		}
		w.said(store.KindNote, "m", "sending", store.Planned)
		w.claim("me", time.Hour, 1)
		w.said(store.KindNote, "m", "a", store.Planned)
		w.said(store.KindDispute, "m", "b", store.Planned)
		w.said(store.KindDispute, "m", "later", store.Planned)
		w.said(store.KindNote, "m", "sent", store.Sent)
		w.said(store.KindNote, "other", "a", store.Planned)
		w.said(store.KindPair, "m", "a", store.Planned)
		if got := gaveWay(); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("%v gave way", got)
		}
		w.said(store.KindChange, "m", "c", store.Planned)
		later.Kind = store.KindChange // of another thing
		if got := gaveWay(); len(got) > 0 {
			t.Errorf("%v gave way", got)
		}
		for _, heard := range []bool{true, false} {
			want := map[bool]int{true: 4, false: 6}[heard] // two have come back
			w.do(func(tx *store.Tx) error {
				return tx.ComeBack(w.cycle.ID, "m", "later", func(string) bool { return heard })
			})
			if n := len(w.messages(store.MessageFilter{Subject: "m", State: store.Planned})); n != want {
				t.Errorf("heard: %v, %d wait, want %d", heard, n, want)
			}
		}
	})
}

func TestInvitationsOfACycle(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.do(func(tx *store.Tx) error {
			_, err := tx.NewInvitation(w.second.ID, noon.Add(time.Hour))
			return err
		})
		all := get(w, func(tx *store.Tx) ([]store.Invitation, error) { return tx.Invitations(w.cycle.ID) })
		if len(all) != 1 || all[0].PersonID != w.second.ID || !all[0].CreatedAt.Equal(noon) || !all[0].Expires.Equal(noon.Add(time.Hour)) {
			t.Errorf("they are %+v", all)
		}
	})
}
