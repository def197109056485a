package store_test

import (
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

func TestWhomAnAnnouncementIsFor(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.snapshot()
		a := store.Announcement{AuthorID: w.coordinator.ID}
		for _, test := range []struct {
			audience string
			to       store.Person
			want     bool
		}{
			{store.AudienceEveryone, w.mentor, true},
			{store.AudienceEveryone, w.mentee, true},
			{store.AudienceEveryone, w.second, false}, // hasn't joined
			{store.AudienceEveryone, w.coordinator, false},
			{store.AudienceMentors, w.mentor, true},
			{store.AudienceMentors, w.mentee, false},
			{store.AudienceMentees, w.mentor, false},
			{store.AudienceMentees, w.mentee, true},
			{store.AudiencePair + w.pair.ID, w.mentor, true},
			{store.AudiencePair + w.pair.ID, w.mentee, true},
			{store.AudiencePair + w.secondPair.ID, w.mentee, false},
			{store.AudiencePair, w.mentee, false},
			{store.AudiencePerson + w.mentee.ID, w.mentee, true},
			{store.AudiencePerson + w.mentee.ID, w.mentor, false},
			{store.AudiencePerson + w.second.ID, w.second, false},
			{"", w.mentee, false},
		} {
			a.Audience = test.audience
			if got := a.For(c, c.Member(test.to.ID)); got != test.want {
				t.Errorf("what is for %q is for %s: %v", test.audience, test.to.Slug, got)
			}
			gone := *c.Member(test.to.ID)
			gone.LeftAt = noon.Add(time.Hour)
			if a.For(c, &gone) {
				t.Errorf("what is for %q is for %s, who has left", test.audience, test.to.Slug)
			}
		}
	})
}
