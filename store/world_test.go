package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

// A world is a small cycle in the middle of its time: two pairs with one mentor, a
// coordinator, a session and an event ahead.
type world struct {
	testing.TB
	*store.Store
	now time.Time

	cycle                               store.Cycle
	mentor, mentee, second, coordinator store.Person
	pair, secondPair                    store.Pair
	session                             store.Session
	event                               store.Event
}

// noon is when a world begins: Wednesday, 13:00 in Belgrade.
var noon = time.Date(2027, 2, 10, 12, 0, 0, 0, time.UTC)

var testKey = []byte("0123456789abcdef0123456789abcdef")

func eachWorld(t *testing.T, test func(w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) { test(newWorld(t, open)) })
}

func newWorld(tb testing.TB, open storetest.Opener) *world {
	w := &world{TB: tb, now: noon}
	w.Store = open(store.Options{Key: testKey, Now: func() time.Time { return w.now }})
	w.do(func(tx *store.Tx) error {
		w.cycle = pilotCycle("pilot")
		w.mentor = store.Person{Slug: "mentor-1", Name: "Mentor One", City: "Novi Sad", Country: "RS"}
		w.mentee = store.Person{Slug: "mentee-1", Name: "Mentee One", Quiet: &store.Quiet{Start: 1200, End: 480}}
		w.second = store.Person{Slug: "mentee-2", Name: "Mentee Two", Language: "sr-Latn", Zone: "Europe/Lisbon"}
		w.coordinator = store.Person{Slug: "coordinator-1", Name: "Coordinator One"}
		return errors.Join(tx.SetProgram(store.Program{Name: "Mentorship"}), tx.InsertCycle(&w.cycle),
			tx.InsertPerson(&w.mentor), tx.InsertPerson(&w.mentee), tx.InsertPerson(&w.second), tx.InsertPerson(&w.coordinator))
	})
	w.do(func(tx *store.Tx) error {
		w.pair = store.Pair{CycleID: w.cycle.ID, MentorID: w.mentor.ID, MenteeID: w.mentee.ID}
		w.secondPair = store.Pair{CycleID: w.cycle.ID, MentorID: w.mentor.ID, MenteeID: w.second.ID}
		w.session = store.Session{
			CycleID: w.cycle.ID, Slug: "spring", Title: "Spring session", At: store.NewDate(2027, 3, 1).At(18 * 60),
			Length: 90 * time.Minute, Where: "https://meet.example.org/spring",
		}
		w.event = store.Event{
			CycleID: w.cycle.ID, Slug: "belgrade", Title: "Live event", Place: "Belgrade",
			From: store.NewDate(2027, 6, 18), To: store.NewDate(2027, 6, 20),
			Agenda: []store.AgendaItem{{At: store.NewDate(2027, 6, 18).At(18 * 60), Title: "Arrival"}},
		}
		return errors.Join(
			tx.PutMember(store.Member{CycleID: w.cycle.ID, PersonID: w.mentor.ID, Role: store.Mentor, JoinedAt: noon}),
			tx.PutMember(store.Member{CycleID: w.cycle.ID, PersonID: w.mentee.ID, Role: store.Mentee, JoinedAt: noon}),
			tx.PutMember(store.Member{CycleID: w.cycle.ID, PersonID: w.second.ID, Role: store.Mentee}),
			tx.PutMember(store.Member{CycleID: w.cycle.ID, PersonID: w.coordinator.ID, Role: store.Coordinator, JoinedAt: noon}),
			tx.InsertPair(&w.pair), tx.InsertPair(&w.secondPair),
			tx.InsertSession(&w.session), tx.InsertEvent(&w.event))
	})
	return w
}

// try runs f in a transaction and returns its error.
func (w *world) try(f func(tx *store.Tx) error) error {
	w.Helper()
	return w.Update(context.Background(), f)
}

// do runs f in a transaction that must succeed.
func (w *world) do(f func(tx *store.Tx) error) {
	w.Helper()
	if err := w.try(f); err != nil {
		w.Fatal(err)
	}
}

// refused runs f in a transaction that must be refused with an error that is want.
func (w *world) refused(want error, f func(tx *store.Tx) error) {
	w.Helper()
	if err := w.try(f); !errors.Is(err, want) {
		w.Errorf("error is %v, want %v", err, want)
	}
}

// get reads something that must be there.
func get[T any](w *world, read func(tx *store.Tx) (T, error)) (v T) {
	w.Helper()
	err := w.View(context.Background(), func(tx *store.Tx) (err error) {
		v, err = read(tx)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return v
}

// snapshot reads the cycle as a plan does.
func (w *world) snapshot() *store.Snapshot {
	w.Helper()
	return get(w, func(tx *store.Tx) (*store.Snapshot, error) { return tx.Snapshot(w.cycle.ID) })
}

// log logs a meeting of the first pair by its mentor.
func (w *world) log(day store.Date) (m store.Meeting) {
	w.Helper()
	w.do(func(tx *store.Tx) (err error) {
		m, err = tx.Log(w.pair.ID, day, time.Hour, w.mentor.ID)
		return err
	})
	return m
}

// agree agrees on a meeting of the first pair.
func (w *world) agree(at time.Time) (m *store.Meeting) {
	w.Helper()
	w.do(func(tx *store.Tx) (err error) {
		m, err = tx.Agree(w.pair.ID, at, time.Hour, w.mentor.ID)
		return err
	})
	return m
}

// meeting reads a meeting again.
func (w *world) meeting(id string) store.Meeting {
	w.Helper()
	return get(w, func(tx *store.Tx) (store.Meeting, error) { return tx.Meeting(id) })
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
