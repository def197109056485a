package scheduler

import (
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// dayClock is when reminders that are days away from their thing go out, by the
// recipient's clock.
const dayClock store.Clock = 10 * 60

// A gathering is what sessions and live events have in common for a plan.
type gathering struct {
	kind     store.Kind
	id, slug string
	revision int
	changed  time.Time // when it was added or last moved
	begins   time.Time
	offsets  []store.Offset
	// cancelled is when it was cancelled; zero: it takes place.
	cancelled time.Time
	// keep is how many of the last offsets go to who comes; insist says whether
	// the last offset asks again who hasn't answered.
	keep   int
	insist bool
	due    func(o store.Offset, r *recipient) time.Time
	// customary holds what was offered, since most members have the same customs.
	customary map[custom][]candidate
}

// gatheringsOf returns the sessions and events of c that take place, and those that were
// cancelled.
func gatheringsOf(c *store.Snapshot) (standing, cancelled []gathering) {
	add := func(g gathering) {
		if g.cancelled.IsZero() {
			standing = append(standing, g)
		} else {
			cancelled = append(cancelled, g)
		}
	}
	for i := range c.Sessions {
		add(sessionGathering(c, &c.Sessions[i]))
	}
	for i := range c.Events {
		add(eventGathering(c, &c.Events[i]))
	}
	return standing, cancelled
}

func sessionGathering(c *store.Snapshot, s *store.Session) gathering {
	loc := c.Cycle.Location()
	begins := s.At.In(loc)
	return gathering{
		kind: store.KindSession, customary: map[custom][]candidate{}, id: s.ID, slug: s.Slug,
		revision: s.Revision, changed: s.ChangedAt, begins: begins, cancelled: s.CancelledAt,
		offsets: c.Cycle.Rules.Session, keep: 1,
		due: func(o store.Offset, _ *recipient) time.Time { return o.Before(begins, loc) },
	}
}

func eventGathering(c *store.Snapshot, e *store.Event) gathering {
	from := e.From
	return gathering{
		kind: store.KindEvent, customary: map[custom][]candidate{}, id: e.ID, slug: e.Slug,
		revision: e.Revision, changed: e.ChangedAt, begins: from.Midnight(c.EventZone(e)),
		cancelled: e.CancelledAt,
		offsets:   c.Cycle.Rules.Event, keep: 2, insist: true,
		due: func(o store.Offset, r *recipient) time.Time {
			return (from - store.Date(o.Days)).At(dayClock).In(r.loc)
		},
	}
}

// A custom is what of a recipient decides when reminders of a gathering are due.
type custom struct {
	loc   *time.Location
	quiet store.Quiet
	moved bool // they knew of an earlier date
}

// candidates returns when messages about g may reach r, in order of time.
func (g *gathering) candidates(r *recipient, knew bool) []candidate {
	of := custom{r.loc, r.quiet, knew && g.revision > 1}
	all, ok := g.customary[of]
	if !ok {
		all = g.offered(r, of.moved)
		g.customary[of] = all
	}
	cands := make([]candidate, 0, len(all))
	for _, c := range all {
		if r.hears(c.due) {
			cands = append(cands, c)
		}
	}
	return cands
}

// offered returns the candidates for whoever has r's customs. Of the offsets that had
// passed when g was added or moved the nearest one catches up, or the news of the move
// takes its place for who knew of the earlier date.
func (g *gathering) offered(r *recipient, moved bool) []candidate {
	cands := make([]candidate, 0, len(g.offsets)+1)
	catchUp := latest(g.changed, hush(g.changed, r.quiet, r.loc, g.begins))
	if moved {
		cands = append(cands, candidate{Moved, catchUp, g.begins})
	}
	passed := -1
	for i, o := range g.offsets {
		due := hush(g.due(o, r), r.quiet, r.loc, g.begins)
		if due.Before(g.changed) {
			passed = i
			continue
		}
		cands = append(cands, candidate{o.String(), due, g.begins})
	}
	if passed >= 0 && !moved && catchUp.Before(g.begins) {
		cands = slices.Insert(cands, 0, candidate{g.offsets[passed].String(), catchUp, g.begins})
	}
	slices.SortStableFunc(cands, func(a, b candidate) int { return a.due.Compare(b.due) })
	return cands
}

// wants reports whether a candidate about g may go to a person as they have
// answered by now.
func (g *gathering) wants(cand candidate, answer *store.Answer, reached bool) bool {
	i := slices.IndexFunc(g.offsets, func(o store.Offset) bool { return o.String() == cand.offset })
	switch {
	case answer == nil:
		return !reached || g.insist || i != len(g.offsets)-1
	case answer.Coming:
		return i >= len(g.offsets)-g.keep && i >= 0 && !cand.due.Before(answer.At)
	default:
		return false
	}
}

// gatheringThread returns the messages about g to r that haven't gone out yet.
func (p *planner) gatheringThread(g *gathering, r *recipient) thread {
	t := thread{
		to: r, kind: g.kind, subject: g.slug, occurrence: revision(g.revision), thing: g.begins,
		candidates: g.candidates(r, p.heard(g, r, g.revision-1)),
	}
	if told, ok := p.told[toldKey{g.kind, g.slug, t.occurrence, r.person.ID}]; ok {
		t.reached = true
		t.goOnAfter(told)
	}
	if r.group != nil {
		return t
	}
	var answer *store.Answer
	if a, ok := p.c.Answer(g.id, r.person.ID); ok {
		answer = &a
	}
	t.goes = func(i int, reached bool) bool { return g.wants(t.candidates[i], answer, reached) }
	return t
}

// heard reports whether r has heard of g, of some revision or an earlier one: anything
// about it has reached them, or they had answered before it moved.
func (p *planner) heard(g *gathering, r *recipient, rev int) bool {
	for ; rev > 0; rev-- {
		of := toldKey{g.kind, g.slug, revision(rev), r.person.ID}
		if _, ok := p.told[of]; ok || p.toldOff[of] {
			return true
		}
	}
	_, answered := p.c.Answer(g.id, r.person.ID)
	return !answered && p.c.Void[[2]string{g.id, r.person.ID}]
}

func (p *planner) gatherings(r *recipient) {
	for i := range p.gather {
		g := &p.gather[i]
		if p.over(g.begins) {
			continue
		}
		p.schedule(p.gatheringThread(g, r))
	}
}

// over reports whether a thing that stopped making sense at an instant needs no
// look any more: whatever could be said of it was planned, or noted as missed.
func (p *planner) over(until time.Time) bool {
	return !until.After(p.since) || !until.After(p.from) && !until.After(p.c.Cycle.PlannedTo)
}

// mornings plans the agenda of each day of an event, to who comes.
func (p *planner) mornings(r *recipient) {
	clock := p.c.Cycle.Rules.EventMorning
	if clock == nil {
		return
	}
	for i := range p.c.Events {
		e := &p.c.Events[i]
		answer, _ := p.c.Answer(e.ID, r.person.ID)
		if !e.CancelledAt.IsZero() || !answer.Coming {
			continue
		}
		for day := e.From; day <= e.To; day++ {
			p.schedule(p.morningThread(e, day, *clock, r, answer))
		}
	}
}

// morningLife is how long after its hour a morning's agenda is still of use.
const morningLife = 6 * time.Hour

func (p *planner) morningThread(e *store.Event, day store.Date, clock store.Clock, r *recipient, answer store.Answer) thread {
	due := day.At(clock).In(p.c.EventZone(e))
	t := thread{to: r, kind: store.KindEvent, subject: e.Slug, occurrence: revision(e.Revision), exempt: true}
	if r.hears(due) && !due.Before(answer.At) && !due.Before(e.ChangedAt) {
		t.candidates = []candidate{{MorningOf(day), due, due.Add(morningLife)}}
	}
	return t
}
