package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/wire"
)

// Limits are how fast a bot may call Discord. What is zero is as Discord has it
// (https://docs.discord.com/developers/topics/rate-limits). Those of single routes Discord
// tells with each answer.
type Limits struct {
	Off       bool // nothing is waited for, but what Discord asks to wait for
	PerSecond int  // calls, but for answers to interactions; 0: 50
}

const (
	usualCalls  = 5               // of a route, of which nothing is known yet
	usualWindow = 5 * time.Second // in which they are permitted
	longest     = 3 * time.Second // that a call waits for its turn before its sender is told to come back; opening a chat and sending there must both fit into an end
	idle        = 2 * time.Minute // after which nothing of a route needs to be known
	openPause   = time.Minute     // after Discord has said that direct chats are opened too fast

	// Discord bans an address for 10,000 invalid calls in ten minutes: those with 401, 403
	// and 429. Long before that, no more is sent.
	mostInvalid   = 1000
	invalidWithin = 10 * time.Minute
)

// A pace sees to it that the limits are kept.
type pace struct {
	limits  Limits
	overall *rate.Limiter
	bulk    chan struct{} // one call that isn't for a reply stands in line at a time

	mu      sync.Mutex
	buckets map[string]*bucket // by route
	until   time.Time          // nothing is sent
	swept   time.Time
	invalid []time.Time
}

// A bucket is what is known of a route.
type bucket struct {
	left   int // calls that are permitted until the window ends
	flying int // calls without an answer yet
	calls  int // in a window
	window time.Duration
	ends   time.Time
	until  time.Time // nothing is sent there
}

func newPace(l Limits) *pace {
	if l.PerSecond <= 0 {
		l.PerSecond = 50
	}
	// Discord counts from some moment to another: at full speed, and with more at once,
	// more than is permitted would fall between them.
	steady := rate.Limit(float64(l.PerSecond) * 0.96)
	return &pace{limits: l, overall: rate.NewLimiter(steady, max(1, l.PerSecond/25)), bulk: make(chan struct{}, 1), buckets: map[string]*bucket{}}
}

// wait returns when a route may be called; who calls must say what came of it by learn. A
// LaterError says that this takes too long to be waited for. Replies go before what isn't
// one.
func (p *pace) wait(ctx context.Context, route string, reply bool) error {
	if d := p.open(); d > 0 {
		return late(d, errors.New("discord has refused too much: nothing is sent for a while, or it would ban this address"))
	}
	for {
		d := p.reserve(route)
		if d <= 0 {
			break
		}
		if err := rest(ctx, d); err != nil {
			return err
		}
	}
	if p.limits.Off {
		return nil
	}
	if err := p.queue(ctx, reply); err != nil {
		p.learn(route, nil)
		return err
	}
	return nil
}

// queue waits for a turn among all calls.
func (p *pace) queue(ctx context.Context, reply bool) error {
	if !reply {
		select {
		case p.bulk <- struct{}{}:
			defer func() { <-p.bulk }()
		case <-ctx.Done():
			return late(0, ctx.Err())
		}
	}
	turn := p.overall.Reserve()
	if d := turn.Delay(); d > longest {
		turn.Cancel()
		return late(d, nil)
	} else if err := wire.Sleep(ctx, d); err != nil {
		return err
	}
	p.mu.Lock()
	d := time.Until(p.until) // somebody was told so meanwhile
	p.mu.Unlock()
	return rest(ctx, d)
}

// rest waits unless that is too long.
func rest(ctx context.Context, d time.Duration) error {
	if d > longest {
		return late(d, nil)
	}
	return wire.Sleep(ctx, d)
}

// reserve takes a call out of a route's bucket, or returns how long there is none.
func (p *pace) reserve(route string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	b := p.bucket(route, now)
	if until := later(p.until, b.until); until.After(now) {
		return until.Sub(now)
	}
	if !p.limits.Off {
		if !now.Before(b.ends) {
			b.left, b.ends = max(0, b.calls-b.flying), now.Add(b.window)
		}
		if b.left <= 0 {
			return max(time.Millisecond, b.ends.Sub(now))
		}
		b.left--
	}
	b.flying++
	return 0
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// bucket returns what is known of a route, and forgets those that weren't called for a
// while. The caller holds the lock.
func (p *pace) bucket(route string, now time.Time) *bucket {
	if now.Sub(p.swept) > idle {
		for name, b := range p.buckets {
			if b.flying == 0 && now.Sub(later(b.ends, b.until)) > idle {
				delete(p.buckets, name)
			}
		}
		p.swept = now
	}
	b := p.buckets[route]
	if b == nil {
		b = &bucket{left: usualCalls, calls: usualCalls, window: usualWindow, ends: now.Add(usualWindow)}
		p.buckets[route] = b
	}
	return b
}

// learn reads what an answer's headers tell of its route; nil: there was no answer.
func (p *pace) learn(route string, h http.Header) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	b := p.bucket(route, now)
	b.flying--
	calls, err1 := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	left, err2 := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	after, err3 := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
	if err1 != nil || err2 != nil || err3 != nil || calls < 1 {
		return
	}
	in := time.Duration(after * float64(time.Second))
	ends := now.Add(in)
	if b.calls != calls || ends.After(b.ends.Add(b.window/2)) { // another window than was thought
		b.left = left - b.flying
	} else {
		b.left = min(b.left, left)
	}
	if b.calls != calls || in > b.window {
		b.window = in
	}
	b.calls, b.ends = calls, later(ends, now)
}

// pause obeys Discord's wish to wait.
func (p *pace) pause(route string, d time.Duration, global bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if global {
		p.until = later(p.until, now.Add(d))
		return
	}
	b := p.bucket(route, now)
	b.until = later(b.until, now.Add(d))
}

// blame counts an answer that counts towards a ban.
func (p *pace) blame(status int) {
	if status != http.StatusUnauthorized && status != http.StatusForbidden && status != http.StatusTooManyRequests {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.invalid = append(p.invalid, time.Now())
	p.invalid = p.invalid[max(0, len(p.invalid)-mostInvalid):]
}

// open returns for how long nothing may be sent since too much was refused.
func (p *pace) open() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.invalid) < mostInvalid {
		return 0
	}
	return time.Until(p.invalid[0].Add(invalidWithin))
}

func late(d time.Duration, cause error) error {
	if cause == nil {
		cause = fmt.Errorf("discord takes more in %v", d.Round(time.Millisecond))
	}
	return &chat.LaterError{Wait: d, Cause: cause}
}

// routeOf names the bucket of a path: its words, and the id that Discord tells buckets
// apart by, which is the first.
func routeOf(method, path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if i > 2 && p != "" && p[0] >= '0' && p[0] <= '9' {
			parts[i] = "id"
		}
	}
	return method + strings.Join(parts, "/")
}
