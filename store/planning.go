package store

import (
	"fmt"
	"math"
	"time"
)

// nothingMore is the next instant of a cycle in which nothing can become due.
const nothingMore = math.MaxInt64

// Touch says that what a plan reads of the cycle has changed: its version rises
// and its next instant is void. The nouns' methods do it themselves.
func (tx *Tx) Touch(cycleID string) error {
	return tx.write("touch cycle", ErrNotFound,
		`UPDATE cycle SET version = version + 1, next_due = 0 WHERE id = $1`, cycleID)
}

// TouchPerson touches every cycle of which the person is a member.
func (tx *Tx) TouchPerson(personID string) error {
	return tx.run("touch cycles of person", `UPDATE cycle SET version = version + 1, next_due = 0
		WHERE id IN (SELECT cycle_id FROM member WHERE person_id = $1)`, personID)
}

// DueCycles returns the ids of at most limit cycles in which something can be due
// at now, or whose plan is void, those that have waited longest first. It costs
// one look-up in an index when there are none.
func (tx *Tx) DueCycles(now time.Time, limit int) ([]string, error) {
	return list(tx, "read due cycles", column[string],
		`SELECT id FROM cycle WHERE next_due <= $1 ORDER BY next_due LIMIT $2`, ms(now), limit)
}

// NotePlanned notes that the outbox holds what was due up to plannedTo, and that
// nothing more becomes due before next (zero: nothing at all, as things stand).
// planner names the program and zone rules that reckoned so, for [Tx.VoidPlans].
// It does so only if the cycle's version is still the one that the plan has read,
// and reports whether it was.
func (tx *Tx) NotePlanned(cycleID string, version int64, plannedTo, next time.Time, planner string) (bool, error) {
	due := int64(nothingMore)
	if !next.IsZero() {
		due = ms(next)
	}
	n, err := tx.exec(`UPDATE cycle SET planned_to = $1, next_due = $2, planned_by = $3 WHERE id = $4 AND version = $5`,
		ms(plannedTo), due, planner, cycleID, version)
	if err != nil {
		return false, fmt.Errorf("note plan: %w", err)
	}
	return n > 0, nil
}

// VoidPlans voids the next instant of every cycle that another planner, an older
// program or other zone rules, has planned.
func (tx *Tx) VoidPlans(planner string) error {
	return tx.run("void plans", `UPDATE cycle SET next_due = 0 WHERE planned_by <> $1`, planner)
}

// NextCycle returns the next instant at which anything can become due in any
// cycle; the zero time if there is none.
func (tx *Tx) NextCycle() (time.Time, error) {
	due, err := one(tx, "read next instant", column[int64], `SELECT COALESCE(MIN(next_due), 0) FROM cycle`)
	if due == nothingMore {
		due = 0
	}
	return instant(due), err
}

// Version returns a cycle's version as it is now.
func (tx *Tx) Version(cycleID string) (int64, error) {
	return one(tx, "read version of cycle", column[int64], `SELECT version FROM cycle WHERE id = $1`, cycleID)
}

// Zones returns the time zones in use, in no particular order.
func (tx *Tx) Zones() ([]string, error) {
	return list(tx, "read zones", column[string], `SELECT zone FROM cycle
		UNION SELECT zone FROM event WHERE zone <> '' UNION SELECT zone FROM person WHERE zone <> ''`)
}
