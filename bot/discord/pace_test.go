package discord

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A refuser counts the calls that come too soon, as Discord does.
type refuser struct {
	calls  int
	window time.Duration
	left   int
	ends   time.Time
	tooFew int
}

func (r *refuser) take() http.Header {
	if now := time.Now(); !now.Before(r.ends) {
		r.left, r.ends = r.calls, now.Add(r.window)
	}
	if r.left == 0 {
		r.tooFew++
	} else {
		r.left--
	}
	h := http.Header{}
	h.Set("X-RateLimit-Limit", strconv.Itoa(r.calls))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(r.left))
	h.Set("X-RateLimit-Reset-After", strconv.FormatFloat(time.Until(r.ends).Seconds(), 'f', 3, 64))
	return h
}

// insist waits until a route may be called, as senders do.
func insist(p *pace, route string, reply bool) {
	for {
		err := p.wait(context.Background(), route, reply)
		var later *chat.LaterError
		if !errors.As(err, &later) {
			return
		}
		time.Sleep(later.Wait)
	}
}

func TestRoutesKeepToTheirHeaders(t *testing.T) {
	for _, r := range []*refuser{{calls: 5, window: 5 * time.Second}, {calls: 2, window: time.Minute}, {calls: 10, window: time.Second}, {calls: 1, window: 2 * time.Second}} {
		synctest.Test(t, func(t *testing.T) {
			p := newPace(Limits{})
			began := time.Now()
			n := 4 * r.calls
			for range n {
				insist(p, "route", false)
				h := r.take()
				time.Sleep(30 * time.Millisecond)
				p.learn("route", h)
			}
			took := time.Since(began)
			if r.tooFew > max(0, r.calls-1) && r.calls < usualCalls || r.calls >= usualCalls && r.tooFew > 0 {
				t.Errorf("%d of %d calls came too soon", r.tooFew, n)
			}
			if most := 5*r.window + usualWindow; took > most {
				t.Errorf("%d calls took %v, at %d in %v", n, took, r.calls, r.window)
			}
		})
	}
}

func TestAllCallsTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(Limits{})
		all := &refuser{calls: 50, window: time.Second}
		began := time.Now()
		for i := range 500 {
			route := strconv.Itoa(i)
			insist(p, route, false)
			all.take()
			p.learn(route, nil)
		}
		if took := time.Since(began); took > 11*time.Second || all.tooFew > 0 {
			t.Errorf("500 calls took %v, and %d came too soon", took, all.tooFew)
		}
	})
}

func TestRepliesGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(Limits{PerSecond: 1})
		for i := range 20 {
			go insist(p, strconv.Itoa(i), false)
		}
		synctest.Wait()
		began := time.Now()
		insist(p, "reply", true)
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("a reply waits for %v", took)
		}
		time.Sleep(time.Minute)
	})
}

func TestWhatDiscordAsksFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(Limits{Off: true})
		p.pause("a", 2*time.Second, false)
		began := time.Now()
		insist(p, "b", true)
		if took := time.Since(began); took > 0 {
			t.Errorf("another route waits for %v", took)
		}
		insist(p, "a", true)
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("the route waits for %v", took)
		}
		p.pause("a", time.Minute, true)
		var later *chat.LaterError
		if err := p.wait(t.Context(), "b", true); !errors.As(err, &later) || later.Wait != time.Minute {
			t.Errorf("all are to wait: %v", err)
		}
	})
}

func TestTheCircuitOpens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(Limits{Off: true})
		refused := 0
		for range 3 * 3600 {
			if p.wait(t.Context(), "route", true) == nil {
				p.learn("route", nil)
				p.blame(http.StatusForbidden)
				p.blame(http.StatusNotFound)
				refused++
			}
			time.Sleep(100 * time.Millisecond)
		}
		if refused > 2*mostInvalid || refused < mostInvalid {
			t.Errorf("in 18 minutes %d calls were refused", refused)
		}
		time.Sleep(invalidWithin)
		if err := p.wait(t.Context(), "route", true); err != nil {
			t.Errorf("it stays open: %v", err)
		}
	})
}
