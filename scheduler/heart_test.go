package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// beating runs a heart in virtual time for as long as the test's function runs; ticks
// are when it ticked, from its start on.
func beating(t *testing.T, tick func(n int) (time.Duration, error), f func(h *Heart, ticks func() []time.Duration)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var mu sync.Mutex
		var ticks []time.Duration
		h := newHeart(func(_ context.Context, now time.Time) (next time.Time, err error) {
			mu.Lock()
			ticks = append(ticks, now.Sub(start))
			n := len(ticks)
			mu.Unlock()
			in, err := tick(n)
			if in != 0 {
				next = now.Add(in)
			}
			return next, err
		}, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { h.Run(ctx); close(ended) }()
		f(h, func() []time.Duration {
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(ticks)
		})
		cancel()
		<-ended
	})
}

func is(t *testing.T, got []time.Duration, want ...time.Duration) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("it ticked after %v, want %v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("it ticked after %v, want %v", got, want)
		}
	}
}

func TestHeartBeats(t *testing.T) {
	beating(t, func(int) (time.Duration, error) { return 0, nil }, func(h *Heart, ticks func() []time.Duration) {
		is(t, ticks(), 0)
		time.Sleep(31 * time.Second)
		is(t, ticks(), 0, 15*time.Second, 30*time.Second)
		if ago := time.Since(h.Last()); ago != time.Second {
			t.Errorf("the last tick was %v ago", ago)
		}
	})
}

func TestHeartTicksWhenSomethingIsDueOrItIsWoken(t *testing.T) {
	tick := func(n int) (time.Duration, error) {
		if n == 1 {
			return 4 * time.Second, nil
		}
		return time.Hour, nil
	}
	beating(t, tick, func(h *Heart, ticks func() []time.Duration) {
		time.Sleep(5 * time.Second)
		is(t, ticks(), 0, 4*time.Second)
		h.Wake()
		is(t, ticks(), 0, 4*time.Second, 5*time.Second)
	})
}

// What fails is tried again at the next beat, however long ago it was due, and doesn't
// count as a tick.
func TestHeartOutlivesErrors(t *testing.T) {
	tick := func(n int) (time.Duration, error) {
		if n < 3 {
			return -time.Minute, errors.New("the disk is full")
		}
		return 0, nil
	}
	beating(t, tick, func(h *Heart, ticks func() []time.Duration) {
		time.Sleep(16 * time.Second)
		is(t, ticks(), 0, 15*time.Second)
		if !h.Last().IsZero() {
			t.Errorf("a tick that failed counts: %v", h.Last())
		}
		if ago := time.Since(h.Alive()); ago != time.Second {
			t.Errorf("it failed %v ago, and so was alive", ago)
		}
		time.Sleep(15 * time.Second)
		is(t, ticks(), 0, 15*time.Second, 30*time.Second)
		if h.Last().IsZero() {
			t.Error("the tick doesn't count")
		}
	})
}

// A request that wakes it while it ticks has it tick once more, and only once.
func TestHeartIsWokenWhileItTicks(t *testing.T) {
	var h *Heart
	tick := func(n int) (time.Duration, error) {
		if n == 2 {
			h.Wake()
			h.Wake()
			h.Wake()
		}
		return 0, nil
	}
	beating(t, tick, func(heart *Heart, ticks func() []time.Duration) {
		is(t, ticks(), 0)
		h = heart
		h.Wake()
		is(t, ticks(), 0, 0, 0)
	})
}
