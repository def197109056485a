package store

import (
	"fmt"
	"strings"
)

// Traces count what the removal of something would lose.
type Traces struct {
	Pairs      int // that the person is in
	Joined     int // cycles that the person has joined
	Accounts   int
	Meetings   int
	Answers    int
	Attendance int // sessions, and days of events, at which somebody was
	Messages   int // sent
}

// None reports whether nothing has happened, so that nothing would be lost.
func (t Traces) None() bool { return t == Traces{} }

// String lists what there is: 2 meetings, 1 answer.
func (t Traces) String() string {
	var parts []string
	for _, p := range []struct {
		n         int
		one, many string
	}{
		{t.Pairs, "pair", "pairs"},
		{t.Joined, "cycle joined", "cycles joined"},
		{t.Accounts, "account", "accounts"},
		{t.Meetings, "meeting", "meetings"},
		{t.Answers, "answer", "answers"},
		{t.Attendance, "attendance", "attendances"},
		{t.Messages, "sent message", "sent messages"},
	} {
		switch {
		case p.n == 1:
			parts = append(parts, "1 "+p.one)
		case p.n > 1:
			parts = append(parts, fmt.Sprint(p.n, " ", p.many))
		}
	}
	return strings.Join(parts, ", ")
}

// keeping refuses a removal that would lose traces.
func keeping(traces Traces, err error) error {
	if err == nil && !traces.None() {
		return &KeptError{traces}
	}
	return err
}

// A KeptError refuses a removal that would lose something that happened.
type KeptError struct{ Traces Traces }

// Error lists what would be lost.
func (e *KeptError) Error() string { return "would lose " + e.Traces.String() }

// SessionTraces returns what RemoveSession would lose.
func (tx *Tx) SessionTraces(id string) (Traces, error) { return tx.subjectTraces("session", id) }

// EventTraces returns what RemoveEvent would lose.
func (tx *Tx) EventTraces(id string) (Traces, error) { return tx.subjectTraces("event", id) }

func (tx *Tx) subjectTraces(noun, id string) (Traces, error) {
	return one(tx, "read traces of "+noun, func(row scanner, t *Traces) error {
		return row.Scan(&t.Answers, &t.Attendance, &t.Messages)
	}, `SELECT (SELECT COUNT(*) FROM answer WHERE subject_id = s.id),
		(SELECT COUNT(*) FROM attendance WHERE subject_id = s.id),
		(SELECT COUNT(*) FROM message WHERE cycle_id = s.cycle_id AND kind IN ('session', 'event', 'attendance')
			AND subject = s.slug AND state = 'sent')
		FROM `+noun+` s WHERE id = $1`, id)
}

// PairTraces returns what RemovePair would lose.
func (tx *Tx) PairTraces(id string) (Traces, error) {
	n, err := one(tx, "read traces of pair", column[int], `SELECT COUNT(*) FROM meeting WHERE pair_id = $1`, id)
	return Traces{Meetings: n}, err
}

// MemberTraces returns what RemoveMember would lose.
func (tx *Tx) MemberTraces(cycleID, personID string) (Traces, error) {
	return one(tx, "read traces of member", func(row scanner, t *Traces) error {
		return row.Scan(&t.Pairs, &t.Joined, &t.Answers, &t.Attendance, &t.Messages)
	}, `SELECT (SELECT COUNT(*) FROM pair WHERE cycle_id = $1 AND (mentor_id = $2 OR mentee_id = $2)),
		(SELECT COUNT(*) FROM member WHERE cycle_id = $1 AND person_id = $2 AND joined_at > 0),
		(SELECT COUNT(*) FROM answer WHERE person_id = $2 AND cycle_id = $1),
		(SELECT COUNT(*) FROM attendance WHERE person_id = $2 AND cycle_id = $1),
		(SELECT COUNT(*) FROM message WHERE person_id = $2 AND cycle_id = $1 AND state = 'sent')`,
		cycleID, personID)
}

// PersonTraces returns what RemovePerson would lose, in all cycles.
func (tx *Tx) PersonTraces(id string) (Traces, error) {
	return one(tx, "read traces of person", func(row scanner, t *Traces) error {
		return row.Scan(&t.Pairs, &t.Joined, &t.Accounts, &t.Answers, &t.Attendance, &t.Messages)
	}, `SELECT (SELECT COUNT(*) FROM pair JOIN member ON member.cycle_id = pair.cycle_id
			AND member.person_id = $1 WHERE mentor_id = $1 OR mentee_id = $1),
		(SELECT COUNT(*) FROM member WHERE person_id = $1 AND joined_at > 0),
		(SELECT COUNT(*) FROM account WHERE person_id = $1),
		(SELECT COUNT(*) FROM answer WHERE person_id = $1),
		(SELECT COUNT(*) FROM attendance WHERE person_id = $1),
		(SELECT COUNT(*) FROM message WHERE person_id = $1 AND state = 'sent')`, id)
}
