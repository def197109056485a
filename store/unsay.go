package store

import "strconv"

// revive lets the condition of what was withdrawn about a thing be asked again, since
// what had made it unwanted is undone. What is unwanted for another reason is withdrawn
// again.
func (tx *Tx) revive(cycleID string, kind Kind, subject string) error {
	return tx.run("revive messages", `UPDATE message SET state = 'planned', reason = '', settled_at = 0
		WHERE cycle_id = $1 AND kind = $2 AND subject = $3 AND state = 'withdrawn' AND until > $4`,
		cycleID, kind, subject, ms(tx.Now()))
}

// unsay sets aside what was said of the revisions that a meeting loses when it is put
// back from have to m: of the next ones with these numbers the same is to be said. Then
// what was withdrawn about it is revived.
func (tx *Tx) unsay(have, m *Meeting) error {
	slug, err := one(tx, "read slug of meeting", column[string], `SELECT mentor.slug || '+' || mentee.slug FROM pair
		JOIN person mentor ON mentor.id = mentor_id JOIN person mentee ON mentee.id = mentee_id
		WHERE pair.id = $1`, m.PairID)
	if err != nil {
		return err
	}
	slug = MeetingSlug(slug, m.Number)
	for revision := m.Revision + 1; revision <= have.Revision; revision++ {
		if err := tx.setAside(m.CycleID, KindMeeting, slug, strconv.Itoa(revision)); err != nil {
			return err
		}
	}
	return tx.revive(m.CycleID, KindMeeting, slug)
}

// setAside gives what was planned or sent about one occurrence of a thing a key and an
// occurrence that never come again.
func (tx *Tx) setAside(cycleID string, kind Kind, subject, occurrence string) error {
	return tx.run("set messages aside", `UPDATE message SET key = key || '/undone-' || id, occurrence = occurrence || '-undone-' || id
		WHERE cycle_id = $1 AND kind = $2 AND subject = $3 AND occurrence = $4`, cycleID, kind, subject, occurrence)
}

// unmove prepares that a thing goes back from one revision to an earlier one: of the
// next ones with these numbers everything is to be said. ErrState: somebody was told of
// them, is being told, or has answered for them.
func (tx *Tx) unmove(kind Kind, cycleID, id, slug string, to, from int) error {
	for revision := to + 1; revision <= from; revision++ {
		known, err := one(tx, "read who knows of move", column[int], `SELECT
			(SELECT COUNT(*) FROM answer WHERE subject_id = $1 AND revision = $2) +
			(SELECT COUNT(*) FROM message WHERE cycle_id = $3 AND kind = $4 AND subject = $5 AND occurrence = $6
				AND (state = 'sent' OR state = 'planned' AND lease_until >= `+tx.clock()+`))`,
			id, revision, cycleID, string(kind), slug, strconv.Itoa(revision))
		if err != nil {
			return err
		}
		if known > 0 {
			return ErrState
		}
		for _, about := range []Kind{kind, KindAttendance} {
			if about == KindAttendance && kind != KindSession {
				continue
			}
			if err := tx.setAside(cycleID, about, slug, strconv.Itoa(revision)); err != nil {
				return err
			}
		}
	}
	return tx.revive(cycleID, kind, slug)
}
