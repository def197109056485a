package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// A Sender finds the words of a message and hands it to a platform. It is asked
// only for messages whose condition holds at now, by the snapshot it is given.
type Sender interface {
	Send(ctx context.Context, c *store.Snapshot, m *store.Message, now time.Time) Outcome
}

// An Outcome is what became of a message that was handed to a Sender: Sent, with
// the platform's references to it; Planned, to be tried again at Due; Withdrawn, where
// it has become pointless meanwhile; or Failed. The last two have a reason.
type Outcome struct {
	State      store.MessageState
	Due        time.Time
	Reason     string
	References []store.Reference
}

// Options tune a Scheduler; the zero value is good.
type Options struct {
	Owner string        // of leases, unique among running processes; "": a new one
	Lease time.Duration // how long a claim holds on the database's clock; 0: a minute
	Batch int           // messages claimed at once; 0: 64
	// Parallel is how many messages may be with the Sender at once, each for another
	// recipient; 0: one, in the order in which they are due.
	Parallel int
	Build    string       // the program's version: plans are made anew when it changes
	Log      *slog.Logger // nil: discard
}

// A Scheduler plans what is due and has it sent. Any number of them may work on
// one store; each is for use by one goroutine at a time.
type Scheduler struct {
	store  *store.Store
	sender Sender
	o      Options
	known  string // fingerprint under which stored plans are good
	gotOn  func() // is called for each cycle that was planned, and each message that was settled
}

// New returns a scheduler of s that sends by sender.
func New(s *store.Store, sender Sender, o Options) *Scheduler {
	if o.Owner == "" {
		o.Owner = store.NewID()
	}
	if o.Lease == 0 {
		o.Lease = time.Minute
	}
	if o.Batch == 0 {
		o.Batch = 64
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Scheduler{store: s, sender: sender, o: o, gotOn: func() {}}
}

// Tick does everything that is due at now, on the clock of the cycles: it plans,
// claims and sends until nothing is left, and returns the next instant at which
// anything can become due as things stand; zero if there is none. It may be
// called again at any time. What an error left undone, the next tick does; of a cycle that
// can't be planned or read the error tells when all others have had their turn.
func (s *Scheduler) Tick(ctx context.Context, now time.Time) (next time.Time, err error) {
	if err := s.voidOldPlans(ctx, now); err != nil {
		return next, fmt.Errorf("void old plans: %w", err)
	}
	d := delivery{Scheduler: s, now: now, cycles: map[string]*planner{}, failed: map[string]error{}}
	next, err = d.tick(ctx)
	if err = errors.Join(append([]error{err}, d.failures()...)...); err != nil {
		_, released := s.store.Release(context.WithoutCancel(ctx), s.o.Owner)
		err = errors.Join(err, released)
	}
	return next, err
}

// tick plans and delivers until nothing is left that can be.
func (d *delivery) tick(ctx context.Context) (next time.Time, err error) {
	for {
		work, err := d.due(ctx)
		if err != nil {
			return next, fmt.Errorf("look for what is due: %w", err)
		}
		for _, id := range work.cycles {
			if err := d.plan(ctx, id, d.now); err != nil {
				d.failed[id] = fmt.Errorf("plan cycle %s: %w", id, err)
			}
			d.gotOn()
			if err := ctx.Err(); err != nil {
				return next, err
			}
		}
		claimed := 0
		if waiting := !work.nextMessage.IsZero() && !work.nextMessage.After(d.now); waiting || len(work.cycles) > 0 {
			if claimed, err = d.deliver(ctx); err != nil {
				return next, err
			}
		}
		if len(work.cycles) == 0 && claimed == 0 {
			return d.next(work, d.now), nil
		}
	}
}

// failures are the errors of cycles.
func (d *delivery) failures() (all []error) {
	for _, id := range slices.Sorted(maps.Keys(d.failed)) {
		all = append(all, d.failed[id])
	}
	return all
}

// dueWork is what a look at the clock finds.
type dueWork struct {
	cycles      []string // to be planned
	nextCycle   time.Time
	nextMessage time.Time
}

const cyclesAtOnce = 100

// due looks at the clock, for all cycles but those that have failed.
func (d *delivery) due(ctx context.Context) (w dueWork, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) (err error) {
		if w.cycles, err = tx.DueCycles(d.now, cyclesAtOnce+len(d.failed)); err != nil {
			return err
		}
		w.cycles = slices.DeleteFunc(w.cycles, func(id string) bool { return d.failed[id] != nil })
		if w.nextMessage, err = tx.NextMessage(); err != nil {
			return err
		}
		w.nextCycle, err = tx.NextCycle()
		return err
	})
	return w, err
}

// next is when to look again. Of a message that another process holds it is only
// known when its lease ends at the latest.
func (s *Scheduler) next(w dueWork, now time.Time) time.Time {
	if !w.nextMessage.IsZero() && !w.nextMessage.After(now) {
		w.nextMessage = now.Add(s.o.Lease)
	}
	return earliest(w.nextCycle, w.nextMessage)
}

// voidOldPlans forgets the next instants that another build, or other time zone
// rules, had computed.
func (s *Scheduler) voidOldPlans(ctx context.Context, now time.Time) error {
	if s.known != "" {
		return nil
	}
	var names []string
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		names, err = tx.Zones()
		return err
	})
	if err != nil {
		return err
	}
	known := fingerprint(s.o.Build, names, now)
	err = s.store.Update(ctx, func(tx *store.Tx) error { return tx.VoidPlans(known) })
	if err == nil {
		s.known = known
	}
	return err
}

// plan puts what is due in a cycle into the outbox. If the cycle changes
// meanwhile it stays due, and is planned again.
func (s *Scheduler) plan(ctx context.Context, cycleID string, now time.Time) error {
	c, err := s.snapshot(ctx, cycleID)
	if err != nil {
		return err
	}
	if c.Cycle.Hold.Opens() {
		return s.hold(ctx, c, now)
	}
	agenda := Plan(c, now, now)
	if !c.Cycle.Hold.To.IsZero() { // and a coordinator hasn't decided
		holdBack(agenda.Messages, c.Cycle.Hold.To)
	}
	if slices.ContainsFunc(agenda.Messages, func(m store.Message) bool { return m.Kind == store.KindPace }) {
		agenda.Next = now // when the next one is due follows from these
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		good, err := tx.NotePlanned(cycleID, c.Cycle.Version, agenda.Through, agenda.Next, s.known)
		if err != nil || !good {
			return err
		}
		if _, err = tx.Enqueue(agenda.Messages); err != nil || !announced(c, now) {
			return err
		}
		return tx.MarkAnnounced(cycleID, now)
	})
}

func (s *Scheduler) snapshot(ctx context.Context, cycleID string) (c *store.Snapshot, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.Snapshot(cycleID)
		return err
	})
	return c, err
}
