package scheduler

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

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
	now time.Time // when the tick began

	mu     sync.Mutex
	cycles map[string]*planner // as last read
	failed map[string]error    // of cycles that can't be planned or read
}

// batch claims some messages and settles them; 0: none are left. Once half the lease is
// over it gives the rest back, to be claimed anew: of what is held for longer than its
// lease another process sends it as well. One message is sent in any case, so that every
// batch gets on. Those of cycles that have failed stay claimed until the tick ends, so as
// not to come again in it.
func (d *delivery) batch(ctx context.Context) (seen int, err error) {
	began := time.Now()
	claimed, err := d.store.Claim(ctx, d.o.Owner, d.now, d.o.Lease, d.o.Batch)
	if err != nil {
		return 0, err
	}
	var tried atomic.Int64
	var late atomic.Bool
	err = d.sideBySide(ctx, d.lanes(claimed), func(ctx context.Context, m *store.Message) error {
		if tried.Add(1) > 1 && time.Since(began) > d.o.Lease/2 {
			late.Store(true)
			return nil
		}
		return d.one(ctx, m)
	})
	if err == nil && late.Load() {
		_, err = d.store.Release(ctx, d.o.Owner)
	}
	return len(claimed), err
}

// sideBySide calls f for the messages of each lane in order, and ends with the first
// error of any.
func (d *delivery) sideBySide(ctx context.Context, lanes [][]*store.Message, f func(context.Context, *store.Message) error) error {
	along := func(ctx context.Context, lane []*store.Message) (err error) {
		for i := 0; i < len(lane) && err == nil; i++ {
			err = f(ctx, lane[i])
		}
		return err
	}
	if len(lanes) == 1 {
		return along(ctx, lanes[0])
	}
	working, ctx := errgroup.WithContext(ctx)
	working.SetLimit(d.o.Parallel)
	for _, lane := range lanes {
		working.Go(func() error { return along(ctx, lane) })
	}
	return working.Wait()
}

// lanes are messages, in order, that go out one after the other, while those of other
// lanes do: one for each recipient, if several may go out at once.
func (d *delivery) lanes(messages []store.Message) (lanes [][]*store.Message) {
	lane := map[string]int{}
	for i := range messages {
		m := &messages[i]
		to := m.PersonID + "/" + m.GroupID
		if d.o.Parallel <= 1 {
			to = ""
		}
		n, ok := lane[to]
		if !ok {
			n = len(lanes)
			lane[to], lanes = n, append(lanes, nil)
		}
		lanes[n] = append(lanes[n], m)
	}
	return lanes
}

// one asks a message's condition, sends it, and settles it. The settling is not
// for the caller to cancel: what the platform has accepted must be written down.
func (d *delivery) one(ctx context.Context, m *store.Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c, now, verdict, ok := d.judge(ctx, m)
	if !ok {
		return ctx.Err()
	}
	settlement := store.Settlement{State: verdict.State, Reason: verdict.Reason, Due: verdict.Due}
	if verdict.State == store.Planned && !verdict.Due.After(now) {
		settlement = d.send(ctx, c, m, now)
	}
	settlement.MessageID, settlement.At = m.ID, now
	held, err := d.store.Settle(context.WithoutCancel(ctx), d.o.Owner, []store.Settlement{settlement})
	if err == nil && !held[0] {
		d.o.Log.Warn("message was settled by another, or removed, while it was held here",
			"message", m.ID, "kind", m.Kind, "state", settlement.State)
	}
	d.gotOn()
	return err
}

// judge asks a message's condition, of its cycle as it is at present, and tells what it
// is told by. Not ok: the cycle can't be read.
func (d *delivery) judge(ctx context.Context, m *store.Message) (c *store.Snapshot, now time.Time, v Verdict, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.failed[m.CycleID] != nil {
		return nil, now, v, false
	}
	p, err := d.fresh(ctx, m.CycleID)
	if err != nil {
		d.failed[m.CycleID] = fmt.Errorf("read cycle %s: %w", m.CycleID, err)
		return nil, now, v, false
	}
	return p.c, p.from, condition(p, m), true
}

// send hands a message to the sender.
func (d *delivery) send(ctx context.Context, c *store.Snapshot, m *store.Message, now time.Time) store.Settlement {
	// Who ends the tick waits for the send under way: cut off, it may have arrived or not.
	sending, done := context.WithTimeout(context.WithoutCancel(ctx), sendPatience)
	defer done()
	out := d.safely(sending, c, m, now)
	switch out.State {
	case store.Sent, store.Withdrawn, store.Failed:
	case store.Planned:
		out.Due = latest(out.Due, now.Add(retryAfter))
	default:
		out.Reason = fmt.Sprintf("the sender gave the unknown outcome %q", out.State)
		out.State = store.Failed
	}
	if out.State == store.Failed {
		d.o.Log.Error("message failed", "message", m.ID, "kind", m.Kind, "reason", out.Reason)
	}
	return store.Settlement{State: out.State, Reason: out.Reason, Due: out.Due, References: out.References}
}

// safely sends; a message at which the sender panics has failed, and stops no other.
func (d *delivery) safely(ctx context.Context, c *store.Snapshot, m *store.Message, now time.Time) (out Outcome) {
	defer func() {
		if cause := recover(); cause != nil { // which may have something personal in it
			d.o.Log.Error("sender panicked", "message", m.ID, "kind", m.Kind, "cause", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
			out = Outcome{State: store.Failed, Reason: "the sender panicked"}
		}
	}()
	return d.sender.Send(ctx, c, m, now)
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
			d.keep(cycleID, p)
		}
		return err
	})
	return p, err
}

// cyclesKept is how many cycles a tick remembers: one of 200 people takes a megabyte.
// What is due at once comes cycle by cycle, mostly.
const cyclesKept = 32

// keep remembers a cycle, in the place of any other if there is no room.
func (d *delivery) keep(cycleID string, p *planner) {
	if len(d.cycles) >= cyclesKept {
		for id := range d.cycles {
			delete(d.cycles, id)
			break
		}
	}
	d.cycles[cycleID] = p
}
