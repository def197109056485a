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

// An Unsent is a set of requests whose replies were committed and not noted as sent.
type Unsent map[unsentKey]bool

type unsentKey struct{ botID, requestID string }

// Unsent returns those of the last day: before anything is handled, they are what a
// process that has died, or one that works beside this one, had no time to send. The clock
// may have been wrong when they were noted, or be so now.
func (b *Bot) Unsent(ctx context.Context) (Unsent, error) {
	all := Unsent{}
	for _, h := range b.connected() {
		unsent, err := h.unsent(ctx)
		if err != nil {
			return nil, err
		}
		for i := range unsent {
			all[unsentKey{h.id, unsent[i].RequestID}] = true
		}
	}
	return all, nil
}

// SendUnsent sends the replies of a set that still aren't noted as sent. Its error says
// which could not be sent yet: it is to be called again then. A reply whose sending was
// accepted while the process died is sent twice.
func (b *Bot) SendUnsent(ctx context.Context, which Unsent) error {
	var later []error
	for _, h := range b.connected() {
		later = append(later, h.sendUnsent(ctx, which))
	}
	return errors.Join(later...)
}

func (b *Bot) connected() (handlers []*handler) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, h := range b.handlers {
		handlers = append(handlers, h)
	}
	return handlers
}

func (h *handler) unsent(ctx context.Context) (unsent []store.Handled, err error) {
	err = h.store.View(ctx, func(tx *store.Tx) (err error) {
		unsent, err = tx.UnsentReplies(h.id, tx.Now().Add(-unsentLife))
		return err
	})
	return unsent, err
}

func (h *handler) sendUnsent(ctx context.Context, which Unsent) error {
	unsent, err := h.unsent(ctx)
	if err != nil {
		return err
	}
	var later []error
	for i := range unsent {
		if !which[unsentKey{h.id, unsent[i].RequestID}] {
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
