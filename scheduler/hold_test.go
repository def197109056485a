package scheduler_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// lived plays days of a cycle, a tick every quarter of an hour, and returns what was sent.
func (s *stage) lived(t *testing.T, from, to time.Time) *recorder {
	t.Helper()
	r := &recorder{}
	sched := scheduler.New(s.Store, r, scheduler.Options{})
	for now := from; !now.After(to); now = now.Add(15 * time.Minute) {
		s.tick(t, sched, now)
	}
	return r
}

// coordinate puts a coordinator into the cycle.
func (s *stage) coordinate(t *testing.T) {
	t.Helper()
	update(t, s.Store, func(tx *store.Tx) error {
		p := store.Person{Slug: "coordinator-1", Name: "Coordinator One"}
		if err := tx.InsertPerson(&p); err != nil {
			return err
		}
		return tx.PutMember(store.Member{CycleID: s.cycle.ID, PersonID: p.ID, Role: store.Coordinator, JoinedAt: s.now})
	})
}

// held are the keys of what waits for a coordinator.
func (s *stage) held(t *testing.T) (keys []string) {
	t.Helper()
	for _, line := range s.messages(t, store.MessageFilter{State: store.OnHold}) {
		keys = append(keys, strings.Fields(line)[1])
	}
	slices.Sort(keys)
	return keys
}

// Whatever goes out in weeks without loss is held when the database is that of their
// beginning; nothing else is, and nothing of it goes out, until somebody says so.
func TestWhatMayHaveGoneOutIsHeld(t *testing.T) {
	begin, lost := at(t, "2027-01-13 12:00"), at(t, "2027-03-10 22:30") // in quiet hours
	var went []string
	onStage(t, 2, func(t *testing.T, s *stage) {
		s.coordinate(t)
		went = s.lived(t, begin, lost).keys
	})
	slices.Sort(went)
	if len(went) < 20 || !slices.ContainsFunc(went, func(key string) bool { return strings.HasPrefix(key, "trouble/") }) {
		t.Fatalf("without loss only %v go out", went)
	}
	onStage(t, 2, func(t *testing.T, s *stage) {
		s.coordinate(t)
		s.now = begin
		if err := s.HoldSince(t.Context(), begin); err != nil {
			t.Fatal(err)
		}
		r := s.lived(t, lost, lost.AddDate(0, 0, 1))
		want(t, s.held(t), went...)
		for _, key := range r.keys {
			if slices.Contains(went, key) {
				t.Errorf("%s was sent, and may have been before", key)
			}
		}
		if !slices.ContainsFunc(r.keys, func(key string) bool { return strings.HasPrefix(key, "restored/pilot/2027-01-13T11:00:00Z/") }) {
			t.Errorf("nobody was told: %v", r.keys)
		}
		told := len(r.keys)
		update(t, s.Store, func(tx *store.Tx) error {
			n, err := tx.DropHeld(s.cycle.ID)
			if n != len(went) {
				t.Errorf("%d were dropped of %d", n, len(went))
			}
			return err
		})
		after := s.lived(t, lost.AddDate(0, 0, 1), lost.AddDate(0, 0, 10))
		for _, key := range append(r.keys[told:], after.keys...) {
			if slices.Contains(went, key) || strings.HasPrefix(key, "restored/") {
				t.Errorf("%s was sent after it was dropped", key)
			}
		}
	})
	onStage(t, 2, func(t *testing.T, s *stage) {
		s.coordinate(t)
		s.now = begin
		if err := s.HoldSince(t.Context(), begin); err != nil {
			t.Fatal(err)
		}
		s.lived(t, lost, lost)
		update(t, s.Store, func(tx *store.Tx) error { _, err := tx.SendHeld(s.cycle.ID); return err })
		r := s.lived(t, lost.Add(12*time.Hour), lost.Add(24*time.Hour))
		late := 0
		for _, line := range s.messages(t, store.MessageFilter{State: store.Missed}) {
			if slices.Contains(went, strings.Fields(line)[1]) {
				late++
			}
		}
		sent := slices.DeleteFunc(r.keys, func(key string) bool { return !slices.Contains(went, key) })
		if late == 0 || len(sent) == 0 || len(s.held(t)) > 0 {
			t.Errorf("told to send, %v were sent and %d were too late", sent, late)
		}
	})
}
