// Package rehearsal plays a whole cycle in memory, with the real plan, store,
// outbox and words, and tells every message that it would send.
package rehearsal

import (
	"context"
	"fmt"
	"time"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// A Manner is how the people of a rehearsal behave.
type Manner string

// The manners. Everyone has joined when the cycle starts.
const (
	// Silent people never answer, agree or log anything.
	Silent Manner = "silent"
	// OnPace people answer each first question with yes at once. Pairs agree each
	// meeting a week ahead, and hold and log it on the day before the last day of
	// its part, at 18:00 in the cycle's zone.
	OnPace Manner = "on-pace"
)

// A Line is one message as its recipient would get it.
type Line struct {
	At       time.Time      // in the recipient's zone
	Home     *time.Location // the cycle's zone
	To       *store.Person
	Role     store.Role
	Message  *store.Message
	Language string
	Words    chat.Message
}

// Run applies a programme to an empty store in memory, and plays its only cycle
// from start to end. It hands each message, in order of time, to tell; those that
// only answer another person's act are left out.
func Run(ctx context.Context, apply func(*store.Tx) error, manner Manner, tell func(Line) error) error {
	clock := &clock{}
	s, err := store.Open(ctx, store.Options{Database: ":memory:", Now: clock.read})
	if err != nil {
		return err
	}
	defer s.Close()
	p := play{store: s, clock: clock, manner: manner, tell: tell}
	if err := p.open(ctx, apply); err != nil {
		return fmt.Errorf("set the stage: %w", err)
	}
	if err := p.run(ctx); err != nil {
		return fmt.Errorf("rehearse: %w", err)
	}
	return nil
}

// A clock shows the play's time.
type clock struct{ now time.Time }

func (c *clock) read() time.Time { return c.now }

// A play is one rehearsal under way.
type play struct {
	store   *store.Store
	clock   *clock
	manner  Manner
	tell    func(Line) error
	cycle   *store.Snapshot
	acts    []act // still to come, in order of time
	answers []act // to what was sent at this instant
	err     error // of tell
}

// open has everyone on the stage when the cycle starts.
func (p *play) open(ctx context.Context, apply func(*store.Tx) error) error {
	p.clock.now = time.Unix(1, 0) // long before: nothing in the file is news
	if err := p.store.Update(ctx, apply); err != nil {
		return err
	}
	if err := p.look(ctx); err != nil {
		return err
	}
	loc := p.cycle.Cycle.Location()
	p.clock.now = p.cycle.Cycle.Starts.Midnight(loc)
	err := p.store.Update(ctx, func(tx *store.Tx) error {
		for _, m := range p.cycle.Members {
			if err := tx.Join(m.CycleID, m.PersonID); err != nil {
				return err
			}
		}
		return nil
	})
	if p.manner == OnPace {
		p.acts = meetings(p.cycle)
	}
	return err
}

// look reads the cycle.
func (p *play) look(ctx context.Context) error {
	return p.store.View(ctx, func(tx *store.Tx) error {
		cycles, err := tx.Cycles()
		if err != nil {
			return err
		}
		p.cycle, err = tx.Snapshot(cycles[0].ID)
		return err
	})
}

// run steps the clock from instant to instant, until nothing more can happen.
func (p *play) run(ctx context.Context) error {
	s := scheduler.New(p.store, p, scheduler.Options{})
	for {
		if err := p.act(ctx); err != nil {
			return err
		}
		next, err := s.Tick(ctx, p.clock.now)
		switch {
		case err != nil:
			return err
		case p.err != nil:
			return p.err
		case len(p.answers) > 0:
			p.acts, p.answers = append(p.answers, p.acts...), nil
			continue
		}
		if len(p.acts) > 0 && (next.IsZero() || p.acts[0].at.Before(next)) {
			next = p.acts[0].at
		}
		if next.IsZero() {
			return nil
		}
		p.clock.now = next
	}
}

// Send tells a message, and notes what its recipient answers.
func (p *play) Send(_ context.Context, c *store.Snapshot, m *store.Message, now time.Time) scheduler.Outcome {
	words, err := bot.Reminder(c, m, now)
	if err != nil {
		p.err = err
		return scheduler.Outcome{State: store.Failed, Reason: err.Error()}
	}
	if p.manner == OnPace {
		p.answers = append(p.answers, answer(c, m, now)...)
	}
	if m.Kind != store.KindConfirm && p.err == nil {
		p.err = p.tell(p.line(c, m, now, words))
	}
	return scheduler.Outcome{State: store.Sent}
}

func (p *play) line(c *store.Snapshot, m *store.Message, now time.Time, words chat.Message) Line {
	to := c.People[m.PersonID]
	return Line{
		At: now.In(c.ZoneOf(to)), Home: c.Cycle.Location(), To: to, Role: c.Member(to.ID).Role,
		Message: m, Language: bot.LanguageOf(c, to), Words: words,
	}
}
