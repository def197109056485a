package store_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/store"
)

// message is a message of the world's cycle, due now, named by its key.
func (w *world) message(kind store.Kind, key string) store.Message {
	return store.Message{
		CycleID: w.cycle.ID, Key: key, Kind: kind, Subject: "spring", Occurrence: "1", Offset: "7d",
		PersonID: w.mentee.ID, Due: w.now, Until: w.now.Add(time.Hour),
	}
}

func (w *world) enqueue(messages ...store.Message) (inserted int) {
	w.Helper()
	w.do(func(tx *store.Tx) (err error) {
		inserted, err = tx.Enqueue(messages)
		return err
	})
	return inserted
}

func (w *world) claim(owner string, lease time.Duration, limit int) []store.Message {
	w.Helper()
	claimed, err := w.Claim(context.Background(), owner, w.now, lease, limit)
	if err != nil {
		w.Fatal(err)
	}
	return claimed
}

func (w *world) settle(owner string, settlements ...store.Settlement) []bool {
	w.Helper()
	held, err := w.Settle(context.Background(), owner, settlements)
	if err != nil {
		w.Fatal(err)
	}
	return held
}

func keys(messages []store.Message) (keys []string) {
	for _, m := range messages {
		keys = append(keys, m.Key)
	}
	return keys
}

func wantKeys(w *world, got []store.Message, want ...string) {
	w.Helper()
	if !slices.Equal(keys(got), want) {
		w.Errorf("messages are %v, want %v", keys(got), want)
	}
}

func (w *world) messages(f store.MessageFilter) []store.Message {
	w.Helper()
	return get(w, func(tx *store.Tx) ([]store.Message, error) { return tx.Messages(f) })
}

func TestAKnownKeyIsNotEnqueuedAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		a, b := w.message(store.KindSession, "a"), w.message(store.KindSession, "b")
		if n := w.enqueue(a, b, a); n != 2 {
			t.Errorf("%d were new, want 2", n)
		}
		changed := a
		changed.Due = w.now.Add(time.Hour)
		if n := w.enqueue(changed, w.message(store.KindSession, "c")); n != 1 {
			t.Errorf("%d were new, want 1", n)
		}
		all := w.messages(store.MessageFilter{CycleID: w.cycle.ID})
		wantKeys(w, all, "a", "b", "c")
		a.ID, a.State, a.Put = all[0].ID, store.Planned, all[0].Put
		if diff := cmp.Diff(a, all[0]); diff != "" || a.ID == "" {
			t.Error("read otherwise than written:", diff)
		}
		other := pilotCycle("other")
		w.do(func(tx *store.Tx) error { return tx.InsertCycle(&other) })
		a.ID, a.CycleID = "", other.ID
		if n := w.enqueue(a); n != 1 {
			t.Error("a key of another cycle was taken for known")
		}
	})
}

func TestManyMessagesAtOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		var all []store.Message
		for i := range 300 { // more than one INSERT has
			all = append(all, w.message(store.KindDigest, fmt.Sprintf("%03d", i)))
		}
		if n := w.enqueue(all...); n != 300 {
			t.Errorf("%d were new, want 300", n)
		}
		if claimed := w.claim("me", time.Minute, 200); len(claimed) != 200 || claimed[199].Key != "199" {
			t.Errorf("%d were claimed, want the first 200", len(claimed))
		}
		wantKeys(w, w.messages(store.MessageFilter{CycleID: w.cycle.ID, Limit: 2}), "000", "001")
	})
}

func TestClaimTakesWhatIsDueAndFree(t *testing.T) {
	eachWorld(t, func(w *world) {
		late, soon, missed := w.message(store.KindSession, "a-late"), w.message(store.KindSession, "soon"), w.message(store.KindSession, "missed")
		late.Due, soon.Due, missed.State = w.now.Add(time.Millisecond), w.now.Add(-time.Hour), store.Missed
		w.enqueue(late, w.message(store.KindSession, "d"), w.message(store.KindSession, "c"), soon, missed)
		first := w.claim("me", time.Minute, 2)
		wantKeys(w, first, "soon", "c")
		if m := first[0]; m.Attempts != 1 || m.LeaseOwner != "me" || time.Until(m.LeaseUntil) < 50*time.Second {
			t.Errorf("claimed, it is %+v", m)
		}
		wantKeys(w, w.claim("other", time.Minute, 10), "d")
		wantKeys(w, w.claim("me", time.Minute, 10))
		w.now = w.now.Add(time.Millisecond)
		wantKeys(w, w.claim("me", time.Minute, 10), "a-late")
	})
}

