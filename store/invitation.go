package store

import "time"

// NewInvitation returns the code of a new invitation for one person, which can be
// redeemed once before it expires: 26 characters of a-z2-7 with 128 random bits.
// Only its hash is kept, so it can't be shown again. The person's older unused
// invitations are void.
func (tx *Tx) NewInvitation(personID string, expires time.Time) (code string, err error) {
	err = tx.run("void invitations", `DELETE FROM invitation WHERE person_id = $1 AND used_at = 0`, personID)
	if err != nil {
		return "", err
	}
	return tx.insertInvitation(personID, expires)
}

// NewAppCode is NewInvitation for somebody who connects one more app: an invitation that
// holds longer than the code stays, since it may be to another cycle.
func (tx *Tx) NewAppCode(personID string, expires time.Time) (code string, err error) {
	err = tx.run("void codes", `DELETE FROM invitation WHERE person_id = $1 AND used_at = 0 AND expires_at <= $2`,
		personID, ms(expires))
	if err != nil {
		return "", err
	}
	return tx.insertInvitation(personID, expires)
}

func (tx *Tx) insertInvitation(personID string, expires time.Time) (code string, err error) {
	code = newCode()
	return code, tx.run("insert invitation", `INSERT INTO invitation (hash, person_id, created_at, expires_at, used_at)
		VALUES ($1, $2, $3, $4, 0)`, codeHash(code), personID, ms(tx.Now()), ms(expires))
}

// An Invitation is one that somebody can still use, or could have.
type Invitation struct {
	PersonID           string
	CreatedAt, Expires time.Time
}

// VoidInvitations has a person's unused invitations expire, now.
func (tx *Tx) VoidInvitations(personID string) error {
	return tx.run("void invitations", `UPDATE invitation SET expires_at = $1 WHERE person_id = $2 AND used_at = 0
		AND expires_at > $1`, ms(tx.Now()), personID)
}

// Invitations returns the invitations of a cycle's members that weren't used, expired
// ones included: of each person the one that holds longest last.
func (tx *Tx) Invitations(cycleID string) ([]Invitation, error) {
	return list(tx, "read invitations", func(row scanner, i *Invitation) error {
		return row.Scan(&i.PersonID, when(&i.CreatedAt), when(&i.Expires))
	}, `SELECT person_id, created_at, expires_at FROM invitation WHERE used_at = 0
		AND person_id IN (SELECT person_id FROM member WHERE cycle_id = $1) ORDER BY expires_at, created_at`, cycleID)
}

// Redeem uses an invitation up and returns whom it is for. ErrNotFound: there is none
// with that code (any more); ErrInvitationHad: it was used; ErrInvitationOld: it has
// expired.
func (tx *Tx) Redeem(code string) (personID string, err error) {
	type invitation struct {
		personID      string
		expires, used time.Time
	}
	hash := codeHash(code)
	i, err := one(tx, "read invitation", func(row scanner, i *invitation) error {
		return row.Scan(&i.personID, when(&i.expires), when(&i.used))
	}, `SELECT person_id, expires_at, used_at FROM invitation WHERE hash = $1`, hash)
	switch {
	case err != nil:
		return "", err
	case !i.used.IsZero():
		return "", ErrInvitationHad
	case !tx.Now().Before(i.expires):
		return "", ErrInvitationOld
	}
	return i.personID, tx.write("use invitation", ErrInvitationHad,
		`UPDATE invitation SET used_at = $1 WHERE hash = $2 AND used_at = 0`, ms(tx.Now()), hash)
}
