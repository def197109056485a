package scheduler

import (
	"context"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// wordLife is how long it is worth saying that the system was restored.
const wordLife = 30 * 24 * time.Hour

// hold gathers, at the first start after a restore, what a cycle would have sent since the
// backup: whoever went on from there may have sent it, so it is held for the coordinators'
// word. What follows from it is found when the cycle is planned again, which it is until
// there is nothing more: then they are told.
func (s *Scheduler) hold(ctx context.Context, c *store.Snapshot, now time.Time) error {
	from := earliest(c.Cycle.Hold.From, now)
	agenda := Plan(c, from, now)
	holdBack(agenda.Messages, now)
	return s.store.Update(ctx, func(tx *store.Tx) error {
		version, err := tx.Version(c.Cycle.ID)
		if err != nil || version != c.Cycle.Version {
			return err
		}
		inserted, err := tx.Enqueue(agenda.Messages)
		if err != nil || inserted > 0 {
			return err
		}
		if announced(c, now) {
			if err := tx.MarkAnnounced(c.Cycle.ID, now); err != nil {
				return err
			}
		}
		held, err := tx.CloseHold(c.Cycle.ID, now)
		if err != nil {
			return err
		}
		_, err = tx.Enqueue(wordOfRestore(c, held, now))
		return err
	})
}

// holdBack holds what is due until an instant.
func holdBack(messages []store.Message, until time.Time) {
	for i := range messages {
		if m := &messages[i]; m.State == store.Planned && !m.Due.After(until) {
			m.State = store.OnHold
		}
	}
}

// wordOfRestore tells each coordinator, at once, that the system was restored: unless the
// cycle is over and nothing of it is held.
func wordOfRestore(c *store.Snapshot, held int, now time.Time) (all []store.Message) {
	over := !now.Before((c.Cycle.Ends + 1).Midnight(c.Cycle.Location()))
	if over && held == 0 {
		return nil
	}
	for i := range c.Members {
		r, ok := recipientOf(c, &c.Members[i])
		if !ok || r.member.Role != store.Coordinator {
			continue
		}
		asOf := c.Cycle.Hold.From.UTC().Format(time.RFC3339Nano)
		offset := now.UTC().Format(time.RFC3339Nano) // a backup may be restored more than once
		all = append(all, store.Message{
			CycleID: c.Cycle.ID, Kind: store.KindRestored, Subject: c.Cycle.Slug, Occurrence: asOf, Offset: offset,
			Key:      Key(store.KindRestored, c.Cycle.Slug, asOf, offset, r.person.Slug),
			PersonID: r.person.ID, Due: now, Until: now.Add(wordLife),
		})
	}
	return all
}
