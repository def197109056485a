package service_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/service"
	"github.com/kooperativa/mentorbot/store"
)

// A slow platform takes as long for each message, whatever the context says.
type slow time.Duration

// Run is chat.Adapter's.
func (slow) Run(ctx context.Context, _ chat.Handler) error {
	<-ctx.Done()
	return nil
}

// Send is chat.Adapter's.
func (s slow) Send(context.Context, string, string, chat.Message) ([]string, error) {
	time.Sleep(time.Duration(s))
	return []string{"1"}, nil
}

// serving serves a coordinator on a platform, in virtual time; messages wait for them from
// the start.
func serving(t *testing.T, platform slow, messages int, watch func(t *testing.T, s *service.Service, db *store.Store)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		db, err := store.Open(t.Context(), store.Options{Database: ":memory:", Key: make([]byte, 32)})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		served, err := service.New(t.Context(), service.Options{
			Store: db, Alone: true, Platforms: []service.Platform{{Name: "slow", Bot: "main", Adapter: platform}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Update(t.Context(), employ); err != nil {
			t.Fatal(err)
		}
		write(t, db, messages)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); _ = served.Run(ctx) }()
		defer func() { stop(); <-ended }()
		watch(t, served, db)
	})
}

// employ makes a cycle with a coordinator.
func employ(tx *store.Tx) error {
	today := store.DateOf(tx.Now())
	c := store.Cycle{
		Slug: "pilot", Title: "Pilot", Zone: "UTC", Language: "en", Starts: today - 30, Ends: today + 100,
		By: today + 90, Minimum: 1, MeetingLength: time.Hour, Rules: store.Rules{},
	}
	p := store.Person{Slug: "vesna", Name: "Vesna"}
	b := store.Bot{Platform: "slow", Name: "main"}
	err := errors.Join(tx.SetProgram(store.Program{Name: "Test"}), tx.InsertCycle(&c), tx.InsertPerson(&p), tx.PutBot(&b))
	return errors.Join(err,
		tx.PutMember(store.Member{CycleID: c.ID, PersonID: p.ID, Role: store.Coordinator, JoinedAt: tx.Now()}),
		tx.LinkAccount(&store.Account{BotID: b.ID, PersonID: p.ID, UserID: "1", ChatID: "1"}))
}

// write puts messages for the coordinator into the outbox, which are due.
func write(t *testing.T, db *store.Store, messages int) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		c, err := tx.CycleBySlug("pilot")
		if err != nil {
			return err
		}
		p, err := tx.PersonBySlug("vesna")
		all := make([]store.Message, messages)
		for i := range all {
			all[i] = store.Message{
				CycleID: c.ID, Kind: store.KindRestored, Key: fmt.Sprint("restored/", i), Subject: c.Slug,
				Occurrence: tx.Now().Format(time.RFC3339), PersonID: p.ID, Due: tx.Now(), Until: tx.Now().Add(24 * time.Hour),
			}
		}
		_, failed := tx.Enqueue(all)
		return errors.Join(err, failed)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func sent(t *testing.T, db *store.Store) (n int) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) error {
		tally, err := tx.Tally()
		n = tally.Messages[store.Sent]
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// However long it takes to send what is due, it is at work: starting anew would not help.
func TestServiceThatIsBusyIsNotStuck(t *testing.T) {
	const messages = 40
	serving(t, slow(5*time.Second), 0, func(t *testing.T, s *service.Service, db *store.Store) {
		time.Sleep(time.Second) // it has ticked by now
		write(t, db, messages)
		for sent(t, db) < messages {
			time.Sleep(5 * time.Second)
			if s.Stuck(t.Context()) {
				t.Fatalf("it is stuck, and has sent %d of %d", sent(t, db), messages)
			}
			if faults := s.Check(t.Context()); len(faults) > 0 {
				t.Fatalf("it has sent %d of %d, and %v", sent(t, db), messages, faults)
			}
		}
	})
}

// A platform that never comes back holds up everything, be it with the first message.
func TestServiceThatNeverComesBackIsStuck(t *testing.T) {
	serving(t, slow(75*time.Second), 1, func(t *testing.T, s *service.Service, _ *store.Store) {
		time.Sleep(50 * time.Second)
		if s.Stuck(t.Context()) {
			t.Error("it is stuck already")
		}
		time.Sleep(25 * time.Second)
		if !s.Stuck(t.Context()) {
			t.Error("it isn't stuck")
		}
	})
}
