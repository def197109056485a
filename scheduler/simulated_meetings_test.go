package scheduler_test

import (
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// aMeetingGoesOn has a pair agree on a meeting, move, log, dispute, settle or cancel
// one.
func (w *world) aMeetingGoesOn() {
	c := pick(w, w.couples...)
	if len(c.meetings) == 0 {
		pick(w, w.agree, w.log)(c)
		return
	}
	pick(w, w.agree, w.agree, w.log, w.log, w.log, w.reschedule, w.dispute, w.settle, w.confirm, w.cancel)(c)
}

func (w *world) agree(c *couple) {
	var id string
	at := w.soon().At(w.someTime()).In(w.zone)
	if w.refused(func(tx *store.Tx) error {
		m, err := tx.Agree(c.id, at, time.Hour, c.mentor.id)
		if err == nil {
			id = m.ID
		}
		return err
	}) {
		return
	}
	m := w.newMeeting(c, id)
	is := engagement{state: store.Agreed, day: store.DateOf(at.In(w.zone)), at: at, revision: 1, agreedAt: w.now}
	m.is.set(w.now, is)
	w.note("%s agrees on #%d for %s", c.slug(), m.number, stamp(at))
}

func (w *world) newMeeting(c *couple, id string) *encounter {
	m := &encounter{id: id, number: len(c.meetings) + 1}
	c.meetings = append(c.meetings, m)
	return m
}

// change writes what became of a meeting, unless the store refuses it.
func (w *world) change(c *couple, m *encounter, what string, is engagement, f func(*store.Tx) error) {
	if w.refused(f) {
		return
	}
	m.is.set(w.now, is)
	w.note("%s %s #%d: %+v", c.slug(), what, m.number, is.day)
}

func (w *world) reschedule(c *couple) {
	m := pick(w, c.meetings...)
	at := w.soon().At(w.someTime()).In(w.zone)
	is := m.is.at(w.now)
	is.state, is.day, is.at, is.agreedAt = store.Agreed, store.DateOf(at.In(w.zone)), at, w.now
	is.revision++
	w.change(c, m, "moves", is, func(tx *store.Tx) error { return tx.Move(m.id, at) })
}

func (w *world) log(c *couple) {
	today := store.DateOf(w.now.In(w.zone))
	day := today - store.Date(pick(w, 0, 0, 1, 3, w.between(0, 20)))
	by := pick(w, c.mentor, c.mentee)
	for _, m := range c.meetings {
		if is := m.is.at(w.now); is.state == store.Agreed && (is.day == day || is.day <= today && w.chance(50)) {
			is.state, is.logged, is.loggedBy = store.Held, w.now, by
			w.change(c, m, "logs", is, func(tx *store.Tx) error {
				_, err := tx.Log(c.id, is.day, time.Hour, by.id)
				return err
			})
			return
		}
	}
	var id string
	if w.refused(func(tx *store.Tx) error {
		m, err := tx.Log(c.id, day, time.Hour, by.id)
		id = m.ID
		return err
	}) {
		return
	}
	m := w.newMeeting(c, id)
	m.is.set(w.now, engagement{state: store.Held, day: day, revision: 1, logged: w.now, loggedBy: by})
	w.note("%s logs #%d of %v", c.slug(), m.number, day)
}

func (w *world) dispute(c *couple) {
	m := pick(w, c.meetings...)
	is := m.is.at(w.now)
	is.disputed = true
	by := pick(w, c.mentor, c.mentee)
	w.change(c, m, "disputes", is, func(tx *store.Tx) error { return tx.Dispute(m.id, by.id) })
}

func (w *world) confirm(c *couple) {
	m := pick(w, c.meetings...)
	is := m.is.at(w.now)
	is.disputed = false
	by := pick(w, c.mentor, c.mentee)
	w.change(c, m, "confirms", is, func(tx *store.Tx) error { return tx.Confirm(m.id, by.id) })
}

func (w *world) settle(c *couple) {
	m, keep := pick(w, c.meetings...), w.chance(50)
	is := m.is.at(w.now)
	is.disputed = false
	if !keep {
		is.state = store.Cancelled
	}
	w.change(c, m, "settles", is, func(tx *store.Tx) error { return tx.Settle(m.id, keep) })
}

func (w *world) cancel(c *couple) {
	m := pick(w, c.meetings...)
	is := m.is.at(w.now)
	is.state = store.Cancelled
	w.change(c, m, "cancels", is, func(tx *store.Tx) error { return tx.Cancel(m.id) })
}
