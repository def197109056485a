package scheduler_test

import (
	"cmp"
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// An oracle says which messages must go out, by the words of
// docs/decisions/0001-what-is-due.md and nothing else: at each tick it looks at
// every reminder that there could be. It shares no reckoning with the scheduler.
type oracle struct {
	*chronicle
	done    []time.Time            // instants of completed ticks, in order
	fired   map[string][]time.Time // the firings of each cron line
	planned map[string]time.Time   // by key: when due was what a tick that the process didn't survive has left in the outbox
	missed  map[string]bool        // keys in whose place a later reminder came
	held    map[string]time.Time   // by key: when due was what waits
	dayless map[store.Quiet]bool   // quiet hours known to leave nothing of the usual hours of pace reminders, or something
	waiting map[string]time.Time   // by key: until when quiet hours hold back what an earlier tick found due
}

// A prospect is a reminder that could go out.
type prospect struct {
	letter
	due    time.Time // quiet hours applied
	turn   time.Time // when a change found it overdue; zero: when it is due
	since  time.Time // from when on it has been going out, were it not for downtime
	ahead  time.Time // what it must come before, for quiet hours; zero: nothing
	until  time.Time // must not go out at or after it; zero: never too late
	exempt bool      // from quiet hours
	goes   bool      // by what is known now

	perhaps bool // nobody knows whether it must go out, or since when
}

// last is when everything due had been dealt with; zero: never.
func (o *oracle) last() (t time.Time) {
	if n := len(o.done); n > 0 {
		t = o.done[n-1]
	}
	return t
}

// tick returns what must go out at now, each once.
func (o *oracle) tick(now time.Time) (out []prospect) {
	things := map[[3]string][]prospect{}
	var order [][3]string
	for _, p := range o.prospects(now) {
		if due := o.planned[p.key()]; !due.IsZero() && due.Before(p.due) && !p.many() {
			p.due, p.turn = due, time.Time{} // whatever zone or quiet hours they have since
		}
		if !o.turn(p, now) {
			continue
		}
		thing := [3]string{string(p.kind), p.subject, p.to.slug}
		if things[thing] == nil {
			order = append(order, thing)
		}
		things[thing] = append(things[thing], p)
	}
	for _, thing := range order {
		if p, ok := o.pick(things[thing], now); ok {
			out = append(out, p)
		}
	}
	return append(out, o.announcements(now)...)
}

// lookback is how long ago a reminder may have been due that only a change of zone,
// quiet hours or rules makes overdue.
const lookback = 48 * time.Hour

// turn reports whether a reminder has come due since the last tick, or was held
// back by quiet hours.
func (o *oracle) turn(p prospect, now time.Time) bool {
	turn := latest(p.due, p.turn)
	waits := !o.waiting[p.key()].IsZero()
	if held := o.held[p.key()]; p.due.Before(held) && !p.due.After(o.last().Add(-lookback)) {
		waits = false // by other settings it was due too long ago
	}
	fresh := turn.After(o.last()) || waits
	return fresh && !turn.After(now) && !o.wasTold(p.letter) && !o.missed[p.key()] &&
		(!o.planned[p.key()].IsZero() || len(o.done) == 0 || p.due.After(o.rules.last(now).Add(-lookback)))
}

// offsetSince is since when the rules have had an offset.
func (o *oracle) offsetSince(offset store.Offset, now time.Time, of func(store.Rules) []store.Offset) time.Time {
	return o.rules.while(now, func(r store.Rules) bool { return slices.Contains(of(r), offset) })
}

// known makes a reminder that the rules have only had since an instant due then.
func (p prospect) known(since time.Time) prospect {
	if p.due.Before(since) {
		p.turn = latest(p.turn, since)
	}
	return p
}

// untold leaves out what was told, and what should have come before it: by the order of
// the rules, or by the clock if they don't have any more what was told.
func (o *oracle) untold(all []prospect) []prospect {
	slices.SortStableFunc(all, func(a, b prospect) int { return a.due.Compare(b.due) })
	ruled := slices.Clone(all)
	for i, p := range slices.Backward(all) {
		if o.wasTold(p.letter) {
			all = all[i+1:]
			break
		}
	}
	return slices.DeleteFunc(all, func(p prospect) bool {
		return p.kind != store.KindPace && p.kind != store.KindDigest && slices.ContainsFunc(o.told, func(t telling) bool {
			same := t.kind == p.kind && t.subject == p.subject && t.occurrence == p.occurrence && t.to == p.to
			has := slices.ContainsFunc(ruled, func(r prospect) bool { return r.letter == t.letter })
			return same && !has && !p.due.After(t.at)
		})
	})
}

// pick chooses, of the overdue reminders of one thing to one person, the last that
// may go.
func (o *oracle) pick(overdue []prospect, now time.Time) (chosen prospect, ok bool) {
	slices.SortStableFunc(overdue, func(a, b prospect) int { return a.due.Compare(b.due) })
	for _, p := range slices.Backward(overdue) {
		if !p.goes || !o.hears(p.to, p.due, now) || !now.Before(o.end()) && p.kind != store.KindAttendance || (!p.until.IsZero() && !now.Before(p.until)) {
			continue
		}
		if p.since.IsZero() {
			p.since = latest(latest(p.due, p.turn), o.waiting[p.key()])
		}
		end, wait := o.mustWait(p, now)
		for _, other := range overdue {
			o.waiting[other.key()] = end // a zero one forgets
			o.held[other.key()] = other.due
			replaced := other.goes && o.hears(other.to, other.due, now) && other.key() != p.key()
			if replaced && !wait && other.kind != store.KindPace {
				o.missed[other.key()] = true
			}
		}
		return p, !wait
	}
	return chosen, false
}

// mustWait returns until when quiet hours hold the reminder back at now.
func (o *oracle) mustWait(p prospect, now time.Time) (end time.Time, wait bool) {
	_, end, inside := quietAround(now, o.zoneOf(p.to, now), o.quietOf(p.to, now))
	if !inside || p.exempt || (!p.ahead.IsZero() && end.Add(30*time.Minute).After(p.ahead)) {
		return time.Time{}, false
	}
	return end, true
}

// hears reports whether a person may be sent at now what was due at due.
func (o *oracle) hears(h *human, due, now time.Time) bool {
	joined := h.joined.at(now)
	return !joined.IsZero() && !due.Before(joined) && !h.gone.at(now) &&
		!h.pause.at(due).After(due) && !h.pause.at(now).After(due) && !h.pause.at(now).After(now)
}

// learn notes what the program knows to have been sent.
func (o *oracle) learn(l letter, at time.Time) {
	o.told = append(o.told, telling{l, at})
	for _, a := range o.posts {
		if a.id == l.subject {
			delete(a.open, l.to)
		}
	}
}

// wasTold reports whether a letter that goes out once has.
func (o *oracle) wasTold(l letter) bool {
	return !l.many() && slices.ContainsFunc(o.told, func(t telling) bool { return t.letter == l })
}

// prospects are all reminders that there could be, as things stand.
func (o *oracle) prospects(now time.Time) (all []prospect) {
	for _, h := range o.people {
		if h.role == store.Coordinator {
			all = append(all, o.digests(h, now)...)
		} else {
			all = append(all, o.nexts(h, now)...)
		}
		for _, g := range o.gatherings {
			switch cancelled := g.cancelled.at(now); {
			case cancelled && h.role != store.Coordinator:
				all = append(all, o.cancellation(g, h, now))
			case cancelled:
			case h.role == store.Coordinator:
				all = append(all, o.resumed(g, o.attendances(g, h, now))...)
			default:
				all = append(all, o.resumed(g, o.invitations(g, h, now))...)
				all = append(all, o.resumed(g, o.mornings(g, h, now))...)
			}
		}
		for _, c := range o.couples {
			switch h {
			case c.mentor, c.mentee:
				all = append(all, o.paces(c, h, now)...)
			}
			if h.role == store.Coordinator {
				all = append(all, o.troubles(c, h, now)...)
			}
		}
	}
	for _, h := range o.groups {
		for _, g := range o.gatherings {
			if g.cancelled.at(now) {
				all = append(all, o.cancellation(g, h, now))
			} else {
				all = append(all, o.resumed(g, o.invitations(g, h, now))...)
			}
		}
	}
	for _, c := range o.couples {
		if !c.ended.at(now) {
			all = append(all, o.encounters(c, now)...)
		}
	}
	return all
}

// quietAround returns the quiet hours in which t falls.
func quietAround(t time.Time, zone *time.Location, q store.Quiet) (start, end time.Time, inside bool) {
	if q.None() {
		return start, end, false
	}
	w := store.WallOf(t.In(zone))
	from, to := w.Date, w.Date
	switch {
	case q.Start < q.End && w.Clock >= q.Start && w.Clock < q.End:
	case q.Start > q.End && w.Clock >= q.Start:
		to++
	case q.Start > q.End && w.Clock < q.End:
		from--
	default:
		return start, end, false
	}
	return from.At(q.Start).In(zone), to.At(q.End).In(zone), true
}

// afterQuiet is when a reminder of the instant t is due.
func afterQuiet(t, ahead time.Time, zone *time.Location, q store.Quiet) time.Time {
	start, end, inside := quietAround(t, zone, q)
	switch {
	case !inside:
		return t
	case ahead.IsZero() || !end.Add(30*time.Minute).After(ahead):
		return end
	default:
		return start.Add(-15 * time.Minute)
	}
}

// due is when a reminder to h is due that the rules know since an instant: nominal
// gives the instant before quiet hours by the clock of a zone. If a change of zone,
// quiet hours or rules makes it overdue, turn is that change.
func (o *oracle) due(h *human, since, now, ahead time.Time, nominal func(zone *time.Location) time.Time) (due, turn time.Time) {
	by := func(t time.Time) time.Time {
		zone := o.zoneOf(h, t)
		return afterQuiet(nominal(zone), ahead, zone, o.quietOf(h, t))
	}
	since = latest(since, h.joined.at(now)) // whatever they had set before
	due = by(since)
	for _, change := range o.settingsChanged(h, since, now) {
		if o.letGo(h, latest(due, turn), change, ahead) {
			break
		}
		anew := by(change)
		switch {
		case !anew.Before(change):
			due, turn = anew, time.Time{}
		case due.Before(change): // overdue in any case
			due, turn = anew, latest(due, turn)
		case change.Sub(anew) > lookback:
			due = anew // too long ago
		default:
			due, turn = anew, change
		}
	}
	return due, turn
}

// dealtWith reports whether a tick between due and change has seen what was due.
func (o *oracle) dealtWith(due, change time.Time) bool {
	return slices.ContainsFunc(o.done, func(t time.Time) bool { return !t.Before(due) && t.Before(change) })
}

// letGo reports whether a tick between due and change has seen what was due, and it was
// not for quiet hours to hold it back then.
func (o *oracle) letGo(h *human, due, change, ahead time.Time) bool {
	return slices.ContainsFunc(o.done, func(t time.Time) bool {
		if t.Before(due) || !t.Before(change) {
			return false
		}
		_, wait := o.mustWait(prospect{letter: letter{to: h}, ahead: ahead}, t)
		return !wait
	})
}

// settingsChanged are the instants at which a person's zone or quiet hours changed.
func (o *oracle) settingsChanged(h *human, since, now time.Time) (changes []time.Time) {
	note := func(at time.Time) {
		if at.After(since) && !at.After(now) {
			changes = append(changes, at)
		}
	}
	for _, f := range h.zone {
		note(f.since)
	}
	for _, f := range h.quiet {
		note(f.since)
	}
	for _, f := range o.rules {
		note(f.since)
	}
	slices.SortFunc(changes, time.Time.Compare)
	return changes
}

// byDistance puts the offset that is farthest from its thing first.
func byDistance(offsets []store.Offset) []store.Offset {
	sorted := slices.Clone(offsets)
	slices.SortFunc(sorted, func(a, b store.Offset) int { return cmp.Compare(b.About(), a.About()) })
	return sorted
}
