package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// A handler answers requests to one bot.
type handler struct {
	*Bot
	id      string // the store's, of the bot
	adapter chat.Adapter
}

// patience is how long a request may take, its turn in the database included.
const patience = 10 * time.Second

var (
	// errWrites says that a request which was taken for a mere look wants to write.
	errWrites = errors.New("the request wants to write")
	// errTooLong says that a reply is longer than platforms take.
	errTooLong = errors.New("the reply is too long")
	// errGivenUp says that a request was refused: there is a reply, and nothing that
	// was written meanwhile may stay.
	errGivenUp = errors.New("the request was refused")
)

// Handle is chat.Handler's. A panic is answered with an apology, and did nothing.
func (h *handler) Handle(ctx context.Context, r chat.Request) (reply chat.Reply, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			h.o.Log.Error("request panicked", "request", r.ID, "cause", harmless(cause), "stack", string(debug.Stack()))
			reply, err = h.apology(&r), nil
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for _, size := range sizes {
		reply, err = h.attempt(ctx, &r, size)
		if !errors.Is(err, errTooLong) {
			return reply, err
		}
	}
	return reply, err
}

// harmless tells of a panic what can have nothing personal in it.
func harmless(cause any) string {
	if err, ok := cause.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", cause)
}

// attempt answers a request in one transaction: one that only reads, unless that
// isn't enough.
func (h *handler) attempt(ctx context.Context, r *chat.Request, size size) (reply chat.Reply, err error) {
	var t *turn
	in := func(tx *store.Tx, writable bool) (err error) {
		t = newTurn(h, tx, r, size, writable)
		reply, err = t.answer()
		return err
	}
	err = errWrites
	if !acts(r) {
		err = h.store.View(ctx, func(tx *store.Tx) error { return in(tx, false) })
	}
	if errors.Is(err, errWrites) {
		err = h.store.Update(ctx, func(tx *store.Tx) error { return in(tx, true) })
	}
	switch {
	case errors.Is(err, errGivenUp):
		return reply, nil
	case err == nil && t.wakes:
		h.o.Wake()
	}
	if err == nil {
		h.offerMenus(t.menus)
	}
	return reply, err
}

func (h *handler) apology(r *chat.Request) chat.Reply {
	s := newSpeech(&store.Snapshot{}, &store.Person{Language: r.Language}, time.Time{}, sizes[0])
	way := s.button("help", "help")
	if r.Group {
		way = s.ownChat()
	}
	return chat.Reply{Message: chat.Message{Text: s.text("sorry.broken", nil), Buttons: []chat.Button{way}}}
}

// Sent is chat.Handler's.
func (h *handler) Sent(ctx context.Context, requestID string) error {
	sent, forget := false, false
	err := h.store.View(ctx, func(tx *store.Tx) error {
		handled, ok, err := tx.Handled(h.id, requestID)
		if sent = !ok || !handled.Unsent; sent || err != nil {
			return err
		}
		was, err := readNoted(&handled)
		forget = was.Forget
		return err
	})
	if err != nil || sent {
		return err
	}
	return h.store.Update(ctx, func(tx *store.Tx) error {
		if forget {
			return tx.NoteReplyForgotten(h.id, requestID)
		}
		return tx.NoteReplySent(h.id, requestID)
	})
}

// Commands is chat.Handler's.
func (h *handler) Commands(ctx context.Context, userID, language string) (list []chat.Command, err error) {
	r := &chat.Request{UserID: userID, ChatID: userID, Language: language}
	err = h.store.View(ctx, func(tx *store.Tx) error {
		t := newTurn(h, tx, r, sizes[0], false)
		if err := t.identify(); err != nil {
			return err
		}
		list = t.menu()
		return t.err
	})
	return list, err
}

// Suggest is chat.Handler's.
func (h *handler) Suggest(ctx context.Context, r chat.Request, option, typed string) (choices []chat.Choice, err error) {
	err = h.store.View(ctx, func(tx *store.Tx) error {
		t := newTurn(h, tx, &r, sizes[0], false)
		if err := t.identify(); err != nil {
			return err
		}
		choices, err = t.suggest(option, typed)
		return err
	})
	return choices, err
}

// handled returns the reply to a request that had its effect before.
func (t *turn) handled() (reply chat.Reply, ok bool, err error) {
	was, ok, err := t.tx.Handled(t.h.id, t.request.ID)
	if err != nil || !ok {
		return reply, false, err
	}
	if was.Reply == nil {
		t.say("change.done-already", nil, t.button("help", "help"))
		t.public()
		t.reply.Kept = true
		return t.reply, true, t.err
	}
	n, err := readNoted(&was)
	n.Kept = true
	return n.Reply, err == nil, err
}

// What is noted of a request is its reply, and whether its chat is to be forgotten.
type noted struct {
	chat.Reply
	Forget bool `json:",omitempty"`
}

// readNoted reads what is noted of a request. Of a reply that was emptied, since it may have
// named somebody who was erased, nothing is left.
func readNoted(h *store.Handled) (n noted, err error) {
	if h.Reply == nil {
		return n, nil
	}
	if err := json.Unmarshal(h.Reply, &n); err != nil {
		return n, fmt.Errorf("read the reply to a request: %w", err)
	}
	return n, nil
}

// note keeps the reply to a request that had an effect.
func (t *turn) note(reply chat.Reply) error {
	kept, err := json.Marshal(noted{reply, t.forget})
	if err != nil {
		return fmt.Errorf("keep the reply to a request: %w", err)
	}
	return t.tx.NoteHandled(store.Handled{
		BotID: t.h.id, RequestID: t.request.ID, ChatID: t.request.ChatID, Reply: kept,
	})
}
