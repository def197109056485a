package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Claim gives owner at most limit messages that are due at now, on the cycle's
// clock, and that nobody else holds, those due first first, and of these those put
// first; each has its attempts raised. Nobody else is given them until the lease ends, by
// the database's own clock, or the owner settles or releases them. Different owners claim
// side by side.
func (s *Store) Claim(ctx context.Context, owner string, now time.Time, lease time.Duration, limit int) ([]Message, error) {
	// The rows to claim are picked once: as a plain subquery PostgreSQL may run the
	// SELECT again for each row, and each time it skips what is locked by now and
	// so finds others, far beyond the limit.
	var claimed []Message
	err := s.claiming(ctx, func(tx *Tx) (err error) {
		free := waits + ` AND lease_until < ` + tx.clock()
		claimed, err = list(tx, "claim messages", scanMessage, `WITH picked AS MATERIALIZED
			(SELECT id FROM message WHERE due <= $3 AND `+free+` ORDER BY due, put, key LIMIT $4 `+tx.skipLocked()+`)
			UPDATE message SET lease_owner = $1, lease_until = `+tx.clock()+` + $2, attempts = attempts + 1
			WHERE id IN (SELECT id FROM picked) AND `+free+` RETURNING `+messageColumns,
			owner, lease.Milliseconds(), ms(now), limit)
		return err
	})
	sortMessages(claimed)
	return claimed, err
}

// A Settlement says what became of a claimed message.
type Settlement struct {
	MessageID string
	State     MessageState // Planned: it is due again, later
	Reason    string
	At        time.Time // when it was sent, withdrawn, …; with Planned unused
	Due       time.Time // with Planned: when it is due again
	// References are the platform's ids of what was sent, in order; their MessageID
	// and Number are set here.
	References []Reference
}

// Settle writes what became of messages that owner has claimed, and reports for each
// whether owner still held it: one that was claimed by another since, its lease
// having ended, or settled, stays as it is. A pace reminder that was not sent touches
// its cycle, whose plan had counted on it, and an announcement has its status told anew.
func (s *Store) Settle(ctx context.Context, owner string, settlements []Settlement) (held []bool, err error) {
	// Always in the same order, so that transactions don't wait for one another in
	// a ring.
	order := make([]int, len(settlements))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Compare(settlements[a].MessageID, settlements[b].MessageID)
	})
	err = s.claiming(ctx, func(tx *Tx) error {
		held = make([]bool, len(settlements))
		touched := map[string]bool{}
		for _, i := range order {
			m, err := tx.settle(owner, &settlements[i])
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			held[i] = true
			if m.Kind == KindPace && settlements[i].State != Sent {
				touched[m.CycleID] = true
			}
			if err := tx.settled(&m, &settlements[i]); err != nil {
				return err
			}
		}
		for _, cycleID := range slices.Sorted(maps.Keys(touched)) {
			if err := tx.Touch(cycleID); err != nil {
				return err
			}
		}
		return nil
	})
	return held, err
}

// settle settles one message and returns what it is about.
func (tx *Tx) settle(owner string, s *Settlement) (m Message, err error) {
	const about = ` RETURNING cycle_id, kind, subject, ahead`
	scan := func(row scanner, m *Message) error { return row.Scan(&m.CycleID, &m.Kind, &m.Subject, &m.Offset) }
	if s.State == Planned {
		return one(tx, "put off message", scan, `UPDATE message SET due = $1, reason = $2, lease_owner = '',
			lease_until = 0 WHERE id = $3 AND lease_owner = $4 AND state = 'planned'`+about,
			ms(s.Due), clean(s.Reason), s.MessageID, owner)
	}
	m, err = one(tx, "settle message", scan, `UPDATE message SET state = $1, reason = $2, settled_at = $3,
		lease_owner = '', lease_until = 0 WHERE id = $4 AND lease_owner = $5 AND state = 'planned'`+about,
		s.State, clean(s.Reason), ms(s.At), s.MessageID, owner)
	if err != nil {
		return m, err
	}
	return m, tx.addReferences(s.MessageID, s.References)
}

// Release gives back what owner has claimed and not settled, and returns how many
// messages that were.
func (s *Store) Release(ctx context.Context, owner string) (released int, err error) {
	return s.release(ctx, `lease_owner = $1`, owner)
}

// ReleaseAll gives back what anybody has claimed and not settled, and returns how
// many messages that were: for the start of the only process that sends.
func (s *Store) ReleaseAll(ctx context.Context) (released int, err error) {
	return s.release(ctx, `lease_owner <> ''`)
}

func (s *Store) release(ctx context.Context, where string, args ...any) (released int, err error) {
	err = s.claiming(ctx, func(tx *Tx) error {
		n, err := tx.exec(`UPDATE message SET lease_owner = '', lease_until = 0 WHERE state = 'planned' AND `+where,
			args...)
		if err != nil {
			return fmt.Errorf("release messages: %w", err)
		}
		released = int(n)
		return nil
	})
	return released, err
}
