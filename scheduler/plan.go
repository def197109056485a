package scheduler

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// An Agenda is what Plan found.
type Agenda struct {
	// Messages are ordered by due instant, then key. Their state is Planned, or
	// Missed for what was due before the plan's start and can't or shouldn't go
	// out any more. An announcement whose instant lies in the plan is there for its
	// whole audience, for those with quiet hours even if these end after the plan.
	Messages []store.Message
	// Next is the first instant after the plan's end at which anything can become
	// due as things stand; zero if there is none.
	Next time.Time
	// Through is the instant up to which nothing has to be looked at again:
	// Cycle.PlannedTo of the plan after this one.
	Through time.Time
}

// lookback is how far before its predecessor's end a plan looks for what became
// due only by a change: a person who travels to another zone shifts their day by
// 26 hours at the most.
const lookback = 48 * time.Hour

// Plan returns what goes out from one instant until another, that one included,
// if nobody does anything in between: what is overdue at from, once, and then
// what becomes due. It is pure: the same snapshot and instants give the same
// messages with the same keys.
func Plan(c *store.Snapshot, from, to time.Time) Agenda {
	p := newPlanner(c, from, to)
	p.assemble()
	for _, r := range p.coordinators {
		p.attendances(r)
	}
	p.announcements()
	if p.from.Before(p.end) {
		p.cycle()
	}
	slices.SortFunc(p.agenda.Messages, func(a, b store.Message) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Key, b.Key))
	})
	return p.agenda
}

// Ahead returns the messages of a plan that become due after an instant, until another, if
// nobody does anything in between; those due first first.
func Ahead(c *store.Snapshot, now, to time.Time) []store.Message {
	return slices.DeleteFunc(Plan(c, now, to).Messages, func(m store.Message) bool {
		return m.State != store.Planned || !m.Due.After(now)
	})
}

// cycle plans what goes out while the cycle lasts.
func (p *planner) cycle() {
	for _, r := range p.mentored {
		p.welcome(r)
		p.gatherings(r)
		p.cancellations(r)
		p.mornings(r)
	}
	p.posts()
	for _, r := range p.coordinators {
		p.digests(r)
	}
	p.pairs()
}

type planner struct {
	c        *store.Snapshot
	from, to time.Time
	since    time.Time // what was due before it isn't looked at
	end      time.Time // of the cycle
	loc      *time.Location
	pacer    *pacer
	told     map[toldKey]store.Told // the latest of each thing, occurrence and recipient
	toldOff  map[toldKey]bool       // who was told, by revision, that it is cancelled
	gather   []gathering            // sessions and events that take place
	// cancelled are those that don't.
	cancelled []gathering
	// Those who can hear: mentees and mentors, by person, and coordinators.
	mentored     map[string]*recipient
	coordinators []*recipient
	toldOf       map[string][]store.Told // of pace and trouble, by pair; nil: not asked yet
	agenda       Agenda
}

type toldKey struct {
	kind                    store.Kind
	subject, occurrence, to string // the id of a person, or of a group
}

func newPlanner(c *store.Snapshot, from, to time.Time) *planner {
	p := &planner{
		c: c, from: from, to: to,
		loc:   c.Cycle.Location(),
		pacer: newPacer(c),
		told:  make(map[toldKey]store.Told, len(c.Told)), toldOff: map[toldKey]bool{},
	}
	p.end = (c.Cycle.Ends + 1).Midnight(p.loc)
	p.agenda.Through = to
	if !c.Cycle.PlannedTo.IsZero() {
		p.since = c.Cycle.PlannedTo.Add(-lookback)
	}
	for _, t := range c.Told {
		if t.State != store.Sent || t.Kind == store.KindPace || t.Kind == store.KindTrouble {
			continue
		}
		to := cmp.Or(t.PersonID, t.GroupID)
		p.told[toldKey{t.Kind, t.Subject, t.Occurrence, to}] = t
		if t.Offset == Cancelled {
			of, _, _ := strings.Cut(t.Occurrence, "-")
			p.toldOff[toldKey{t.Kind, t.Subject, of, to}] = true
		}
	}
	p.gather, p.cancelled = gatheringsOf(c)
	return p
}

// assemble finds who can hear.
func (p *planner) assemble() {
	p.mentored = make(map[string]*recipient, len(p.c.Members))
	for i := range p.c.Members {
		r, ok := recipientOf(p.c, &p.c.Members[i])
		switch {
		case !ok:
		case r.member.Role == store.Coordinator:
			p.coordinators = append(p.coordinators, &r)
		default:
			p.mentored[r.person.ID] = &r
		}
	}
}

