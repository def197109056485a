package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
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

// A keyed is a platform that takes a key once, as chat.Adapter has it.
type keyed struct {
	*hall
	taken map[string]chat.Text
}

func (k *keyed) Send(ctx context.Context, chatID, key string, m chat.Message) ([]string, error) {
	if was, known := k.taken[chatID+" "+key]; known {
		if was != m.Text {
			k.Errorf("%s never gets %q: it has the key of %q", chatID, m.Text.Plain(), was.Plain())
		}
		return []string{"known"}, nil
	}
	k.taken[chatID+" "+key] = m.Text
	return k.hall.Send(ctx, chatID, key, m)
}

// Two cycles may have sessions of one slug, this year's and the next one's.
func TestPlatformsAreGivenAKeyOnce(t *testing.T) {
	h := newHall(t).everyone().met()
	_, err := h.bot.Connect(t.Context(), "hall", "main", &keyed{h, map[string]chat.Text{}})
	must(err)
	h.do(func(tx *store.Tx) error {
		c := h.cycle
		c.ID, c.Slug, c.Title = "", "far", "Far cycle"
		must(tx.InsertCycle(&c))
		must(tx.PutMember(store.Member{CycleID: c.ID, PersonID: h.ids["mentor"], Role: store.Mentor}))
		must(tx.Join(c.ID, h.ids["mentor"]))
		return tx.InsertSession(&store.Session{CycleID: c.ID, Slug: "spring", Title: "Far session", At: store.NewDate(2027, 3, 4).At(10 * 60), Length: time.Hour})
	})
	for range 40 {
		h.later(12 * time.Hour)
	}
	heard := map[string]bool{}
	for _, m := range h.heard["mentor"] {
		for _, title := range []string{"Spring session", "Far session"} {
			heard[title] = heard[title] || strings.Contains(m.Text.Plain(), title)
		}
	}
	if len(heard) != 2 || !heard["Spring session"] || !heard["Far session"] {
		t.Errorf("the mentor hears of %v", heard)
	}
}

func TestAStatusThatCantBeEdited(t *testing.T) {
	h := newHall(t).everyone()
	status := h.sends("Hello")
	h.fixed["coordinator"] = errors.New("too old")
	h.hears("mentor").tap("I've read it")
	h.hearsNothing("coordinator") // nothing is sent anew for it
	status.tap("Refresh").says("read by 1.")
}
