package scheduler

import (
	"context"
	"fmt"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// retryAfter is how much later a message is tried again, if its sender would have it at
// once.
const retryAfter = time.Second

// sendPatience is how long one send may take.
const sendPatience = 10 * time.Second

// deliver claims and settles what is due until nothing is left to claim, and
// returns how many messages that were.
func (d *delivery) deliver(ctx context.Context) (total int, err error) {
	for {
		n, err := d.batch(ctx)
		total += n
		if err != nil || n == 0 {
			return total, err
		}
	}
}

// A delivery is one tick's passage through the outbox.
type delivery struct {
	*Scheduler
	now    time.Time           // when the tick began
	cycles map[string]*planner // as last read
	failed map[string]error    // of cycles that can't be planned or read
}

// batch claims some messages and settles them, one after the other; 0: none are left.
// Once half the lease is over it gives the rest back, to be claimed anew: of what is
// held for longer than its lease another process sends it as well. The first message is
// sent in any case, so that every batch gets on. Those of cycles that have failed stay
// claimed until the tick ends, so as not to come again in it.
func (d *delivery) batch(ctx context.Context) (seen int, err error) {
	began := time.Now()
	claimed, err := d.store.Claim(ctx, d.o.Owner, d.now, d.o.Lease, d.o.Batch)
	if err != nil {
		return 0, err
	}
	sent := 0
	for i := range claimed {
		if sent > 0 && time.Since(began) > d.o.Lease/2 {
			_, err := d.store.Release(ctx, d.o.Owner)
			return i, err
		}
		if d.failed[claimed[i].CycleID] != nil {
			continue
		}
		if err := d.one(ctx, &claimed[i]); err != nil {
			return i, err
		}
		sent++
	}
	return len(claimed), nil
}

// one asks a message's condition, sends it, and settles it. The settling is not
// for the caller to cancel: what the platform has accepted must be written down.
func (d *delivery) one(ctx context.Context, m *store.Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p, err := d.fresh(ctx, m.CycleID)
	if err != nil {
		d.failed[m.CycleID] = fmt.Errorf("read cycle %s: %w", m.CycleID, err)
		return ctx.Err()
	}
	settlement := d.outcome(ctx, p, m)
	settlement.MessageID, settlement.At = m.ID, p.from
	held, err := d.store.Settle(context.WithoutCancel(ctx), d.o.Owner, []store.Settlement{settlement})
	if err == nil && !held[0] {
		d.o.Log.Warn("message was settled by another, or removed, while it was held here",
			"message", m.ID, "kind", m.Kind, "state", settlement.State)
	}
	return err
}

func (d *delivery) outcome(ctx context.Context, p *planner, m *store.Message) store.Settlement {
	verdict := condition(p, m)
	if verdict.State != store.Planned || verdict.Due.After(p.from) {
		return store.Settlement{State: verdict.State, Reason: verdict.Reason, Due: verdict.Due}
	}
	// Who ends the tick waits for the send under way: cut off, it may have arrived or not.
	sending, done := context.WithTimeout(context.WithoutCancel(ctx), sendPatience)
	defer done()
	out := d.sender.Send(sending, p.c, m, p.from)
	switch out.State {
	case store.Sent, store.Withdrawn, store.Failed:
	case store.Planned:
		out.Due = latest(out.Due, p.from.Add(retryAfter))
	default:
		out.Reason = fmt.Sprintf("the sender gave the unknown outcome %q", out.State)
		out.State = store.Failed
	}
	if out.State == store.Failed {
		d.o.Log.Error("message failed", "message", m.ID, "kind", m.Kind, "reason", out.Reason)
	}
	return store.Settlement{State: out.State, Reason: out.Reason, Due: out.Due, References: out.References}
}

// fresh returns the plan of the cycle from the present on; the cycle is read anew only
// when it has changed. The present is what the store's clock shows, since a tick may
// take long, or when the tick began, whichever is later.
func (d *delivery) fresh(ctx context.Context, cycleID string) (p *planner, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) error {
		now := latest(d.now, tx.Now())
		if p = d.cycles[cycleID]; p != nil {
			p.from, p.to = now, now
			if version, err := tx.Version(cycleID); err != nil || version == p.c.Cycle.Version {
				return err
			}
		}
		c, err := tx.Snapshot(cycleID)
		if err == nil {
			p = newPlanner(c, now, now)
			d.cycles[cycleID] = p
		}
		return err
	})
	return p, err
}
