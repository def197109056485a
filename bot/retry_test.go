package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// What a platform can't take is tried again ever more seldom, not all at once, and never
// before the platform says.
func TestTriedAgainEverMoreSeldom(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/log today 60")
	var c *store.Snapshot
	var asked store.Message
	h.view(func(tx *store.Tx) (err error) {
		c, err = tx.Snapshot(h.cycle.ID)
		must(err)
		all, err := tx.Messages(store.MessageFilter{Kind: store.KindConfirm})
		asked = all[0]
		return err
	})
	h.blocked["mentor"] = &chat.LaterError{Cause: errors.New("down")}
	after := func(id string, attempts int) time.Duration {
		now := h.read()
		m := asked
		m.ID, m.Attempts = id, attempts
		out := h.bot.Send(context.Background(), c, &m, now)
		if out.State != store.Planned {
			t.Fatalf("it is %s: %s", out.State, out.Reason)
		}
		return out.Due.Sub(now)
	}
	for attempts, least := range map[int]time.Duration{1: time.Minute, 2: 2 * time.Minute, 3: 4 * time.Minute, 5: 16 * time.Minute, 50: 16 * time.Minute} {
		if got := after("a", attempts); got < least || got > least+least/5 {
			t.Errorf("after try %d it waits %v, not about %v", attempts, got, least)
		}
	}
	if after("a", 3) == after("b", 3) {
		t.Error("two messages come back at the same instant")
	}
	h.blocked["mentor"] = &chat.LaterError{Cause: errors.New("slow"), Wait: 4 * time.Second}
	if got := after("a", 4); got < 4*time.Second || got > 6*time.Second {
		t.Errorf("it waits %v, and the platform asked for 4 s", got)
	}
	h.blocked["mentor"] = &chat.LaterError{Cause: errors.New("slow"), Wait: time.Hour}
	if got := after("a", 1); got < time.Hour {
		t.Errorf("it waits %v, and the platform asked for an hour", got)
	}
}
