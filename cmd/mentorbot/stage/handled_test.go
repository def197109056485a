package stage_test

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
)

// A countedHandler counts what was handled.
type countedHandler struct {
	chat.Handler
	n *atomic.Int64
}

// Handle is chat.Handler's.
func (h countedHandler) Handle(ctx context.Context, r chat.Request) (chat.Reply, error) {
	defer h.n.Add(1)
	return h.Handler.Handle(ctx, r)
}

// A handledPhone has what it does handled before it goes on, so that what follows from it is
// due when the clock turns.
type handledPhone struct {
	chattest.Phone
	handled *atomic.Int64
	asks    func() bool // reports whether the app asks for more first; nil: it never does
}

// Type is chattest.Phone's.
func (p handledPhone) Type(text string) error {
	return p.handles(func() error { return p.Phone.Type(text) })
}

// Tap is chattest.Phone's.
func (p handledPhone) Tap(label string) error {
	return p.handles(func() error { return p.Phone.Tap(label) })
}

// handles does something, as soon as what it takes is there, and waits until it was handled,
// or the app asks for more.
func (p handledPhone) handles(act func() error) error {
	deadline := time.Now().Add(15 * time.Second)
	before := p.handled.Load()
	for err := act(); err != nil; err = act() {
		if time.Now().After(deadline) {
			return err
		}
		time.Sleep(time.Millisecond)
	}
	for ; p.handled.Load() == before; time.Sleep(time.Millisecond) {
		if p.asks != nil && p.asks() {
			return nil
		}
		if time.Now().After(deadline) {
			return errors.New("it was never handled")
		}
	}
	return nil
}
