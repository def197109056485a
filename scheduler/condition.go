package scheduler

import (
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// A Verdict says whether a claimed message is still to go out: Planned, with Due
// at the present or later, or Withdrawn or Missed with the reason.
type Verdict struct {
	State  store.MessageState
	Reason string
	Due    time.Time
}

// Condition asks once more, just before a message is sent at now, whether it is
// still wanted. It is pure, and knows the reminders that Plan makes and what answers an
// act; any other kind goes out unless it is too late.
func Condition(c *store.Snapshot, m *store.Message, now time.Time) Verdict {
	return condition(newPlanner(c, now, now), m)
}

// condition asks for a message of the cycle that p plans, at the start of its plan.
func condition(p *planner, m *store.Message) Verdict {
	if !p.from.Before(m.Until) {
		return Verdict{State: store.Missed, Reason: tooLate}
	}
	r, gone := addressee(p.c, m)
	if gone != "" {
		return withdrawn(gone)
	}
	q := query{planner: p, r: &r, m: m}
	if verdict, ok := q.act(); ok {
		return verdict
	}
	switch {
	case p.from.Before(r.person.PausedUntil):
		return withdrawn("paused")
	case !p.from.Before(p.end) && m.Kind != store.KindAttendance:
		return Verdict{State: store.Missed, Reason: "the cycle has ended"}
	}
	return q.ask()
}

func withdrawn(reason string) Verdict { return Verdict{State: store.Withdrawn, Reason: reason} }

// A query asks for the condition of one message.
type query struct {
	*planner
	r *recipient
	m *store.Message
}

// act asks for what answers somebody's act: neither a pause nor the end of the cycle
// stops it. Not ok means that the message is a reminder.
func (q *query) act() (verdict Verdict, ok bool) {
	switch q.m.Kind {
	case store.KindConfirm:
		return q.confirm(), true
	case store.KindAnnouncement:
		return q.announcement(), true
	case store.KindDispute, store.KindApp, store.KindRestored:
		return q.out(), true
	case store.KindChange:
		return q.change(), true
	case store.KindPair, store.KindLeft, store.KindNote:
		return q.hushed(q.m.Until), true
	case store.KindGroup:
		return q.lost(), true
	default:
		return verdict, false
	}
}

func (q *query) ask() Verdict {
	switch q.m.Kind {
	case store.KindSession:
		return q.gathering()
	case store.KindEvent:
		if IsMorning(q.m.Offset) {
			return q.morning()
		}
		return q.gathering()
	case store.KindMeeting:
		return q.meeting()
	case store.KindPace, store.KindTrouble:
		return q.pace()
	case store.KindAttendance:
		s := q.c.Session(q.m.Subject)
		if s == nil || !s.CancelledAt.IsZero() || !s.AttendanceAt.IsZero() || revision(s.Revision) != q.m.Occurrence {
			return withdrawn("attendance was taken")
		}
		return q.hushed(time.Time{})
	case store.KindDigest:
		t := q.digestThread(q.r)
		i := slices.IndexFunc(t.candidates, func(cand candidate) bool { return cand.offset == q.m.Offset })
		if i < 0 {
			return withdrawn("no longer planned")
		}
		return q.unlessSuperseded(&t, i)
	case store.KindNext:
		return q.out()
	default:
		return q.hushed(time.Time{})
	}
}

// out lets the message go now; hushed too, unless quiet hours make it wait.
func (q *query) out() Verdict { return Verdict{State: store.Planned, Due: q.from} }

func (q *query) hushed(thing time.Time) Verdict {
	return Verdict{State: store.Planned, Due: opening(q.from, q.r.quiet, q.r.loc, thing)}
}

func (q *query) gathering() Verdict {
	if q.m.Offset == Cancelled {
		return q.cancellation()
	}
	i := slices.IndexFunc(q.gather, func(g gathering) bool { return g.kind == q.m.Kind && g.slug == q.m.Subject })
	if i < 0 {
		return withdrawn("cancelled")
	}
	g := &q.gather[i]
	if revision(g.revision) != q.m.Occurrence {
		return withdrawn("moved")
	}
	t := q.gatheringThread(g, q.r)
	i = slices.IndexFunc(t.candidates, func(cand candidate) bool { return cand.offset == q.m.Offset })
	switch {
	case i < 0:
		return withdrawn("no longer planned")
	case t.goes != nil && !t.goes(i, t.reached):
		return withdrawn("answered")
	}
	return q.unlessSuperseded(&t, i)
}

// unlessSuperseded lets the i-th candidate out unless a later one of its thread
// may go as well.
func (q *query) unlessSuperseded(t *thread, i int) Verdict {
	for j := i + 1; j < len(t.candidates); j++ {
		if !t.candidates[j].due.After(q.from) && (t.goes == nil || t.goes(j, t.reached)) {
			return Verdict{State: store.Missed, Reason: "a later reminder took its place"}
		}
	}
	return q.hushed(t.thing)
}

func (q *query) morning() Verdict {
	e := q.c.Event(q.m.Subject)
	if e == nil || !e.CancelledAt.IsZero() || revision(e.Revision) != q.m.Occurrence {
		return withdrawn("cancelled")
	}
	if answer, _ := q.c.Answer(e.ID, q.r.person.ID); !answer.Coming {
		return withdrawn("answered")
	}
	return q.out()
}

func (q *query) meeting() Verdict {
	pair, m := q.c.Meeting(q.m.Subject)
	if pair == nil || !pair.EndedAt.IsZero() || m.State != store.Agreed || revision(m.Revision) != q.m.Occurrence {
		return withdrawn("the meeting was moved, cancelled or held")
	}
	t := q.meetingThread(q.c.PairSlug(pair), m, q.r)
	i := slices.IndexFunc(t.candidates, func(cand candidate) bool { return cand.offset == q.m.Offset })
	if i < 0 {
		return withdrawn("no longer planned")
	}
	return q.unlessSuperseded(&t, i)
}

func (q *query) pace() Verdict {
	pair := q.c.Pair(q.m.Subject)
	if pair == nil || !pair.EndedAt.IsZero() {
		return withdrawn("the pair has ended")
	}
	if q.mentored == nil {
		q.assemble()
	}
	p := q.pairPlan(pair, q.c.MeetingsOf(pair.ID))
	switch {
	case q.c.Cycle.Rules.Pace == 0:
		return withdrawn("no longer planned")
	case !p.course.behind(q.from):
		return withdrawn("back on pace")
	case q.m.Kind == store.KindTrouble:
		return q.trouble(&p)
	case !IsLastCall(q.m.Offset):
		return q.reminder(&p)
	}
	return q.hushed(time.Time{})
}

// reminder asks whether the person would be reminded now, were it not for this
// reminder itself.
func (q *query) reminder(p *pairPlan) Verdict {
	p.told = slices.DeleteFunc(slices.Clone(p.told), func(t store.Told) bool {
		return t.Kind == store.KindPace && t.PersonID == q.r.person.ID && t.Offset == q.m.Offset
	})
	heard := p.remindedOf(q.r)
	if p.escalated() || heard.count >= paceReminders {
		return withdrawn("reminded enough")
	}
	at, ok := p.reminderFrom(q.r, q.from, heard.last)
	if !ok || !at.Before(q.m.Until) {
		return withdrawn("not the time for it any more")
	}
	return Verdict{State: store.Planned, Due: at}
}

func (q *query) trouble(p *pairPlan) Verdict {
	var l plight
	for _, r := range p.both {
		l.add(r, p.remindedOf(r), q.from)
	}
	occurrence, _ := p.timeOfTrouble(p.course.since(q.from))
	switch due, ok := l.due(q.c.Cycle.Rules.Pace); {
	case occurrence != q.m.Occurrence:
		return withdrawn("back on pace since")
	case !ok || due.After(q.from):
		return withdrawn("the count has started anew")
	}
	return q.hushed(time.Time{})
}

// change asks for news of a session or an event, which must come before it begins; of an
// event under way they can't wait at all.
func (q *query) change() Verdict {
	i := slices.IndexFunc(q.gather, func(g gathering) bool {
		return g.slug == q.m.Subject && strings.HasSuffix(q.m.Offset, changeOf[g.kind])
	})
	switch {
	case i < 0:
		return withdrawn("cancelled")
	case q.gather[i].kind == store.KindSession && !q.from.Before(q.gather[i].begins):
		return Verdict{State: store.Missed, Reason: tooLate}
	}
	return q.hushed(q.gather[i].begins)
}

// changeOf are what the offsets of changes end with.
var changeOf = map[store.Kind]string{store.KindSession: OfSession, store.KindEvent: OfEvent}

func (q *query) confirm() Verdict {
	pair, m := q.c.Meeting(q.m.Subject)
	if pair == nil || m.State != store.Held || !m.ConfirmedAt.IsZero() || !m.DisputedAt.IsZero() {
		return withdrawn("settled")
	}
	return q.out()
}
