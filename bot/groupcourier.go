package bot

import (
	"context"
	"errors"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// postWords sends a message to its group. If that can't be reached it isn't tried again
// until it can, and the coordinators are told.
func (b *Bot) postWords(ctx context.Context, m *store.Message, said chat.Message, now time.Time) scheduler.Outcome {
	g, err := b.group(ctx, m.GroupID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return scheduler.Outcome{State: store.Withdrawn, Reason: "not a group of the cycle any more"}
	case err != nil:
		return later(m, now, 0, err)
	case !g.Reachable:
		return failed(&chat.UnreachableError{Reason: g.Reason})
	}
	h := b.handler(g.BotID)
	if h == nil {
		return failed(errors.New("the group's bot isn't connected"))
	}
	ids, err := h.adapter.Send(ctx, g.ChatID, m.ID, said)
	var wait *chat.LaterError
	var unreachable *chat.UnreachableError
	switch {
	case errors.As(err, &wait):
		return later(m, now, wait.Wait, wait)
	case errors.As(err, &unreachable):
		return failed(errors.Join(unreachable, b.loseGroup(ctx, &g, unreachable.Reason)))
	case err != nil:
		return failed(err)
	}
	if is, err := b.group(ctx, m.GroupID); err == nil {
		g = is // it may have moved meanwhile
	}
	at := store.Account{BotID: g.BotID, ChatID: g.ChatID}
	return scheduler.Outcome{State: store.Sent, References: references(&at, ids)}
}

func (b *Bot) group(ctx context.Context, id string) (g store.Group, err error) {
	err = b.store.View(ctx, func(tx *store.Tx) error {
		g, err = tx.Group(id)
		return err
	})
	return g, err
}

func (b *Bot) loseGroup(ctx context.Context, g *store.Group, reason string) error {
	return b.store.Update(ctx, func(tx *store.Tx) error {
		_, err := loseGroup(tx, g, reason)
		return err
	})
}
