package scheduler

import "github.com/kooperativa/mentorbot/store"

// GroupSlug returns what stands for a group where a key has its recipient: no person's slug
// is like it.
func GroupSlug(id string) string { return "@" + id }

// groupRecipient returns a group as a recipient: by the cycle's clock and with its quiet
// hours, like a member who joined when the group began to hear, and never answers.
func groupRecipient(c *store.Snapshot, g *store.Group) recipient {
	return recipient{
		group:  g,
		member: &store.Member{CycleID: g.CycleID, JoinedAt: g.Since},
		person: &store.Person{ID: g.ID, Slug: GroupSlug(g.ID)},
		loc:    c.Cycle.Location(), quiet: c.Cycle.Rules.Quiet,
	}
}

// posts plans what is posted in groups while the cycle lasts: the reminders of sessions and
// events that don't depend on what somebody has answered.
func (p *planner) posts() {
	for i := range p.c.Groups {
		if g := &p.c.Groups[i]; g.Reachable && g.Reminders {
			r := groupRecipient(p.c, g)
			p.gatherings(&r)
			p.cancellations(&r)
		}
	}
}

// unwanted says why nothing of the message's kind is posted in a group any more; "" if it
// is. What changes a post that stands there is wanted in any case.
func unwanted(g *store.Group, m *store.Message) string {
	switch {
	case g == nil:
		return "not a group of the cycle any more"
	case !g.Reachable:
		return "the group can't be reached"
	case m.Kind == store.KindAnnouncement && m.Offset == "" && !g.Announcements,
		m.Kind != store.KindAnnouncement && !g.Reminders:
		return "the group doesn't want it any more"
	}
	return ""
}

// addressee returns the recipient of a message; else why it has none any more.
func addressee(c *store.Snapshot, m *store.Message) (r recipient, gone string) {
	if m.GroupID != "" {
		g := c.Group(m.GroupID)
		if gone = unwanted(g, m); gone != "" {
			return r, gone
		}
		return groupRecipient(c, g), ""
	}
	if member := c.Member(m.PersonID); member != nil {
		if r, ok := recipientOf(c, member); ok {
			return r, ""
		}
	}
	return r, "not a member any more"
}

// lost asks for the word to coordinators that a group can't be reached.
func (q *query) lost() Verdict {
	if g := q.c.Group(q.m.Subject); g == nil || g.Reachable {
		return withdrawn("the group can be reached again, or isn't one any more")
	}
	return q.hushed(q.m.Until)
}
