package scheduler

import (
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// A recipient is a member who can hear: joined, not left; or a group.
type recipient struct {
	group  *store.Group // nil: a person
	member *store.Member
	person *store.Person
	loc    *time.Location
	quiet  store.Quiet
}

func recipientOf(c *store.Snapshot, m *store.Member) (r recipient, ok bool) {
	person := c.People[m.PersonID]
	if person == nil || m.JoinedAt.IsZero() || !m.LeftAt.IsZero() {
		return r, false
	}
	r = recipient{member: m, person: person, loc: c.ZoneOf(person), quiet: c.Cycle.Rules.Quiet}
	if person.Quiet != nil {
		r.quiet = *person.Quiet
	}
	return r, true
}

// hears reports whether a reminder due at an instant is for this recipient at
// all: it isn't from before they joined, nor from a pause.
func (r *recipient) hears(due time.Time) bool {
	return !due.Before(r.member.JoinedAt) && !due.Before(r.person.PausedUntil)
}
