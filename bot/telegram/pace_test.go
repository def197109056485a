package telegram

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// virtual runs a test on virtual time.
func virtual(t *testing.T, limits Limits, test func(t *testing.T, p *pace, since func() time.Duration)) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		test(t, newPace(limits), func() time.Duration { return time.Since(began) })
	})
}

func wait(t *testing.T, p *pace, to int64, reply bool) {
	t.Helper()
	if err := p.wait(t.Context(), to, reply); err != nil {
		t.Error(err)
	}
}

func later(t *testing.T, err error) time.Duration {
	t.Helper()
	var l *chat.LaterError
	if !errors.As(err, &l) {
		t.Fatalf("the error is %v", err)
	}
	return l.Wait
}

func TestPaceInAChat(t *testing.T) {
	virtual(t, Limits{}, func(t *testing.T, p *pace, since func() time.Duration) {
		for range chatBurst {
			wait(t, p, 5, true)
		}
		if since() != 0 {
			t.Errorf("a short burst took %v", since())
		}
		wait(t, p, 5, true)
		wait(t, p, 5, true)
		if since() != 2*time.Second {
			t.Errorf("two more took %v", since())
		}
	})
}

func TestPaceInAGroup(t *testing.T) {
	virtual(t, Limits{}, func(t *testing.T, p *pace, since func() time.Duration) {
		for range 20 {
			wait(t, p, -5, true)
		}
		if since() != (20-chatBurst)*time.Second {
			t.Errorf("they took %v", since())
		}
		d := later(t, p.wait(t.Context(), -5, true))
		if want := time.Minute - since(); d != want {
			t.Errorf("the next is in %v, not %v", d, want)
		}
		time.Sleep(d)
		wait(t, p, -5, true)
		if since() != time.Minute {
			t.Errorf("it went after %v", since())
		}
	})
}

func TestPaceOverall(t *testing.T) {
	virtual(t, Limits{}, func(t *testing.T, p *pace, since func() time.Duration) {
		const n = 300
		for i := range int64(n) {
			wait(t, p, i+1, false)
		}
		if rate := n / since().Seconds(); rate < 30 || rate > 31.5 {
			t.Errorf("%.1f a second", rate)
		}
	})
}

func TestRepliesGoFirst(t *testing.T) {
	virtual(t, Limits{}, func(t *testing.T, p *pace, since func() time.Duration) {
		var all sync.WaitGroup
		for i := range int64(100) {
			all.Go(func() { wait(t, p, i+1000, false) })
		}
		synctest.Wait()
		wait(t, p, 5, true)
		if since() > 100*time.Millisecond {
			t.Errorf("a reply waited %v for what isn't one", since())
		}
		all.Wait()
		if since() < 2*time.Second {
			t.Errorf("all was sent in %v", since())
		}
	})
}

func TestPauseOfAChat(t *testing.T) {
	virtual(t, Limits{Off: true}, func(t *testing.T, p *pace, since func() time.Duration) {
		p.pause(5, 3*time.Second)
		wait(t, p, 6, true)
		if since() != 0 {
			t.Errorf("another chat waited %v", since())
		}
		wait(t, p, 5, true)
		if since() != 3*time.Second {
			t.Errorf("the chat waited %v", since())
		}
		p.pause(5, time.Hour)
		if d := later(t, p.wait(t.Context(), 5, true)); d != time.Hour {
			t.Errorf("it is to wait %v", d)
		}
	})
}

func TestPauseOfAll(t *testing.T) {
	virtual(t, Limits{}, func(t *testing.T, p *pace, since func() time.Duration) {
		p.pause(5, 3*time.Second)
		p.pause(6, 3*time.Second)
		wait(t, p, 7, true)
		if since() != 3*time.Second {
			t.Errorf("a third chat waited %v", since())
		}
		p.pause(7, time.Second) // the pauses before are over: it is the chat's own
		wait(t, p, 8, true)
		if since() != 3*time.Second {
			t.Errorf("a fourth chat waited %v", since())
		}
	})
}

func TestPaceForgets(t *testing.T) {
	virtual(t, Limits{}, func(t *testing.T, p *pace, _ func() time.Duration) {
		p.pause(5, time.Hour)
		for i := range int64(50) {
			wait(t, p, i+10, true)
		}
		time.Sleep(2*idle + time.Second)
		wait(t, p, 1000, true)
		if len(p.rooms) != 2 {
			t.Errorf("%d chats are remembered", len(p.rooms))
		}
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	virtual(t, Limits{}, func(t *testing.T, p *pace, since func() time.Duration) {
		p.pause(5, 4*time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := p.wait(ctx, 5, true); !errors.Is(err, context.DeadlineExceeded) || since() != time.Second {
			t.Errorf("after %v: %v", since(), err)
		}
	})
}
