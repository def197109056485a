package scheduler

import "github.com/kooperativa/mentorbot/store"

// agreed plans the reminders of meetings that the pair has agreed on.
func (p *pairPlan) agreed(meetings []store.Meeting) {
	for i := range meetings {
		m := &meetings[i]
		if m.State != store.Agreed || m.At.IsZero() || p.over(m.At) {
			continue
		}
		for _, r := range p.both {
			p.schedule(p.meetingThread(p.slug, m, r))
		}
	}
}

func (p *planner) meetingThread(pairSlug string, m *store.Meeting, r *recipient) thread {
	t := thread{
		to: r, kind: store.KindMeeting, subject: store.MeetingSlug(pairSlug, m.Number),
		occurrence: revision(m.Revision), thing: m.At,
	}
	for _, o := range p.c.Cycle.Rules.Meeting {
		due := hush(o.Before(m.At, p.loc), r.quiet, r.loc, m.At)
		if r.hears(due) && !due.Before(m.AgreedAt) {
			t.candidates = append(t.candidates, candidate{o.String(), due, m.At})
		}
	}
	if told, ok := p.told[toldKey{t.kind, t.subject, t.occurrence, r.person.ID}]; ok {
		t.goOnAfter(told)
	}
	return t
}
