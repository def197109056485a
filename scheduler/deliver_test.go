package scheduler_test

import (
	"database/sql"
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

// A batch that takes longer than its lease must not go out twice.
func TestSlowSendingOutlivesNoLease(t *testing.T) {
	onStage(t, 10, func(t *testing.T, s *stage) {
		s.now = at(t, "2027-01-14 18:00") // 20 messages are due
		r := &recorder{do: func(*store.Message) scheduler.Outcome {
			time.Sleep(40 * time.Millisecond)
			return scheduler.Outcome{State: store.Sent}
		}}
		options := scheduler.Options{Lease: 400 * time.Millisecond}
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				sched := scheduler.New(s.Store, r, options)
				for range 12 {
					if _, err := sched.Tick(t.Context(), s.now); err != nil {
						t.Error(err)
					}
					time.Sleep(50 * time.Millisecond)
				}
			})
		}
		wg.Wait()
		slices.Sort(r.keys)
		if n := len(slices.Compact(slices.Clone(r.keys))); n != 20 || len(r.keys) != 20 {
			t.Errorf("%d messages were sent, %d of them different; want 20", len(r.keys), n)
		}
	})
}

// What a long tick sends is judged by the clock at that moment, not at its start.
func TestLongTickKeepsAnEyeOnTheClock(t *testing.T) {
	for later, want1 := range map[string]string{
		"2027-01-21 18:00": "missed session/session-0/1/7d/pilot-mentor-0 came too late",
		"2027-01-14 21:30": "planned session/session-0/1/7d/pilot-mentor-0 ", // waits for the end of quiet hours
		"2027-01-14 19:00": "sent session/session-0/1/7d/pilot-mentor-0 ",
	} {
		onStage(t, 1, func(t *testing.T, s *stage) {
			r := &recorder{do: func(*store.Message) scheduler.Outcome {
				s.now = at(t, later)
				return scheduler.Outcome{State: store.Sent}
			}}
			s.tick(t, scheduler.New(s.Store, r, scheduler.Options{}), at(t, "2027-01-14 18:00"))
			want(t, s.messages(t, store.MessageFilter{Kind: store.KindSession, To: at(t, "2027-01-15 12:00")}),
				"sent session/session-0/1/7d/pilot-mentee-0 ", want1)
		})
	}
}

// A sender that asks for another try at once must not keep the tick busy for ever.
func TestAnotherTryIsLater(t *testing.T) {
	onStage(t, 1, func(t *testing.T, s *stage) {
		tries := 0
		now := at(t, "2027-01-14 18:00")
		r := &recorder{do: func(*store.Message) scheduler.Outcome {
			if tries++; tries > 100 {
				return scheduler.Outcome{State: store.Sent}
			}
			return scheduler.Outcome{State: store.Planned, Due: now}
		}}
		next := s.tick(t, scheduler.New(s.Store, r, scheduler.Options{}), now)
		if tries != 2 || !next.After(now) {
			t.Errorf("in one tick there were %d tries of two messages; the next is at %v", tries, next)
		}
	})
}

// What has become pointless, only its sender can know: it is no failure.
func TestSenderWithdraws(t *testing.T) {
	onStage(t, 1, func(t *testing.T, s *stage) {
		r := &recorder{do: func(*store.Message) scheduler.Outcome {
			return scheduler.Outcome{State: store.Withdrawn, Reason: "they have read it"}
		}}
		s.tick(t, scheduler.New(s.Store, r, scheduler.Options{}), at(t, "2027-01-14 18:00"))
		want(t, s.messages(t, store.MessageFilter{}),
			"withdrawn session/session-0/1/7d/pilot-mentee-0 they have read it",
			"withdrawn session/session-0/1/7d/pilot-mentor-0 they have read it")
	})
}

func TestUnknownOutcomeFails(t *testing.T) {
	onStage(t, 1, func(t *testing.T, s *stage) {
		r := &recorder{do: func(*store.Message) scheduler.Outcome { return scheduler.Outcome{State: "lost"} }}
		s.tick(t, scheduler.New(s.Store, r, scheduler.Options{}), at(t, "2027-01-14 18:00"))
		want(t, s.messages(t, store.MessageFilter{}),
			`failed session/session-0/1/7d/pilot-mentee-0 the sender gave the unknown outcome "lost"`,
			`failed session/session-0/1/7d/pilot-mentor-0 the sender gave the unknown outcome "lost"`)
	})
}

// One cycle that can't be read must not silence the others.
func TestOneCyclesTroubleIsItsOwn(t *testing.T) {
	path := storetest.SQLite(t)
	s := &stage{now: at(t, "2027-01-11 00:00")}
	s.Store = openAt(t, path, &s.now)
	broken, whole := "", ""
	update(t, s.Store, func(tx *store.Tx) error {
		for slug, id := range map[string]*string{"broken": &broken, "whole": &whole} {
			c, err := insertCycle(tx, slug, date(t, "2027-01-11"), 1)
			if err != nil {
				return err
			}
			*id = c.ID
		}
		return nil
	})
	r := &recorder{do: func(m *store.Message) scheduler.Outcome {
		if m.Attempts == 1 { // so that messages of both wait in the outbox
			return scheduler.Outcome{State: store.Planned, Due: at(t, "2027-01-14 18:30")}
		}
		return scheduler.Outcome{State: store.Sent}
	}}
	sched := scheduler.New(s.Store, r, scheduler.Options{})
	s.tick(t, sched, at(t, "2027-01-14 18:00"))
	spoil(t, path, broken)
	s.now = at(t, "2027-01-14 18:30")
	update(t, s.Store, func(tx *store.Tx) error { return errors.Join(tx.Touch(broken), tx.Touch(whole)) })
	for range 2 {
		if _, err := sched.Tick(t.Context(), s.now); err == nil || !strings.Contains(err.Error(), broken) {
			t.Errorf("the error is %v, want one that names the cycle %s", err, broken)
		}
		want(t, s.messages(t, store.MessageFilter{CycleID: whole, State: store.Planned}))
		if n := len(s.messages(t, store.MessageFilter{CycleID: broken, State: store.Planned})); n != 2 {
			t.Errorf("of the broken cycle %d messages wait, want 2", n)
		}
	}
}

// spoil makes a cycle unreadable behind the store's back.
func spoil(t *testing.T, path, cycleID string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `UPDATE cycle SET rules = '{' WHERE id = ?`, cycleID); err != nil {
		t.Fatal(err)
	}
}
