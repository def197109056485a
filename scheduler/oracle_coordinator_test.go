package scheduler_test

import (
	"strconv"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// digests are the weekly overviews that a coordinator may still get.
func (o *oracle) digests(h *human, now time.Time) (all []prospect) {
	line := o.rules.at(now).Digest
	since := o.rules.while(now, func(r store.Rules) bool { return r.Digest == line })
	seen := map[string]bool{}
	for _, t := range o.firings(line) {
		wall := store.WallOf(t.In(o.zone))
		offset := wall.Date.String() + "T" + wall.Clock.String()
		if t.After(now) || t.Before(now.AddDate(0, 0, -9)) || seen[offset] {
			continue
		}
		seen[offset] = true
		due, turn := o.due(h, time.Time{}, now, time.Time{}, func(*time.Location) time.Time { return t })
		all = append(all, prospect{
			letter: letter{store.KindDigest, o.cycle.Slug, "1", offset, h},
			due:    due, turn: turn, until: due.Add(24 * time.Hour), goes: true,
		}.known(since))
	}
	return o.untold(all)
}

// firings are the minutes of the cycle in which a cron line fires.
func (o *oracle) firings(line string) []time.Time {
	times, known := o.fired[line]
	if known || line == "" {
		return times
	}
	for t := o.cycle.Starts.Midnight(o.zone); t.Before(o.end()); t = t.Add(time.Minute) {
		if fires(line, store.WallOf(t.In(o.zone))) {
			times = append(times, t)
		}
	}
	o.fired[line] = times
	return times
}

// fires reports whether a cron line fires when a wall clock shows w.
func fires(line string, w store.Wall) bool {
	f := strings.Fields(line)
	_, month, day := w.Date.Calendar()
	return matches(f[0], int(w.Clock)%60) && matches(f[1], int(w.Clock)/60) && matches(f[2], day) &&
		matches(f[3], int(month)) && matches(f[4], int(w.Date.Weekday()))
}

func matches(field string, n int) bool {
	if every, ok := strings.CutPrefix(field, "*/"); ok {
		step, err := strconv.Atoi(every)
		return err == nil && n%step == 0
	}
	for part := range strings.SplitSeq(field, ",") {
		switch part {
		case "*", strconv.Itoa(n), [...]string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}[n%7]:
			return true
		}
	}
	return false
}

// attendances ask a coordinator who was at a session.
func (o *oracle) attendances(g *gathering, h *human, now time.Time) []prospect {
	if g.event || g.taken.at(now) == g.when.at(now).revision {
		return nil
	}
	end := o.start(g, now).Add(g.length)
	due, turn := o.due(h, g.changedAt(now), now, time.Time{}, func(*time.Location) time.Time { return end })
	l := g.letter(h, "-", now)
	l.kind = store.KindAttendance
	return []prospect{{
		letter: l, due: due, turn: turn, until: due.Add(14 * 24 * time.Hour), goes: !end.Before(g.changedAt(now)),
	}}
}

// nexts greet one who joined late.
func (o *oracle) nexts(h *human, now time.Time) []prospect {
	joined := h.joined.at(now)
	if !joined.After(o.cycle.Starts.Midnight(o.zone)) {
		return nil
	}
	for i, f := range h.joined {
		if f.value.After(o.cycle.Starts.Midnight(o.zone)) && f.value.Before(joined) && o.dealtWith(f.value, h.gone[2*i+1].since) {
			return nil // who returns had theirs
		}
	}
	return []prospect{{
		letter: letter{store.KindNext, o.cycle.Slug, "1", "-", h}, due: joined, until: joined.Add(24 * time.Hour),
		exempt: true, goes: true,
	}}
}
