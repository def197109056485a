package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A plain adapter sends, and that is all.
type plain struct{ hall *hall }

func (p plain) Run(context.Context, chat.Handler) error { return nil }

func (p plain) Send(ctx context.Context, chatID, key string, m chat.Message) ([]string, error) {
	return p.hall.Send(ctx, chatID, key, m)
}

// A restless adapter splits what it sends, and splits it anew with each edit: it edits
// only what stands.
type restless struct {
	plainly
	stands map[string][]string // by chat
}

type plainly interface{ chat.Adapter }

func (r *restless) Send(ctx context.Context, chatID, key string, m chat.Message) ([]string, error) {
	_, err := r.plainly.Send(ctx, chatID, key, m)
	r.stands[chatID] = []string{key + "/1", key + "/2"}
	return r.stands[chatID], err
}

func (r *restless) Edit(_ context.Context, chatID string, ids []string, m chat.Message) ([]string, error) {
	if !slices.Equal(r.stands[chatID], ids) {
		return nil, fmt.Errorf("%v stand there, not %v", r.stands[chatID], ids)
	}
	r.stands[chatID] = append(ids[:1:1], ids[0]+"'")[len(ids)%2:]
	return r.stands[chatID], nil
}

// joinsBy has somebody join in an app of their own.
func (h *hall) joinsBy(platform string, a chat.Adapter, who string) {
	h.Helper()
	handler, err := h.bot.Connect(h.Context(), platform, "main", a)
	if err != nil {
		h.Fatal(err)
	}
	_, err = handler.Handle(h.Context(), chat.Request{ID: platform, UserID: who, ChatID: who, Text: "/start " + h.invite(who), Language: "en"})
	if err != nil {
		h.Fatal(err)
	}
	h.tick()
	clear(h.heard)
}

func TestCorrectingWhereNothingCanBeEdited(t *testing.T) {
	h := newHall(t)
	h.joins("coordinator")
	h.joinsBy("plain", plain{h}, "mentee")
	r := &restless{plainly: plain{h}, stands: map[string][]string{}}
	h.joinsBy("restless", r, "mentor")
	status := h.sends("At six.")
	h.hears("mentee", "At six.")
	h.hears("mentor", "At six.")
	for _, text := range []string{"At seven.", "At eight.", "At nine."} {
		status.tap("Correct the text")
		h.types("coordinator", text).tap("Correct it for everybody")
		h.hears("mentee", "Vesna has corrected a message that you have.", text)
		h.hearsNothing("mentor") // it was edited, whatever stood there
	}
	status.tap("Withdraw").tap("Withdraw")
	h.hears("mentee", "The message from Vesna of Wednesday 10 February was withdrawn")
	h.hearsNothing("mentor")
	h.sees("coordinator", "It's gone from 2 of 2 chats.")
}

func TestAStatusThatCantBeEdited(t *testing.T) {
	h := newHall(t).everyone()
	status := h.sends("Hello")
	h.fixed["coordinator"] = errors.New("too old")
	h.hears("mentor").tap("I've read it")
	h.hearsNothing("coordinator") // nothing is sent anew for it
	status.tap("Refresh").says("read by 1.")
}