// A candidate is one message that may be due, before anybody's answer is asked.
type candidate struct {
	offset string
	due    time.Time // quiet hours applied
	until  time.Time
}

// A thread is a series of candidates about one occurrence of one thing to one
// recipient, of which only the last goes out when several are overdue.
type thread struct {
	to         *recipient
	kind       store.Kind
	subject    string
	occurrence string
	thing      time.Time // what lies ahead, for quiet hours; zero: nothing
	exempt     bool      // from quiet hours
	candidates []candidate
	// goes says whether the i-th may go out, given whether anything of the thread
	// has reached the person; nil: each may.
	goes    func(i int, reached bool) bool
	reached bool
}

// goOnAfter leaves out what has gone out, and what comes before it in the thread: by its
// due instant, if the rules don't have it any more.
func (t *thread) goOnAfter(told store.Told) {
	i := slices.IndexFunc(t.candidates, func(c candidate) bool { return c.offset == told.Offset })
	if i >= 0 {
		t.candidates = t.candidates[i+1:]
		return
	}
	t.candidates = slices.DeleteFunc(t.candidates, func(c candidate) bool { return !c.due.After(told.At) })
}

// schedule puts into the agenda what of the thread is due.
func (p *planner) schedule(t thread) {
	asOf := p.from
	if !t.exempt {
		asOf = opening(p.from, t.to.quiet, t.to.loc, t.thing)
	}
	last := -1
	reached := t.reached
	var overdue []int
	for i, cand := range t.candidates {
		switch {
		case cand.due.After(asOf):
			if last >= 0 {
				p.emit(&t, last, overdue, asOf)
				last, overdue, reached = -1, nil, true
			}
			p.forecast(&t, i, &reached)
		case !cand.due.After(p.since), t.goes != nil && !t.goes(i, reached):
		default:
			overdue = append(overdue, i)
			if asOf.Before(cand.until) {
				last = i
			}
		}
	}
	if len(overdue) > 0 {
		p.emit(&t, last, overdue, asOf)
	}
}

// forecast adds a candidate that lies ahead. Whether it is wanted is asked only
// for the agenda: the next instant errs on the early side, since what is sent, or
// fails to be, in between changes the answer.
func (p *planner) forecast(t *thread, i int, reached *bool) {
	cand := t.candidates[i]
	if cand.due.After(p.to) {
		p.next(cand.due)
		return
	}
	if t.goes != nil && !t.goes(i, *reached) {
		return
	}
	p.add(t, cand, store.Planned, "")
	*reached = true
}

// emit adds what is overdue: the last one that may go (none: -1), the others as
// missed. If quiet hours make it wait, it is left for the plan of their end.
func (p *planner) emit(t *thread, last int, overdue []int, asOf time.Time) {
	if asOf.After(p.to) {
		p.next(asOf)
		// The next plan must still look back as far as this.
		p.agenda.Through = earliest(p.agenda.Through, t.candidates[overdue[0]].due.Add(lookback-time.Millisecond))
		return
	}
	for _, i := range overdue {
		cand := t.candidates[i]
		switch {
		case i < last:
			p.add(t, cand, store.Missed, "a later reminder took its place")
		case i > last:
			p.add(t, cand, store.Missed, tooLate)
		default:
			if asOf.After(p.from) {
				cand.due = asOf
			}
			p.add(t, cand, store.Planned, "")
		}
	}
}

func (p *planner) add(t *thread, cand candidate, state store.MessageState, reason string) {
	m := store.Message{
		CycleID:    p.c.Cycle.ID,
		Key:        Key(t.kind, t.subject, t.occurrence, cand.offset, t.to.person.Slug),
		Kind:       t.kind,
		Subject:    t.subject,
		Occurrence: t.occurrence,
		Offset:     cand.offset,
		PersonID:   t.to.person.ID,
		Due:        cand.due,
		Until:      cand.until,
		State:      state,
		Reason:     reason,
	}
	if t.to.group != nil {
		m.PersonID, m.GroupID = "", t.to.group.ID
	}
	if state == store.Missed {
		m.SettledAt = p.from
	}
	p.agenda.Messages = append(p.agenda.Messages, m)
}

// tooLate is why a message was missed that nobody has sent in time.
const tooLate = "came too late"

func (p *planner) next(t time.Time) { p.agenda.Next = earliest(p.agenda.Next, t) }
