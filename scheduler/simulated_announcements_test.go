package scheduler_test

import (
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// somethingIsAnnounced has a coordinator post something, now or later.
func (w *world) somethingIsAnnounced() {
	a := &post{author: w.people[0], due: w.now}
	if w.chance(60) {
		a.due = w.now.Add(time.Duration(w.between(1, 10*24*60)) * time.Minute)
	}
	row := store.Announcement{
		CycleID: w.cycle.ID, AuthorID: a.author.id, Audience: w.anAudience(a), Text: "News",
		State: store.AnnouncementScheduled, Due: a.due,
	}
	w.must(func(tx *store.Tx) error {
		row.ID = ""
		return tx.InsertAnnouncement(&row)
	})
	a.id = row.ID
	w.posts = append(w.posts, a)
	w.note("%s is announced for %s to %s", a.id, stamp(a.due), row.Audience)
}

// anAudience chooses for whom a post is, and returns it in the store's words.
func (w *world) anAudience(a *post) string {
	n := w.between(1, 5)
	if w.grouping != nil && w.grouping.IntN(3) > 0 {
		n = 5 // else few would be for groups
	}
	switch n {
	case 1:
		a.role = store.Mentor
		return store.AudienceMentors
	case 2:
		a.role = store.Mentee
		return store.AudienceMentees
	case 3:
		a.pair = pick(w, w.couples...)
		return store.AudiencePair + a.pair.id
	case 4:
		a.to = pick(w, w.people...)
		return store.AudiencePerson + a.to.id
	default:
		return store.AudienceEveryone
	}
}

// anAnnouncementChanges has one corrected, withdrawn or put to another time.
func (w *world) anAnnouncementChanges() {
	if len(w.posts) == 0 {
		return
	}
	a := pick(w, w.posts...)
	var row store.Announcement
	w.must(func(tx *store.Tx) (err error) {
		row, err = tx.Announcement(a.id)
		return err
	})
	if sent := row.State == store.AnnouncementSent; sent != a.out && row.State != store.AnnouncementWithdrawn {
		w.t.Fatalf("%s is %s, its audience was found: %v", a.id, row.State, a.out)
	}
	due := a.due
	switch {
	case w.chance(40):
		row.State = store.AnnouncementWithdrawn
	case !a.out && w.chance(50):
		due = w.now.Add(time.Duration(w.between(0, 5*24*60)) * time.Minute)
	}
	row.Text, row.Due = "Other news", due
	if w.refused(func(tx *store.Tx) error { return tx.UpdateAnnouncement(row) }) {
		return
	}
	a.due = due
	a.withdrawn.set(w.now, row.State == store.AnnouncementWithdrawn)
	w.note("%s is %s, for %s", a.id, row.State, stamp(a.due))
}
