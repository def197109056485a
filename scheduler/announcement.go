package scheduler

import (
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// announcements plans what coordinators post. Its audience is found when its instant
// comes: then there is a message for each member whom it is for, and for each group if it
// is for everyone, be it quiet with them or not. Neither a pause nor the end of the cycle
// stops it.
func (p *planner) announcements() {
	for i := range p.c.Announcements {
		a := &p.c.Announcements[i]
		switch {
		case a.State != store.AnnouncementScheduled:
		case a.Due.After(p.to):
			p.next(a.Due)
		default:
			p.announce(a)
		}
	}
}

func (p *planner) announce(a *store.Announcement) {
	for i := range p.c.Members {
		if r, ok := recipientOf(p.c, &p.c.Members[i]); ok && a.For(p.c, r.member) {
			p.announceTo(a, &r)
		}
	}
	for i := range p.c.Groups {
		if g := &p.c.Groups[i]; g.Reachable && g.Announcements && a.Audience == store.AudienceEveryone {
			r := groupRecipient(p.c, g)
			p.announceTo(a, &r)
		}
	}
}

func (p *planner) announceTo(a *store.Announcement, r *recipient) {
	until := a.Due.Add(store.AnnouncementLife)
	t := thread{to: r, kind: store.KindAnnouncement, subject: a.ID, occurrence: "1"}
	cand := candidate{"", hush(a.Due, r.quiet, r.loc, time.Time{}), until}
	if !p.from.Before(until) {
		p.add(&t, cand, store.Missed, tooLate)
		return
	}
	if asOf := opening(p.from, r.quiet, r.loc, time.Time{}); asOf.After(p.from) && cand.due.Before(asOf) {
		cand.due = asOf
	}
	p.add(&t, cand, store.Planned, "")
}

// announced reports whether a snapshot has an announcement whose audience is to be
// found by now.
func announced(c *store.Snapshot, now time.Time) bool {
	for _, a := range c.Announcements {
		if a.State == store.AnnouncementScheduled && !a.Due.After(now) {
			return true
		}
	}
	return false
}

func (q *query) announcement() Verdict {
	if q.m.Offset != "" {
		return q.followUp()
	}
	if q.c.Announcement(q.m.Subject) == nil {
		return withdrawn("the announcement was withdrawn")
	}
	return q.hushed(time.Time{})
}
