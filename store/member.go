package store

import (
	"slices"
	"time"
)

// A Role is what a member is in a cycle.
type Role string

// The roles.
const (
	Mentee      Role = "mentee"
	Mentor      Role = "mentor"
	Coordinator Role = "coordinator"
)

// A Member is a person's part in a cycle.
type Member struct {
	CycleID, PersonID string
	Role              Role
	JoinedAt          time.Time // first contact in chat; zero: hasn't joined
	LeftAt            time.Time // zero: hasn't left
}

const memberColumns = `cycle_id, person_id, role, joined_at, left_at`

// fields are where to scan memberColumns.
func (m *Member) fields() []any {
	return []any{&m.CycleID, &m.PersonID, &m.Role, when(&m.JoinedAt), when(&m.LeftAt)}
}

func scanMember(row scanner, m *Member) error { return row.Scan(m.fields()...) }

// Members returns the members of a cycle, in no particular order, those who left
// included.
func (tx *Tx) Members(cycleID string) ([]Member, error) {
	return list(tx, "read members", scanMember,
		`SELECT `+memberColumns+` FROM member WHERE cycle_id = $1`, cycleID)
}

// Memberships returns a person's parts in all cycles, in no particular order.
func (tx *Tx) Memberships(personID string) ([]Member, error) {
	return list(tx, "read memberships", scanMember,
		`SELECT `+memberColumns+` FROM member WHERE person_id = $1`, personID)
}

// A Part is a person's membership with its cycle.
type Part struct {
	Member
	Cycle Cycle
}

// Standings returns a person's parts in all cycles, with the cycles, in no particular
// order.
func (tx *Tx) Standings(personID string) ([]Part, error) {
	return list(tx, "read parts", func(row scanner, p *Part) error {
		return row.Scan(append(p.fields(), p.Cycle.fields()...)...)
	}, selectPart, personID)
}

var selectPart = `SELECT ` + of("member", memberColumns) + `, ` + of("cycle", cycleColumns) + `
	FROM member JOIN cycle ON cycle.id = member.cycle_id WHERE member.person_id = $1`

// Member returns a person's part in a cycle.
func (tx *Tx) Member(cycleID, personID string) (Member, error) {
	return one(tx, "read member", scanMember,
		`SELECT `+memberColumns+` FROM member WHERE cycle_id = $1 AND person_id = $2`, cycleID, personID)
}

// PutMember adds a member, or changes the role of one, who then keeps when they
// joined and left. Whoever is in a pair keeps their role: ErrInPair.
func (tx *Tx) PutMember(m Member) error {
	err := tx.write("write member", ErrInPair, `INSERT INTO member (cycle_id, person_id, role, joined_at, left_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (cycle_id, person_id) DO UPDATE SET role = excluded.role
		WHERE member.role = excluded.role OR NOT EXISTS (SELECT 1 FROM pair WHERE pair.cycle_id = member.cycle_id
			AND (pair.mentor_id = member.person_id OR pair.mentee_id = member.person_id))`,
		m.CycleID, m.PersonID, m.Role, ms(m.JoinedAt), ms(m.LeftAt))
	if err != nil {
		return err
	}
	return tx.Touch(m.CycleID)
}

// Join notes a member's first contact in chat, now; for one who had left, their
// return. For one who is there already it does nothing.
func (tx *Tx) Join(cycleID, personID string) error {
	m, err := tx.Member(cycleID, personID)
	if err != nil || (!m.JoinedAt.IsZero() && m.LeftAt.IsZero()) {
		return err
	}
	return tx.changeMember(cycleID, `UPDATE member SET joined_at = $1, left_at = 0
		WHERE cycle_id = $2 AND person_id = $3`, ms(tx.Now()), cycleID, personID)
}

// Leave notes that a member has left the cycle, now. If it was the last that they took part
// in, their unused invitations expire.
func (tx *Tx) Leave(cycleID, personID string) error {
	err := tx.changeMember(cycleID, `UPDATE member SET left_at = $1 WHERE cycle_id = $2 AND person_id = $3`,
		ms(tx.Now()), cycleID, personID)
	if err != nil {
		return err
	}
	parts, err := tx.Memberships(personID)
	if err != nil || slices.ContainsFunc(parts, func(m Member) bool { return m.LeftAt.IsZero() }) {
		return err
	}
	return tx.VoidInvitations(personID)
}

// Return takes a leave back: the member is there as if they had never left. ErrState:
// they haven't.
func (tx *Tx) Return(cycleID, personID string) error {
	m, err := tx.Member(cycleID, personID)
	if err != nil {
		return err
	}
	if m.LeftAt.IsZero() {
		return ErrState
	}
	return tx.changeMember(cycleID, `UPDATE member SET left_at = 0 WHERE cycle_id = $1 AND person_id = $2`,
		cycleID, personID)
}

// RestoreLeave puts back when a member left, as it was when they were read.
func (tx *Tx) RestoreLeave(m Member) error {
	return tx.changeMember(m.CycleID, `UPDATE member SET left_at = $1 WHERE cycle_id = $2 AND person_id = $3`,
		ms(m.LeftAt), m.CycleID, m.PersonID)
}

// RemoveMember takes a person out of a cycle, with whatever was planned for them
// in it. It refuses with a [*KeptError] when that would lose something that
// happened, or while they are in a pair.
func (tx *Tx) RemoveMember(cycleID, personID string) error {
	if err := keeping(tx.MemberTraces(cycleID, personID)); err != nil {
		return err
	}
	err := tx.run("remove messages of member", `DELETE FROM message WHERE cycle_id = $1 AND person_id = $2`,
		cycleID, personID)
	if err != nil {
		return err
	}
	return tx.changeMember(cycleID, `DELETE FROM member WHERE cycle_id = $1 AND person_id = $2`, cycleID, personID)
}

func (tx *Tx) changeMember(cycleID, query string, args ...any) error {
	if err := tx.write("update member", ErrNotFound, query, args...); err != nil {
		return err
	}
	return tx.Touch(cycleID)
}
