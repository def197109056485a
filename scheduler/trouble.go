package scheduler

import (
	"slices"
	"strconv"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// troubleLife is how long the word of a pair in trouble is of use.
const troubleLife = 7 * 24 * time.Hour

// A plight is how far reminders have been without effect.
type plight struct {
	waiting bool      // for the second reminder of one of the two
	second  time.Time // the later one
	zone    *time.Location
}

func (l *plight) add(r *recipient, heard reminded, now time.Time) {
	switch {
	case heard.count >= paceReminders && heard.second.After(l.second):
		l.second, l.zone = heard.second, r.loc
	case heard.count < paceReminders && r.hears(now):
		l.waiting = true
	}
}

// due returns when coordinators are to be told, as far as the reminders go.
func (l *plight) due(pace int) (time.Time, bool) {
	if l.waiting || l.second.IsZero() {
		return time.Time{}, false
	}
	return addDays(l.second, pace, l.zone), true
}

// escalated reports whether coordinators were told of the pair since its last
// progress: from then on it hears only the last calls. Word that is still on its way
// doesn't count: it is withdrawn if there is anybody to remind.
func (p *pairPlan) escalated() bool {
	return slices.ContainsFunc(p.told, func(t store.Told) bool {
		return t.Kind == store.KindTrouble && t.State == store.Sent && !t.At.Before(p.course.progress)
	})
}

// trouble tells each coordinator, once for each time the pair falls behind, that
// reminders haven't helped; due is when the pair had its time.
func (p *pairPlan) trouble(due time.Time) {
	asOf := latest(due, p.from)
	if !due.Before(p.end) {
		return
	}
	if !p.course.behind(asOf) {
		if again, ok := p.course.nextBehind(asOf); ok {
			p.next(again)
		}
		return
	}
	since := p.course.since(asOf)
	occurrence, told := p.timeOfTrouble(since)
	due = p.troubleDue(due, since, told)
	for _, r := range p.coordinators {
		hushed := hush(due, r.quiet, r.loc, time.Time{})
		until := hushed.Add(troubleLife)
		if r.hears(hushed) && !p.over(until) {
			p.schedule(thread{
				to: r, kind: store.KindTrouble, subject: p.slug, occurrence: occurrence,
				candidates: []candidate{{p.troubleNumber(r, occurrence), hushed, until}},
			})
		}
	}
}

// troubleNumber sets the word of one time behind apart from what was withdrawn of it, since
// the pair had made some progress: "2" after the first. What was never withdrawn has none.
func (p *pairPlan) troubleNumber(r *recipient, occurrence string) string {
	n := 1
	for _, t := range p.told {
		if t.Kind == store.KindTrouble && t.State == store.Withdrawn && t.PersonID == r.person.ID && t.Occurrence == occurrence {
			n++
		}
	}
	if n == 1 {
		return ""
	}
	return strconv.Itoa(n)
}

// timeOfTrouble names the time behind that began at an instant, and returns when the
// first coordinator was told of it, or was to be; zero if none was. It is known by the day on which
// it began, as its meetings told when that coordinator was told: when a meeting moves,
// they may tell of another day.
func (p *pairPlan) timeOfTrouble(since time.Time) (occurrence string, told time.Time) {
	occurrence = store.DateOf(since.In(p.loc)).String()
	var named time.Time
	for _, t := range p.told {
		if t.Kind != store.KindTrouble || t.At.Before(since) {
			continue
		}
		if named.IsZero() || t.At.Before(named) {
			occurrence, named = t.Occurrence, t.At
		}
		if t.State != store.Withdrawn {
			told = earliest(told, t.At)
		}
	}
	return occurrence, told
}

// troubleDue returns when all coordinators are to be told of a time behind, whom quiet
// hours may hold back one by one: once the pair has had its time and is behind, and a
// coordinator can hear. If an earlier plan has looked at that instant and nobody was told,
// one of the pair was waited for then: now it is due.
func (p *pairPlan) troubleDue(due, since, told time.Time) time.Time {
	var hears time.Time
	for _, r := range p.coordinators {
		hears = earliest(hears, latest(r.member.JoinedAt, r.person.PausedUntil))
	}
	due = latest(due, since, hears)
	switch {
	case !told.IsZero() && (due.After(told) || due.Before(told.Add(-lookback))):
		return told
	case told.IsZero() && !due.After(p.c.Cycle.PlannedTo) && !p.allQuiet(due):
		return latest(p.from, hears)
	}
	return due
}

// allQuiet reports whether an earlier plan may have left it to the end of quiet hours to
// tell any coordinator what was due: then it is still due since that instant.
func (p *pairPlan) allQuiet(due time.Time) bool {
	if !due.After(p.since) {
		return false
	}
	for _, r := range p.coordinators {
		at := p.c.Cycle.PlannedTo
		if r.hears(due) && opening(at, r.quiet, r.loc, time.Time{}).Equal(at) {
			return false
		}
	}
	return true
}
