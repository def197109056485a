package scheduler_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

var lastCallDays = []int{30, 14, 7}

// lastCalls are those of one pair to one of the two.
func (o *oracle) lastCalls(c *couple, h *human, now time.Time) (all []prospect) {
	since := o.rules.while(now, func(r store.Rules) bool { return r.Pace != 0 })
	for _, days := range lastCallDays {
		day := o.cycle.By - store.Date(days)
		nominal := func(zone *time.Location) time.Time { return day.At(10 * 60).In(zone) }
		due, turn := o.due(h, time.Time{}, now, time.Time{}, nominal)
		zone := o.zoneOf(h, now)
		all = append(all, prospect{
			letter: letter{store.KindPace, c.slug(), "1", fmt.Sprintf("last-%dd", days), h},
			due:    due, turn: turn, until: (store.DateOf(due.In(zone)) + 1).Midnight(zone),
			goes: o.behind(c, due, due) && o.behind(c, now, now),
		}.known(since).known(c.goesOn(now)))
	}
	return all
}

// pestered are the instants until another at which a person was sent pace reminders
// of a pair, with the last calls or without.
func (o *oracle) pestered(c *couple, h *human, lastCalls bool, until time.Time) (times []time.Time) {
	for _, t := range o.told {
		if t.kind == store.KindPace && t.subject == c.slug() && t.to == h && !t.at.After(until) &&
			(lastCalls || !strings.HasPrefix(t.offset, "last-")) {
			times = append(times, t.at)
		}
	}
	return times
}

// after returns the instants that aren't before another.
func after(times []time.Time, t time.Time) (later []time.Time) {
	for _, at := range times {
		if !at.Before(t) {
			later = append(later, at)
		}
	}
	return later
}

// onward is a number of calendar days later, at the same wall clock.
func onward(t time.Time, days int, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	hour, minute, second := t.In(zone).Clock()
	return time.Date(y, m, d+days, hour, minute, second, t.Nanosecond(), zone)
}

// reminds reports whether one of a pair is to get a pace reminder at an instant.
func (o *oracle) reminds(c *couple, h *human, at time.Time) bool {
	if !at.Before(o.end()) {
		return false
	}
	pace := o.rules.at(at).Pace
	zone := o.zoneOf(h, at)
	if !o.paceHour(h, at) {
		return false
	}
	if _, _, quiet := quietAround(at, zone, o.quietOf(h, at)); quiet || !o.behind(c, at, at) || !o.hears(h, at, at) {
		return false
	}
	progress := o.progress(c, at)
	for _, since := range append(o.pestered(c, h, true, at), progress) {
		if !since.IsZero() && at.Before(onward(since, pace, zone)) {
			return false
		}
	}
	for _, call := range o.lastCalls(c, h, at) {
		if call.due.Before(onward(at, pace, zone)) && at.Before(call.until) && o.willHear(c, call, at) {
			return false
		}
	}
	return len(after(o.pestered(c, h, false, at), progress)) < 2 && !o.escalated(c, progress)
}

// paceHour reports whether it is an hour of a weekday at which pace reminders go to a
// person: any, if all the usual ones are quiet.
func (o *oracle) paceHour(h *human, at time.Time) bool {
	local := at.In(o.zoneOf(h, at))
	if local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
		return false
	}
	if local.Hour() >= 10 && local.Hour() < 18 {
		return true
	}
	return o.sleepsAllDay(o.quietOf(h, at))
}

// sleepsAllDay reports whether quiet hours leave not a minute from 10 to 18.
func (o *oracle) sleepsAllDay(q store.Quiet) bool {
	all, known := o.dayless[q]
	if known {
		return all
	}
	all = true
	for minute := 10 * 60; minute < 18*60; minute++ {
		_, _, quiet := quietAround(time.Date(2027, time.January, 1, 0, minute, 0, 0, time.UTC), time.UTC, q)
		all = all && quiet
	}
	o.dayless[q] = all
	return all
}

// willHear reports whether a last call is still to go out, unless something changes.
func (o *oracle) willHear(c *couple, call prospect, at time.Time) bool {
	known := call.due
	if known.After(at) {
		known = at
	}
	return o.behind(c, call.due, known) && o.hears(call.to, call.due, latest(at, call.due)) && !o.wasTold(call.letter)
}

func (o *oracle) escalated(c *couple, progress time.Time) bool {
	return slices.ContainsFunc(o.told, func(t telling) bool {
		return t.kind == store.KindTrouble && t.subject == c.slug() && !t.at.Before(progress)
	})
}

// paces is the pace reminder of a pair to one of the two, if it is time for it. What
// has been due for a while is due since the first instant from which it was.
func (o *oracle) paces(c *couple, h *human, now time.Time) (all []prospect) {
	if o.rules.at(now).Pace == 0 || c.ended.at(now) {
		return nil
	}
	all = o.untold(o.lastCalls(c, h, now))
	if !o.reminds(c, h, now) {
		return all
	}
	since := now
	for _, t := range o.turningPoints(now) {
		if o.rules.at(t).Pace != 0 && !c.ended.at(t) && !c.since.After(t) && o.reminds(c, h, t) {
			since = t
			break
		}
	}
	return append(all, prospect{letter: letter{store.KindPace, c.slug(), "1", "", h}, due: now, since: since, goes: true})
}

