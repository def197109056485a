package scheduler_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// accept is a sender that takes no time.
type accept struct{}

func (accept) Send(context.Context, *store.Snapshot, *store.Message, time.Time) scheduler.Outcome {
	return scheduler.Outcome{State: store.Sent}
}

func openAt(b testing.TB, database string, now *time.Time) *store.Store {
	b.Helper()
	s, err := store.Open(b.Context(), store.Options{Database: database, Now: func() time.Time { return *now }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

func update(b testing.TB, s *store.Store, f func(*store.Tx) error) {
	b.Helper()
	if err := s.Update(b.Context(), f); err != nil {
		b.Fatal(err)
	}
}

// insertCycle describes a cycle of some pairs, who have all joined by now.
func insertCycle(tx *store.Tx, slug string, starts store.Date, pairs int) (*store.Cycle, error) {
	c := &store.Cycle{
		Slug: slug, Title: slug, Zone: "Europe/Belgrade", Language: "en",
		Starts: starts, Ends: starts + 170, Minimum: 6, By: starts + 155,
		MeetingLength: 90 * time.Minute, Rules: store.DefaultRules(),
	}
	if err := tx.SetProgram(store.Program{Name: "Test"}); err != nil {
		return nil, err
	}
	if err := tx.InsertCycle(c); err != nil {
		return nil, err
	}
	for i := range 4 {
		s := &store.Session{CycleID: c.ID, Slug: fmt.Sprint("session-", i), Title: "Session", Length: time.Hour,
			At: (starts + store.Date(10+40*i)).At(18 * 60)}
		if err := tx.InsertSession(s); err != nil {
			return nil, err
		}
	}
	e := &store.Event{CycleID: c.ID, Slug: "event", Title: "Event", From: starts + 158, To: starts + 160, Place: "Belgrade"}
	if err := tx.InsertEvent(e); err != nil {
		return nil, err
	}
	for i := range pairs {
		if err := insertPair(tx, c, i); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func insertPair(tx *store.Tx, c *store.Cycle, i int) error {
	ids := map[store.Role]string{}
	for _, role := range []store.Role{store.Mentor, store.Mentee} {
		slug := fmt.Sprintf("%s-%s-%d", c.Slug, role, i)
		p := &store.Person{Slug: slug, Name: slug}
		if err := tx.InsertPerson(p); err != nil {
			return err
		}
		ids[role] = p.ID
		if err := tx.PutMember(store.Member{CycleID: c.ID, PersonID: p.ID, Role: role, JoinedAt: tx.Now()}); err != nil {
			return err
		}
	}
	return tx.InsertPair(&store.Pair{CycleID: c.ID, MentorID: ids[store.Mentor], MenteeID: ids[store.Mentee]})
}

// halfway returns a store with a cycle of 200 people whose first half has been
// lived through with nobody answering, and the instant.
func halfway(b *testing.B) (*store.Store, string, time.Time) {
	b.Helper()
	starts := store.NewDate(2027, 1, 11)
	loc, err := store.Zone("Europe/Belgrade")
	if err != nil {
		b.Fatal(err)
	}
	now := starts.Midnight(loc)
	s := openAt(b, filepath.Join(b.TempDir(), "bench.db"), &now)
	var c *store.Cycle
	update(b, s, func(tx *store.Tx) (err error) {
		c, err = insertCycle(tx, "bench", starts, 100)
		return err
	})
	sched := scheduler.New(s, accept{}, scheduler.Options{})
	for half := (starts + 80).Midnight(loc); now.Before(half); {
		next, err := sched.Tick(b.Context(), now)
		if err != nil {
			b.Fatal(err)
		}
		now = next
	}
	return s, c.ID, now
}

// BenchmarkLoadAndPlan reads and plans a cycle of 200 people, halfway through it.
func BenchmarkLoadAndPlan(b *testing.B) {
	s, id, now := halfway(b)
	for b.Loop() {
		err := s.View(b.Context(), func(tx *store.Tx) error {
			c, err := tx.Snapshot(id)
			if err == nil && scheduler.Plan(c, now, now).Next.IsZero() {
				b.Error("nothing comes")
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkIdleTick ticks beside 10,000 cycles and 200,000 members of whom none
// has anything due.
func BenchmarkIdleTick(b *testing.B) {
	starts := store.NewDate(2027, 1, 11)
	now := starts.Midnight(time.UTC)
	s := openAt(b, filepath.Join(b.TempDir(), "bench.db"), &now)
	const cycles, pairs, batch = 10_000, 10, 500
	for first := 0; first < cycles; first += batch {
		update(b, s, func(tx *store.Tx) error {
			for i := range batch {
				c, err := insertCycle(tx, fmt.Sprint("c", first+i), starts, pairs)
				if err != nil {
					return err
				}
				version, err := tx.Version(c.ID)
				if err != nil {
					return err
				}
				if _, err := tx.NotePlanned(c.ID, version, now, now.Add(time.Hour), ""); err != nil {
					return err
				}
			}
			return nil
		})
	}
	sched := scheduler.New(s, accept{}, scheduler.Options{})
	if _, err := sched.Tick(b.Context(), now); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := sched.Tick(b.Context(), now); err != nil {
			b.Fatal(err)
		}
	}
}
