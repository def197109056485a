package scheduler

import (
	"slices"
	"strconv"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// lastCalls are the days before the cycle's By on which every pair behind its
// pace hears how many meetings are left.
var lastCalls = []int{30, 14, 7}

// paceReminders is how many go to a pair before its coordinators are told.
const paceReminders = 2

// pairs plans what goes to the members of each pair, and to coordinators about it.
func (p *planner) pairs() {
	for i := range p.c.Pairs {
		pair := &p.c.Pairs[i]
		if !pair.EndedAt.IsZero() {
			continue
		}
		meetings := p.c.MeetingsOf(pair.ID)
		pp := p.pairPlan(pair, meetings)
		pp.agreed(meetings)
		if p.c.Cycle.Rules.Pace > 0 {
			pp.pace()
		}
	}
}

func (p *planner) pairPlan(pair *store.Pair, meetings []store.Meeting) pairPlan {
	if p.toldOf == nil {
		p.toldOf = toldOfPairs(p.c)
	}
	pp := pairPlan{planner: p, slug: p.c.PairSlug(pair), course: p.pacer.course(pair, meetings)}
	pp.told = p.toldOf[pp.slug]
	for _, id := range []string{pair.MentorID, pair.MenteeID} {
		if r := p.mentored[id]; r != nil {
			pp.both = append(pp.both, r)
		}
	}
	return pp
}

// toldOfPairs groups what was told of pairs' pace, by their slugs.
func toldOfPairs(c *store.Snapshot) map[string][]store.Told {
	told := map[string][]store.Told{}
	for _, t := range c.Told {
		if t.Kind == store.KindPace || t.Kind == store.KindTrouble {
			told[t.Subject] = append(told[t.Subject], t)
		}
	}
	return told
}

type pairPlan struct {
	*planner
	slug   string
	both   []*recipient // of the two, those who can hear
	course *course
	told   []store.Told // of pace and trouble
}

// A reminded is what one of a pair has heard of its pace, as a plan goes along.
type reminded struct {
	last    time.Time // the latest reminder or last call
	second  time.Time // the second reminder since the pair's last progress
	count   int       // reminders since then
	ordinal int       // of the latest reminder ever planned
}

// pace plans reminders, last calls and the word to the coordinators.
func (p *pairPlan) pace() {
	var l plight
	escalated := p.escalated()
	for _, r := range p.both {
		heard := p.remindedOf(r)
		p.calls(r)
		for heard.count < paceReminders && !escalated {
			due, ok := p.reminderDue(r, heard.last)
			if !ok {
				break
			}
			if due.After(p.to) {
				p.next(due)
				break
			}
			heard.note(due)
			heard.ordinal++
			p.addPace(r, strconv.Itoa(heard.ordinal), due, paceUntil(due, r.loc))
		}
		l.add(r, heard, p.from)
	}
	if due, ok := l.due(p.c.Cycle.Rules.Pace); ok {
		p.trouble(due)
	}
}

func (h *reminded) note(at time.Time) {
	h.last = latest(h.last, at)
	h.count++
	if h.count == paceReminders {
		h.second = at
	}
}

// remindedOf reads what r has heard, or is about to.
func (p *pairPlan) remindedOf(r *recipient) (h reminded) {
	var since []time.Time
	for _, t := range p.told {
		if t.PersonID != r.person.ID || t.Kind != store.KindPace {
			continue
		}
		// One that failed counts too, else it would be tried again at once, for ever.
		out := t.State == store.Sent || t.State == store.Planned || t.State == store.Failed
		if out {
			h.last = latest(h.last, t.At)
		}
		if n, err := strconv.Atoi(t.Offset); err == nil {
			h.ordinal = max(h.ordinal, n)
			if out && !t.At.Before(p.course.progress) {
				since = append(since, t.At)
			}
		}
	}
	slices.SortFunc(since, time.Time.Compare)
	for _, at := range since {
		h.note(at)
	}
	return h
}

// reminderDue returns when r is to be reminded next. What was overdue when the
// plan begins keeps its instant if that day's window is still open.
func (p *pairPlan) reminderDue(r *recipient, last time.Time) (time.Time, bool) {
	begin := latest(p.c.Cycle.PlannedTo, r.member.JoinedAt, p.c.Cycle.Starts.Midnight(p.loc))
	due, ok := p.reminderFrom(r, begin, last)
	if !ok || !due.Before(p.from) {
		return due, ok
	}
	now, ok := p.reminderFrom(r, p.from, last)
	if now.Equal(p.from) && now.Before(paceUntil(due, r.loc)) {
		return due, ok
	}
	return now, ok
}

// reminderFrom returns the first instant at t or later at which r may be reminded.
func (p *pairPlan) reminderFrom(r *recipient, t, last time.Time) (time.Time, bool) {
	days := p.c.Cycle.Rules.Pace
	for _, since := range []time.Time{last, p.course.progress} {
		if !since.IsZero() {
			t = latest(t, addDays(since, days, r.loc))
		}
	}
	t = latest(t, r.person.PausedUntil)
	for t.Before(p.end) {
		at, ok := p.course.nextBehind(t)
		if !ok {
			return at, false
		}
		at = paceWindow(at, r)
		switch call := p.callWithin(r, at, days); {
		case !call.IsZero():
			t = addDays(call, days, r.loc)
		case p.course.behind(at):
			return at, at.Before(p.end)
		default:
			t = at
		}
	}
	return t, false
}

// callWithin returns a last call that goes to r, or is on its way, less than some
// days before or after t; zero if there is none.
func (p *pairPlan) callWithin(r *recipient, t time.Time, days int) time.Time {
	for _, n := range lastCalls {
		call := p.callDue(r, n)
		near := t.After(addDays(call, -days, r.loc)) && t.Before(addDays(call, days, r.loc))
		if near && p.course.behind(call) && r.hears(call) && (call.After(p.from) || p.pending(r, call, n)) {
			return call
		}
	}
	return time.Time{}
}

// pending reports whether a last call that is due has yet to go out.
func (p *pairPlan) pending(r *recipient, call time.Time, n int) bool {
	return callUntil(call, r.loc).After(p.from) && !p.called(r, n)
}

// called reports whether a last call to r was ever planned.
func (p *pairPlan) called(r *recipient, n int) bool {
	offset := lastCall(n)
	return slices.ContainsFunc(p.told, func(t store.Told) bool {
		return t.PersonID == r.person.ID && t.Offset == offset
	})
}

// callDue returns when the last call n days before the cycle's By goes to r.
func (p *pairPlan) callDue(r *recipient, n int) time.Time {
	due := (p.c.Cycle.By - store.Date(n)).At(dayClock).In(r.loc)
	return hush(due, r.quiet, r.loc, time.Time{})
}

// callUntil returns the end of the day on which a last call goes out.
func callUntil(call time.Time, loc *time.Location) time.Time {
	return (store.DateOf(call.In(loc)) + 1).Midnight(loc)
}

// calls plans the last calls to r.
func (p *pairPlan) calls(r *recipient) {
	t := thread{to: r, kind: store.KindPace, subject: p.slug, occurrence: "1"}
	for _, n := range lastCalls {
		due := p.callDue(r, n)
		until := callUntil(due, r.loc)
		if r.hears(due) && due.Before(p.end) && !p.over(until) && !p.called(r, n) {
			t.candidates = append(t.candidates, candidate{lastCall(n), due, until})
		}
	}
	t.goes = func(i int, _ bool) bool {
		due := t.candidates[i].due
		return p.course.behind(due) && p.course.behind(latest(due, p.from))
	}
	p.schedule(t)
}

func (p *pairPlan) addPace(r *recipient, offset string, due, until time.Time) {
	t := thread{to: r, kind: store.KindPace, subject: p.slug, occurrence: "1"}
	p.add(&t, candidate{offset, due, until}, store.Planned, "")
}
