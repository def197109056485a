package store

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// A Date is a calendar day without a zone, counted in days since 1970-01-01.
// Dates are compared and subtracted as numbers; d+1 is the next day.
type Date int32

const dateLayout = "2006-01-02"

const secondsADay = 24 * 60 * 60

// NewDate returns the date of a year, month and day; days out of range carry
// over as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// ParseDate reads a date written as 2027-01-31. A day that doesn't exist is an
// error.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dateLayout, s)
	if err != nil {
		return 0, fmt.Errorf("parse date %q: want YYYY-MM-DD", s)
	}
	return DateOf(t), nil
}

// DateOf returns the day that t falls on in t's own location.
func DateOf(t time.Time) Date { return WallOf(t).Date }

// utc is the date's midnight in UTC: the carrier of its calendar arithmetic.
func (d Date) utc() time.Time { return time.Unix(int64(d)*secondsADay, 0).UTC() }

// Calendar returns the date's year, month and day.
func (d Date) Calendar() (year int, month time.Month, day int) { return d.utc().Date() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Weekend reports whether the date is a Saturday or a Sunday.
func (d Date) Weekend() bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}

// At returns the wall clock reading c on this date.
func (d Date) At(c Clock) Wall { return Wall{Date: d, Clock: c} }

// Midnight returns the instant at which the date begins in loc.
func (d Date) Midnight(loc *time.Location) time.Time { return d.At(0).In(loc) }

// String returns the date as 2027-01-31.
func (d Date) String() string { return d.utc().Format(dateLayout) }

// Value keeps a date as text, 2027-01-31, so that a person can read the table.
func (d Date) Value() (driver.Value, error) { return d.String(), nil }

// Scan reads what Value wrote.
func (d *Date) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("scan date: %T is not text", src)
	}
	var err error
	*d, err = ParseDate(s)
	return err
}

// A Clock is a reading of a wall clock: minutes since midnight, 0 to 1439.
type Clock int

// ParseClock reads a time of day written as 18:00.
func ParseClock(s string) (Clock, error) {
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return 0, fmt.Errorf("parse clock %q: want HH:MM", s)
	}
	return Clock(t.Hour()*60 + t.Minute()), nil
}

// String returns the reading as 18:00.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// A Wall is a date and a clock reading without a zone, as an invitation has it:
// it stays the same when the rules of the zone change.
type Wall struct {
	Date  Date
	Clock Clock
}

const wallLayout = dateLayout + " 15:04"

// ParseWall reads a wall clock time written as 2027-01-31 18:00.
func ParseWall(s string) (Wall, error) {
	t, err := time.Parse(wallLayout, s)
	if err != nil || len(s) != len(wallLayout) {
		return Wall{}, fmt.Errorf("parse wall clock time %q: want YYYY-MM-DD HH:MM", s)
	}
	return WallOf(t), nil
}

// WallOf returns what calendar and clock show at t in t's own location, seconds
// cut off.
func WallOf(t time.Time) Wall {
	_, offset := t.Zone()
	local := t.Unix() + int64(offset)
	day := local / secondsADay
	if local < day*secondsADay {
		day--
	}
	return Wall{Date(day), Clock((local - day*secondsADay) / 60)}
}

// In returns the instant, in UTC, at which calendar and clock in loc show w. A
// reading that occurs twice, in autumn, means its first occurrence; one that is
// skipped, in spring, means the first instant after the gap.
func (w Wall) In(loc *time.Location) time.Time {
	y, m, d := w.Date.Calendar()
	t := time.Date(y, m, d, int(w.Clock)/60, int(w.Clock)%60, 0, 0, loc)
	start, end := t.ZoneBounds()
	if WallOf(t) != w {
		// The reading falls in a gap: time.Date used one of the two offsets,
		// so the transition is the nearer bound of the zone it ended up in.
		if end.IsZero() || (!start.IsZero() && t.Sub(start) < end.Sub(t)) {
			return start.UTC()
		}
		return end.UTC()
	}
	if !start.IsZero() {
		_, before := start.Add(-time.Second).Zone()
		_, after := t.Zone()
		earlier := t.Add(time.Duration(after-before) * time.Second)
		if earlier.Before(start) && WallOf(earlier.In(loc)) == w {
			return earlier.UTC()
		}
	}
	return t.UTC()
}

// ExistsIn reports whether calendars and clocks in loc ever show w: false for a
// reading that a change to summer time skips.
func (w Wall) ExistsIn(loc *time.Location) bool { return WallOf(w.In(loc).In(loc)) == w }

// String returns the reading as 2027-01-31 18:00.
func (w Wall) String() string { return w.Date.String() + " " + w.Clock.String() }

// Value keeps a wall clock time as text, 2027-01-31 18:00.
func (w Wall) Value() (driver.Value, error) { return w.String(), nil }

// Scan reads what Value wrote.
func (w *Wall) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("scan wall clock time: %T is not text", src)
	}
	var err error
	*w, err = ParseWall(s)
	return err
}
