package scheduler_test

import (
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// anAct has something happen: each writes the store first and then, unless that was
// refused, the oracle's memory.
func (w *world) anAct() {
	if w.grouping != nil {
		switch n := w.grouping.IntN(100); {
		case n < 20:
			w.aGroupChanges()
		case n < 25:
			w.aGatheringIsCancelled()
			return
		}
	}
	if w.somebodyRegrets() {
		return
	}
	for _, a := range []struct {
		of100 int
		act   func()
	}{
		{20, w.someoneAnswers}, {30, w.aMeetingGoesOn}, {8, w.someoneMovesHouse}, {6, w.someoneWantsQuiet},
		{7, w.someonePauses}, {5, w.someoneLeavesOrReturns}, {8, w.aGatheringMoves}, {4, w.aGatheringIsCancelled},
		{6, w.somethingIsAnnounced}, {4, w.anAnnouncementChanges},
		{3, w.addSession}, {2, w.addEvent}, {2, w.anEventChangesItsZone}, {3, w.aCoupleComesOrEnds}, {4, w.attendanceIsTaken}, {2, w.rulesChange},
	} {
		if w.chance(a.of100) {
			a.act()
			return
		}
	}
	w.someoneJoins(pick(w, w.people...))
}

func (w *world) someoneJoins(h *human) {
	if !h.joined.at(w.now).IsZero() && !h.gone.at(w.now) {
		return
	}
	w.must(func(tx *store.Tx) error { return tx.Join(w.cycle.ID, h.id) })
	h.joined.set(w.now, w.now)
	h.gone.set(w.now, false)
	w.note("%s joins", h.slug)
}

func (w *world) someoneLeavesOrReturns() {
	h := pick(w, w.people...)
	if h.joined.at(w.now).IsZero() || h.gone.at(w.now) {
		w.someoneJoins(h)
		return
	}
	if w.chance(60) {
		return
	}
	w.must(func(tx *store.Tx) error { return tx.Leave(w.cycle.ID, h.id) })
	h.gone.set(w.now, true)
	w.note("%s leaves", h.slug)
}

func (w *world) someoneMovesHouse() {
	h, zone := pick(w, w.people...), w.anyZone()
	w.must(func(tx *store.Tx) error { return tx.ChooseZone(h.id, zone) })
	h.zone.set(w.now, zone)
	w.note("%s moves to %s", h.slug, zone)
}

func (w *world) someoneWantsQuiet() {
	h, quiet := pick(w, w.people...), w.randomQuiet()
	w.must(func(tx *store.Tx) error { return tx.ChooseQuiet(h.id, *quiet) })
	h.quiet.set(w.now, quiet)
	w.note("%s wants quiet hours %v", h.slug, quiet)
}

func (w *world) someonePauses() {
	h := pick(w, w.people...)
	var until time.Time // the zero time ends a pause
	for _, other := range w.people {
		if other.pause.at(w.now).After(w.now) && w.chance(30) {
			h = other
		}
	}
	if !h.pause.at(w.now).After(w.now) || w.chance(40) {
		until = w.now.Add(time.Duration(w.between(1, 20*24*4)) * 15 * time.Minute)
	}
	w.must(func(tx *store.Tx) error { return tx.Pause(h.id, until) })
	if until.IsZero() {
		until = w.now // what was due before isn't made up for, whoever ended the pause
	}
	h.pause.set(w.now, until)
	w.note("%s pauses until %s", h.slug, stamp(until))
}

func (w *world) someoneAnswers() {
	if len(w.gatherings) == 0 {
		return
	}
	g, h := pick(w, w.gatherings...), pick(w, w.people...)
	coming := w.chance(70)
	if w.refused(func(tx *store.Tx) error {
		if g.event {
			return tx.AnswerEvent(g.id, h.id, coming, "", h.id)
		}
		return tx.AnswerSession(g.id, h.id, coming, h.id)
	}) {
		return
	}
	if g.answers[h] == nil {
		g.answers[h] = &history[answered]{}
	}
	g.answers[h].set(w.now, answered{g.when.at(w.now).revision, coming, w.now})
	w.note("%s answers %s: %v", h.slug, g.slug, coming)
}

// soon is a day that tends to be near.
func (w *world) soon() store.Date {
	if w.chance(70) {
		return store.DateOf(w.now.In(w.zone)) + store.Date(w.between(0, 12))
	}
	return w.someDay()
}

func (w *world) aGatheringMoves() {
	if len(w.gatherings) == 0 {
		return
	}
	g := pick(w, w.gatherings...)
	was := g.when.at(w.now)
	is := was
	is.revision++
	is.at, is.from = w.soon().At(w.someTime()), w.soon()
	if w.chance(15) {
		is.at.Date, is.from = was.at.Date, was.from
	}
	is.to = is.from + store.Date(w.between(0, 3))
	if !g.event && is.at == was.at || g.event && is.from == was.from && is.to == was.to || is.to > w.cycle.Ends {
		return
	}
	if w.refused(func(tx *store.Tx) error {
		if g.event {
			return tx.MoveEvent(g.id, is.from, is.to)
		}
		return tx.MoveSession(g.id, is.at)
	}) {
		return
	}
	g.when.set(w.now, is)
	if g.event {
		w.note("%s moves to %v until %v, revision %d", g.slug, is.from, is.to, is.revision)
	} else {
		w.note("%s moves to %v, revision %d", g.slug, is.at, is.revision)
	}
}

// anEventChangesItsZone has an event that isn't over take place by another clock.
func (w *world) anEventChangesItsZone() {
	for _, g := range w.gatherings {
		is := g.when.at(w.now)
		is.revision++
		is.zone = w.anyZone()
		same := is.from.Midnight(mustZone(is.zone)).Equal(w.start(g, w.now))
		if !g.event || same || g.cancelled.at(w.now) || !(is.to + 1).Midnight(w.place(g, w.now)).After(w.now) {
			continue
		}
		w.must(func(tx *store.Tx) error {
			e, err := tx.Event(g.id)
			if err != nil {
				return err
			}
			e.Zone = is.zone
			return tx.UpdateEvent(e)
		})
		g.when.set(w.now, is)
		w.note("%s takes place in %s, revision %d", g.slug, is.zone, is.revision)
		return
	}
}

func (w *world) aGatheringIsCancelled() {
	if len(w.gatherings) == 0 {
		return
	}
	g := pick(w, w.gatherings...)
	for _, other := range w.gatherings { // one that people have heard of, for the most
		if ahead := w.start(other, w.now).Sub(w.now); ahead > 0 && ahead < 6*24*time.Hour && w.chance(60) {
			g = other
		}
	}
	if w.refused(func(tx *store.Tx) error {
		if g.event {
			return tx.CancelEvent(g.id)
		}
		return tx.CancelSession(g.id)
	}) {
		return
	}
	g.cancelled.set(w.now, true)
	w.note("%s is cancelled", g.slug)
	if w.chance(50) {
		w.regrets = append(w.regrets, regret{g, w.now.Add(time.Duration(w.between(1, pick(w, 10, 20*60))) * time.Minute)})
	}
}

// A regret is that a cancellation will be taken back, less than a day later.
type regret struct {
	g  *gathering
	at time.Time
}

// somebodyRegrets takes a cancellation back if it is time for that.
func (w *world) somebodyRegrets() bool {
	i := slices.IndexFunc(w.regrets, func(r regret) bool { return !r.at.After(w.now) })
	if i < 0 {
		return false
	}
	g := w.regrets[i].g
	w.regrets = slices.Delete(w.regrets, i, i+1)
	if w.now.Sub(g.cancelled.last(w.now)) > 24*time.Hour {
		return true // the process was down
	}
	w.must(func(tx *store.Tx) error {
		if g.event {
			return tx.RestoreEvent(g.id)
		}
		return tx.RestoreSession(g.id)
	})
	g.cancelled.set(w.now, false)
	w.note("%s takes place after all", g.slug)
	return true
}

func (w *world) attendanceIsTaken() {
	if len(w.gatherings) == 0 {
		return
	}
	g := pick(w, w.gatherings...)
	if g.event || w.refused(func(tx *store.Tx) error {
		return tx.TakeAttendance(g.id, []string{w.people[0].id}, w.people[0].id)
	}) {
		return
	}
	g.taken.set(w.now, g.when.at(w.now).revision)
	w.note("attendance of %s is taken", g.slug)
}

func (w *world) aCoupleComesOrEnds() {
	c := pick(w, w.couples...)
	if w.chance(50) {
		mentors := []*human{}
		for _, c := range w.couples {
			mentors = append(mentors, c.mentor)
		}
		w.addCouple(pick(w, mentors...), w.addPerson(store.Mentee))
		w.someoneJoins(w.people[len(w.people)-1])
		return
	}
	ended := !c.ended.at(w.now)
	w.must(func(tx *store.Tx) error {
		if ended {
			return tx.EndPair(c.id)
		}
		return tx.ReopenPair(c.id)
	})
	c.ended.set(w.now, ended)
	w.note("%s has ended: %v", c.slug(), ended)
}

// rulesChange gives the cycle other reminders.
func (w *world) rulesChange() {
	c := w.cycle
	c.Rules = w.randomRules()
	w.must(func(tx *store.Tx) error { return tx.UpdateCycle(c) })
	w.rules.set(w.now, c.Rules)
	w.note("rules change: %+v", c.Rules)
}
