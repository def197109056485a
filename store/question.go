package store

import (
	"errors"
	"fmt"
	"time"
)

// A Question is the option that a person is being asked for in a chat, with the
// command so far. There is one at a time.
type Question struct {
	BotID, ChatID, UserID string // the platform's chat and user
	Asked                 []byte // the command so far and what it lacks; sealed in the database
	Expires               time.Time
}

// Aside begins the chat of a question that is asked in none: what somebody has begun,
// and goes on with by buttons.
const Aside = "proposal/"

// place is where what is asked is sealed.
func (q *Question) place() string { return "question/" + q.BotID + "/" + q.ChatID + "/" + q.UserID }

// Question returns what a person is being asked for in a chat, and false if nothing,
// or nothing any more.
func (tx *Tx) Question(botID, chatID, userID string) (Question, bool, error) {
	q := Question{BotID: botID, ChatID: chatID, UserID: userID}
	asked, err := one(tx, "read question", func(row scanner, asked *[]byte) error {
		var sealed []byte
		if err := row.Scan(&sealed, when(&q.Expires)); err != nil {
			return err
		}
		var err error
		*asked, err = tx.seals.Unseal(sealed, q.place())
		return err
	}, `SELECT sealed, expires_at FROM question WHERE bot_id = $1 AND chat_id = $2 AND user_id = $3 AND expires_at > $4`,
		botID, chatID, userID, ms(tx.Now()))
	if errors.Is(err, ErrNotFound) {
		return q, false, nil
	}
	q.Asked = asked
	return q, err == nil, err
}

// Ask notes what a person is being asked for in a chat, in place of what they were
// being asked before.
func (tx *Tx) Ask(q Question) error {
	sealed, err := tx.seals.Seal(q.Asked, q.place())
	if err != nil {
		return fmt.Errorf("seal question: %w", err)
	}
	return tx.run("write question", `INSERT INTO question (bot_id, chat_id, user_id, sealed, expires_at)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (bot_id, chat_id, user_id)
		DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at`,
		q.BotID, q.ChatID, q.UserID, sealed, ms(q.Expires))
}

// DropQuestion notes that a person is no longer being asked for anything in a chat.
func (tx *Tx) DropQuestion(botID, chatID, userID string) error {
	return tx.run("drop question", `DELETE FROM question WHERE bot_id = $1 AND chat_id = $2 AND user_id = $3`,
		botID, chatID, userID)
}

// ForgetQuestions forgets what has expired.
func (tx *Tx) ForgetQuestions() error {
	return tx.run("forget questions", `DELETE FROM question WHERE expires_at <= $1`, ms(tx.Now()))
}
