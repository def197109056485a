package store

import (
	"slices"
	"time"
)

// ZoneOf returns the zone in which a person reads times: their own, or the cycle's.
func (s *Snapshot) ZoneOf(p *Person) *time.Location {
	if p.Zone != "" {
		return location(p.Zone)
	}
	return s.Cycle.Location()
}

// EventZone returns the zone of an event's days and agenda: its own, or the cycle's.
func (s *Snapshot) EventZone(e *Event) *time.Location {
	if e.Zone != "" {
		return location(e.Zone)
	}
	return s.Cycle.Location()
}

// Member returns a person's part in the cycle, or nil.
func (s *Snapshot) Member(personID string) *Member {
	return find(s.Members, func(m *Member) bool { return m.PersonID == personID })
}

// Group returns a group of the cycle, or nil.
func (s *Snapshot) Group(id string) *Group {
	return find(s.Groups, func(g *Group) bool { return g.ID == id })
}

// Session returns the session that a message's subject names, or nil.
func (s *Snapshot) Session(slug string) *Session {
	return find(s.Sessions, func(x *Session) bool { return x.Slug == slug })
}

// Event returns the event that a message's subject names, or nil.
func (s *Snapshot) Event(slug string) *Event {
	return find(s.Events, func(e *Event) bool { return e.Slug == slug })
}

// Announcement returns the announcement that a message's subject names, or nil if it
// isn't to go out any more.
func (s *Snapshot) Announcement(id string) *Announcement {
	return find(s.Announcements, func(a *Announcement) bool { return a.ID == id })
}

// Pair returns the pair that a message's subject names, or nil.
func (s *Snapshot) Pair(slug string) *Pair {
	return find(s.Pairs, func(p *Pair) bool { return s.PairSlug(p) == slug })
}

// PairSlug returns what names a pair as a message's subject.
func (s *Snapshot) PairSlug(p *Pair) string {
	return PairSlug(s.slug(p.MentorID), s.slug(p.MenteeID))
}

func (s *Snapshot) slug(personID string) string {
	if p := s.People[personID]; p != nil {
		return p.Slug
	}
	return personID
}

// Meeting returns the meeting that a message's subject names, and its pair; or nil.
func (s *Snapshot) Meeting(slug string) (*Pair, *Meeting) {
	for i := range s.Pairs {
		pair := &s.Pairs[i]
		name := s.PairSlug(pair)
		meetings := s.MeetingsOf(pair.ID)
		if m := find(meetings, func(m *Meeting) bool { return MeetingSlug(name, m.Number) == slug }); m != nil {
			return pair, m
		}
	}
	return nil, nil
}

// MeetingsOf returns a pair's meetings in order of their numbers.
func (s *Snapshot) MeetingsOf(pairID string) []Meeting {
	from, _ := slices.BinarySearchFunc(s.Meetings, pairID, func(m Meeting, id string) int {
		if m.PairID < id {
			return -1
		}
		return 1
	})
	to := from
	for to < len(s.Meetings) && s.Meetings[to].PairID == pairID {
		to++
	}
	return s.Meetings[from:to]
}

// Answer returns what a person has said of a session or an event as it is now.
func (s *Snapshot) Answer(subjectID, personID string) (Answer, bool) {
	a, ok := s.Answers[[2]string{subjectID, personID}]
	return a, ok
}

func find[T any](all []T, is func(*T) bool) *T {
	for i := range all {
		if is(&all[i]) {
			return &all[i]
		}
	}
	return nil
}
