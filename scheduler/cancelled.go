package scheduler

// cancellations tells a member of the sessions and events that they may still count on.
func (p *planner) cancellations(r *recipient) {
	for i := range p.cancelled {
		g := &p.cancelled[i]
		if !p.over(g.begins) {
			p.schedule(p.cancelledThread(g, r))
		}
	}
}

// cancelledThread returns the word to r that g doesn't take place, unless it has gone
// out or r doesn't count on g: hasn't heard of it, or can't come anyway.
func (p *planner) cancelledThread(g *gathering, r *recipient) thread {
	t := thread{
		to: r, kind: g.kind, subject: g.slug, occurrence: cancellation(g.revision, g.cancelled), thing: g.begins,
	}
	_, told := p.told[toldKey{g.kind, g.slug, t.occurrence, r.person.ID}]
	due := latest(g.cancelled, hush(g.cancelled, r.quiet, r.loc, g.begins))
	if !told && due.Before(g.begins) && r.hears(due) && p.countsOn(g, r) {
		t.candidates = []candidate{{Cancelled, due, g.begins}}
	}
	return t
}

// countsOn reports whether r may come to g for all they know.
func (p *planner) countsOn(g *gathering, r *recipient) bool {
	if answer, ok := p.c.Answer(g.id, r.person.ID); ok {
		return answer.Coming
	}
	return p.heard(g, r, g.revision)
}

func (q *query) cancellation() Verdict {
	for i := range q.cancelled {
		g := &q.cancelled[i]
		if g.kind != q.m.Kind || g.slug != q.m.Subject || cancellation(g.revision, g.cancelled) != q.m.Occurrence {
			continue
		}
		if t := q.cancelledThread(g, q.r); len(t.candidates) > 0 {
			return q.hushed(g.begins)
		}
		return withdrawn("no longer planned")
	}
	return withdrawn("not cancelled any more")
}
