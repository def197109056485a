package scheduler_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// A gate holds every send until so many are there at once.
type gate struct {
	mu      sync.Mutex
	waiting int
	open    chan struct{}
	want    int
	sent    map[string][]string // by recipient, in the order of their end
	within  map[string]bool     // recipients to whom something is being sent
	twice   []string            // who was sent two things at once
}

func (g *gate) Send(_ context.Context, _ *store.Snapshot, m *store.Message, _ time.Time) scheduler.Outcome {
	g.mu.Lock()
	if g.within[m.PersonID] {
		g.twice = append(g.twice, m.Key)
	}
	g.within[m.PersonID] = true
	if g.waiting++; g.waiting == g.want {
		close(g.open)
	}
	g.mu.Unlock()
	<-g.open
	g.mu.Lock()
	defer g.mu.Unlock()
	g.within[m.PersonID] = false
	g.sent[m.PersonID] = append(g.sent[m.PersonID], m.Key)
	return scheduler.Outcome{State: store.Sent}
}

// Several messages are with the platforms at once, but of one recipient one after the
// other, in the order in which they are due.
func TestSeveralAreSentAtOnce(t *testing.T) {
	onStage(t, 4, func(t *testing.T, s *stage) {
		g := &gate{open: make(chan struct{}), want: 8, sent: map[string][]string{}, within: map[string]bool{}}
		s.now = at(t, "2027-01-14 18:00")
		var people []string
		update(t, s.Store, func(tx *store.Tx) error {
			var notes []store.Message
			members, err := tx.Members(s.cycle.ID)
			people = nil
			for _, m := range members {
				people = append(people, m.PersonID)
				for i, name := range []string{"c", "a", "b"} {
					notes = append(notes, store.Message{
						CycleID: s.cycle.ID, Kind: store.KindNote, Key: "note/" + name + "/" + m.PersonID, PersonID: m.PersonID,
						Due: s.now.Add(time.Duration(i-3) * time.Minute), Until: s.now.Add(time.Hour),
					})
				}
			}
			_, _ = tx.Enqueue(notes)
			return err
		})
		s.tick(t, scheduler.New(s.Store, g, scheduler.Options{Parallel: 8}), s.now)
		if len(g.twice) > 0 {
			t.Errorf("sent beside another to the same person: %v", g.twice)
		}
		for _, id := range people {
			var order []string
			for _, key := range g.sent[id] {
				if name, ok := strings.CutPrefix(key, "note/"); ok {
					order = append(order, name[:1])
				}
			}
			if !slices.Equal(order, []string{"c", "a", "b"}) {
				t.Errorf("%s got them in the order %v", id, order)
			}
		}
	})
}

// A message at which the sender panics has failed; the others go out.
func TestPanicFailsOneMessage(t *testing.T) {
	onStage(t, 2, func(t *testing.T, s *stage) {
		r := &recorder{do: func(m *store.Message) scheduler.Outcome {
			if strings.HasSuffix(m.Key, "mentor-0") {
				panic("secret")
			}
			return scheduler.Outcome{State: store.Sent}
		}}
		s.tick(t, scheduler.New(s.Store, r, scheduler.Options{}), at(t, "2027-01-14 18:00"))
		want(t, s.messages(t, store.MessageFilter{Kind: store.KindSession}),
			"sent session/session-0/1/7d/pilot-mentee-0 ", "sent session/session-0/1/7d/pilot-mentee-1 ",
			"failed session/session-0/1/7d/pilot-mentor-0 the sender panicked", "sent session/session-0/1/7d/pilot-mentor-1 ")
	})
}
