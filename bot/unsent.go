package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// unsentLife is how long a reply is worth sending: who asked has found out otherwise by
// then.
const unsentLife = 24 * time.Hour

// SendUnsent sends the replies that were committed before an instant, in the last day,
// and not sent, since a process died: the instant is when this one started. Its error
// says which could not be sent yet: it is to be called again then. A reply whose sending
// was accepted while the process died is sent twice.
func (b *Bot) SendUnsent(ctx context.Context, before time.Time) error {
	b.mu.RLock()
	var handlers []*handler
	for _, h := range b.handlers {
		handlers = append(handlers, h)
	}
	b.mu.RUnlock()
	var later []error
	for _, h := range handlers {
		later = append(later, h.sendUnsent(ctx, before))
	}
	return errors.Join(later...)
}

func (h *handler) sendUnsent(ctx context.Context, before time.Time) error {
	var unsent []store.Handled
	err := h.store.View(ctx, func(tx *store.Tx) (err error) {
		unsent, err = tx.UnsentReplies(h.id, tx.Now().Add(-unsentLife))
		return err
	})
	if err != nil {
		return err
	}
	var later []error
	for i := range unsent {
		if !unsent[i].At.Before(before) {
			continue // it is being answered
		}
		if err := h.sendReply(ctx, &unsent[i]); err != nil {
			later = append(later, fmt.Errorf("send the reply to request %s: %w", unsent[i].RequestID, err))
		}
	}
	return errors.Join(later...)
}

// sendReply sends one reply and notes that. What the platform refuses for good is noted
// as well: trying again would not help.
func (h *handler) sendReply(ctx context.Context, u *store.Handled) error {
	was, err := readNoted(u)
	if err != nil {
		return err
	}
	if u.ChatID != "" && (was.Text != "" || len(was.Files) > 0) {
		_, err = h.adapter.Send(ctx, u.ChatID, "reply/"+u.RequestID, was.Message)
		var wait *chat.LaterError
		if errors.As(err, &wait) || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		if err != nil {
			h.o.Log.Warn("a reply can't be sent", "request", u.RequestID, "cause", err)
		}
	}
	return h.Sent(ctx, u.RequestID)
}

// Tidy forgets what is no longer needed: requests that no platform repeats any more,
// questions that have expired, wrong tries that no longer count.
func (b *Bot) Tidy(ctx context.Context) error {
	return b.store.Update(ctx, func(tx *store.Tx) error {
		return errors.Join(tx.ForgetHandled(), tx.ForgetQuestions(), tx.ForgetWrongTries(tx.Now().Add(-wrongFor)))
	})
}
