package programfile

import (
	"regexp"
	"time"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

var (
	datePattern  = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})$`)
	clockPattern = regexp.MustCompile(`^\d{2}:\d{2}$`)
	wallPattern  = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})$`)
)

// date reads a day.
func date(v strictyaml.Value) (store.Date, bool) {
	s, ok := v.Scalar()
	if !ok {
		return 0, false
	}
	if !datePattern.MatchString(s) {
		v.Report("%q is no date: write year, month and day, such as 2027-01-31", s)
		return 0, false
	}
	return dateIn(v, s)
}

// dateIn reads the day that a value has in it; it must look like one.
func dateIn(v strictyaml.Value, s string) (store.Date, bool) {
	d, err := store.ParseDate(s)
	if err != nil {
		first, monthErr := time.Parse("2006-01", s[:len("2006-01")])
		if monthErr != nil {
			v.Report("the day %s doesn't exist: months go from 01 to 12", s)
			return 0, false
		}
		days := first.AddDate(0, 1, -1).Day()
		v.Report("the day %s doesn't exist: %s has %d days", s, first.Format("January 2006"), days)
		return 0, false
	}
	if y, _, _ := d.Calendar(); y < 2000 || y > 2199 {
		v.Report("the year of %s can't be meant: write one from 2000 to 2199", s)
		return 0, false
	}
	return d, true
}

// clock reads a time of day.
func clock(v strictyaml.Value) (store.Clock, bool) {
	s, ok := v.Scalar()
	if !ok {
		return 0, false
	}
	if !clockPattern.MatchString(s) {
		v.Report("%q is no time of day: write hours and minutes, such as 08:00", s)
		return 0, false
	}
	return clockIn(v, s)
}

// clockIn reads the time of day that a value has in it; it must look like one.
func clockIn(v strictyaml.Value, s string) (store.Clock, bool) {
	c, err := store.ParseClock(s)
	if err != nil {
		v.Report("the time %s doesn't exist: hours go from 00 to 23, minutes from 00 to 59", s)
		return 0, false
	}
	return c, true
}

// wall reads a day and a time of day.
func wall(v strictyaml.Value) (store.Wall, bool) {
	s, ok := v.Scalar()
	if !ok {
		return store.Wall{}, false
	}
	parts := wallPattern.FindStringSubmatch(s)
	if parts == nil {
		v.Report("%q is no date and time: write them such as 2027-01-31 18:00", s)
		return store.Wall{}, false
	}
	d, dateOK := dateIn(v, parts[1])
	c, clockOK := clockIn(v, parts[2])
	return d.At(c), dateOK && clockOK
}
