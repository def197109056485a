package scheduler_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

var (
	seeds = flag.Int("seeds", 20, "how many random cycles the simulation plays")
	// lossRate is 0 as long as seed 19 at 40 isn't explained.
	lossRate = flag.Int("losses", 0, "after how many of 100 downtimes the simulation restores a database")
	oneSeed  = flag.Int("seed", -1, "the only random cycle for the simulation to play")
)

// TestSimulation plays random cycles under a clock of their own: people join, answer,
// meet and leave, things move, the process stops, crashes and starts. Whatever the
// scheduler sends is held against the oracle. Even seeds run on SQLite, odd ones on
// PostgreSQL.
func TestSimulation(t *testing.T) {
	first, last := 0, *seeds-1
	if *oneSeed >= 0 {
		first, last = *oneSeed, *oneSeed
	}
	sum := tally{of: map[string]int{}}
	t.Cleanup(func() { sum.check(t, last-first >= 19) }) // once all have been played
	for seed := first; seed <= last; seed++ {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			t.Parallel()
			sum.add(simulate(t, seed))
		})
	}
}

// A tally counts what was sent in many cycles, by kind.
type tally struct {
	mu sync.Mutex
	of map[string]int
}

func (s *tally) add(one map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for kind, n := range one {
		s.of[kind] += n
	}
}

// check fails, after many cycles, if there was too little of anything.
func (s *tally) check(t *testing.T, many bool) {
	t.Log("sent:", s.of)
	for _, kind := range []string{
		"session", "meeting", "pace", "event", "digest", "trouble", "attendance", "next",
		"announcement", "cancelled", "twice, perhaps", "to groups: session", "to groups: event", "to groups: announcement",
	} {
		if many && 2*s.of[kind] < s.of["cycles"] {
			t.Errorf("only %d messages were sent of the kind %s: the simulation is too tame", s.of[kind], kind)
		}
	}
}

// simulate plays one cycle and counts what was sent in it.
func simulate(t *testing.T, seed int) (sent map[string]int) {
	w := &world{t: t, rng: rand.New(rand.NewPCG(uint64(seed), 1))}
	if seed/2%2 == 0 { // on both kinds of databases
		w.grouping = rand.New(rand.NewPCG(uint64(seed), 3))
	}
	database := ":memory:"
	if seed%2 == 1 {
		database = storetest.Postgres(t)
	}
	s, err := store.Open(t.Context(), store.Options{Database: database, Key: make([]byte, 32), Now: func() time.Time { return w.now }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	w.store = s
	w.write()
	p := &process{world: w, seed: seed, numbers: map[string]int{}, tally: map[string]int{"cycles": 1}}
	p.start()
	p.live()
	return p.tally
}

// must applies a change that the store can't refuse.
func (w *world) must(f func(*store.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(w.t.Context(), f); err != nil {
		w.t.Fatal(err)
	}
}

// refused applies a change unless the store refuses it.
func (w *world) refused(f func(*store.Tx) error) bool {
	w.t.Helper()
	err := w.store.Update(w.t.Context(), f)
	var refusal *store.Refusal
	if err != nil && !errors.As(err, &refusal) {
		w.t.Fatal(err)
	}
	return err != nil
}

// note writes a line into the diary that a failure shows.
func (w *world) note(format string, args ...any) {
	w.diary = append(w.diary, w.now.UTC().Format("2006-01-02 15:04:05.000 ")+fmt.Sprintf(format, args...))
}

// A manner is how a process lives for a while.
type manner string

const (
	dense  manner = "ticks often"
	sparse manner = "ticks rarely"
	exact  manner = "ticks when it foretold"
	down   manner = "is down"
)

// live plays the cycle to its end, and some days more.
func (p *process) live() {
	stop := p.end().AddDate(0, 0, 5)
	losses := rand.New(rand.NewPCG(uint64(p.seed), 2)) // of its own, so as not to change the rest
	for p.now.Before(stop) && !p.t.Failed() {
		how := pick(p.world, dense, sparse, sparse, exact, exact, exact, down)
		since, until := p.now, p.now.Add(p.lasting(how))
		p.note("the process %s", how)
		for p.now.Before(until) && !p.t.Failed() {
			p.step(how, until)
		}
		if how == down {
			p.start()
			if losses.IntN(100) < *lossRate {
				p.restored(since)
			}
			p.tick()
		}
	}
}

func (p *process) lasting(how manner) time.Duration {
	switch how {
	case dense:
		return time.Duration(p.between(30, 10*60)) * time.Minute
	case down:
		return time.Duration(pick(p.world, p.between(5, 60), p.between(60, 24*60), p.between(24*60, 6*24*60))) * time.Minute
	default:
		return time.Duration(p.between(12, 12*24)) * time.Hour
	}
}

// step goes on to the next tick, or to an act before it.
func (p *process) step(how manner, until time.Time) {
	var next time.Time
	switch how {
	case dense:
		next = p.now.Add(time.Duration(p.between(1, 20*60)) * time.Second)
	case sparse:
		next = p.now.Add(time.Duration(p.between(1, 24*60)) * time.Minute)
	case down:
		next = until
	case exact:
		next = until
		if p.foretold && !p.next.IsZero() && p.next.Before(until) {
			next = p.next
		}
	}
	if act := p.nextAct(); act.Before(next) {
		p.now = act
		p.anAct()
		p.foretold = false
		if how == exact {
			p.tick()
		}
		return
	}
	if !next.After(p.now) && next != until {
		p.t.Fatalf("-seed %d: at %s the scheduler foretold %s", p.seed, stamp(p.now), stamp(next))
	}
	p.now = next
	if how != down {
		p.tick()
	}
}

// nextAct is when something happens next: often soon before or after something
// that is due, or when a cancellation is taken back.
func (p *process) nextAct() time.Time {
	act := p.randomAct()
	for _, r := range p.regrets {
		if r.at.Before(act) {
			act = latest(p.now, r.at)
		}
	}
	return act
}

func (p *process) randomAct() time.Time {
	if p.foretold && p.next.After(p.now) && p.chance(5) {
		return latest(p.now.Add(time.Second), p.next.Add(time.Duration(p.between(-3600, 60))*time.Second))
	}
	mean := float64(p.end().Sub(p.now.AddDate(0, 0, -30))) / 60
	return p.now.Add(time.Duration(p.rng.ExpFloat64() * mean).Truncate(time.Millisecond))
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
