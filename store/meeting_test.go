package store_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// today is the day on which a world begins.
var today = store.NewDate(2027, 2, 10)

func TestLogRefusesDaysThatCannotBe(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.log(today - 1)
		log := func(pair store.Pair, day store.Date) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				_, err := tx.Log(pair.ID, day, time.Hour, w.mentor.ID)
				return err
			}
		}
		w.refused(store.ErrFuture, log(w.pair, today+1))
		w.refused(store.ErrSameDay, log(w.pair, today-1))
		w.do(log(w.secondPair, today-1)) // another pair's day
		w.refused(store.ErrBeforeCycle, log(w.pair, w.cycle.Starts-1))
		w.do(log(w.pair, w.cycle.Starts))

		w.now = time.Date(2027, 2, 10, 22, 59, 0, 0, time.UTC) // still the 10th in Belgrade
		w.refused(store.ErrFuture, log(w.pair, today+1))
		w.now = w.now.Add(time.Minute)
		w.do(log(w.pair, today+1))

		w.do(func(tx *store.Tx) error { return tx.EndPair(w.pair.ID) })
		w.now = w.now.Add(48 * time.Hour)
		w.refused(store.ErrPairEnded, log(w.pair, today+2))
		w.do(log(w.pair, today)) // held before the end, logged after it
		w.do(func(tx *store.Tx) error { return tx.ReopenPair(w.pair.ID) })
		w.do(log(w.pair, today+2))

		w.now = w.now.AddDate(1, 0, 0)
		w.refused(store.ErrAfterCycle, log(w.pair, w.cycle.Ends+1))
		w.do(log(w.pair, w.cycle.Ends))
		w.refused(store.ErrNotFound, log(store.Pair{ID: "none"}, today))
	})
}

func TestLogTurnsTheAgreedMeetingOfTheDayIntoHeld(t *testing.T) {
	eachWorld(t, func(w *world) {
		agreed := w.agree(w.now.Add(time.Hour))
		other := w.log(today - 1)
		if other.ID == agreed.ID || other.Number != 2 {
			t.Errorf("another day's meeting is %+v, want a second one", other)
		}
		w.now = w.now.Add(3 * time.Hour)
		held := w.log(today)
		if held.ID != agreed.ID || held.Number != 1 || held.State != store.Held || !held.LoggedAt.Equal(w.now) ||
			held.LoggedBy != w.mentor.ID || !held.At.Equal(agreed.At) {
			t.Errorf("logged %+v, want the agreed %+v", held, agreed)
		}
		if read := w.meeting(held.ID); read != held {
			t.Errorf("read %+v, want what Log returned, %+v", read, held)
		}
	})
}

func TestTwoWhoLogTheSameDayMakeOneMeeting(t *testing.T) {
	eachWorld(t, func(w *world) {
		var made, refused atomic.Int64
		inParallel(16, 64, func(_, i int) {
			err := w.try(func(tx *store.Tx) error {
				_, err := tx.Log(w.pair.ID, today-store.Date(i%4), time.Hour, w.mentor.ID)
				return err
			})
			switch {
			case err == nil:
				made.Add(1)
			case errors.Is(err, store.ErrSameDay):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
		if made.Load() != 4 || refused.Load() != 60 {
			t.Errorf("%d made and %d refused, want 4 and 60", made.Load(), refused.Load())
		}
		numbers := map[int]bool{}
		for _, m := range w.snapshot().Meetings {
			numbers[m.Number] = true
		}
		if len(numbers) != 4 || !numbers[1] || !numbers[4] {
			t.Errorf("numbers are %v, want 1 to 4", numbers)
		}
	})
}

func TestTheDatabaseItselfKeepsOneHeldMeetingADay(t *testing.T) {
	eachWorld(t, func(w *world) {
		first, second := w.log(today), w.log(today-1)
		err := w.try(func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE meeting SET day = $1 WHERE id = $2`, first.Day, second.ID)
			return err
		})
		if err == nil {
			t.Error("two held meetings of a pair on one day were written")
		}
		w.do(func(tx *store.Tx) error { return tx.Cancel(first.ID) })
		w.do(func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE meeting SET day = $1 WHERE id = $2`, first.Day, second.ID)
			return err
		})
	})
}

func TestAgreeRefusesTimesThatCannotBe(t *testing.T) {
	eachWorld(t, func(w *world) {
		agree := func(at time.Time) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				_, err := tx.Agree(w.pair.ID, at, time.Hour, w.mentor.ID)
				return err
			}
		}
		w.refused(store.ErrPast, agree(w.now.Add(-time.Millisecond)))
		w.do(agree(w.now))
		w.refused(store.ErrSameDay, agree(w.now.Add(time.Hour)))
		w.log(today - 1)
		w.refused(store.ErrAfterCycle, agree((w.cycle.Ends + 1).Midnight(time.UTC)))
		late := time.Date(2027, 6, 30, 21, 59, 0, 0, time.UTC) // 23:59 in Belgrade
		w.do(agree(late))
		w.do(func(tx *store.Tx) error { return tx.EndPair(w.pair.ID) })
		w.refused(store.ErrPairEnded, agree(w.now.Add(48*time.Hour)))

		w.now = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
		w.do(func(tx *store.Tx) error { return tx.ReopenPair(w.pair.ID) })
		w.refused(store.ErrBeforeCycle, agree(w.now.Add(time.Hour)))
	})
}

