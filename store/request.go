package store

import (
	"errors"
	"fmt"
	"time"
)

// HandledFor is how long a request with an effect is remembered: longer than any
// platform repeats one, shorter than it takes for its ids to start anew.
const HandledFor = 48 * time.Hour

// A Handled is a request that had an effect, with the reply to it. It is written in
// the transaction of the effect, so that the request has it once, however often the
// platform repeats it.
type Handled struct {
	BotID, RequestID string // the platform's id of the request
	ChatID           string // where the reply goes
	Reply            []byte // sealed in the database; nil: it may have named somebody who was erased since
	Unsent           bool
	At               time.Time
}

// place is where the reply is sealed.
func (h *Handled) place() string { return "handled/" + h.BotID + "/" + h.RequestID }

func (tx *Tx) scanHandled(row scanner, h *Handled) error {
	var sealed []byte
	err := row.Scan(&h.BotID, &h.RequestID, &h.ChatID, &sealed, &h.Unsent, when(&h.At))
	if err != nil || len(sealed) == 0 {
		return err
	}
	h.Reply, err = tx.seals.Unseal(sealed, h.place())
	return err
}

const selectHandled = `SELECT bot_id, request_id, chat_id, sealed, unsent, handled_at FROM handled`

// Handled returns what was done for a request, and false if it wasn't handled, or had
// no effect.
func (tx *Tx) Handled(botID, requestID string) (Handled, bool, error) {
	h, err := one(tx, "read request", tx.scanHandled, selectHandled+` WHERE bot_id = $1 AND request_id = $2`,
		botID, requestID)
	if errors.Is(err, ErrNotFound) {
		return h, false, nil
	}
	return h, err == nil, err
}

// KeyFits reports whether the key is the one with which the latest reply was sealed that
// wasn't emptied, or, since these don't stay for long, the latest announcement; true as well
// where there is neither.
func (tx *Tx) KeyFits() (bool, error) {
	_, err := one(tx, "read latest reply", tx.scanHandled, selectHandled+` WHERE LENGTH(sealed) > 0 ORDER BY handled_at DESC LIMIT 1`)
	if errors.Is(err, ErrNotFound) {
		_, err = one(tx, "read latest announcement", tx.scanAnnouncement, selectAnnouncement+` ORDER BY due DESC LIMIT 1`)
	}
	switch {
	case errors.Is(err, ErrUnsealed):
		return false, nil
	case errors.Is(err, ErrNotFound):
		return true, nil
	}
	return err == nil, err
}

// NoteHandled notes that a request has been handled, now, with a reply that is still
// to be sent. ErrKnown: it was handled before.
func (tx *Tx) NoteHandled(h Handled) error {
	sealed, err := tx.seals.Seal(h.Reply, h.place())
	if err != nil {
		return fmt.Errorf("seal reply: %w", err)
	}
	return tx.write("insert request", ErrKnown, `INSERT INTO handled (bot_id, request_id, chat_id, sealed, unsent,
		handled_at) VALUES ($1, $2, $3, $4, TRUE, $5) ON CONFLICT DO NOTHING`,
		h.BotID, h.RequestID, h.ChatID, sealed, ms(tx.Now()))
}

// NoteReplySent notes that the reply to a request has been sent.
func (tx *Tx) NoteReplySent(botID, requestID string) error {
	return tx.run("note reply sent", `UPDATE handled SET unsent = FALSE WHERE bot_id = $1 AND request_id = $2`,
		botID, requestID)
}

// NoteReplyForgotten notes that the reply to a request has been sent, and forgets to
// which chat: of somebody whose data was erased.
func (tx *Tx) NoteReplyForgotten(botID, requestID string) error {
	return tx.run("forget chat of reply", `UPDATE handled SET unsent = FALSE, chat_id = ''
		WHERE bot_id = $1 AND request_id = $2`, botID, requestID)
}

// UnsentReplies returns the requests to a bot, handled at or after an instant, whose
// replies were never noted as sent, oldest first.
func (tx *Tx) UnsentReplies(botID string, since time.Time) ([]Handled, error) {
	return list(tx, "read unsent replies", tx.scanHandled,
		selectHandled+` WHERE unsent AND bot_id = $1 AND handled_at >= $2 ORDER BY handled_at, request_id`,
		botID, ms(since))
}

// ForgetHandled forgets requests handled more than HandledFor ago.
func (tx *Tx) ForgetHandled() error {
	return tx.run("forget requests", `DELETE FROM handled WHERE handled_at < $1`, ms(tx.Now().Add(-HandledFor)))
}
