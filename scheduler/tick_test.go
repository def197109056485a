package scheduler_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

// A recorder is a sender that remembers, and does as a test says.
type recorder struct {
	mu   sync.Mutex
	keys []string
	do   func(m *store.Message) scheduler.Outcome // nil: sent
}

func (r *recorder) Send(_ context.Context, _ *store.Snapshot, m *store.Message, _ time.Time) scheduler.Outcome {
	r.mu.Lock()
	r.keys = append(r.keys, m.Key)
	do := r.do
	r.mu.Unlock()
	if do == nil {
		return scheduler.Outcome{State: store.Sent}
	}
	return do(m)
}

// stage is a store with one cycle of some pairs, at an instant that a test moves.
type stage struct {
	*store.Store
	now   time.Time
	cycle *store.Cycle
}

func onStage(t *testing.T, pairs int, test func(t *testing.T, s *stage)) {
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		s := &stage{now: at(t, "2027-01-11 00:00")}
		s.Store = open(store.Options{Key: make([]byte, 32), Now: func() time.Time { return s.now }})
		update(t, s.Store, func(tx *store.Tx) (err error) {
			s.cycle, err = insertCycle(tx, "pilot", date(t, "2027-01-11"), pairs)
			return err
		})
		test(t, s)
	})
}

func (s *stage) tick(t *testing.T, sched *scheduler.Scheduler, now time.Time) time.Time {
	t.Helper()
	s.now = now
	next, err := sched.Tick(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

func (s *stage) messages(t *testing.T, f store.MessageFilter) (lines []string) {
	t.Helper()
	err := s.View(t.Context(), func(tx *store.Tx) error {
		messages, err := tx.Messages(f)
		for _, m := range messages {
			lines = append(lines, string(m.State)+" "+m.Key+" "+m.Reason)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestTicksRepeatAndRace(t *testing.T) {
	onStage(t, 20, func(t *testing.T, s *stage) {
		r := &recorder{}
		s.now = at(t, "2027-01-20 18:00") // two offsets are overdue, one of them only for good
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				sched := scheduler.New(s.Store, r, scheduler.Options{Batch: 3})
				for range 3 {
					if _, err := sched.Tick(t.Context(), s.now); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		slices.Sort(r.keys)
		if n := len(slices.Compact(slices.Clone(r.keys))); n != 40 || len(r.keys) != 40 {
			t.Errorf("%d messages were sent, %d of them different; want 40", len(r.keys), n)
		}
		want(t, s.messages(t, store.MessageFilter{State: store.Missed})[:1],
			"missed session/session-0/1/7d/pilot-mentee-0 a later reminder took its place")
	})
}

func TestOutcomes(t *testing.T) {
	onStage(t, 1, func(t *testing.T, s *stage) {
		later := at(t, "2027-01-14 18:07")
		r := &recorder{do: func(m *store.Message) scheduler.Outcome {
			if m.Attempts > 1 {
				return scheduler.Outcome{State: store.Failed, Reason: "blocked"}
			}
			return scheduler.Outcome{State: store.Planned, Due: later, Reason: "busy"}
		}}
		sched := scheduler.New(s.Store, r, scheduler.Options{})
		if next := s.tick(t, sched, at(t, "2027-01-14 18:00")); !next.Equal(later) {
			t.Errorf("next is %v, want when the platform has time: %v", next, later)
		}
		s.tick(t, sched, later)
		want(t, s.messages(t, store.MessageFilter{}),
			"failed session/session-0/1/7d/pilot-mentee-0 blocked",
			"failed session/session-0/1/7d/pilot-mentor-0 blocked")
	})
}

// Pace reminders have a number, not an hour of their own: one that fails must not be
// followed by the next number at once.
func TestAFailedPaceReminderIsNotTriedAgainAtOnce(t *testing.T) {
	onStage(t, 1, func(t *testing.T, s *stage) {
		r := &recorder{}
		r.do = func(m *store.Message) scheduler.Outcome {
			if len(r.keys) > 100 {
				t.Fatal("there is no end to it")
			}
			if m.Kind == store.KindPace {
				return scheduler.Outcome{State: store.Failed, Reason: "blocked"}
			}
			return scheduler.Outcome{State: store.Sent}
		}
		sched := scheduler.New(s.Store, r, scheduler.Options{})
		for day := range 35 {
			s.tick(t, sched, at(t, "2027-02-05 12:00").AddDate(0, 0, day))
		}
		pace := slices.DeleteFunc(s.messages(t, store.MessageFilter{Kind: store.KindPace}), func(line string) bool {
			return !strings.HasSuffix(line, "pilot-mentee-0 blocked")
		})
		want(t, pace,
			"failed pace/pilot-mentor-0+pilot-mentee-0/1/1/pilot-mentee-0 blocked",
			"failed pace/pilot-mentor-0+pilot-mentee-0/1/2/pilot-mentee-0 blocked")
	})
}

func TestConditionIsAskedBeforeSending(t *testing.T) {
	onStage(t, 1, func(t *testing.T, s *stage) {
		// Whoever is reached first cancels the session: they hear of that, the other of
		// nothing.
		r := &recorder{do: func(m *store.Message) scheduler.Outcome {
			if m.Offset == scheduler.Cancelled {
				return scheduler.Outcome{State: store.Sent}
			}
			update(t, s.Store, func(tx *store.Tx) error {
				sessions, err := tx.Sessions(s.cycle.ID)
				if err != nil {
					return err
				}
				i := slices.IndexFunc(sessions, func(s store.Session) bool { return s.Slug == "session-0" })
				return tx.CancelSession(sessions[i].ID)
			})
			return scheduler.Outcome{State: store.Sent}
		}}
		s.tick(t, scheduler.New(s.Store, r, scheduler.Options{}), at(t, "2027-01-14 18:00"))
		want(t, s.messages(t, store.MessageFilter{}),
			"sent session/session-0/1/7d/pilot-mentee-0 ",
			"withdrawn session/session-0/1/7d/pilot-mentor-0 cancelled",
			"sent session/session-0/1-2027-01-14T17:00:00.000/cancelled/pilot-mentee-0 ")
	})
}

func TestStopGivesLeasesBack(t *testing.T) {
	onStage(t, 2, func(t *testing.T, s *stage) {
		ctx, stop := context.WithCancel(t.Context())
		first := &recorder{do: func(*store.Message) scheduler.Outcome {
			stop() // while the first is being sent
			return scheduler.Outcome{State: store.Sent}
		}}
		s.now = at(t, "2027-01-14 18:00")
		_, err := scheduler.New(s.Store, first, scheduler.Options{}).Tick(ctx, s.now)
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("a stopped tick returned %v", err)
		}
		second := &recorder{}
		s.tick(t, scheduler.New(s.Store, second, scheduler.Options{}), s.now)
		all := slices.Concat(first.keys, second.keys)
		slices.Sort(all)
		if len(first.keys) != 1 || len(all) != 4 || len(slices.Compact(all)) != 4 {
			t.Errorf("sent %v, then %v; want each of four once", first.keys, second.keys)
		}
	})
}
