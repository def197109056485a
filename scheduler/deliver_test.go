package scheduler_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
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
