package scheduler

import (
	"context"
	"errors"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// deliver claims and settles what is due until nothing is left to claim, and
// returns how many messages that were. What it could not settle it gives back.
func (s *Scheduler) deliver(ctx context.Context, now time.Time) (total int, err error) {
	d := delivery{Scheduler: s, now: now, cycles: map[string]*planner{}}
	defer func() {
		if err != nil {
			_, released := s.store.Release(context.WithoutCancel(ctx), s.o.Owner)
			err = errors.Join(err, released)
		}
	}()
	for {
		claimed, err := s.store.Claim(ctx, s.o.Owner, now, s.o.Lease, s.o.Batch)
		if err != nil {
			return total, err
		}
		if len(claimed) == 0 {
			return total, nil
		}
		total += len(claimed)
		for i := range claimed {
			if err := d.one(ctx, &claimed[i]); err != nil {
				return total, err
			}
		}
	}
}

// A delivery is one tick's passage through the outbox.
type delivery struct {
	*Scheduler
	now    time.Time
	cycles map[string]*planner // as last read
}

// one asks a message's condition, sends it, and settles it. The settling is not
// for the caller to cancel: what the platform has accepted must be written down.
func (d *delivery) one(ctx context.Context, m *store.Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p, err := d.fresh(ctx, m.CycleID)
	if err != nil {
		return err
	}
	settlement := d.outcome(ctx, p, m)
	settlement.MessageID, settlement.At = m.ID, d.now
	_, err = d.store.Settle(context.WithoutCancel(ctx), d.o.Owner, []store.Settlement{settlement})
	return err
}

func (d *delivery) outcome(ctx context.Context, p *planner, m *store.Message) store.Settlement {
	verdict := condition(p, m)
	if verdict.State != store.Planned || verdict.Due.After(d.now) {
		return store.Settlement{State: verdict.State, Reason: verdict.Reason, Due: verdict.Due}
	}
	out := d.sender.Send(ctx, p.c, m, d.now)
	if out.State == store.Failed {
		d.o.Log.Error("message failed", "message", m.ID, "kind", m.Kind, "reason", out.Reason)
	}
	return store.Settlement{State: out.State, Reason: out.Reason, Due: out.Due, References: out.References}
}

// fresh returns the cycle as it is now, read anew only when it has changed.
func (d *delivery) fresh(ctx context.Context, cycleID string) (p *planner, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) error {
		if p = d.cycles[cycleID]; p != nil {
			if version, err := tx.Version(cycleID); err != nil || version == p.c.Cycle.Version {
				return err
			}
		}
		c, err := tx.Snapshot(cycleID)
		if err == nil {
			p = newPlanner(c, d.now, d.now)
			d.cycles[cycleID] = p
		}
		return err
	})
	return p, err
}
