package scheduler

import (
	"slices"
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
// progress: from then on it hears only the last calls.
func (p *pairPlan) escalated() bool {
	return slices.ContainsFunc(p.told, func(t store.Told) bool {
		return t.Kind == store.KindTrouble && (t.State == store.Sent || t.State == store.Planned) &&
			!t.At.Before(p.course.progress)
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
	occurrence, told := p.timeOfTrouble(asOf)
	due = p.troubleDue(due, told)
	for _, r := range p.coordinators {
		hushed := hush(due, r.quiet, r.loc, time.Time{})
		until := hushed.Add(troubleLife)
		if r.hears(hushed) && !p.over(until) {
			p.schedule(thread{
				to: r, kind: store.KindTrouble, subject: p.slug, occurrence: occurrence,
				candidates: []candidate{{"", hushed, until}},
			})
		}
	}
}

// timeOfTrouble names the time behind that an instant lies in, and returns when the
// first coordinator was told of it; zero if none was. It is known by the day on which
// it began, as its meetings told when that coordinator was told: when a meeting moves,
// they may tell of another day.
func (p *pairPlan) timeOfTrouble(asOf time.Time) (occurrence string, told time.Time) {
	since := p.course.since(asOf)
	occurrence = store.DateOf(since.In(p.loc)).String()
	for _, t := range p.told {
		if t.Kind == store.KindTrouble && !t.At.Before(since) && (told.IsZero() || t.At.Before(told)) {
			occurrence, told = t.Occurrence, t.At
		}
	}
	return occurrence, told
}

// troubleDue returns when all coordinators are to be told of a time behind: when
// the first of them was. If none was, although an earlier plan has looked at the due
// instant, one of the pair was waited for then: now it is due. In any case it is
// once a coordinator can hear.
func (p *pairPlan) troubleDue(due, told time.Time) time.Time {
	if !told.IsZero() {
		return told
	}
	var hears time.Time
	for _, r := range p.coordinators {
		hears = earliest(hears, latest(r.member.JoinedAt, r.person.PausedUntil))
	}
	if !due.After(p.c.Cycle.PlannedTo) {
		due = p.from
	}
	return latest(due, hears)
}