// What was put there first goes first, even if the clock stands: of what waited for one
// instant, news of later acts come later.
func TestClaimKeepsTheOrderOfActs(t *testing.T) {
	eachWorld(t, func(w *world) {
		for _, key := range []string{"c", "a", "b"} {
			w.enqueue(w.message(store.KindPair, key))
		}
		w.now = w.now.Add(-time.Minute) // the clock was put right
		early := w.message(store.KindPair, "0")
		early.Due = early.Due.Add(time.Minute)
		w.enqueue(early)
		w.now = w.now.Add(time.Minute)
		wantKeys(w, w.messages(store.MessageFilter{Limit: 3}), "c", "a", "b")
		wantKeys(w, w.claim("me", time.Minute, 2), "c", "a")
		wantKeys(w, w.claim("me", time.Minute, 3), "b", "0")
	})
}

func TestALeaseThatEndedIsLost(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.enqueue(w.message(store.KindSession, "a"), w.message(store.KindSession, "b"))
		mine := w.claim("me", -time.Minute, 10) // over before it began
		theirs := w.claim("other", time.Minute, 1)
		wantKeys(w, theirs, "a")
		sent := func(m store.Message) store.Settlement {
			return store.Settlement{MessageID: m.ID, State: store.Sent, At: w.now}
		}
		// Whoever's lease is over may still settle what nobody else was given.
		if held := w.settle("me", sent(mine[1]), sent(mine[0])); !slices.Equal(held, []bool{true, false}) {
			t.Errorf("held is %v, want that of b only", held)
		}
		if held := w.settle("other", sent(theirs[0]), sent(mine[1])); !slices.Equal(held, []bool{true, false}) {
			t.Errorf("held is %v, want that of a only", held)
		}
		if held := w.settle("other", store.Settlement{MessageID: theirs[0].ID, State: store.Failed}); held[0] {
			t.Error("what was settled was settled again")
		}
		wantKeys(w, w.messages(store.MessageFilter{State: store.Sent}), "a", "b")
	})
}

func TestSettle(t *testing.T) {
	eachWorld(t, func(w *world) {
		bot := store.Bot{Platform: "telegram", Name: "one"}
		w.do(func(tx *store.Tx) error { return tx.PutBot(&bot) })
		w.enqueue(w.message(store.KindSession, "a"), w.message(store.KindSession, "b"))
		claimed := w.claim("me", time.Minute, 10)
		later := w.now.Add(time.Hour)
		w.settle("me",
			store.Settlement{
				MessageID: claimed[0].ID, State: store.Sent, At: w.now.Add(time.Second),
				References: []store.Reference{{BotID: bot.ID, ChatID: "c", RemoteID: "7"}, {BotID: bot.ID, ChatID: "c", RemoteID: "8"}},
			},
			store.Settlement{MessageID: claimed[1].ID, State: store.Planned, Due: later, Reason: "busy\x00"})
		all := w.messages(store.MessageFilter{CycleID: w.cycle.ID})
		if m := all[0]; m.State != store.Sent || !m.SettledAt.Equal(w.now.Add(time.Second)) || m.LeaseOwner != "" {
			t.Errorf("sent, it is %+v", m)
		}
		if m := all[1]; m.State != store.Planned || !m.Due.Equal(later) || !m.SettledAt.IsZero() || m.Reason != "busy" || m.LeaseOwner != "" {
			t.Errorf("put off, it is %+v", m)
		}
		references := get(w, func(tx *store.Tx) ([]store.Reference, error) { return tx.References(claimed[0].ID) })
		if len(references) != 2 || references[1] != (store.Reference{MessageID: claimed[0].ID, Number: 2, BotID: bot.ID, ChatID: "c", RemoteID: "8"}) {
			t.Errorf("references are %+v", references)
		}
		wantKeys(w, w.claim("me", time.Minute, 10))
		w.now = later
		again := w.claim("me", time.Minute, 10)
		wantKeys(w, again, "b")
		if again[0].Attempts != 2 {
			t.Errorf("it was tried %d times, want 2", again[0].Attempts)
		}
	})
}

func TestAPaceReminderThatWasNotSentTouchesTheCycle(t *testing.T) {
	eachWorld(t, func(w *world) {
		for i, test := range []struct {
			kind    store.Kind
			state   store.MessageState
			touches bool
		}{
			{store.KindPace, store.Withdrawn, true},
			{store.KindPace, store.Failed, true},
			{store.KindPace, store.Planned, true},
			{store.KindPace, store.Sent, false},
			{store.KindSession, store.Withdrawn, false},
			{store.KindDigest, store.Missed, false},
		} {
			before := w.snapshot().Cycle.Version
			w.enqueue(w.message(test.kind, strconv.Itoa(i)))
			if v := w.snapshot().Cycle.Version; v != before {
				t.Error("a plan's own messages void it")
			}
			claimed := w.claim("me", time.Minute, 1)
			w.settle("me", store.Settlement{MessageID: claimed[0].ID, State: test.state, At: w.now, Due: w.now.Add(time.Hour)})
			if v := w.snapshot().Cycle.Version; (v > before) != test.touches {
				t.Errorf("%v: version %d after %d", test, v, before)
			}
		}
	})
}

