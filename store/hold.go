package store

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// A Hold is the span of time of which nobody knows what went out in it, since the database
// is that of its beginning. What was due in it is held until a coordinator decides.
type Hold struct {
	From time.Time // the instant of the backup; zero: nothing is held
	To   time.Time // the first start after the restore; zero: there was none yet
}

// Opens reports whether the hold waits for the first start, which gathers what was due.
func (h Hold) Opens() bool { return !h.From.IsZero() && h.To.IsZero() }

// HoldSince marks the database as being that of an instant in the past, after another
// has gone on from there: of everything that it would send nobody knows whether it went
// out. It waits until [Tx.CloseHold] lets go what wasn't due yet. Replies that weren't
// sent are taken for sent.
func (s *Store) HoldSince(ctx context.Context, at time.Time) error {
	return s.Update(ctx, func(tx *Tx) error { return tx.HoldSince(at) })
}

// HoldSince does so in a transaction.
func (tx *Tx) HoldSince(at time.Time) error {
	err := tx.run("hold cycles", `UPDATE cycle SET version = version + 1, next_due = 0, held_to = 0,
		held_from = CASE WHEN held_from > 0 AND held_from < $1 THEN held_from ELSE $1 END`, ms(at))
	if err != nil {
		return err
	}
	err = tx.run("hold messages", `UPDATE message SET held = TRUE, lease_owner = '', lease_until = 0 WHERE state = 'planned'`)
	if err != nil {
		return err
	}
	return tx.run("take replies for sent", `UPDATE handled SET unsent = FALSE WHERE unsent`)
}

// CloseHold ends the gathering of a cycle's hold: it lets go what is due after an instant,
// and returns how many messages stay held. Where none does, the hold is over.
func (tx *Tx) CloseHold(cycleID string, to time.Time) (held int, err error) {
	err = tx.run("let messages go", `UPDATE message SET held = FALSE WHERE held AND cycle_id = $1 AND due > $2`, cycleID, ms(to))
	if err != nil {
		return 0, err
	}
	held, err = one(tx, "count held messages", column[int], `SELECT COUNT(*) FROM message WHERE held AND cycle_id = $1`, cycleID)
	if err != nil {
		return 0, err
	}
	if held == 0 {
		return 0, tx.endHold(cycleID)
	}
	err = tx.run("close hold", `UPDATE cycle SET held_to = $1 WHERE id = $2`, ms(to), cycleID)
	if err != nil {
		return 0, err
	}
	return held, tx.Touch(cycleID)
}

func (tx *Tx) endHold(cycleID string) error {
	err := tx.run("end hold", `UPDATE cycle SET held_from = 0, held_to = 0 WHERE id = $1`, cycleID)
	if err != nil {
		return err
	}
	return tx.Touch(cycleID)
}

// SendHeld lets what is held in a cycle go out, as far as it still makes sense, and
// returns how many messages that were.
func (tx *Tx) SendHeld(cycleID string) (n int, err error) {
	affected, err := tx.exec(`UPDATE message SET held = FALSE WHERE held AND cycle_id = $1`, cycleID)
	if err != nil {
		return 0, fmt.Errorf("send held messages: %w", err)
	}
	return int(affected), tx.endHold(cycleID)
}

// heldBack is why a message is taken for sent.
const heldBack = "held after a restore, and taken for sent before it"

// DropHeld takes what is held in a cycle for sent when it was due, and returns how many
// messages that were.
func (tx *Tx) DropHeld(cycleID string) (n int, err error) {
	held, err := tx.Messages(MessageFilter{CycleID: cycleID, State: OnHold})
	if err != nil {
		return 0, err
	}
	err = tx.run("drop held messages", `UPDATE message SET held = FALSE, state = 'sent', settled_at = due, reason = $1
		WHERE held AND cycle_id = $2`, heldBack, cycleID)
	if err != nil {
		return 0, err
	}
	var announcements []string
	for i := range held {
		if m := &held[i]; m.Kind == KindAnnouncement && !slices.Contains(announcements, m.Subject) {
			announcements = append(announcements, m.Subject)
		}
	}
	for _, id := range announcements {
		if err := tx.TellStatus(cycleID, id); err != nil {
			return 0, err
		}
	}
	return len(held), tx.endHold(cycleID)
}
