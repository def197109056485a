package bot_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

// A throng is many pairs in many cycles, all of whom have joined, on a durable SQLite
// file.
type throng struct {
	handler chat.Handler
	pairs   []store.Pair
	days    int
}

const (
	throngCycles = 40
	throngPairs  = 50 // of each cycle
)

func newThrong(b *testing.B) *throng {
	b.Helper()
	ctx := context.Background()
	now := time.Date(2027, 6, 1, 10, 0, 0, 0, time.UTC)
	s, err := store.Open(ctx, store.Options{Database: storetest.SQLite(b), Key: testKey, Now: func() time.Time { return now }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { must(s.Close()) })
	people := bot.New(s, bot.Options{})
	c := &throng{days: 140}
	c.handler, err = people.Connect(ctx, "bench", "main", nil)
	must(err)
	must(s.Update(ctx, func(tx *store.Tx) error {
		bots, err := tx.Bots()
		must(err)
		must(tx.SetProgram(store.Program{Name: "Mentorship"}))
		c.pairs = nil
		for i := range throngCycles {
			c.fill(tx, bots[0].ID, i)
		}
		return nil
	}))
	return c
}

func (c *throng) fill(tx *store.Tx, botID string, n int) {
	cycle := store.Cycle{
		Slug: fmt.Sprint("cycle-", n), Title: "Cycle", Zone: "Europe/Belgrade", Language: "en",
		Starts: store.NewDate(2027, 1, 1), Ends: store.NewDate(2027, 6, 30), Minimum: 6,
		By: store.NewDate(2027, 6, 15), MeetingLength: time.Hour, Rules: store.DefaultRules(),
	}
	must(tx.InsertCycle(&cycle))
	for i := range throngPairs {
		p := store.Pair{CycleID: cycle.ID}
		for _, role := range []store.Role{store.Mentor, store.Mentee} {
			slug := fmt.Sprintf("%s-%d-%d", role, n, i)
			person := store.Person{Slug: slug, Name: "Somebody " + slug}
			must(tx.InsertPerson(&person))
			must(tx.PutMember(store.Member{CycleID: cycle.ID, PersonID: person.ID, Role: role, JoinedAt: tx.Now()}))
			must(tx.LinkAccount(&store.Account{BotID: botID, PersonID: person.ID, UserID: slug, ChatID: slug}))
			if role == store.Mentor {
				p.MentorID = person.ID
			} else {
				p.MenteeID = person.ID
			}
		}
		must(tx.InsertPair(&p))
		c.pairs = append(c.pairs, p)
	}
}

// BenchmarkLog logs meetings through the whole of Handle, 64 at once.
func BenchmarkLog(b *testing.B) {
	const atOnce = 64
	c := newThrong(b)
	if b.N > len(c.pairs)*c.days {
		b.Fatalf("there are no %d days to log", b.N)
	}
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	var group sync.WaitGroup
	b.ResetTimer()
	start := time.Now()
	for range atOnce {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= b.N {
					return
				}
				began := time.Now()
				c.log(b, i)
				took[i] = time.Since(began)
			}
		})
	}
	group.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "logs/s")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

func (c *throng) log(b *testing.B, i int) {
	pair := i % len(c.pairs)
	day := store.NewDate(2027, 1, 1) + store.Date(i/len(c.pairs))
	who := fmt.Sprintf("mentee-%d-%d", pair/throngPairs, pair%throngPairs)
	reply, err := c.handler.Handle(context.Background(), chat.Request{
		ID: fmt.Sprint("r", i), UserID: who, ChatID: who, Text: fmt.Sprint("log ", c.pairs[pair].ID, " ", day, " 60"), Tapped: true,
	})
	if err != nil || len(reply.Buttons) < 2 {
		b.Errorf("%v: %q", err, reply.Text)
	}
}

// TestOneRequestManyTimes delivers one request a hundred times, half of them at once.
func TestOneRequestManyTimes(t *testing.T) {
	h := newHall(t).everyone()
	r := chat.Request{ID: "once", UserID: "mentee", ChatID: "mentee", Text: "/log today 60"}
	replies := make([]chat.Reply, 100)
	var group sync.WaitGroup
	deliver := func(i int) {
		var err error
		if replies[i], err = h.handler.Handle(context.Background(), r); err != nil {
			t.Error(err)
		}
	}
	for i := range 50 {
		group.Go(func() { deliver(i) })
	}
	group.Wait()
	for i := range 50 {
		deliver(50 + i)
	}
	for i := range replies {
		if replies[i].Text != replies[0].Text || !slices.Equal(replies[i].Buttons, replies[0].Buttons) {
			t.Errorf("reply %d is %+v, not %+v", i, replies[i], replies[0])
		}
	}
	h.do(func(tx *store.Tx) error {
		meetings, err := tx.MeetingsOf(h.ids["pair-mentee"])
		if len(meetings) != 1 {
			t.Errorf("there are %d meetings", len(meetings))
		}
		return err
	})
	h.tick()
	h.hears("mentor", "Ana logged")
	h.hearsNothing("mentor")
}
