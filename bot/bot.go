package bot

import (
	"context"
	"log/slog"
	"sync"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// Options tune a Bot; the zero value is good.
type Options struct {
	Log *slog.Logger // nil: discard
	// Wake is called after something was committed that may make a message due at
	// once; nil: nobody waits for it.
	Wake func()
	// FeedURL is the address at which the internet gets the calendar that has a token;
	// nil: it gets none, and nobody is offered one.
	FeedURL func(token string) string
}

// A Bot answers what people do in chats, and sends what the scheduler has for them.
type Bot struct {
	store *store.Store
	o     Options

	mu       sync.RWMutex
	handlers map[string]*handler // by the store's id of the bot
}

// New returns a Bot on a store.
func New(s *store.Store, o Options) *Bot {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Wake == nil {
		o.Wake = func() {}
	}
	return &Bot{store: s, o: o, handlers: map[string]*handler{}}
}

// Connect makes the Bot speak as one bot of a platform, through an adapter, and
// returns what answers the requests to it. name tells bots of one platform apart.
func (b *Bot) Connect(ctx context.Context, platform, name string, a chat.Adapter) (chat.Handler, error) {
	known := store.Bot{Platform: platform, Name: name}
	if err := b.store.Update(ctx, func(tx *store.Tx) error { return tx.PutBot(&known) }); err != nil {
		return nil, err
	}
	h := &handler{Bot: b, id: known.ID, adapter: a}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.handlers[known.ID] = h
	return h, nil
}

// handler returns who answers for a bot, or nil.
func (b *Bot) handler(id string) *handler {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.handlers[id]
}
