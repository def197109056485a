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
func (tx *Tx) SessionTraces(id string) (Traces, error) { return tx.subjectTraces(KindSession, id) }

// EventTraces returns what RemoveEvent would lose.
func (tx *Tx) EventTraces(id string) (Traces, error) { return tx.subjectTraces(KindEvent, id) }

// about are the kinds of messages whose subject is a session, or an event: one of each
// may have the same id.
var about = map[Kind]string{KindSession: `('session', 'attendance')`, KindEvent: `('event')`}

func (tx *Tx) subjectTraces(kind Kind, id string) (Traces, error) {
	return one(tx, "read traces of "+string(kind), func(row scanner, t *Traces) error {
		return row.Scan(&t.Answers, &t.Attendance, &t.Messages)
	}, `SELECT (SELECT COUNT(*) FROM answer WHERE subject_id = s.id),
		(SELECT COUNT(*) FROM attendance WHERE subject_id = s.id),
		(SELECT COUNT(*) FROM message WHERE cycle_id = s.cycle_id AND kind IN `+about[kind]+`
			AND subject = s.slug AND state = 'sent')
		FROM `+string(kind)+` s WHERE id = $1`, id)
}

// forget deletes what was planned or tried, but never sent, about a session or an event
// that is removed: another with the same id would have the same keys.
func (tx *Tx) forget(kind Kind, cycleID, slug string) error {
	unsent := ` FROM message WHERE cycle_id = $1 AND kind IN ` + about[kind] + ` AND subject = $2 AND state <> 'sent'`
	err := tx.run("delete references", `DELETE FROM reference WHERE message_id IN (SELECT id`+unsent+`)`, cycleID, slug)
	if err != nil {
		return err
	}
	return tx.run("delete unsent messages", `DELETE`+unsent, cycleID, slug)
}

// PairTraces returns what RemovePair would lose.
func (tx *Tx) PairTraces(id string) (Traces, error) {
	return one(tx, "read traces of pair", func(row scanner, t *Traces) error {
		return row.Scan(&t.Meetings, &t.Messages)
	}, `SELECT (SELECT COUNT(*) FROM meeting WHERE pair_id = pair.id),
		(SELECT COUNT(*) FROM message WHERE message.cycle_id = pair.cycle_id AND kind IN ('pace', 'trouble')
			AND subject = mentor.slug || '+' || mentee.slug AND state = 'sent')
		FROM pair JOIN person mentor ON mentor.id = mentor_id JOIN person mentee ON mentee.id = mentee_id
		WHERE pair.id = $1`, id)
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
