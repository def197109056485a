package bot

import (
	"context"
	"errors"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// Send is scheduler.Sender's: it finds a message's words and sends them to the first
// of the recipient's accounts that can be reached.
func (b *Bot) Send(ctx context.Context, c *store.Snapshot, m *store.Message, now time.Time) scheduler.Outcome {
	if m.Kind == store.KindAnnouncement {
		return b.sendAnnouncement(ctx, c, m, now)
	}
	said, err := Reminder(c, m, now)
	if err != nil {
		return failed(err)
	}
	return b.sendWords(ctx, m, said, now)
}

// sendWords sends a message to its group, or to the first of the recipient's accounts that
// can be reached.
func (b *Bot) sendWords(ctx context.Context, m *store.Message, said chat.Message, now time.Time) scheduler.Outcome {
	if m.GroupID != "" {
		return b.postWords(ctx, m, said, now)
	}
	accounts, err := b.accounts(ctx, m)
	if err != nil {
		return later(m, now, 0, err)
	}
	why := errors.New("no account")
	for i := range accounts {
		a := &accounts[i]
		h := b.handler(a.BotID)
		if h == nil {
			continue
		}
		// The id, since a key is unique in its cycle only; it stays when this is tried
		// again, and an edit that is sent anew has its own.
		ids, err := h.adapter.Send(ctx, a.ChatID, m.ID, said)
		if err == nil {
			return scheduler.Outcome{State: store.Sent, References: references(a, ids)}
		}
		var wait *chat.LaterError
		if errors.As(err, &wait) {
			return later(m, now, wait.Wait, wait)
		}
		why = err
		var unreachable *chat.UnreachableError
		if !errors.As(err, &unreachable) {
			break // another account's platform would refuse it as well
		}
		if err := b.unreachable(ctx, a, unreachable.Reason); err != nil {
			why = errors.Join(why, err)
		}
	}
	return failed(why)
}

func failed(err error) scheduler.Outcome {
	return scheduler.Outcome{State: store.Failed, Reason: err.Error()}
}

// accounts are the recipient's that can be reached, in the order in which they are tried.
// What is for one app goes to that alone.
func (b *Bot) accounts(ctx context.Context, m *store.Message) (reachable []store.Account, err error) {
	err = b.store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Accounts(m.PersonID)
		reachable = nil
		for _, a := range all {
			if a.Reachable && (m.Kind != store.KindApp || a.ID == m.Subject) {
				reachable = append(reachable, a)
			}
		}
		return err
	})
	return reachable, err
}

func (b *Bot) unreachable(ctx context.Context, a *store.Account, reason string) error {
	return b.store.Update(ctx, func(tx *store.Tx) error { return tx.SetReachable(a.ID, false, reason) })
}

func references(a *store.Account, ids []string) (all []store.Reference) {
	for _, id := range ids {
		all = append(all, store.Reference{BotID: a.BotID, ChatID: a.ChatID, RemoteID: id})
	}
	return all
}
