package store

import "time"

// A FeedOwner is whose calendar an address gives: one of the two is set.
type FeedOwner struct{ PersonID, CycleID string }

// A Feed is a calendar that whoever has its address can fetch.
type Feed struct {
	FeedOwner
	CreatedAt time.Time
}

// NewFeed returns the token of a new address for somebody's, or a cycle's, calendar: 26
// characters of a-z2-7 with 128 random bits. Only its hash is kept, so it can't be shown
// again. The older address is void.
func (tx *Tx) NewFeed(owner FeedOwner) (token string, err error) {
	if err := tx.StopFeed(owner); err != nil {
		return "", err
	}
	token = newCode()
	return token, tx.run("insert feed", `INSERT INTO feed (hash, person_id, cycle_id, created_at) VALUES ($1, $2, $3, $4)`,
		codeHash(token), optional(owner.PersonID), optional(owner.CycleID), ms(tx.Now()))
}

// StopFeed makes the address of a calendar void, if there is one.
func (tx *Tx) StopFeed(owner FeedOwner) error {
	return tx.run("delete feed", `DELETE FROM feed WHERE person_id = $1 OR cycle_id = $2`,
		optional(owner.PersonID), optional(owner.CycleID))
}

const selectFeed = `SELECT COALESCE(person_id, ''), COALESCE(cycle_id, ''), created_at FROM feed`

func scanFeed(row scanner, f *Feed) error {
	return row.Scan(&f.PersonID, &f.CycleID, when(&f.CreatedAt))
}

// FeedOf returns the feed of somebody or of a cycle. ErrNotFound: there is none.
func (tx *Tx) FeedOf(owner FeedOwner) (Feed, error) {
	return one(tx, "read feed of owner", scanFeed, selectFeed+` WHERE person_id = $1 OR cycle_id = $2`,
		optional(owner.PersonID), optional(owner.CycleID))
}

// Feed returns the feed at the address with a token. ErrNotFound: there is none (any
// more), or it is of somebody who takes part in no cycle now. That is asked here, each
// time, so that however they left, nothing is given any more; who comes back has their
// address back.
func (tx *Tx) Feed(token string) (Feed, error) {
	return one(tx, "read feed", scanFeed, selectFeed+` WHERE hash = $1 AND (person_id IS NULL
		OR EXISTS (SELECT 1 FROM member WHERE member.person_id = feed.person_id AND joined_at > 0 AND left_at = 0))`,
		codeHash(token))
}
