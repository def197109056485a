package playground

import (
	"context"
	"errors"
	"fmt"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// Send shows a message in the conversation of a chat, and everything else as
// [chat.Adapter] has it: a key that it knows does nothing.
func (p *Playground) Send(ctx context.Context, chatID, key string, m chat.Message) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, &chat.LaterError{Cause: err}
	}
	b := p.incoming(m)
	id, err := p.book.post(record{
		Chat: chatID, Key: key, Bubble: b, News: newsOf(b, got, b.Message.Text.Plain()),
	})
	if err != nil {
		return nil, &chat.LaterError{Cause: fmt.Errorf("send to the page: %w", err)}
	}
	return []string{id}, nil
}

// Edit puts a message in the place of another.
func (p *Playground) Edit(ctx context.Context, chatID string, ids []string, m chat.Message) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, &chat.LaterError{Cause: err}
	}
	if len(ids) == 0 {
		return nil, errors.New("edit on the page: no message is named")
	}
	b := p.incoming(m)
	b.ID = ids[0]
	err := p.book.replace(record{Chat: chatID, Bubble: b, News: newsOf(b, changed, b.Message.Text.Plain())})
	switch {
	case errors.Is(err, errNoBubble):
		return nil, fmt.Errorf("edit on the page: %w", err)
	case err != nil:
		return nil, &chat.LaterError{Cause: fmt.Errorf("edit on the page: %w", err)}
	}
	return ids[:1], nil
}

// incoming returns a message as a new bubble that has just arrived.
func (p *Playground) incoming(m chat.Message) *bubble {
	return &bubble{ID: newID(), At: p.o.Stage.Now(), Message: m}
}
