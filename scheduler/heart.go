package scheduler

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/robfig/cron/v3"
)

// Beat is how often a Heart looks at the clock when nothing else has it look: after so
// long it has noticed what another process has written.
const Beat = 15 * time.Second

// A Heart has a Scheduler tick in real time: every 15 seconds, when it is woken, and
// when the next message is due. What a tick could not do, the next one does.
type Heart struct {
	tick func(context.Context, time.Time) (time.Time, error)
	log  *slog.Logger
	wake chan struct{}

	last, alive atomic.Pointer[time.Time]
	failing     atomic.Bool // the last tick left something undone
}

// NewHeart returns the heart of a scheduler, which nobody else may have tick.
func NewHeart(s *Scheduler) *Heart {
	h := newHeart(s.Tick, s.o.Log)
	s.gotOn = h.getOn
	return h
}

func newHeart(tick func(context.Context, time.Time) (time.Time, error), log *slog.Logger) *Heart {
	return &Heart{tick: tick, log: log, wake: make(chan struct{}, 1)}
}

// Wake has it tick at once, or once more if it is just ticking. It never waits, and may
// be called from anywhere.
func (h *Heart) Wake() {
	select {
	case h.wake <- struct{}{}:
	default: // it will wake anyway
	}
}

// Last is when it last got on, all being well: when a tick ended that did all there was to
// do, or, since one with much to do takes long, when a part of it was done. Zero: it never did.
func (h *Heart) Last() time.Time { return instant(&h.last) }

// Alive is when it last got on, be it to a failure, which the next tick may mend. Zero: it
// doesn't run yet. If that is long ago, something holds it up for good.
func (h *Heart) Alive() time.Time { return instant(&h.alive) }

func instant(p *atomic.Pointer[time.Time]) (at time.Time) {
	if p := p.Load(); p != nil {
		at = *p
	}
	return at
}

// getOn notes that the heart gets on.
func (h *Heart) getOn() {
	now := time.Now()
	h.alive.Store(&now)
	if !h.failing.Load() {
		h.last.Store(&now)
	}
}

// Run ticks until ctx ends. A send that is under way then is waited for.
func (h *Heart) Run(ctx context.Context) {
	beats := cron.New(cron.WithLocation(time.UTC))
	beats.Schedule(cron.Every(Beat), cron.FuncJob(h.Wake))
	beats.Start()
	defer beats.Stop()
	started := time.Now()
	h.alive.Store(&started)
	for {
		next, err := h.tick(ctx, time.Now())
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			h.log.Error("tick failed, and is tried again", "error", err, "in", Beat)
		}
		h.failing.Store(err != nil)
		h.getOn()
		if !h.rest(ctx, next, err) {
			return
		}
	}
}

// rest waits until there is something to do, or reports that ctx has ended. After an
// error what was due is due still: only a beat, or who wakes it, has it try again.
func (h *Heart) rest(ctx context.Context, next time.Time, failed error) bool {
	var due <-chan time.Time
	if !next.IsZero() && failed == nil {
		timer := time.NewTimer(time.Until(next))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-ctx.Done():
		return false
	case <-h.wake:
	case <-due:
	}
	return true
}
