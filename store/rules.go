package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// An Offset is how long before a thing a reminder of it goes out. Whole days are
// calendar days at the same wall clock; hours and minutes are elapsed time. Only
// one of the two is set.
type Offset struct {
	Days    int
	Elapsed time.Duration
}

// ParseOffset reads an offset written as 7d, 1h or 45m.
func ParseOffset(s string) (Offset, error) {
	bad := fmt.Errorf("parse offset %q: want a number of days, hours or minutes, such as 7d, 1h or 45m", s)
	if len(s) < 2 {
		return Offset{}, bad
	}
	n, err := strconv.ParseUint(s[:len(s)-1], 10, 16)
	if err != nil || n == 0 {
		return Offset{}, bad
	}
	switch s[len(s)-1] {
	case 'd':
		return Offset{Days: int(n)}, nil
	case 'h':
		return Offset{Elapsed: time.Duration(n) * time.Hour}, nil
	case 'm':
		return Offset{Elapsed: time.Duration(n) * time.Minute}, nil
	}
	return Offset{}, bad
}

// About returns the offset's length, a day taken as 24 hours: good for comparing
// offsets, not for finding instants.
func (o Offset) About() time.Duration { return time.Duration(o.Days)*24*time.Hour + o.Elapsed }

// Before returns the instant that lies the offset before t; whole days are
// counted on the calendar of loc.
func (o Offset) Before(t time.Time, loc *time.Location) time.Time {
	if o.Days == 0 {
		return t.Add(-o.Elapsed)
	}
	w := WallOf(t.In(loc))
	w.Date -= Date(o.Days)
	return w.In(loc)
}

// String returns the offset as 7d, 1h or 45m.
func (o Offset) String() string {
	switch {
	case o.Days != 0:
		return strconv.Itoa(o.Days) + "d"
	case o.Elapsed%time.Hour == 0:
		return strconv.Itoa(int(o.Elapsed/time.Hour)) + "h"
	default:
		return strconv.Itoa(int(o.Elapsed/time.Minute)) + "m"
	}
}

// MarshalText writes the offset as String does.
func (o Offset) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (o *Offset) UnmarshalText(b []byte) (err error) {
	*o, err = ParseOffset(string(b))
	return err
}

// Quiet is the part of each day in which nobody is disturbed, by the recipient's
// own clock: Start is included, End is not. It may span midnight. When both are
// equal there is no quiet part.
type Quiet struct {
	Start, End Clock
}

// ParseQuiet reads quiet hours written as 21:00-09:00, or none.
func ParseQuiet(s string) (Quiet, error) {
	if s == "none" {
		return Quiet{}, nil
	}
	from, to, ok := strings.Cut(s, "-")
	start, err1 := ParseClock(strings.TrimSpace(from))
	end, err2 := ParseClock(strings.TrimSpace(to))
	if !ok || err1 != nil || err2 != nil || start == end {
		return Quiet{}, fmt.Errorf("parse quiet hours %q: want two times of day such as 21:00-09:00, or none", s)
	}
	return Quiet{start, end}, nil
}

// None reports whether no part of the day is quiet.
func (q Quiet) None() bool { return q.Start == q.End }

// String returns the quiet hours as 21:00-09:00, or none.
func (q Quiet) String() string {
	if q.None() {
		return "none"
	}
	return q.Start.String() + "-" + q.End.String()
}

// MarshalText writes the quiet hours as String does.
func (q Quiet) MarshalText() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (q *Quiet) UnmarshalText(b []byte) (err error) {
	*q, err = ParseQuiet(string(b))
	return err
}

// Rules say which reminders a cycle sends. An empty list, a zero Pace, a nil
// EventMorning or an empty Digest switches that reminder off.
type Rules struct {
	Session      []Offset `json:"session"`       // before a group session, farthest first
	Meeting      []Offset `json:"meeting"`       // before an agreed meeting, farthest first
	Pace         int      `json:"pace"`          // days between two pace reminders
	Event        []Offset `json:"event"`         // whole days before a live event, farthest first
	EventMorning *Clock   `json:"event_morning"` // on each event day, in the event's zone
	Quiet        Quiet    `json:"quiet"`         // who hasn't chosen their own
	Digest       string   `json:"digest"`        // standard cron line of five fields, in the cycle's zone
}

// DefaultRules returns the rules of a cycle whose file says nothing of reminders.
func DefaultRules() Rules {
	days := func(ns ...int) (offsets []Offset) {
		for _, n := range ns {
			offsets = append(offsets, Offset{Days: n})
		}
		return offsets
	}
	morning := Clock(8 * 60)
	return Rules{
		Session:      append(days(7, 1), Offset{Elapsed: time.Hour}),
		Meeting:      days(1),
		Pace:         7,
		Event:        days(60, 30, 14, 7, 1),
		EventMorning: &morning,
		Quiet:        Quiet{21 * 60, 9 * 60},
		Digest:       "0 9 * * MON",
	}
}

// SortOffsets puts the offset that lies farthest ahead of its thing first.
func SortOffsets(offsets []Offset) {
	slices.SortFunc(offsets, func(a, b Offset) int { return int(b.About()/time.Second) - int(a.About()/time.Second) })
}

func (r Rules) encode() (string, error) {
	b, err := json.Marshal(r)
	return string(b), err
}

// scanRules reads what encode wrote.
type scanRules struct{ to *Rules }

func (r *scanRules) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("scan rules: %T is not text", src)
	}
	if known, ok := rulesRead.Load(s); ok {
		*r.to = known.(Rules).clone()
		return nil
	}
	if err := json.Unmarshal([]byte(s), r.to); err != nil {
		return fmt.Errorf("decode rules: %w", err)
	}
	rulesRead.Store(s, r.to.clone())
	return nil
}

// rulesRead are rules by their text: a programme has a handful, and reads them with
// every request.
var rulesRead sync.Map

// clone is a copy that shares nothing.
func (r Rules) clone() Rules {
	r.Session, r.Meeting, r.Event = slices.Clone(r.Session), slices.Clone(r.Meeting), slices.Clone(r.Event)
	if r.EventMorning != nil {
		morning := *r.EventMorning
		r.EventMorning = &morning
	}
	return r
}
