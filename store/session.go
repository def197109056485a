package store

import "time"

// A Session is an online group meeting of the whole cycle.
type Session struct {
	ID, CycleID, Slug, Title string
	At                       Wall // in the cycle's zone
	Length                   time.Duration
	Where                    string
	Revision                 int       // 1, raised by each move
	ChangedAt                time.Time // when it was added or last moved
	CancelledAt              time.Time
	AttendanceAt             time.Time // when attendance was taken; zero: not yet
}

const selectSession = `SELECT id, cycle_id, slug, title, starts_at, length, place, revision, changed_at,
	cancelled_at, attendance_at FROM session`

func scanSession(row scanner, s *Session) error {
	return row.Scan(&s.ID, &s.CycleID, &s.Slug, &s.Title, &s.At, lasting(&s.Length), &s.Where, &s.Revision,
		when(&s.ChangedAt), when(&s.CancelledAt), when(&s.AttendanceAt))
}

// Sessions returns the sessions of a cycle, in no particular order, cancelled ones
// included.
func (tx *Tx) Sessions(cycleID string) ([]Session, error) {
	return list(tx, "read sessions", scanSession, selectSession+` WHERE cycle_id = $1`, cycleID)
}

// Session returns a session by id.
func (tx *Tx) Session(id string) (Session, error) {
	return one(tx, "read session", scanSession, selectSession+` WHERE id = $1`, id)
}

