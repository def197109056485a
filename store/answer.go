package store

import "time"

// An Answer is what a person said of a session or an event (RSVP). It holds for
// one revision: a move voids it.
type Answer struct {
	SubjectID, PersonID string // SubjectID: the session's or event's ID
	Revision            int
	Coming              bool
	At                  time.Time
	By                  string // person who gave it: PersonID, or a coordinator for them
	Form                string // the event's logistics form, JSON; "": not filled in, or in a Snapshot
}

const selectAnswer = `SELECT subject_id, person_id, revision, coming, given_at, given_by, form FROM answer`

func scanAnswer(row scanner, a *Answer) error {
	return row.Scan(&a.SubjectID, &a.PersonID, &a.Revision, &a.Coming, when(&a.At), &a.By, &a.Form)
}

// Answers returns the answers for the current revision of a session or an event, in
// no particular order.
func (tx *Tx) Answers(subjectID string) ([]Answer, error) {
	return list(tx, "read answers", scanAnswer, selectAnswer+`
		WHERE subject_id = $1 AND revision IN (SELECT revision FROM session WHERE id = answer.subject_id
			UNION ALL SELECT revision FROM event WHERE id = answer.subject_id)`, subjectID)
}

// AnswersOf returns what a person has said, of earlier revisions too, by when they did.
func (tx *Tx) AnswersOf(personID string) ([]Answer, error) {
	return list(tx, "read answers of person", scanAnswer, selectAnswer+` WHERE person_id = $1 ORDER BY given_at, subject_id`, personID)
}

// answer writes an answer given now. The form that was filled in for the same
// revision stays unless there is a new one.
func (tx *Tx) answer(cycleID string, a Answer) error {
	m, err := tx.Member(cycleID, a.PersonID)
	if err != nil || !m.LeftAt.IsZero() {
		return orRefuse(err, ErrNotMember)
	}
	err = tx.run("write answer", `INSERT INTO answer (subject_id, person_id, cycle_id, revision, coming, given_at,
		given_by, form) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (subject_id, person_id) DO UPDATE SET revision = excluded.revision, coming = excluded.coming,
			given_at = excluded.given_at, given_by = excluded.given_by, form = CASE
			WHEN excluded.form = '' AND answer.revision = excluded.revision THEN answer.form ELSE excluded.form END`,
		a.SubjectID, a.PersonID, cycleID, a.Revision, a.Coming, ms(tx.Now()), a.By, clean(a.Form))
	if err != nil {
		return err
	}
	return tx.Touch(cycleID)
}

// An Attendance says that a person was at a session, or at a day of an event.
type Attendance struct {
	SubjectID, PersonID string // SubjectID: the session's or event's ID
	Day                 Date
	At                  time.Time // when it was noted
	By                  string    // person who noted it
}

// Attendance returns who was at a session or an event, in no particular order.
func (tx *Tx) Attendance(subjectID string) ([]Attendance, error) {
	return list(tx, "read attendance", func(row scanner, a *Attendance) error {
		return row.Scan(&a.SubjectID, &a.PersonID, &a.Day, when(&a.At), &a.By)
	}, `SELECT subject_id, person_id, day, taken_at, taken_by FROM attendance WHERE subject_id = $1`, subjectID)
}

// notePresent writes of one person whether they were there on a day. Who was noted
// already stays as noted first.
func (tx *Tx) notePresent(cycleID, subjectID string, day Date, personID string, present bool, by string) error {
	if _, err := tx.Member(cycleID, personID); err != nil {
		return orRefuse(err, ErrNotMember)
	}
	if !present {
		return tx.run("note absence", `DELETE FROM attendance WHERE subject_id = $1 AND day = $2 AND person_id = $3`,
			subjectID, day, personID)
	}
	return tx.run("note presence", `INSERT INTO attendance (subject_id, day, person_id, cycle_id, taken_at,
		taken_by) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		subjectID, day, personID, cycleID, ms(tx.Now()), by)
}

// attendance writes who was there on a day, in place of what was noted before.
func (tx *Tx) attendance(cycleID, subjectID string, day Date, present []string, by string) error {
	err := tx.run("void attendance", `DELETE FROM attendance WHERE subject_id = $1 AND day = $2`, subjectID, day)
	if err != nil {
		return err
	}
	for _, personID := range present {
		if _, err := tx.Member(cycleID, personID); err != nil {
			return orRefuse(err, ErrNotMember)
		}
		err := tx.run("write attendance", `INSERT INTO attendance (subject_id, day, person_id, cycle_id, taken_at,
			taken_by) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
			subjectID, day, personID, cycleID, ms(tx.Now()), by)
		if err != nil {
			return err
		}
	}
	return nil
}
