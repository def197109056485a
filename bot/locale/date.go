package locale

import (
	"strconv"
	"strings"
	"time"
)

// dates are a language's words for days, and its patterns, in whose braces stand
// {weekday}, {day}, {month}, {time} and, of a second day, {weekday2} and so on. A
// word's form depends on its place in the sentence, so there is a list for each.
type dates struct {
	Months     []string // in a day by itself, from January
	MonthsOf   []string `yaml:"months_of"` // after "from", "to" and "until"
	Names      []string // weekdays in a day by itself, from Sunday
	Of         []string // weekdays after "from", "to" and "until"
	Day        string
	Moment     string
	Today      string
	Tomorrow   string
	Until      string
	Range      string
	RangeMonth string `yaml:"range_month"` // within one month
	Read       reading
}

// Day returns a day by itself: "Thursday 21 January".
func (l *Language) Day(t time.Time) string { return l.dates.alone(l.dates.Day, t) }

// Moment returns an instant by itself, in t's location: "Thursday 21 January at
// 18:00", and says so if it is today or tomorrow, seen from now.
func (l *Language) Moment(t, now time.Time) string {
	pattern := l.dates.Moment
	switch now = now.In(t.Location()); days(now, t) {
	case 0:
		pattern = l.dates.Today
	case 1:
		pattern = l.dates.Tomorrow
	}
	return l.dates.alone(pattern, t)
}

// Until returns a day as in "by Tuesday 15 June".
func (l *Language) Until(t time.Time) string { return l.dates.after(l.dates.Until, t, t) }

// Days returns the days from one to another, both included: "Friday 18 to Sunday
// 20 June".
func (l *Language) Days(from, to time.Time) string {
	switch {
	case days(from, to) == 0:
		return l.Day(from)
	case from.Month() == to.Month() && from.Year() == to.Year():
		return l.dates.after(l.dates.RangeMonth, from, to)
	default:
		return l.dates.after(l.dates.Range, from, to)
	}
}

// Clock returns the time of day that t shows.
func (l *Language) Clock(t time.Time) string { return t.Format("15:04") }

// alone fills in a day by itself.
func (d *dates) alone(pattern string, t time.Time) string {
	return fill(pattern, d.Names, d.Months, t, t)
}

// after fills in days after "from", "to" and "until".
func (d *dates) after(pattern string, t, t2 time.Time) string {
	return fill(pattern, d.Of, d.MonthsOf, t, t2)
}

func fill(pattern string, weekdays, months []string, t, t2 time.Time) string {
	for _, f := range [][2]string{ // a strings.Replacer takes longer to make than to use
		{"{weekday}", weekdays[t.Weekday()]}, {"{day}", strconv.Itoa(t.Day())}, {"{month}", months[t.Month()-1]},
		{"{time}", t.Format("15:04")},
		{"{weekday2}", weekdays[t2.Weekday()]}, {"{day2}", strconv.Itoa(t2.Day())}, {"{month2}", months[t2.Month()-1]},
	} {
		pattern = strings.ReplaceAll(pattern, f[0], f[1])
	}
	return pattern
}

// days returns how many calendar days lie between two times, each in its own
// location.
func days(a, b time.Time) int {
	date := func(t time.Time) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(date(b).Sub(date(a)) / (24 * time.Hour))
}