// InsertSession adds a session and sets its ID, unless it has one, Revision 1, and
// ChangedAt, unless set, to now. It refuses times outside the cycle, or that its
// zone skips.
func (tx *Tx) InsertSession(s *Session) error {
	if !ValidSlug(s.Slug) {
		return ErrSlug
	}
	if err := tx.sessionTime(s.CycleID, s.At); err != nil {
		return err
	}
	fill(&s.ID)
	s.Revision = 1
	if s.ChangedAt.IsZero() {
		s.ChangedAt = kept(tx.Now())
	}
	err := tx.write("insert session", ErrKnown, `INSERT INTO session (id, cycle_id, slug, title, starts_at, length,
		place, revision, changed_at, cancelled_at, attendance_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
		s.ID, s.CycleID, s.Slug, clean(s.Title), s.At, s.Length.Milliseconds(),
		clean(s.Where), s.Revision, ms(s.ChangedAt), ms(s.CancelledAt), ms(s.AttendanceAt))
	if err != nil {
		return err
	}
	return tx.Touch(s.CycleID)
}

// sessionTime refuses a time at which the cycle can have no session.
func (tx *Tx) sessionTime(cycleID string, at Wall) error {
	c, err := tx.Cycle(cycleID)
	if err != nil {
		return err
	}
	if err := c.inside(at.Date); err != nil {
		return err
	}
	return c.local(at)
}

// UpdateSession writes a session's title, length and place. For another time see
// MoveSession.
func (tx *Tx) UpdateSession(s Session) error {
	return tx.changeSession(s.ID, `UPDATE session SET title = $1, length = $2, place = $3 WHERE id = $4`,
		clean(s.Title), s.Length.Milliseconds(), clean(s.Where), s.ID)
}

// MoveSession puts a session at another time: a new revision, for which nobody has
// answered and no attendance was taken. It refuses what InsertSession refuses, and
// to move a cancelled session.
func (tx *Tx) MoveSession(id string, at Wall) error {
	s, err := tx.Session(id)
	if err != nil {
		return err
	}
	if !s.CancelledAt.IsZero() {
		return ErrState
	}
	if s.At == at {
		return nil
	}
	if err := tx.sessionTime(s.CycleID, at); err != nil {
		return err
	}
	return tx.reviseSession(id, at)
}

// reviseSession begins a new revision of a session.
func (tx *Tx) reviseSession(id string, at Wall) error {
	if err := tx.run("void attendance", `DELETE FROM attendance WHERE subject_id = $1`, id); err != nil {
		return err
	}
	return tx.changeSession(id, `UPDATE session SET starts_at = $1, revision = revision + 1, changed_at = $2,
		attendance_at = 0 WHERE id = $3`, at, ms(tx.Now()), id)
}

// CancelSession cancels a session, now. It refuses one that was cancelled before.
func (tx *Tx) CancelSession(id string) error {
	s, err := tx.Session(id)
	if err != nil {
		return err
	}
	if !s.CancelledAt.IsZero() {
		return ErrState
	}
	return tx.changeSession(id, `UPDATE session SET cancelled_at = $1 WHERE id = $2`, ms(tx.Now()), id)
}

// RecancelSession takes a restoring back: the session is cancelled since when it was. Who
// was told so isn't told again; what was withdrawn meanwhile is asked again whether it
// may go out.
func (tx *Tx) RecancelSession(was Session) error {
	have, err := tx.Session(was.ID)
	if err != nil {
		return err
	}
	if err := tx.revive(have.CycleID, KindSession, have.Slug); err != nil {
		return err
	}
	return tx.changeSession(was.ID, `UPDATE session SET cancelled_at = $1 WHERE id = $2`, ms(was.CancelledAt), was.ID)
}

// RestoreSession takes a cancellation back: the session stands as it did before. What
// was withdrawn because of it is asked again whether it may go out.
func (tx *Tx) RestoreSession(id string) error {
	s, err := tx.Session(id)
	if err != nil {
		return err
	}
	if s.CancelledAt.IsZero() {
		return ErrState
	}
	if err := tx.revive(s.CycleID, KindSession, s.Slug); err != nil {
		return err
	}
	return tx.changeSession(id, `UPDATE session SET cancelled_at = 0 WHERE id = $1`, id)
}

// RemoveSession takes a session away, with what was planned about it. It
// refuses with a [*KeptError] when that would lose something that happened.
func (tx *Tx) RemoveSession(id string) error {
	s, err := tx.Session(id)
	if err == nil {
		err = keeping(tx.SessionTraces(id))
	}
	if err == nil {
		err = tx.forget(KindSession, s.CycleID, s.Slug)
	}
	if err != nil {
		return err
	}
	return tx.changeSession(id, `DELETE FROM session WHERE id = $1`, id)
}

// AnswerSession notes whether a person comes to a session as it is planned now, in
// place of what they said before. by is the person, or a coordinator for them.
func (tx *Tx) AnswerSession(id, personID string, coming bool, by string) error {
	s, err := tx.Session(id)
	if err != nil {
		return err
	}
	if !s.CancelledAt.IsZero() {
		return ErrState
	}
	return tx.answer(s.CycleID, Answer{SubjectID: id, PersonID: personID, Revision: s.Revision, Coming: coming, By: by})
}

// PutSessionBack undoes a move: the session is again what it was before, answers
// included. It refuses with ErrState once somebody was told of the move, or has
// answered for it: then another move is the way back.
func (tx *Tx) PutSessionBack(was Session) error {
	have, err := tx.Session(was.ID)
	if err != nil {
		return err
	}
	if !have.CancelledAt.IsZero() || !have.AttendanceAt.IsZero() || have.Revision < was.Revision {
		return ErrState
	}
	if err := tx.unmove(KindSession, have.CycleID, have.ID, have.Slug, was.Revision, have.Revision); err != nil {
		return err
	}
	return tx.changeSession(was.ID, `UPDATE session SET starts_at = $1, revision = $2, changed_at = $3 WHERE id = $4`,
		was.At, was.Revision, ms(was.ChangedAt), was.ID)
}

// TakeAttendance notes who was at a session, in place of what was noted before. It
// refuses a session that hasn't begun.
func (tx *Tx) TakeAttendance(id string, present []string, by string) error {
	s, err := tx.held(id)
	if err != nil {
		return err
	}
	if err := tx.attendance(s.CycleID, id, s.At.Date, present, by); err != nil {
		return err
	}
	return tx.changeSession(id, `UPDATE session SET attendance_at = $1 WHERE id = $2`, ms(tx.Now()), id)
}

// NotePresent notes of one person whether they were at a session, which counts as
// taking attendance. It refuses a session that hasn't begun.
func (tx *Tx) NotePresent(id, personID string, present bool, by string) error {
	s, err := tx.held(id)
	if err != nil {
		return err
	}
	if err := tx.notePresent(s.CycleID, id, s.At.Date, personID, present, by); err != nil {
		return err
	}
	return tx.changeSession(id, `UPDATE session SET attendance_at = $1 WHERE id = $2`, ms(tx.Now()), id)
}

// held returns a session at which there can have been anybody.
func (tx *Tx) held(id string) (s Session, err error) {
	if s, err = tx.Session(id); err != nil {
		return s, err
	}
	if !s.CancelledAt.IsZero() {
		return s, ErrState
	}
	c, err := tx.Cycle(s.CycleID)
	if err != nil {
		return s, err
	}
	if s.At.In(c.Location()).After(tx.Now()) {
		return s, ErrFuture
	}
	return s, nil
}

func (tx *Tx) changeSession(id, query string, args ...any) error {
	s, err := tx.Session(id)
	if err != nil {
		return err
	}
	if err := tx.write("update session", ErrNotFound, query, args...); err != nil {
		return err
	}
	return tx.Touch(s.CycleID)
}
