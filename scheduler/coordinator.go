package scheduler

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/kooperativa/mentorbot/store"
)

const (
	digestLife     = 24 * time.Hour      // a weekly overview is of use that long
	attendanceLife = 14 * 24 * time.Hour // and the memory of who was there
	welcomeLife    = 24 * time.Hour
)

// ParseDigest reads a cron line of five fields, which is meant in the cycle's zone.
// It refuses what names a zone of its own, never comes, or comes more than once an
// hour.
func ParseDigest(spec string) (cron.Schedule, error) {
	switch { // the library takes some of these, and panics on others
	case strings.Contains(spec, "TZ="):
		return nil, errors.New("a cron line has no zone of its own here, it is read in the cycle's zone")
	case strings.HasPrefix(spec, "@"):
		return nil, fmt.Errorf("%s isn't used here", spec)
	}
	schedule, err := cron.ParseStandard(spec)
	if err != nil {
		return nil, fmt.Errorf("%q is no cron line (%w)", spec, err)
	}
	first := schedule.Next(time.Date(2026, 12, 31, 23, 59, 0, 0, time.UTC))
	if first.IsZero() {
		return nil, fmt.Errorf("the cron line %q never comes, since there is no such day", spec)
	}
	for at := first; at.Before(first.AddDate(1, 0, 0)); {
		next := schedule.Next(at)
		if next.Sub(at) < time.Hour {
			return nil, fmt.Errorf("the cron line %q comes more than once an hour", spec)
		}
		at = next
	}
	return schedule, nil
}

// digests plans a coordinator's weekly overviews.
func (p *planner) digests(r *recipient) { p.schedule(p.digestThread(r)) }

// digestThread returns the overviews that a coordinator may still get, until one
// that lies ahead. Each firing is known by its wall clock, so an hour that comes
// twice in autumn gives one.
func (p *planner) digestThread(r *recipient) thread {
	t := thread{to: r, kind: store.KindDigest, subject: p.c.Cycle.Slug, occurrence: "1"}
	if p.c.Cycle.Rules.Digest == "" {
		return t
	}
	schedule, err := cron.ParseStandard(p.c.Cycle.Rules.Digest)
	if err != nil {
		return t // ParseDigest has seen it
	}
	begin := latest(p.c.Cycle.Starts.Midnight(p.loc), p.since)
	for at := schedule.Next(begin.Add(-time.Second).In(p.loc)); !at.IsZero() && at.Before(p.end); at = schedule.Next(at) {
		due := hush(at.UTC(), r.quiet, r.loc, time.Time{})
		cand := candidate{at.Format(occasionLayout), due, due.Add(digestLife)}
		if n := len(t.candidates); !r.hears(due) || n > 0 && t.candidates[n-1].offset == cand.offset {
			continue
		}
		t.candidates = append(t.candidates, cand)
		if due.After(p.to) {
			break
		}
	}
	return t
}

// occasionLayout names a firing by its wall clock, without the slash of a key.
const occasionLayout = "2006-01-02T15:04"

// attendances asks a coordinator, after each session, who was there.
func (p *planner) attendances(r *recipient) {
	for i := range p.c.Sessions {
		s := &p.c.Sessions[i]
		if !s.CancelledAt.IsZero() || !s.AttendanceAt.IsZero() {
			continue
		}
		ended := s.At.In(p.loc).Add(s.Length)
		due := hush(ended, r.quiet, r.loc, time.Time{})
		if ended.Before(s.ChangedAt) || !r.hears(due) || p.over(due.Add(attendanceLife)) {
			continue
		}
		p.schedule(thread{
			to: r, kind: store.KindAttendance, subject: s.Slug, occurrence: revision(s.Revision),
			candidates: []candidate{{"", due, due.Add(attendanceLife)}},
		})
	}
}

// welcome tells a member who joined late what's next.
func (p *planner) welcome(r *recipient) {
	joined := r.member.JoinedAt
	if !joined.After(p.c.Cycle.Starts.Midnight(p.loc)) || !joined.Before(p.end) || p.over(joined.Add(welcomeLife)) {
		return
	}
	p.schedule(thread{
		to: r, kind: store.KindNext, subject: p.c.Cycle.Slug, occurrence: "1", exempt: true,
		candidates: []candidate{{"", joined, joined.Add(welcomeLife)}},
	})
}
