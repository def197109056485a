package store

import "time"

// NoteWrongTry notes that a platform's user has given a bot a code that is none, now.
func (tx *Tx) NoteWrongTry(botID, userID string) error {
	return tx.run("note wrong try", `INSERT INTO wrong_try (id, bot_id, user_id, tried_at) VALUES ($1, $2, $3, $4)`,
		NewID(), botID, userID, ms(tx.Now()))
}

// WrongTries counts the wrong codes that a platform's user has given a bot at or after
// an instant.
func (tx *Tx) WrongTries(botID, userID string, since time.Time) (int, error) {
	return one(tx, "count wrong tries", column[int],
		`SELECT COUNT(*) FROM wrong_try WHERE bot_id = $1 AND user_id = $2 AND tried_at >= $3`, botID, userID, ms(since))
}

// ForgetWrongTries forgets what was tried before an instant.
func (tx *Tx) ForgetWrongTries(before time.Time) error {
	return tx.run("forget wrong tries", `DELETE FROM wrong_try WHERE tried_at < $1`, ms(before))
}
