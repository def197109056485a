package store

import "time"

// A Pair is one mentor and one mentee in one cycle.
type Pair struct {
	ID, CycleID, MentorID, MenteeID string
	EndedAt                         time.Time // zero: goes on
	Since                           time.Time // when it was made or last reopened; zero: nobody knows
}

// Partner returns the other one of the pair; false if personID isn't one of them.
func (p *Pair) Partner(personID string) (string, bool) {
	switch personID {
	case p.MentorID:
		return p.MenteeID, true
	case p.MenteeID:
		return p.MentorID, true
	}
	return "", false
}

const pairColumns = `id, cycle_id, mentor_id, mentee_id, ended_at, since`

const selectPair = `SELECT ` + pairColumns + ` FROM pair`

// fields are where to scan pairColumns.
func (p *Pair) fields() []any {
	return []any{&p.ID, &p.CycleID, &p.MentorID, &p.MenteeID, when(&p.EndedAt), when(&p.Since)}
}

func scanPair(row scanner, p *Pair) error { return row.Scan(p.fields()...) }

// Pairs returns the pairs of a cycle, in no particular order, ended ones included.
func (tx *Tx) Pairs(cycleID string) ([]Pair, error) {
	return list(tx, "read pairs", scanPair, selectPair+` WHERE cycle_id = $1`, cycleID)
}

// Pair returns a pair by id.
func (tx *Tx) Pair(id string) (Pair, error) {
	return one(tx, "read pair", scanPair, selectPair+` WHERE id = $1`, id)
}

// PairsOf returns the pairs of a person, as mentor or mentee, that have not ended, in
// all cycles and in no particular order.
func (tx *Tx) PairsOf(personID string) ([]Pair, error) {
	return list(tx, "read pairs of person", scanPair, selectPairsOf, personID)
}

const selectPairsOf = selectPair + ` WHERE mentor_id = $1 AND ended_at = 0
	UNION ALL ` + selectPair + ` WHERE mentee_id = $1 AND ended_at = 0`

// InsertPair adds a pair and sets its ID, unless it has one, and Since to now. The two must be a
// mentor and a mentee of the cycle (ErrRoles) who aren't, and haven't been, a pair
// in it (ErrKnown; see ReopenPair).
func (tx *Tx) InsertPair(p *Pair) error {
	both, err := one(tx, "read roles of pair", column[int], `SELECT COUNT(*) FROM member WHERE cycle_id = $1
		AND ((person_id = $2 AND role = 'mentor') OR (person_id = $3 AND role = 'mentee'))`,
		p.CycleID, p.MentorID, p.MenteeID)
	if err != nil {
		return err
	}
	if both != 2 {
		return ErrRoles
	}
	fill(&p.ID)
	p.Since = kept(tx.Now())
	err = tx.write("insert pair", ErrKnown, `INSERT INTO pair (id, cycle_id, mentor_id, mentee_id, ended_at, since)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		p.ID, p.CycleID, p.MentorID, p.MenteeID, ms(p.EndedAt), ms(p.Since))
	if err != nil {
		return err
	}
	return tx.Touch(p.CycleID)
}

// EndPair notes that a pair has ended, now. Its meetings stay.
func (tx *Tx) EndPair(id string) error {
	return tx.changePair(id, `UPDATE pair SET ended_at = $1 WHERE id = $2`, ms(tx.Now()), id)
}

// ReopenPair lets a pair that has ended go on, from now.
func (tx *Tx) ReopenPair(id string) error {
	return tx.changePair(id, `UPDATE pair SET ended_at = 0, since = $1 WHERE id = $2`, ms(tx.Now()), id)
}

// RestorePair puts back when a pair ended, if it did, and since when it goes on, as they
// were when it was read.
func (tx *Tx) RestorePair(p Pair) error {
	return tx.changePair(p.ID, `UPDATE pair SET ended_at = $1, since = $2 WHERE id = $3`, ms(p.EndedAt), ms(p.Since), p.ID)
}

// RemovePair takes a pair away. It refuses with a [*KeptError] when that would
// lose meetings, or the two were reminded of them.
func (tx *Tx) RemovePair(id string) error {
	if err := keeping(tx.PairTraces(id)); err != nil {
		return err
	}
	return tx.changePair(id, `DELETE FROM pair WHERE id = $1`, id)
}

func (tx *Tx) changePair(id, query string, args ...any) error {
	p, err := tx.Pair(id)
	if err != nil {
		return err
	}
	if err := tx.write("update pair", ErrNotFound, query, args...); err != nil {
		return err
	}
	return tx.Touch(p.CycleID)
}

// PairSlug returns the name of a pair in keys: mentor+mentee, by their slugs.
func PairSlug(mentorSlug, menteeSlug string) string { return mentorSlug + "+" + menteeSlug }