// turningPoints are instants since the last tick at which a pace reminder can have
// come due.
func (o *oracle) turningPoints(now time.Time) (points []time.Time) {
	from := o.last()
	for t := from.Truncate(5 * time.Minute).Add(5 * time.Minute); t.Before(now); t = t.Add(5 * time.Minute) {
		points = append(points, t)
	}
	return points
}

// hopeless returns since when coordinators are to be told of a pair, if they are:
// from then on it has been so, and there was one who hears.
func (o *oracle) hopeless(c *couple, now time.Time) (since time.Time, ok bool) {
	points := append([]time.Time{now}, o.changes(c)...)
	for _, h := range c.both() {
		for _, sent := range o.pestered(c, h, false, now) {
			points = append(points, onward(sent, o.rules.at(now).Pace, o.zoneOf(h, now)))
		}
	}
	slices.SortFunc(points, time.Time.Compare)
	for _, t := range slices.Backward(points) {
		if t.After(now) {
			continue
		}
		if !o.inTrouble(c, t) || !o.anyCoordinator(t) {
			break
		}
		since, ok = t, true
	}
	return since, ok
}

func (o *oracle) anyCoordinator(at time.Time) bool {
	return slices.ContainsFunc(o.people, func(h *human) bool {
		return h.role == store.Coordinator && o.hears(h, at, at)
	})
}

// inTrouble reports whether reminders have been without effect for long enough.
func (o *oracle) inTrouble(c *couple, at time.Time) bool {
	pace := o.rules.at(at).Pace
	if pace == 0 || c.ended.at(at) || c.since.After(at) || !o.behind(c, at, at) {
		return false
	}
	progress := o.progress(c, at)
	var second time.Time
	var zone *time.Location
	for _, h := range c.both() {
		if h.joined.at(at).IsZero() || h.gone.at(at) {
			continue
		}
		sent := after(o.pestered(c, h, false, at), progress)
		switch {
		case len(sent) < 2 && o.hears(h, at, at):
			return false
		case len(sent) >= 2 && sent[1].After(second):
			second, zone = sent[1], o.zoneOf(h, at)
		}
	}
	return !second.IsZero() && !at.Before(onward(second, pace, zone))
}

// changes are the instants at which a pair can fall behind or catch up, or one of
// the two can begin or cease to hear.
func (o *oracle) changes(c *couple) (times []time.Time) {
	days := int(o.cycle.By-o.cycle.Starts) + 1
	for k := 1; k <= o.cycle.Minimum; k++ {
		times = append(times, (o.cycle.Starts + store.Date(days*k/o.cycle.Minimum)).Midnight(o.zone))
	}
	for _, m := range c.meetings {
		for _, f := range m.is {
			times = append(times, f.since, (f.value.day + 3).Midnight(o.zone))
		}
	}
	for _, f := range c.ended {
		times = append(times, f.since)
	}
	for _, f := range o.rules {
		times = append(times, f.since)
	}
	for _, h := range o.people {
		for _, f := range h.pause {
			times = append(times, f.since, f.value)
		}
		for _, f := range h.joined {
			times = append(times, f.since)
		}
		for _, f := range h.gone {
			times = append(times, f.since)
		}
		for _, f := range h.zone {
			times = append(times, f.since)
		}
	}
	return append(times, c.since)
}

// fellBehind is when the pair last fell behind, of one that is, as its meetings tell now.
func (o *oracle) fellBehind(c *couple, now time.Time) (fell time.Time) {
	times := o.changes(c)
	slices.SortFunc(times, time.Time.Compare)
	was := false
	for _, t := range times {
		if t.After(now) || t.Before(c.since) {
			continue
		}
		is := o.wasBehind(c, t, now)
		if is && !was {
			fell = t
		}
		was = is
	}
	return fell
}

// troubles tells a coordinator of a pair, once for each time it falls behind.
func (o *oracle) troubles(c *couple, coordinator *human, now time.Time) []prospect {
	since, ok := o.hopeless(c, now)
	if !ok {
		return nil
	}
	fell, told := o.fellBehind(c, now), false
	for _, t := range slices.Backward(o.told) {
		if t.kind == store.KindTrouble && t.subject == c.slug() && !t.at.Before(fell) {
			if t.at.Before(since) {
				since = t.at // once one coordinator was told, it was due
			}
			told = told || t.to == coordinator
		}
	}
	due, turn := o.due(coordinator, since, now, time.Time{}, func(*time.Location) time.Time { return since })
	return []prospect{{
		letter: letter{store.KindTrouble, c.slug(), "", "-", coordinator},
		due:    due, turn: turn, until: due.Add(7 * 24 * time.Hour), goes: !told,
	}}
}
