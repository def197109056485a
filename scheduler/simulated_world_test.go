package scheduler_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// A world is a random cycle in a store, and the oracle's memory of it.
type world struct {
	*oracle
	t     *testing.T
	store *store.Store
	rng   *rand.Rand
	now   time.Time
	next  int // for slugs
	diary []string

	regrets  []regret
	grouping *rand.Rand // nil: nobody links a group
}

// between returns a random number from a to b, both included.
func (w *world) between(a, b int) int { return a + w.rng.IntN(b-a+1) }

// chance is true n times in a hundred.
func (w *world) chance(n int) bool { return w.rng.IntN(100) < n }

func pick[T any](w *world, from ...T) T { return from[w.rng.IntN(len(from))] }

var simulatedZones = []string{
	"Europe/Belgrade", "Europe/Lisbon", "Asia/Tbilisi", "Europe/Athens", "Europe/London", "UTC",
}

func (w *world) anyZone() string { return pick(w, simulatedZones...) }

// write describes a random cycle, some days or weeks before it starts.
func (w *world) write() {
	c := w.randomCycle()
	w.oracle = &oracle{
		chronicle: &chronicle{cycle: c, zone: mustZone(c.Zone)},
		fired:     map[string][]time.Time{}, planned: map[string]time.Time{}, missed: map[string]bool{}, held: map[string]time.Time{},
		dayless: map[store.Quiet]bool{}, waiting: map[string]time.Time{},
	}
	w.now = (c.Starts - store.Date(w.between(0, 70))).At(store.Clock(w.between(0, 1439))).In(w.zone).Add(17 * time.Second)
	w.must(func(tx *store.Tx) error {
		if err := tx.SetProgram(store.Program{Name: "Simulation"}); err != nil {
			return err
		}
		return tx.InsertCycle(&c)
	})
	w.cycle = c
	w.rules.set(w.now, c.Rules)
	for range w.between(1, 2) {
		w.addPerson(store.Coordinator)
	}
	var mentors []*human
	for range w.between(1, 2) {
		mentors = append(mentors, w.addPerson(store.Mentor))
	}
	for range w.between(1, 4) {
		w.addCouple(pick(w, mentors...), w.addPerson(store.Mentee))
	}
	for _, h := range w.people {
		if w.chance(60) {
			w.someoneJoins(h)
		}
	}
	for range w.between(0, 5) {
		w.addSession()
	}
	for range w.between(0, 2) {
		w.addEvent()
	}
	if w.grouping != nil {
		w.aGroupIsLinked()
	}
}

func (w *world) randomCycle() store.Cycle {
	starts := store.NewDate(2026, time.August, 1) + store.Date(w.between(0, 300))
	days := pick(w, w.between(14, 60), w.between(60, 180))
	ends := starts + store.Date(days-1)
	by := ends
	if w.chance(60) {
		by -= store.Date(w.between(0, min(20, days/3)))
	}
	return store.Cycle{
		Slug: "cycle", Title: "Cycle", Zone: w.anyZone(), Language: "en", Starts: starts, Ends: ends,
		Minimum: w.between(1, 8), By: by, MeetingLength: time.Hour, Rules: w.randomRules(),
	}
}

func (w *world) randomRules() store.Rules {
	r := store.DefaultRules()
	if w.chance(40) {
		return r
	}
	r.Session = w.someOffsets("14d", "7d", "3d", "1d", "12h", "2h", "1h", "45m")
	r.Meeting = w.someOffsets("2d", "1d", "3h", "30m")
	r.Event = w.someOffsets("60d", "30d", "14d", "7d", "3d", "2d", "1d")
	r.Pace = pick(w, 0, 3, 5, 7, 7, 10)
	if w.chance(25) {
		r.EventMorning = nil
	} else if w.chance(50) {
		clock := store.Clock(30 * w.between(10, 20))
		r.EventMorning = &clock
	}
	r.Quiet = *w.randomQuiet()
	r.Digest = pick(w, "", "0 9 * * MON", "30 8 * * 1,4", "30 2 * * *", "0 22 1,15 * *", "45 18 * * SUN")
	return r
}

