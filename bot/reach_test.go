package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// change tells the bot what became of a chat, twice, as a platform may.
func (h *hall) change(c chat.Change) {
	h.Helper()
	for range 2 {
		if err := h.handler.Changed(h.Context(), c); err != nil {
			h.Fatalf("%+v: %v", c, err)
		}
		h.tick()
	}
}

func TestAGroupThatIsLost(t *testing.T) {
	h := newHall(t).everyone().linked()
	h.change(chat.Change{Kind: chat.Closed, ChatID: "other", Reason: "left"}) // which is no group
	h.hearsNothing("coordinator")
	h.change(chat.Change{Kind: chat.Closed, ChatID: "crowd", Reason: "left"})
	lost := h.hears("coordinator", "I can't post in All of us any more", "Add me to the group again").buttons("Groups", "Stop posting there")
	h.hearsNothing("mentee")
	h.hearsNothing("coordinator") // a second time
	h.until("2027-02-25 19:00")
	h.hearsNothing("crowd")
	h.change(chat.Change{Kind: chat.Opened, ChatID: "crowd"})
	if g := h.group(); !g.Reachable || g.Reason != "" {
		t.Errorf("opened again, it is %+v", g)
	}
	h.hearsNothing("crowd") // nothing is made up for
	h.until("2027-03-03 18:00")
	h.hears("crowd", "Spring session")
	lost.tap("Stop posting there").says("I don't post in All of us any more")
	lost.tap("Stop posting there").says("too old")
}

func TestWhoeverIsBackAtOnceIsNotMissed(t *testing.T) {
	h := newHall(t).everyone().linked()
	h.until("2027-02-13 23:00") // in the coordinators' quiet hours
	clear(h.heard)
	h.change(chat.Change{Kind: chat.Closed, ChatID: "crowd", Reason: "left"})
	h.change(chat.Change{Kind: chat.Opened, ChatID: "crowd"})
	h.until("2027-02-14 12:00")
	for _, m := range h.heard["coordinator"] {
		if strings.Contains(m.Text.Plain(), "All of us") {
			t.Errorf("the coordinator hears %q", m.Text.Plain())
		}
	}
}

func TestAGroupThatRefusesWhatIsPosted(t *testing.T) {
	h := newHall(t).everyone().linked()
	h.blocked["crowd"] = &chat.UnreachableError{Reason: "left"}
	h.writes("At six.").tap("Send now")
	heard := 0
	for _, m := range h.heard["coordinator"] {
		if strings.Contains(m.Text.Plain(), "I can't post in All of us any more") {
			heard++
		}
	}
	if g := h.group(); heard != 1 || g.Reachable || g.Reason != "left" {
		t.Errorf("the coordinators hear of it %d times, it is %+v", heard, g)
	}
	h.taps("coordinator", "announcement "+h.announced()).says("could not be posted in All of us")
	clear(h.heard)
	h.blocked["crowd"] = nil
	h.sends("At seven.")
	h.hearsNothing("crowd") // until it is opened again
	h.change(chat.Change{Kind: chat.Opened, ChatID: "crowd"})
	h.sends("At eight.")
	h.hears("crowd", "At eight.")
}

// What was claimed before its group was lost isn't tried.
func TestAGroupThatIsLostMeanwhile(t *testing.T) {
	h := newHall(t).everyone().linked()
	var before *store.Snapshot
	h.view(func(tx *store.Tx) (err error) {
		before, err = tx.Snapshot(h.cycle.ID)
		return err
	})
	m := store.Message{ID: "m", CycleID: h.cycle.ID, Kind: store.KindSession, Subject: "spring", Occurrence: "1", Offset: "7d", GroupID: h.group().ID}
	h.change(chat.Change{Kind: chat.Closed, ChatID: "crowd", Reason: "left"})
	if out := h.bot.Send(t.Context(), before, &m, h.read()); out.State != store.Failed || out.Reason != "unreachable: left" {
		t.Errorf("sent while it is lost, the outcome is %+v", out)
	}
	h.do(func(tx *store.Tx) error { return tx.UnlinkGroup(m.GroupID) })
	if out := h.bot.Send(t.Context(), before, &m, h.read()); out.State != store.Withdrawn {
		t.Errorf("sent while it is none, the outcome is %+v", out)
	}
	h.hearsNothing("crowd")
}

func TestAGroupThatIsSlow(t *testing.T) {
	h := newHall(t).everyone().linked()
	h.blocked["crowd"] = &chat.LaterError{Wait: time.Minute, Cause: errors.New("too fast")}
	h.sends("At six.")
	h.hearsNothing("crowd")
	h.blocked["crowd"] = nil
	h.later(2 * time.Minute)
	h.hears("crowd", "At six.")
	h.later(time.Hour)
	h.hearsNothing("crowd") // once is enough
}

func TestAGroupThatMoves(t *testing.T) {
	h := newHall(t).everyone().linked()
	h.sends("At six.")
	h.hears("crowd", "At six.")
	h.change(chat.Change{Kind: chat.Moved, ChatID: "crowd", To: "supercrowd"})
	h.taps("coordinator", "correct "+h.announced()+" At seven.").tap("Correct it for everybody")
	if len(h.edited["crowd"]) > 0 || len(h.edited["supercrowd"]) != 1 {
		t.Errorf("edited is %+v", h.edited)
	}
	h.sends("At eight.")
	h.hears("supercrowd", "At eight.")
	h.hearsNothing("crowd")
}

func TestWhoBlocksTheBotIsShown(t *testing.T) {
	h := newHall(t).everyone()
	h.change(chat.Change{Kind: chat.Closed, ChatID: "mentee", UserID: "mentee", Reason: "blocked"})
	h.change(chat.Change{Kind: chat.Closed, ChatID: "stranger", UserID: "stranger", Reason: "blocked"})
	h.types("coordinator", "/people").says("One can't be reached just now.")
	h.card("Ana").says("blocked")
	h.change(chat.Change{Kind: chat.Opened, ChatID: "mentee", UserID: "mentee"})
	h.view(func(tx *store.Tx) error {
		all, err := tx.Accounts(h.ids["mentee"])
		if len(all) != 1 || !all[0].Reachable || all[0].Reason != "" {
			t.Errorf("the accounts are %+v", all)
		}
		return err
	})
}

// TestATopicIsLostWithItsGroup: what becomes of a chat holds for the places in it.
func TestATopicIsLostWithItsGroup(t *testing.T) {
	h := newHall(t).everyone()
	h.in("crowd:7", "coordinator", "/group", false)
	h.change(chat.Change{Kind: chat.Closed, ChatID: "crow", Reason: "left"})
	if !h.group().Reachable {
		t.Error("another chat takes it along")
	}
	h.change(chat.Change{Kind: chat.Closed, ChatID: "crowd", Reason: "left"})
	h.hears("coordinator", "I can't post in All of us any more")
	h.hearsNothing("coordinator") // a second time
	h.change(chat.Change{Kind: chat.Opened, ChatID: "crowd"})
	if !h.group().Reachable {
		t.Error("it isn't reached again")
	}
}
