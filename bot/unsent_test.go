package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// logsAndDies logs a meeting whose reply the process has no time to send.
func (h *hall) logsAndDies(id string) {
	h.Helper()
	_, err := h.handler.Handle(context.Background(), chat.Request{ID: id, UserID: "mentee", ChatID: "mentee", Text: "/log " + map[string]string{"1": "today", "2": "yesterday"}[id] + " 60"})
	must(err)
}

// isUnsent reports whether the reply to a request isn't noted as sent.
func (h *hall) isUnsent(id string) (unsent bool) {
	h.Helper()
	h.view(func(tx *store.Tx) error {
		bots, err := tx.Bots()
		must(err)
		handled, ok, err := tx.Handled(bots[0].ID, id)
		if !ok {
			h.Errorf("request %s wasn't handled", id)
		}
		unsent = handled.Unsent
		return err
	})
	return unsent
}

// unsent are the replies that aren't noted as sent.
func (h *hall) unsent() bot.Unsent {
	h.Helper()
	all, err := h.bot.Unsent(context.Background())
	must(err)
	return all
}

// answered has all that was replied so far noted as sent, in a hall where nobody does so.
func (h *hall) answered() *hall {
	h.Helper()
	must(h.bot.SendUnsent(context.Background(), h.unsent()))
	h.later(time.Minute)
	return h.forgets()
}

// A reply that a process had no time to send is sent once by the next, when the platform
// takes it, whatever the clock shows by then; those that are being sent are left alone.
func TestUnsentRepliesAreSent(t *testing.T) {
	h := newHall(t).everyone().answered()
	before := h.unsent()
	h.logsAndDies("1")
	if must(h.bot.SendUnsent(context.Background(), before)); !h.isUnsent("1") {
		t.Error("a reply that is being sent was taken for unsent")
	}
	h.later(-time.Hour)
	h.blocked["mentee"] = &chat.LaterError{Cause: errors.New("down")}
	after := h.unsent()
	if err := h.bot.SendUnsent(context.Background(), after); err == nil || !h.isUnsent("1") {
		t.Errorf("it couldn't be sent: %v", err)
	}
	delete(h.blocked, "mentee")
	for range 2 {
		must(h.bot.SendUnsent(context.Background(), after))
	}
	h.hears("mentee", "Meeting 1 of 6 logged")
	h.hearsNothing("mentee")
	if h.isUnsent("1") {
		t.Error("it was sent, and is unsent still")
	}
}

// Of a reply that was emptied by somebody's erasure nothing is sent, and it counts as sent,
// by whoever says so.
func TestEmptiedRepliesAreSettled(t *testing.T) {
	h := newHall(t).everyone().answered()
	h.logsAndDies("1")
	h.later(time.Minute)
	h.logsAndDies("2")
	h.erases("other")
	h.forgets()
	must(h.handler.Sent(context.Background(), "1"))
	must(h.bot.SendUnsent(context.Background(), h.unsent()))
	if h.isUnsent("1") || h.isUnsent("2") {
		t.Error("an emptied reply is unsent for ever")
	}
	h.hearsNothing("mentee")
}
