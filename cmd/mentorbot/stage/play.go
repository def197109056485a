package stage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kooperativa/mentorbot/bot/playground"
	"github.com/kooperativa/mentorbot/store"
)

// Run does what becomes due by what people do, until ctx ends.
func (s *Stage) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		if err := s.Settle(ctx); err != nil && ctx.Err() == nil {
			s.o.Log.Error("do what is due", "error", err)
		}
	}
}

// Settle does what is due where the clock stands.
func (s *Stage) Settle(ctx context.Context) error {
	s.playing.Lock()
	defer s.playing.Unlock()
	_, err := s.scheduler.Tick(ctx, s.Now())
	return err
}

// Turn turns the clock by one of the playground's turns, from instant to instant at
// which something is due, and does it. It stops early, with an error, if ctx ends.
func (s *Stage) Turn(ctx context.Context, by playground.Turn) error {
	s.playing.Lock()
	defer s.playing.Unlock()
	if by == playground.Next {
		before := s.sent
		return s.turn(ctx, time.Time{}, func() bool { return s.sent > before })
	}
	to, err := s.after(ctx, by)
	if err != nil {
		return err
	}
	return s.turn(ctx, to, func() bool { return false })
}

// TurnTo turns the clock to an instant. It never turns back.
func (s *Stage) TurnTo(ctx context.Context, to time.Time) error {
	s.playing.Lock()
	defer s.playing.Unlock()
	return s.turn(ctx, to, func() bool { return false })
}

// turn turns the clock to an instant, or, if that is zero, until there is nothing more
// to come; or until it is enough.
func (s *Stage) turn(ctx context.Context, to time.Time, enough func() bool) error {
	for {
		next, err := s.scheduler.Tick(ctx, s.Now())
		if err != nil || enough() {
			return err
		}
		if next.IsZero() || !to.IsZero() && next.After(to) {
			break
		}
		if err := errors.Join(ctx.Err(), s.set(next)); err != nil {
			return err
		}
	}
	if to.After(s.Now()) {
		return s.set(to)
	}
	return nil
}

// after is where a turn ends: a day is a day on the calendar of the cycle's zone.
func (s *Stage) after(ctx context.Context, by playground.Turn) (to time.Time, err error) {
	var cycle store.Cycle
	err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
		cycle, err = tx.Cycle(s.cycleID)
		return err
	})
	now := s.Now()
	w := store.WallOf(now.In(cycle.Location()))
	switch by {
	case playground.Hour:
		return now.Add(time.Hour), err
	case playground.Day:
		w.Date++
	case playground.Week:
		w.Date += 7
	default:
		err = errors.Join(err, fmt.Errorf("there is no turn %q", by))
	}
	return w.In(cycle.Location()), err
}
