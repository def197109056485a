package wire

import (
	"context"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// Sleep waits, or returns a LaterError when ctx ends.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &chat.LaterError{Cause: ctx.Err()}
	}
}

// replyFirst is how long a message waits for replies in its chat.
const replyFirst = 2 * time.Second

// LetReply lets what is asked in a chat just now be answered first, for a while: a message
// may follow from it, and would come before its answer. lines are those of requests, and
// then those of replies.
func LetReply[K comparable](ctx context.Context, chat K, lines ...*Lines[K]) {
	timer := time.NewTimer(replyFirst)
	defer timer.Stop()
	for _, l := range lines {
		free := l.Free(chat)
		if free == nil {
			continue
		}
		select {
		case <-free:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}
