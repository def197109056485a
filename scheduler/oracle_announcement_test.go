package scheduler_test

import (
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// A post is an announcement.
type post struct {
	id        string
	author    *human
	role      store.Role // for all of a role, or
	pair      *couple    // for a pair, or
	to        *human     // for one person, or for everyone
	due       time.Time
	withdrawn history[bool]
	out       bool               // its audience has been found
	open      map[*human]*parcel // for whom it has yet to go out, or be given up
}

// A parcel is a post on its way to one person.
type parcel struct {
	due    time.Time
	unsure bool // the process died when it may have been held back, or given up
}

func (a *post) until() time.Time { return a.due.AddDate(0, 0, 7) }

// isFor reports whether a post is for somebody, as things are at t.
func (a *post) isFor(h *human, t time.Time) bool {
	if h.group {
		return a.role == "" && a.pair == nil && a.to == nil && !h.away(t)
	}
	if h == a.author || h.joined.at(t).IsZero() || h.gone.at(t) {
		return false
	}
	switch {
	case a.role != "":
		return h.role == a.role
	case a.pair != nil:
		return h == a.pair.mentor || h == a.pair.mentee
	default:
		return a.to == nil || h == a.to
	}
}

// announcements finds the audience of the posts that are due, and returns what must go
// out of them.
func (o *oracle) announcements(now time.Time) (all []prospect) {
	for _, a := range o.posts {
		if !a.out && !a.due.After(now) && !a.withdrawn.at(now) {
			a.out = true
			o.address(a, now)
		}
		for _, h := range o.recipients() {
			p := a.open[h]
			if p == nil || p.due.After(now) || !now.Before(a.until()) || a.withdrawn.at(now) || h.away(now) {
				continue
			}
			if _, _, quiet := quietAround(now, o.zoneOf(h, now), o.quietOf(h, now)); quiet {
				continue
			}
			all = append(all, prospect{letter: a.letter(h), due: p.due, since: p.due, goes: true, perhaps: p.unsure})
		}
	}
	return all
}

// address makes a parcel for each person whom a post is for.
func (o *oracle) address(a *post, now time.Time) {
	a.open = map[*human]*parcel{}
	for _, h := range o.recipients() {
		if a.isFor(h, now) {
			a.open[h] = &parcel{due: afterQuiet(a.due, time.Time{}, o.zoneOf(h, now), o.quietOf(h, now))}
		}
	}
}

// handOver notes what a tick made of the parcels that it could not send. If the process
// died in it, nobody knows.
func (o *oracle) handOver(now time.Time, died bool) {
	for _, a := range o.posts {
		for h, p := range a.open {
			_, end, quiet := quietAround(now, o.zoneOf(h, now), o.quietOf(h, now))
			lost := a.withdrawn.at(now) || h.away(now)
			switch {
			case !now.Before(a.until()):
				delete(a.open, h)
			case p.due.After(now) || p.unsure || !lost && !quiet:
			case died:
				p.unsure = true
			case lost:
				delete(a.open, h)
			default:
				p.due = end
			}
		}
	}
}

func (a *post) letter(h *human) letter { return letter{store.KindAnnouncement, a.id, "1", "-", h} }
