package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// midCycle is when the cycle of the benchmarks has run for half of its time.
var midCycle = time.Date(2027, 4, 1, 12, 0, 0, 0, time.UTC)

func openFile(tb testing.TB, now *time.Time) *store.Store {
	tb.Helper()
	s, err := store.Open(context.Background(), store.Options{
		Database: filepath.Join(tb.TempDir(), "mentorbot.db"),
		Now:      func() time.Time { return *now },
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func update(tb testing.TB, s *store.Store, f func(tx *store.Tx) error) {
	tb.Helper()
	if err := s.Update(context.Background(), f); err != nil {
		tb.Fatal(err)
	}
}

// pilotCycle is a cycle of half a year, from 11 January to 30 June 2027.
func pilotCycle(slug string) store.Cycle {
	return store.Cycle{
		Slug: slug, Title: "Mentorship", Zone: "Europe/Belgrade", Language: "en",
		Starts: store.NewDate(2027, 1, 11), Ends: store.NewDate(2027, 6, 30), By: store.NewDate(2027, 6, 15),
		Minimum: 6, MeetingLength: 90 * time.Minute, Rules: store.DefaultRules(),
	}
}

// populate adds pairs of people who have joined to a cycle.
func populate(tx *store.Tx, cycleID, prefix string, pairs int) ([]store.Pair, error) {
	all := make([]store.Pair, pairs)
	for i := range all {
		all[i].CycleID = cycleID
		for _, who := range []struct {
			role store.Role
			id   *string
		}{{store.Mentor, &all[i].MentorID}, {store.Mentee, &all[i].MenteeID}} {
			p := store.Person{Slug: fmt.Sprintf("%s-%s-%d", prefix, who.role, i), Name: "Person of Novi Sad", City: "Novi Sad", Country: "RS"}
			if err := tx.InsertPerson(&p); err != nil {
				return nil, err
			}
			*who.id = p.ID
			m := store.Member{CycleID: cycleID, PersonID: p.ID, Role: who.role, JoinedAt: tx.Now()}
			if err := tx.PutMember(m); err != nil {
				return nil, err
			}
		}
		if err := tx.InsertPair(&all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// history fills a cycle with what half of its time leaves behind.
func history(tx *store.Tx, c *store.Cycle) error {
	pairs, err := populate(tx, c.ID, c.Slug, 100)
	if err != nil {
		return err
	}
	var messages []store.Message
	tell := func(kind store.Kind, subject, offset, personID string) {
		key := fmt.Sprint(kind, "/", subject, "/1/", offset, "/", personID)
		messages = append(messages, store.Message{
			CycleID: c.ID, Key: key, Kind: kind, Subject: subject, Occurrence: "1", Offset: offset, PersonID: personID,
			Due: tx.Now(), Until: tx.Now().Add(time.Hour), State: store.Sent,
		})
	}
	for i, day := range []store.Date{store.NewDate(2027, 1, 21), store.NewDate(2027, 3, 1), store.NewDate(2027, 4, 5), store.NewDate(2027, 6, 1)} {
		s := store.Session{CycleID: c.ID, Slug: fmt.Sprint("session-", i), Title: "Session", At: day.At(18 * 60), Length: time.Hour}
		if err := tx.InsertSession(&s); err != nil {
			return err
		}
		for j, p := range pairs {
			for _, id := range []string{p.MentorID, p.MenteeID} {
				for _, offset := range []string{"7d", "1d", "1h"}[:3-i/2*2] {
					if i < 3 {
						tell(store.KindSession, s.Slug, offset, id)
					}
				}
				if i < 3 && j%3 != 0 {
					if err := tx.AnswerSession(s.ID, id, true, id); err != nil {
						return err
					}
				}
			}
		}
	}
	e := store.Event{CycleID: c.ID, Slug: "belgrade", Title: "Live", From: store.NewDate(2027, 6, 18), To: store.NewDate(2027, 6, 20)}
	if err := tx.InsertEvent(&e); err != nil {
		return err
	}
	for _, p := range pairs {
		for n := range 3 {
			if _, err := tx.Log(p.ID, store.NewDate(2027, 2, 1)+store.Date(n*20), time.Hour, p.MentorID); err != nil {
				return err
			}
		}
		for _, id := range []string{p.MentorID, p.MenteeID} {
			tell(store.KindEvent, e.Slug, "60d", id)
			tell(store.KindPace, p.ID, "1", id)
			for n := range 3 {
				tell(store.KindMeeting, fmt.Sprint(p.ID, "#", n), "1d", id)
			}
			if err := tx.AnswerEvent(e.ID, id, true, "", id); err != nil {
				return err
			}
		}
	}
	if _, err = tx.Enqueue(messages); err != nil {
		return err
	}
	read, err := tx.Cycle(c.ID)
	if err != nil {
		return err
	}
	_, err = tx.NotePlanned(c.ID, read.Version, midCycle, midCycle, "bench")
	return err
}

// BenchmarkSnapshot reads a cycle of 200 people at half of its time.
func BenchmarkSnapshot(b *testing.B) {
	now := midCycle
	s := openFile(b, &now)
	c := pilotCycle("pilot")
	update(b, s, func(tx *store.Tx) error {
		if err := tx.SetProgram(store.Program{Name: "Mentorship"}); err != nil {
			return err
		}
		return tx.InsertCycle(&c)
	})
	now = midCycle.Add(-4 * 24 * time.Hour) // past what a plan looks back
	update(b, s, func(tx *store.Tx) error { return history(tx, &c) })
	now = midCycle
	var told, answers int
	for b.Loop() {
		err := s.View(context.Background(), func(tx *store.Tx) error {
			snap, err := tx.Snapshot(c.ID)
			told, answers = len(snap.Told), len(snap.Answers)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(told), "told")
	b.ReportMetric(float64(answers), "answers")
}

// BenchmarkPopulate adds 10,000 people and their 5,000 pairs at once.
func BenchmarkPopulate(b *testing.B) {
	now := midCycle
	s := openFile(b, &now)
	for i := 0; b.Loop(); i++ {
		update(b, s, func(tx *store.Tx) error {
			c := pilotCycle(fmt.Sprint("cycle-", i))
			if err := tx.InsertCycle(&c); err != nil {
				return err
			}
			_, err := populate(tx, c.ID, c.Slug, 5000)
			return err
		})
	}
}

// BenchmarkOutbox enqueues, claims and settles 100,000 messages due at once.
func BenchmarkOutbox(b *testing.B) {
	now := midCycle
	s := openFile(b, &now)
	c := pilotCycle("pilot")
	var pairs []store.Pair
	update(b, s, func(tx *store.Tx) (err error) {
		if err := tx.InsertCycle(&c); err != nil {
			return err
		}
		pairs, err = populate(tx, c.ID, c.Slug, 50)
		return err
	})
	const all = 100_000
	for i := 0; b.Loop(); i++ {
		messages := make([]store.Message, all)
		for j := range messages {
			p := pairs[j%len(pairs)]
			messages[j] = store.Message{
				CycleID: c.ID, Key: fmt.Sprintf("digest/pilot/%d-%d/9/%s", i, j, p.MentorID), Kind: store.KindDigest,
				Subject: "pilot", Occurrence: fmt.Sprint(i, j), PersonID: p.MentorID, Due: now, Until: now.Add(time.Hour),
			}
		}
		started := time.Now()
		update(b, s, func(tx *store.Tx) error {
			_, err := tx.Enqueue(messages)
			return err
		})
		b.ReportMetric(time.Since(started).Seconds(), "s-enqueue")
		deliver(b, s, now, all)
	}
}

// deliver claims and settles all messages due at now.
func deliver(b *testing.B, s *store.Store, now time.Time, all int) {
	ctx := context.Background()
	for done := 0; done < all; {
		claimed, err := s.Claim(ctx, "bench", now, time.Minute, 500)
		if err != nil || len(claimed) == 0 {
			b.Fatal(len(claimed), err)
		}
		settlements := make([]store.Settlement, len(claimed))
		for i, m := range claimed {
			settlements[i] = store.Settlement{MessageID: m.ID, State: store.Sent, At: now}
		}
		if _, err := s.Settle(ctx, "bench", settlements); err != nil {
			b.Fatal(err)
		}
		done += len(claimed)
	}
}