func (w *world) someOffsets(from ...string) (offsets []store.Offset) {
	for _, s := range from {
		if w.chance(40) {
			o, err := store.ParseOffset(s)
			if err != nil {
				w.t.Fatal(err)
			}
			offsets = append(offsets, o)
		}
	}
	return offsets
}

func (w *world) randomQuiet() *store.Quiet {
	q, err := store.ParseQuiet(pick(w, "none", "21:00-09:00", "22:00-07:00", "23:30-08:30", "13:00-15:00",
		"00:00-06:00", "20:00-10:30", "09:30-12:00", "17:00-09:00", "16:30-10:15", "09:30-18:00", "08:00-22:00"))
	if err != nil {
		w.t.Fatal(err)
	}
	return &q
}

func (w *world) slug(kind string) string {
	w.next++
	return fmt.Sprint(kind, "-", w.next)
}

func (w *world) addPerson(role store.Role) *human {
	p := store.Person{Slug: w.slug(string(role))}
	h := &human{slug: p.Slug, role: role}
	if w.chance(50) {
		p.Zone = w.anyZone()
	}
	if w.chance(30) {
		p.Quiet = w.randomQuiet()
	}
	h.zone.set(w.now, p.Zone)
	h.quiet.set(w.now, p.Quiet)
	w.must(func(tx *store.Tx) error {
		p.ID = ""
		if err := tx.InsertPerson(&p); err != nil {
			return err
		}
		return tx.PutMember(store.Member{CycleID: w.cycle.ID, PersonID: p.ID, Role: role})
	})
	h.id = p.ID
	w.people = append(w.people, h)
	w.note("%s is added, zone %q, quiet hours %v", h.slug, p.Zone, p.Quiet)
	return h
}

func (w *world) addCouple(mentor, mentee *human) {
	p := store.Pair{CycleID: w.cycle.ID, MentorID: mentor.id, MenteeID: mentee.id}
	w.must(func(tx *store.Tx) error { return tx.InsertPair(&p) })
	c := &couple{id: p.ID, mentor: mentor, mentee: mentee, since: w.now}
	w.couples = append(w.couples, c)
	w.note("%s is added", c.slug())
}

// someTime is a time of day at a full quarter of an hour, in the daytime for the most.
func (w *world) someTime() store.Clock {
	if w.chance(20) {
		return store.Clock(15 * w.between(0, 95))
	}
	return store.Clock(15 * w.between(7*4, 21*4))
}

func (w *world) someDay() store.Date {
	return w.cycle.Starts + store.Date(w.rng.IntN(int(w.cycle.Ends-w.cycle.Starts)+1))
}

func (w *world) addSession() {
	s := store.Session{
		CycleID: w.cycle.ID, Slug: w.slug("session"), Title: "Session",
		At: w.someDay().At(w.someTime()), Length: time.Duration(w.between(2, 8)) * 15 * time.Minute,
	}
	if w.refused(func(tx *store.Tx) error { return tx.InsertSession(&s) }) {
		return
	}
	g := &gathering{id: s.ID, slug: s.Slug, length: s.Length, answers: map[*human]*history[answered]{}}
	g.when.set(w.now, appointment{revision: 1, at: s.At})
	w.gatherings = append(w.gatherings, g)
	w.note("%s is added for %v", g.slug, s.At)
}

func (w *world) addEvent() {
	from := w.someDay()
	to := min(w.cycle.Ends, from+store.Date(w.between(0, 3)))
	e := store.Event{CycleID: w.cycle.ID, Slug: w.slug("event"), Title: "Event", From: from, To: to}
	if w.chance(60) {
		e.Zone = w.anyZone()
	}
	if w.refused(func(tx *store.Tx) error { return tx.InsertEvent(&e) }) {
		return
	}
	g := &gathering{id: e.ID, slug: e.Slug, event: true, answers: map[*human]*history[answered]{}}
	g.when.set(w.now, appointment{revision: 1, from: from, to: to, zone: e.Zone})
	w.gatherings = append(w.gatherings, g)
	w.note("%s is added for %v to %v in %q", g.slug, from, to, e.Zone)
}
