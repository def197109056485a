package scheduler_test

import (
	"fmt"
	"strconv"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// mornings are the agendas of an event's days, for who comes.
func (o *oracle) mornings(g *gathering, h *human, now time.Time) (all []prospect) {
	a, clock := g.when.at(now), o.rules.at(now).EventMorning
	answer, answered := g.answer(h, now)
	if !g.event || clock == nil || !answered || !answer.coming {
		return nil
	}
	since := o.rules.while(now, func(r store.Rules) bool { return r.EventMorning != nil && *r.EventMorning == *clock })
	for day := a.from; day <= a.to; day++ {
		due := day.At(*clock).In(o.place(g, now))
		all = append(all, prospect{
			letter: g.letter(h, "morning-"+day.String(), now), due: due, until: due.Add(6 * time.Hour),
			exempt: true, goes: !due.Before(answer.at) && !due.Before(g.changedAt(now)),
		}.known(since))
	}
	return all
}

// encounters are the reminders of agreed meetings.
func (o *oracle) encounters(c *couple, now time.Time) (all []prospect) {
	for _, m := range c.meetings {
		is := m.is.at(now)
		if is.state != store.Agreed {
			continue
		}
		for _, h := range c.both() {
			var thread []prospect
			for _, offset := range byDistance(o.rules.at(now).Meeting) {
				since := o.offsetSince(offset, now, func(r store.Rules) []store.Offset { return r.Meeting })
				due, turn := o.due(h, latest(is.agreedAt, since), now, is.at, func(*time.Location) time.Time {
					return offset.Before(is.at, o.zone)
				})
				thread = append(thread, prospect{
					letter: letter{
						store.KindMeeting, fmt.Sprintf("%s#%d", c.slug(), m.number), strconv.Itoa(is.revision),
						offset.String(), h,
					},
					due: due, turn: turn, ahead: is.at, until: is.at, goes: !due.Before(is.agreedAt),
				}.known(since).known(c.goesOn(now)))
			}
			all = append(all, o.untold(thread)...)
		}
	}
	return all
}

// counts reports whether a meeting counts at an instant, by what is known.
func (o *oracle) counts(m *encounter, at, known time.Time) bool {
	is := m.is.at(known)
	switch is.state {
	case store.Held:
		return !is.disputed && !is.logged.After(at)
	case store.Agreed:
		return !is.agreedAt.After(at) && is.day <= o.cycle.By && at.Before((is.day + 3).Midnight(o.zone))
	default:
		return false
	}
}

// behind reports whether a pair is behind its pace at an instant, by what is known.
func (o *oracle) behind(c *couple, at, known time.Time) bool {
	return o.isBehind(c, at, func(m *encounter) bool { return o.counts(m, at, known) })
}

// wasBehind reports whether a pair was behind its pace at an instant, as its meetings
// tell now: one that is cancelled or disputed tells since when, and of disputes that are
// settled none tells.
func (o *oracle) wasBehind(c *couple, at, now time.Time) bool {
	return o.isBehind(c, at, func(m *encounter) bool { return o.counted(m, at, now) })
}

// counted reports whether a meeting counted at an instant, as it tells now.
func (o *oracle) counted(m *encounter, at, now time.Time) bool {
	var is engagement
	var stop time.Time
	for _, f := range m.is {
		switch {
		case f.since.After(now):
		case !f.value.disputed && f.value.state != store.Cancelled:
			is, stop = f.value, time.Time{}
		case stop.IsZero():
			stop = f.since
		}
	}
	agreed := !is.agreedAt.IsZero() && !is.agreedAt.After(at) && is.day <= o.cycle.By && at.Before((is.day + 3).Midnight(o.zone))
	held := !is.logged.IsZero() && !is.logged.After(at)
	return (held || agreed) && (stop.IsZero() || at.Before(stop))
}

func (o *oracle) isBehind(c *couple, at time.Time, counts func(*encounter) bool) bool {
	parts, met := 0, 0
	days := int(o.cycle.By-o.cycle.Starts) + 1
	for k := 1; k <= o.cycle.Minimum; k++ {
		if end := o.cycle.Starts + store.Date(days*k/o.cycle.Minimum); !at.Before(end.Midnight(o.zone)) {
			parts++
		}
	}
	for _, m := range c.meetings {
		if counts(m) {
			met++
		}
	}
	return met < parts
}

// progress is when the pair last agreed on a meeting, or logged one: on its day, if that
// comes later, unless it was cancelled before. To become a pair while the cycle is on is
// progress, too.
func (o *oracle) progress(c *couple, now time.Time) (last time.Time) {
	if since := c.goesOn(now); since.After(o.cycle.Starts.Midnight(o.zone)) {
		last = since
	}
	for _, m := range c.meetings {
		is := m.is.at(now)
		if is.agreedAt.IsZero() && is.logged.IsZero() {
			continue
		}
		made := latest(latest(is.agreedAt, is.logged), is.day.Midnight(o.zone))
		off := m.is.while(now, func(e engagement) bool { return e.state == store.Cancelled })
		if is.state == store.Cancelled && off.Before(made) {
			made = off
		}
		last = latest(last, made)
	}
	return last
}
