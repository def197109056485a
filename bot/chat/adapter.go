package chat

import (
	"context"
	"fmt"
	"time"
)

// An Adapter speaks with one platform as one bot.
type Adapter interface {
	// Run hands requests to h until ctx ends, and then returns nil. It answers them,
	// in order within a chat, and lives through whatever the network does; an error
	// means that it can't go on, and says what to change.
	Run(ctx context.Context, h Handler) error
	// Send sends a message to a chat and returns the platform's ids of it, several if
	// it was split. key names the message, and no other one ever: a platform that can tell
	// so takes a message with the same key once. Errors are a LaterError, an UnreachableError,
	// or say why the platform refuses the message for good.
	Send(ctx context.Context, chatID, key string, m Message) (ids []string, err error)
}

// An Editor is an Adapter that can change what was sent.
type Editor interface {
	// Edit puts m in the place of what was sent under ids, and returns the ids of
	// what stands there now. Its errors are those of Send.
	Edit(ctx context.Context, chatID string, ids []string, m Message) (now []string, err error)
}

// A Linker is an Adapter whose platform has addresses that begin a conversation.
type Linker interface {
	// Link returns the address that opens the bot's chat and hands it an
	// invitation's code; "" as long as the adapter doesn't know it.
	Link(code string) string
}

// A Menuer is an Adapter whose platform shows each person a menu of commands.
type Menuer interface {
	// OfferMenu has the menu in a user's private chat follow what Handler.Commands says of
	// them, soon, without a Reply that says so. It doesn't wait, and while Run doesn't, it does
	// nothing.
	OfferMenu(chatID, userID string)
}

// A Prober is an Adapter that knows how its connection fares.
type Prober interface {
	// Probe returns nil while the platform can be reached, else why it can't be. It
	// answers at once, and its error holds nothing of people and no secret.
	Probe() error
}

// A LaterError says that a message may be sent later: the platform is slow, down, or
// asks to wait.
type LaterError struct {
	Wait  time.Duration // at least; 0: as the caller sees fit
	Cause error
}

// Error says why.
func (e *LaterError) Error() string { return fmt.Sprintf("send later: %v", e.Cause) }

// Unwrap returns the cause.
func (e *LaterError) Unwrap() error { return e.Cause }

// An UnreachableError says that nothing can be sent to a chat until its person does
// something about it.
type UnreachableError struct {
	Reason string // one word: blocked, closed, left
}

// Error says why.
func (e *UnreachableError) Error() string { return "unreachable: " + e.Reason }
