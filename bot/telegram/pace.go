package telegram

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/wire"
)

// Limits are how fast a bot may send. What is zero is as Telegram has it
// (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
type Limits struct {
	Off       bool // nothing is waited for, but what Telegram asks to wait for
	PerSecond int  // messages to all chats; 0: 30
	PerChat   int  // a second to one chat; 0: 1
	PerGroup  int  // a minute to one group; 0: 20
}

const (
	chatBurst = 4               // messages to a chat at once: as many as somebody taps in a hurry
	longest   = 5 * time.Second // that a message waits for its turn before its sender is told to come back
	idle      = 2 * time.Minute // after which nothing of a chat needs to be known
)

// A pace sees to it that the limits are kept.
type pace struct {
	limits  Limits
	overall *rate.Limiter
	bulk    chan struct{} // one message that isn't a reply stands in line at a time

	mu    sync.Mutex
	rooms map[int64]*room
	until time.Time // nothing is sent to anybody
	swept time.Time
}

// A room is what is known of a chat.
type room struct {
	limiter *rate.Limiter
	minute  []time.Time // of a group: when what was sent last was, or will be
	until   time.Time   // nothing is sent there
	used    time.Time
}

func newPace(l Limits) *pace {
	for n, usual := range map[*int]int{&l.PerSecond: 30, &l.PerChat: 1, &l.PerGroup: 20} {
		if *n <= 0 {
			*n = usual
		}
	}
	return &pace{
		limits: l, overall: rate.NewLimiter(rate.Limit(l.PerSecond), max(1, l.PerSecond/3)),
		bulk: make(chan struct{}, 1), rooms: map[int64]*room{},
	}
}

// wait returns when a message may go to a chat. A LaterError says that this takes too long
// to be waited for. Replies go before what isn't one.
func (p *pace) wait(ctx context.Context, to int64, reply bool) error {
	if err := p.enter(ctx, to); err != nil || p.limits.Off {
		return err
	}
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
	if d := p.paused(to); d > 0 { // somebody was told so meanwhile
		return p.rest(ctx, d)
	}
	return nil
}

// enter waits for a chat's own turn.
func (p *pace) enter(ctx context.Context, to int64) error {
	if d := p.paused(to); d > 0 {
		if err := p.rest(ctx, d); err != nil {
			return err
		}
	}
	if p.limits.Off {
		return nil
	}
	d := p.reserve(to)
	if d > longest {
		return late(d, nil)
	}
	return wire.Sleep(ctx, d)
}

// rest waits for the end of a pause that Telegram has asked for.
func (p *pace) rest(ctx context.Context, d time.Duration) error {
	if d > longest {
		return late(d, nil)
	}
	return wire.Sleep(ctx, d)
}

// paused returns how long Telegram has asked to wait for.
func (p *pace) paused(to int64) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := p.until
	if r := p.rooms[to]; r != nil && r.until.After(until) {
		until = r.until
	}
	return time.Until(until)
}

// reserve takes the next turn of a chat, unless it is too far off, and returns how far
// that is.
func (p *pace) reserve(to int64) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	r := p.room(to, now)
	turn := r.limiter.ReserveN(now, 1)
	d := turn.DelayFrom(now)
	group := to < 0
	if n := len(r.minute) - p.limits.PerGroup; group && n >= 0 {
		d = max(d, r.minute[n].Add(time.Minute).Sub(now))
	}
	if d > longest {
		turn.CancelAt(now)
		return d
	}
	if group {
		r.minute = append(r.minute, now.Add(d))
		r.minute = r.minute[max(0, len(r.minute)-p.limits.PerGroup):]
	}
	return d
}

// room returns what is known of a chat, and forgets chats to which nothing was sent for a
// while. The caller holds the lock.
func (p *pace) room(to int64, now time.Time) *room {
	if now.Sub(p.swept) > idle {
		for id, r := range p.rooms {
			if now.Sub(r.used) > idle && now.After(r.until) {
				delete(p.rooms, id)
			}
		}
		p.swept = now
	}
	r := p.rooms[to]
	if r == nil {
		r = &room{limiter: rate.NewLimiter(rate.Limit(p.limits.PerChat), chatBurst)}
		p.rooms[to] = r
	}
	r.used = now
	return r
}

// pause obeys Telegram's wish to wait, answered to something that was sent to a chat. It
// doesn't say whom it concerns: the chat, or, if another chat is paused at the moment, all.
func (p *pace) pause(to int64, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for id, r := range p.rooms {
		if id != to && r.until.After(now) && p.until.Before(now.Add(d)) {
			p.until = now.Add(d)
		}
	}
	p.room(to, now).until = now.Add(d)
}

func late(d time.Duration, cause error) error {
	if cause == nil {
		cause = fmt.Errorf("telegram takes more in %v", d.Round(time.Millisecond))
	}
	return &chat.LaterError{Wait: d, Cause: cause}
}