func TestRelease(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.enqueue(w.message(store.KindSession, "a"), w.message(store.KindSession, "b"), w.message(store.KindSession, "c"))
		mine, theirs := w.claim("me", time.Hour, 2), w.claim("other", time.Hour, 1)
		w.settle("me", store.Settlement{MessageID: mine[0].ID, State: store.Sent, At: w.now})
		if n, err := w.Release(context.Background(), "me"); n != 1 || err != nil {
			t.Errorf("%d were released, %v; want 1", n, err)
		}
		wantKeys(w, w.claim("third", time.Hour, 10), "b")
		if held := w.settle("me", store.Settlement{MessageID: mine[1].ID, State: store.Sent}); held[0] {
			t.Error("what was released was settled")
		}
		if n, err := w.ReleaseAll(context.Background()); n != 2 || err != nil {
			t.Errorf("%d were released, %v; want 2", n, err)
		}
		wantKeys(w, w.claim("third", time.Hour, 10), "b", theirs[0].Key)
	})
}

func TestOwnersClaimSideBySide(t *testing.T) {
	eachWorld(t, func(w *world) {
		const all = 400
		var messages []store.Message
		for i := range all {
			messages = append(messages, w.message(store.KindPace, strconv.Itoa(i)))
		}
		w.enqueue(messages...)
		var mu sync.Mutex
		times := map[string]int{}
		inParallel(4, 4, func(_, i int) {
			owner := fmt.Sprint("owner-", i)
			for {
				claimed, err := w.Claim(context.Background(), owner, w.now, time.Minute, 17)
				if err != nil || len(claimed) > 17 {
					t.Error(len(claimed), err)
				}
				if len(claimed) == 0 {
					return
				}
				var settlements []store.Settlement
				for _, m := range claimed {
					settlements = append(settlements, store.Settlement{MessageID: m.ID, State: store.Sent, At: w.now})
				}
				held, err := w.Settle(context.Background(), owner, settlements)
				if err != nil || slices.Contains(held, false) {
					t.Error(held, err)
				}
				mu.Lock()
				for _, m := range claimed {
					times[m.Key]++
				}
				mu.Unlock()
			}
		})
		if len(times) != all {
			t.Errorf("%d were claimed, want %d", len(times), all)
		}
		for key, n := range times {
			if n != 1 {
				t.Errorf("%s was claimed %d times", key, n)
			}
		}
	})
}

func TestMessagesAreFiltered(t *testing.T) {
	eachWorld(t, func(w *world) {
		b := w.message(store.KindPace, "b")
		b.PersonID, b.Subject, b.Due, b.State = w.second.ID, "other", w.now.Add(time.Hour), store.Missed
		w.enqueue(w.message(store.KindSession, "a"), b)
		for _, f := range []store.MessageFilter{
			{PersonID: w.second.ID},
			{Subject: "other"},
			{Kind: store.KindPace},
			{State: store.Missed},
			{From: w.now.Add(time.Millisecond)},
			{CycleID: w.cycle.ID, From: w.now.Add(time.Hour), To: w.now.Add(2 * time.Hour)},
		} {
			wantKeys(w, w.messages(f), "b")
		}
		wantKeys(w, w.messages(store.MessageFilter{To: w.now.Add(time.Hour)}), "a")
		if m := w.messages(store.MessageFilter{State: store.Missed})[0]; !m.SettledAt.Equal(w.now) {
			t.Errorf("missed, it is %+v", m)
		}
	})
}

func TestNextMessage(t *testing.T) {
	eachWorld(t, func(w *world) {
		next := func() time.Time { return get(w, (*store.Tx).NextMessage) }
		if !next().IsZero() {
			t.Error("something waits in an empty outbox")
		}
		m := w.message(store.KindSession, "a")
		m.Due = w.now.Add(time.Hour)
		w.enqueue(m)
		if !next().Equal(m.Due) {
			t.Errorf("next is %v, want %v", next(), m.Due)
		}
		w.now = m.Due
		claimed := w.claim("me", time.Minute, 1)
		w.settle("me", store.Settlement{MessageID: claimed[0].ID, State: store.Sent, At: w.now})
		if !next().IsZero() {
			t.Error("what was sent waits")
		}
	})
}