func TestMove(t *testing.T) {
	eachWorld(t, func(w *world) {
		m, other := w.agree(w.now.Add(24*time.Hour)), w.agree(w.now.Add(48*time.Hour))
		w.now = w.now.Add(time.Hour)
		move := func(id string, at time.Time) func(*store.Tx) error {
			return func(tx *store.Tx) error { return tx.Move(id, at) }
		}
		w.refused(store.ErrSameDay, move(m.ID, other.At))
		w.refused(store.ErrPast, move(m.ID, w.now.Add(-time.Hour)))
		w.do(move(m.ID, m.At.Add(3*time.Hour))) // within its own day
		w.do(move(m.ID, w.now.Add(72*time.Hour)))
		got := w.meeting(m.ID)
		if got.Revision != 3 || got.Day != today+3 || !got.AgreedAt.Equal(w.now) || !got.At.Equal(w.now.Add(72*time.Hour)) {
			t.Errorf("moved twice, it is %+v", got)
		}
		held := w.log(today)
		w.refused(store.ErrState, move(held.ID, w.now.Add(96*time.Hour)))
	})
}

func TestOnlyThePartnerConfirmsOrDisputes(t *testing.T) {
	eachWorld(t, func(w *world) {
		m := w.log(today)
		confirm := func(by string) func(*store.Tx) error {
			return func(tx *store.Tx) error { return tx.Confirm(m.ID, by) }
		}
		dispute := func(by string) func(*store.Tx) error {
			return func(tx *store.Tx) error { return tx.Dispute(m.ID, by) }
		}
		for _, by := range []string{w.mentor.ID, w.second.ID, w.coordinator.ID} {
			w.refused(store.ErrPartner, confirm(by))
			w.refused(store.ErrPartner, dispute(by))
		}
		w.do(dispute(w.mentee.ID))
		disputed := w.now
		w.now = w.now.Add(time.Hour)
		w.do(dispute(w.mentee.ID))
		if m := w.meeting(m.ID); m.DisputedBy != w.mentee.ID || !m.DisputedAt.Equal(disputed) || !m.ConfirmedAt.IsZero() {
			t.Errorf("disputed an hour ago, and once more, it is %+v", m)
		}
		w.do(confirm(w.mentee.ID))
		if m := w.meeting(m.ID); m.DisputedBy != "" || !m.DisputedAt.IsZero() || !m.ConfirmedAt.Equal(w.now) {
			t.Errorf("confirmed, it is %+v", m)
		}
		ahead := w.agree(w.now.Add(24 * time.Hour))
		w.refused(store.ErrState, func(tx *store.Tx) error { return tx.Confirm(ahead.ID, w.mentee.ID) })
	})
}

func TestSettleEndsADispute(t *testing.T) {
	eachWorld(t, func(w *world) {
		for _, keep := range []bool{true, false} {
			m := w.log(today)
			settle := func(tx *store.Tx) error { return tx.Settle(m.ID, keep) }
			w.refused(store.ErrState, settle)
			w.do(func(tx *store.Tx) error { return tx.Dispute(m.ID, w.mentee.ID) })
			w.do(settle)
			got := w.meeting(m.ID)
			if got.DisputedAt.IsZero() != keep || (got.State == store.Held) != keep || got.CancelledAt.IsZero() != keep {
				t.Errorf("settled with keep %v, it is %+v", keep, got)
			}
			if keep {
				w.do(func(tx *store.Tx) error { return tx.Cancel(m.ID) })
			}
			w.refused(store.ErrState, func(tx *store.Tx) error { return tx.Cancel(m.ID) })
		}
		// The day is free again, the numbers aren't.
		if m := w.log(today); m.Number != 3 {
			t.Errorf("number is %d, want 3", m.Number)
		}
	})
}
