package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/kooperativa/mentorbot/store"
)

func TestWhoIsShownByName(t *testing.T) {
	eachWorld(t, func(w *world) {
		if p := w.person(w.mentee.ID); p.ShowsName || p.NameChosen {
			t.Errorf("before they were asked they are %+v", p)
		}
		for _, shows := range []bool{false, true, false} {
			w.do(func(tx *store.Tx) error { return tx.ShowName(w.mentee.ID, shows) })
			if p := w.person(w.mentee.ID); p.ShowsName != shows || !p.NameChosen {
				t.Errorf("having said %v they are %+v", shows, p)
			}
		}
		w.refused(store.ErrNotFound, func(tx *store.Tx) error { return tx.ShowName("none", true) })
	})
}

func TestWhoCannotBeReached(t *testing.T) {
	eachWorld(t, func(w *world) {
		unreachable := func() []string {
			ids := get(w, func(tx *store.Tx) ([]string, error) { return tx.Unreachable(w.cycle.ID) })
			slices.Sort(ids)
			return ids
		}
		bot := store.Bot{Platform: "telegram", Name: "main"}
		first := store.Account{PersonID: w.mentor.ID, UserID: "1", ChatID: "1"}
		other := store.Account{PersonID: w.mentor.ID, UserID: "2", ChatID: "2"}
		w.do(func(tx *store.Tx) error {
			err := tx.PutBot(&bot)
			first.BotID, other.BotID = bot.ID, bot.ID
			return errors.Join(err, tx.LinkAccount(&first), tx.LinkAccount(&other), tx.SetReachable(first.ID, false, "blocked"))
		})
		want := []string{w.mentee.ID, w.coordinator.ID}
		slices.Sort(want)
		if got := unreachable(); !slices.Equal(got, want) {
			t.Errorf("of one account that can be reached and one that can't: %v, want %v", got, want)
		}
		w.do(func(tx *store.Tx) error { return tx.SetReachable(other.ID, false, "left") })
		if got := unreachable(); !slices.Contains(got, w.mentor.ID) {
			t.Errorf("by no account: %v", got)
		}
		w.do(func(tx *store.Tx) error { return tx.Leave(w.cycle.ID, w.mentor.ID) })
		if got := unreachable(); slices.Contains(got, w.mentor.ID) || slices.Contains(got, w.second.ID) {
			t.Errorf("who has left, or hasn't joined, isn't missed: %v", got)
		}
	})
}
