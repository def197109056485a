package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"
)

// An Event is a live event of one or more days.
type Event struct {
	ID, CycleID, Slug, Title string
	From, To                 Date
	Place                    string
	Zone                     string // IANA; "": the cycle's
	Agenda                   []AgendaItem
	Revision                 int       // 1, raised by each move to other days
	ChangedAt                time.Time // when it was added or last moved
	CancelledAt              time.Time
}

// An AgendaItem is one point of an event's agenda, by the clock of its zone.
type AgendaItem struct {
	At    Wall
	Title string
}

type agendaJSON struct {
	At    string `json:"at"`
	Title string `json:"title"`
}

func agendaText(items []AgendaItem) (string, error) {
	kept := make([]agendaJSON, len(items))
	for i, item := range items {
		kept[i] = agendaJSON{item.At.String(), clean(item.Title)}
	}
	b, err := json.Marshal(kept)
	return string(b), err
}

func parseAgenda(s string) ([]AgendaItem, error) {
	var kept []agendaJSON
	if err := json.Unmarshal([]byte(s), &kept); err != nil {
		return nil, fmt.Errorf("decode agenda: %w", err)
	}
	var items []AgendaItem
	for _, k := range kept {
		at, err := ParseWall(k.At)
		if err != nil {
			return nil, fmt.Errorf("decode agenda: %w", err)
		}
		items = append(items, AgendaItem{at, k.Title})
	}
	return items, nil
}

func (e *Event) check() error {
	if !ValidSlug(e.Slug) {
		return ErrSlug
	}
	if e.To < e.From {
		return ErrDates
	}
	return checkZone(e.Zone)
}

const selectEvent = `SELECT id, cycle_id, slug, title, first_day, last_day, place, zone, agenda, revision,
	changed_at, cancelled_at FROM event`

func scanEvent(row scanner, e *Event) error {
	var agenda string
	err := row.Scan(&e.ID, &e.CycleID, &e.Slug, &e.Title, &e.From, &e.To, &e.Place, &e.Zone, &agenda, &e.Revision,
		when(&e.ChangedAt), when(&e.CancelledAt))
	if err != nil {
		return err
	}
	e.Agenda, err = parseAgenda(agenda)
	return err
}

// Events returns the events of a cycle, in no particular order, cancelled ones
// included.
func (tx *Tx) Events(cycleID string) ([]Event, error) {
	return list(tx, "read events", scanEvent, selectEvent+` WHERE cycle_id = $1`, cycleID)
}

// Event returns an event by id.
func (tx *Tx) Event(id string) (Event, error) {
	return one(tx, "read event", scanEvent, selectEvent+` WHERE id = $1`, id)
}

