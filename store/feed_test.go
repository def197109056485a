package store_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// feed makes an address and returns its token.
func (w *world) feed(owner store.FeedOwner) (token string) {
	w.Helper()
	w.do(func(tx *store.Tx) (err error) {
		token, err = tx.NewFeed(owner)
		return err
	})
	return token
}

// gives checks whose calendar a token gives; "" for nobody's.
func (w *world) gives(token, owner string) {
	w.Helper()
	var f store.Feed
	err := w.try(func(tx *store.Tx) (err error) {
		f, err = tx.Feed(token)
		return err
	})
	if got := f.PersonID + f.CycleID; got != owner || (owner == "") != errors.Is(err, store.ErrNotFound) {
		w.Errorf("the token gives the calendar of %q (%v), want that of %q", got, err, owner)
	}
}

func TestAFeedHasOneAddress(t *testing.T) {
	eachWorld(t, func(w *world) {
		mentee, cycle := store.FeedOwner{PersonID: w.mentee.ID}, store.FeedOwner{CycleID: w.cycle.ID}
		old, others, cycles := w.feed(mentee), w.feed(store.FeedOwner{PersonID: w.mentor.ID}), w.feed(cycle)
		if !regexp.MustCompile(`^[a-z2-7]{26}$`).MatchString(old) {
			t.Errorf("the token %q hasn't 128 bits or can't stand in an address", old)
		}
		w.gives(old, w.mentee.ID)
		w.now = w.now.Add(time.Hour)
		token := w.feed(mentee)
		w.gives(old, "")
		w.gives(token, w.mentee.ID)
		w.gives(strings.Repeat("a", 26), "")
		w.gives("", "")
		f := get(w, func(tx *store.Tx) (store.Feed, error) { return tx.FeedOf(mentee) })
		if f.FeedOwner != mentee || !f.CreatedAt.Equal(w.now) {
			t.Errorf("the feed is %+v", f)
		}
		w.do(func(tx *store.Tx) error { return errors.Join(tx.StopFeed(mentee), tx.StopFeed(mentee)) })
		w.gives(token, "")
		w.refused(store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.FeedOf(mentee); return err })
		w.gives(others, w.mentor.ID)
		w.gives(cycles, w.cycle.ID)
		w.do(func(tx *store.Tx) error { return tx.StopFeed(cycle) })
		w.gives(cycles, "")
		w.gives(others, w.mentor.ID)
	})
}

func TestAFeedIsForMembersOnly(t *testing.T) {
	eachWorld(t, func(w *world) {
		token, notJoined := w.feed(store.FeedOwner{PersonID: w.mentee.ID}), w.feed(store.FeedOwner{PersonID: w.second.ID})
		w.gives(notJoined, "")
		w.do(func(tx *store.Tx) error { return tx.Join(w.cycle.ID, w.second.ID) })
		w.gives(notJoined, w.second.ID)

		other := pilotCycle("other")
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.InsertCycle(&other), tx.PutMember(store.Member{CycleID: other.ID, PersonID: w.mentee.ID, Role: store.Mentee}),
				tx.Join(other.ID, w.mentee.ID), tx.Leave(w.cycle.ID, w.mentee.ID))
		})
		w.gives(token, w.mentee.ID) // there is another cycle
		w.do(func(tx *store.Tx) error { return tx.Leave(other.ID, w.mentee.ID) })
		w.gives(token, "")
		w.do(func(tx *store.Tx) error { return tx.Return(w.cycle.ID, w.mentee.ID) })
		w.gives(token, w.mentee.ID)
		w.do(func(tx *store.Tx) error { return tx.ErasePerson(w.mentee.ID) })
		w.gives(token, "")
		w.do(func(tx *store.Tx) error { return tx.Return(w.cycle.ID, w.mentee.ID) })
		w.gives(token, "") // it was deleted

		gone := store.Person{Slug: "new-1"}
		w.do(func(tx *store.Tx) error { return tx.InsertPerson(&gone) })
		token = w.feed(store.FeedOwner{PersonID: gone.ID})
		w.do(func(tx *store.Tx) error { return tx.RemovePerson(gone.ID) })
		w.gives(token, "")
	})
}
