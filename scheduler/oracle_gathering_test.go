package scheduler_test

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// invitations are the reminders of a session or an event to one person.
func (o *oracle) invitations(g *gathering, h *human, now time.Time) (all []prospect) {
	start, changed := o.start(g, now), g.changedAt(now)
	offsets := byDistance(g.offsets(o.rules.at(now)))
	heard := o.heardBefore(g, h, now)
	if heard {
		_, answered := g.answer(h, now)
		p := prospect{letter: g.letter(h, "moved", now), ahead: start, until: start, goes: !answered}
		p.due, p.turn = o.atChange(h, changed, now, start)
		all = append(all, p)
	}
	// Which offsets are the last ones is for the latest rules to say.
	rules := o.rules.last(now)
	var passed []prospect
	for i, offset := range offsets {
		p := prospect{letter: g.letter(h, offset.String(), now), ahead: start, until: start}
		since := latest(changed, o.offsetSince(offset, now, g.offsets))
		p.due, p.turn = o.due(h, since, now, start, o.nominal(g, offset, now))
		p.goes = o.asksOrReminds(g, h, p.due, len(offsets)-1-i, now)
		if !p.due.Before(changed) {
			all = append(all, p.known(rules))
			continue
		}
		p.due, p.turn = o.atChange(h, changed, now, start)
		p.goes = o.asksOrReminds(g, h, p.due, len(offsets)-1-i, now)
		passed = []prospect{p.known(rules)} // the nearest so far
	}
	if !heard {
		all = append(passed, all...)
	}
	return o.untold(all)
}

// atChange is when a message is due that a change causes.
func (o *oracle) atChange(h *human, changed, now, ahead time.Time) (due, turn time.Time) {
	due, turn = o.due(h, changed, now, ahead, func(*time.Location) time.Time { return changed })
	return latest(due, changed), turn // at once if the time before the quiet hours has passed
}

func (g *gathering) offsets(r store.Rules) []store.Offset {
	if g.event {
		return r.Event
	}
	return r.Session
}

// nominal is when a reminder goes out, but for quiet hours.
func (o *oracle) nominal(g *gathering, offset store.Offset, now time.Time) func(*time.Location) time.Time {
	a := g.when.at(now)
	if g.event {
		return func(zone *time.Location) time.Time {
			return (a.from - store.Date(offset.Days)).At(10 * 60).In(zone)
		}
	}
	return func(*time.Location) time.Time { return offset.Before(a.at.In(o.zone), o.zone) }
}

// asksOrReminds reports whether an offset has something to say to a person; after
// is how many offsets come after it.
func (o *oracle) asksOrReminds(g *gathering, h *human, due time.Time, after int, now time.Time) bool {
	answer, answered := g.answer(h, now)
	switch {
	case h.group:
		return true // it is for all who read it, whatever they have said
	case answered && !answer.coming:
		return false
	case answered && g.event:
		return after < 2 && !due.Before(answer.at)
	case answered:
		return after == 0 && !due.Before(answer.at)
	case g.event:
		return true
	default:
		return after > 0 || !o.reached(g, h, now)
	}
}

// reached reports whether anything about the present revision has reached a person.
func (o *oracle) reached(g *gathering, h *human, now time.Time) bool {
	l := g.letter(h, "", now)
	return slices.ContainsFunc(o.told, func(t telling) bool {
		return t.kind == l.kind && t.subject == l.subject && t.to == h && t.occurrence == l.occurrence
	})
}

// heardBefore reports whether a person has heard of an earlier revision: by a message, be
// it that it was cancelled, or to answer it, if they haven't answered the present one.
func (o *oracle) heardBefore(g *gathering, h *human, now time.Time) bool {
	l := g.letter(h, "", now)
	if said := g.answers[h]; said != nil {
		if a := said.at(now); a.revision > 0 && a.revision < g.when.at(now).revision {
			return true
		}
	}
	return slices.ContainsFunc(o.told, func(t telling) bool {
		return t.kind == l.kind && t.subject == l.subject && t.to == h &&
			t.occurrence != l.occurrence && !strings.HasPrefix(t.occurrence, l.occurrence+"-")
	})
}

// heardOff reports whether a person was told of the present revision that it is cancelled.
func (o *oracle) heardOff(g *gathering, h *human, now time.Time) bool {
	l := g.letter(h, "cancelled", now)
	return slices.ContainsFunc(o.told, func(t telling) bool {
		return t.kind == l.kind && t.subject == l.subject && t.to == h && t.offset == l.offset &&
			strings.HasPrefix(t.occurrence, l.occurrence+"-")
	})
}

// cancellation is the word to one person that a session or an event doesn't take place.
func (o *oracle) cancellation(g *gathering, h *human, now time.Time) prospect {
	start, at := o.start(g, now), g.cancelled.last(now)
	p := prospect{letter: g.letter(h, "cancelled", now), ahead: start, until: start}
	p.occurrence += "-" + at.UTC().Format("2006-01-02T15:04:05.000")
	answer, answered := g.answer(h, now)
	p.goes = answer.coming
	if !answered {
		p.goes = o.reached(g, h, now) || o.heardBefore(g, h, now) || o.heardOff(g, h, now)
	}
	p.due, p.turn = o.atChange(h, at, now, start)
	return p
}

// resumed makes due, when a cancellation is taken back, what would have been due while
// it held.
func (o *oracle) resumed(g *gathering, all []prospect) []prospect {
	for i, f := range g.cancelled {
		if f.value {
			continue
		}
		from := g.cancelled[i-1].since
		for j := range all {
			if turn := latest(all[j].due, all[j].turn); turn.Before(f.since) && !o.dealtWith(turn, from) {
				all[j].turn = f.since
			}
		}
	}
	return all
}

func (g *gathering) letter(h *human, offset string, now time.Time) letter {
	kind := store.KindSession
	if g.event {
		kind = store.KindEvent
	}
	return letter{kind, g.slug, strconv.Itoa(g.when.at(now).revision), offset, h}
}

// changedAt is when it was added or last moved.
func (g *gathering) changedAt(now time.Time) time.Time { return g.when.last(now) }