// InsertEvent adds an event and sets its ID, unless it has one, Revision 1, and
// ChangedAt, unless set, to now.
func (tx *Tx) InsertEvent(e *Event) error {
	if err := e.check(); err != nil {
		return err
	}
	agenda, err := agendaText(e.Agenda)
	if err != nil {
		return err
	}
	fill(&e.ID)
	e.Revision = 1
	if e.ChangedAt.IsZero() {
		e.ChangedAt = kept(tx.Now())
	}
	err = tx.write("insert event", ErrKnown, `INSERT INTO event (id, cycle_id, slug, title, first_day, last_day,
		place, zone, agenda, revision, changed_at, cancelled_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
		e.ID, e.CycleID, e.Slug, clean(e.Title), e.From, e.To,
		clean(e.Place), e.Zone, agenda, e.Revision, ms(e.ChangedAt), ms(e.CancelledAt))
	if err != nil {
		return err
	}
	return tx.Touch(e.CycleID)
}

// UpdateEvent writes an event's title, place, zone and agenda. Another zone moves it, as
// MoveEvent does, if it isn't over and its days begin or end at other instants there.
// For other days see MoveEvent.
func (tx *Tx) UpdateEvent(e Event) error {
	if err := checkZone(e.Zone); err != nil {
		return err
	}
	agenda, err := agendaText(e.Agenda)
	if err != nil {
		return err
	}
	have, err := tx.Event(e.ID)
	if err != nil {
		return err
	}
	err = tx.changeEvent(e.ID, `UPDATE event SET title = $1, place = $2, zone = $3, agenda = $4 WHERE id = $5`,
		clean(e.Title), clean(e.Place), e.Zone, agenda, e.ID)
	if err != nil || have.Zone == e.Zone {
		return err
	}
	c, err := tx.Cycle(have.CycleID)
	if err != nil {
		return err
	}
	return tx.rezoneEvent(&have, location(cmp.Or(have.Zone, c.Zone)), location(cmp.Or(e.Zone, c.Zone)))
}

// MoveEvent puts an event on other days: a new revision, for which nobody has
// answered and no attendance was taken. It refuses to move a cancelled event.
func (tx *Tx) MoveEvent(id string, from, to Date) error {
	e, err := tx.Event(id)
	switch {
	case err != nil:
		return err
	case !e.CancelledAt.IsZero():
		return ErrState
	case e.From == from && e.To == to:
		return nil
	case to < from:
		return ErrDates
	}
	return tx.reviseEvent(id, from, to)
}

// reviseEvent begins a new revision of an event.
func (tx *Tx) reviseEvent(id string, from, to Date) error {
	if err := tx.run("void attendance", `DELETE FROM attendance WHERE subject_id = $1`, id); err != nil {
		return err
	}
	return tx.changeEvent(id, `UPDATE event SET first_day = $1, last_day = $2, revision = revision + 1,
		changed_at = $3 WHERE id = $4`, from, to, ms(tx.Now()), id)
}

// PutEventBack undoes a move: the event is again what it was before, agenda and answers
// included. It refuses with ErrState once somebody was told of the move, has answered
// for it, or was there: then another move is the way back.
func (tx *Tx) PutEventBack(was Event) error {
	have, err := tx.Event(was.ID)
	if err != nil {
		return err
	}
	attended, err := tx.Attendance(was.ID)
	if err != nil {
		return err
	}
	if !have.CancelledAt.IsZero() || len(attended) > 0 || have.Revision < was.Revision {
		return ErrState
	}
	if err := tx.unmove(KindEvent, have.CycleID, have.ID, have.Slug, was.Revision, have.Revision); err != nil {
		return err
	}
	agenda, err := agendaText(was.Agenda)
	if err != nil {
		return err
	}
	return tx.changeEvent(was.ID, `UPDATE event SET first_day = $1, last_day = $2, agenda = $3, revision = $4,
		changed_at = $5 WHERE id = $6`, was.From, was.To, agenda, was.Revision, ms(was.ChangedAt), was.ID)
}

// CancelEvent cancels an event, now. It refuses one that was cancelled before.
func (tx *Tx) CancelEvent(id string) error {
	e, err := tx.Event(id)
	if err != nil {
		return err
	}
	if !e.CancelledAt.IsZero() {
		return ErrState
	}
	return tx.changeEvent(id, `UPDATE event SET cancelled_at = $1 WHERE id = $2`, ms(tx.Now()), id)
}

// RecancelEvent takes a restoring back: the event is cancelled since when it was. Who
// was told so isn't told again; what was withdrawn meanwhile is asked again whether it
// may go out.
func (tx *Tx) RecancelEvent(was Event) error {
	have, err := tx.Event(was.ID)
	if err != nil {
		return err
	}
	if err := tx.revive(have.CycleID, KindEvent, have.Slug); err != nil {
		return err
	}
	return tx.changeEvent(was.ID, `UPDATE event SET cancelled_at = $1 WHERE id = $2`, ms(was.CancelledAt), was.ID)
}

// RestoreEvent takes a cancellation back: the event stands as it did before. What was
// withdrawn because of it is asked again whether it may go out.
func (tx *Tx) RestoreEvent(id string) error {
	e, err := tx.Event(id)
	if err != nil {
		return err
	}
	if e.CancelledAt.IsZero() {
		return ErrState
	}
	if err := tx.revive(e.CycleID, KindEvent, e.Slug); err != nil {
		return err
	}
	return tx.changeEvent(id, `UPDATE event SET cancelled_at = 0 WHERE id = $1`, id)
}

// RemoveEvent takes an event away, with what was planned about it. It
// refuses with a [*KeptError] when that would lose something that happened.
func (tx *Tx) RemoveEvent(id string) error {
	e, err := tx.Event(id)
	if err == nil {
		err = keeping(tx.EventTraces(id))
	}
	if err == nil {
		err = tx.forget(KindEvent, e.CycleID, e.Slug)
	}
	if err != nil {
		return err
	}
	return tx.changeEvent(id, `DELETE FROM event WHERE id = $1`, id)
}

// AnswerEvent notes whether a person comes to an event as it is planned now, in
// place of what they said before, with the logistics form as JSON; "" keeps the
// form they filled in before. by is the person, or a coordinator for them.
func (tx *Tx) AnswerEvent(id, personID string, coming bool, form, by string) error {
	e, err := tx.Event(id)
	if err != nil {
		return err
	}
	if !e.CancelledAt.IsZero() {
		return ErrState
	}
	return tx.answer(e.CycleID, Answer{
		SubjectID: id, PersonID: personID, Revision: e.Revision, Coming: coming, By: by, Form: form,
	})
}

// TakeEventAttendance notes who was at an event on one of its days, in place of what
// was noted before. It refuses days to come.
func (tx *Tx) TakeEventAttendance(id string, day Date, present []string, by string) error {
	e, err := tx.heldOn(id, day)
	if err != nil {
		return err
	}
	if err := tx.attendance(e.CycleID, id, day, present, by); err != nil {
		return err
	}
	return tx.Touch(e.CycleID)
}

// NoteEventPresent notes of one person whether they were at an event on one of its
// days. It refuses days to come.
func (tx *Tx) NoteEventPresent(id string, day Date, personID string, present bool, by string) error {
	e, err := tx.heldOn(id, day)
	if err != nil {
		return err
	}
	if err := tx.notePresent(e.CycleID, id, day, personID, present, by); err != nil {
		return err
	}
	return tx.Touch(e.CycleID)
}

// heldOn returns an event at which there can have been anybody on a day.
func (tx *Tx) heldOn(id string, day Date) (e Event, err error) {
	if e, err = tx.Event(id); err != nil {
		return e, err
	}
	if !e.CancelledAt.IsZero() {
		return e, ErrState
	}
	if day < e.From || day > e.To {
		return e, ErrDates
	}
	c, err := tx.Cycle(e.CycleID)
	if err != nil {
		return e, err
	}
	if e.Zone != "" {
		c.Zone = e.Zone
	}
	if day > c.wall(tx.Now()).Date {
		return e, ErrFuture
	}
	return e, nil
}

func (tx *Tx) changeEvent(id, query string, args ...any) error {
	e, err := tx.Event(id)
	if err != nil {
		return err
	}
	if err := tx.write("update event", ErrNotFound, query, args...); err != nil {
		return err
	}
	return tx.Touch(e.CycleID)
}
