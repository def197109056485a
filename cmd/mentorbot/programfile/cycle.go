package programfile

import (
	"time"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

// What holds where a file says nothing.
const (
	defaultLanguage = "en"
	defaultLength   = 90 * time.Minute
)

// longest is how long a cycle can last, in days: ten years, so that a mistyped year
// is noticed.
const longest = 3660

// cycle reads the cycle itself, and notes what the rest depends on.
func (r *reader) cycle(m *strictyaml.Map) store.Cycle {
	var c store.Cycle
	c.Slug, _ = need(m, "cycle", "pilot", id)
	c.Title, _ = need(m, "title", "Mentorship, pilot cycle", title)
	c.Zone, _ = need(m, "zone", "Europe/Belgrade", r.zone)
	c.Language, _ = maybe(m, "language", defaultLanguage, r.language)
	var startsOK, endsOK bool
	c.Starts, startsOK = need(m, "starts", "2027-01-11", date)
	c.Ends, endsOK = need(m, "ends", "2027-06-30", date)
	r.cycleZone, r.starts, r.ends = c.Zone, c.Starts, c.Ends
	r.dated = startsOK && endsOK && r.inOrder(m)
	r.meetings(m, &c)
	c.Rules = reminders(m)
	return c
}

// inOrder reports an end before the start, or ages after it.
func (r *reader) inOrder(m *strictyaml.Map) bool {
	v, _ := m.Get("ends")
	switch days := r.ends - r.starts; {
	case days < 0:
		v.Report("the cycle ends on %s, before it starts on %s: change one of the two", r.ends, r.starts)
	case days > longest:
		v.Report("the cycle lasts longer than ten years: change starts or ends")
	default:
		return true
	}
	return false
}

// inside reports a day on which the cycle doesn't run.
func (r *reader) inside(v strictyaml.Value, d store.Date, what string) {
	if r.dated && (d < r.starts || d > r.ends) {
		v.Report("%s is outside the cycle, which runs from %s to %s: change the day, or the cycle's starts or ends",
			what, r.starts, r.ends)
	}
}

// meetings reads what is expected of each pair.
func (r *reader) meetings(root *strictyaml.Map, c *store.Cycle) {
	c.By, c.MeetingLength = c.Ends, defaultLength
	v, ok := root.Need("meetings", "{minimum: 6}")
	if !ok {
		return
	}
	m, ok := v.Map()
	if !ok {
		return
	}
	m.Only("minimum", "by", "length")
	c.MeetingLength, _ = maybe(m, "length", defaultLength, length)
	by, byOK := maybe(m, "by", c.Ends, date)
	if v, given := m.Get("by"); given && byOK {
		c.By = by
		r.inside(v, by, "the day by which the meetings are held")
	}
	minimum, ok := need(m, "minimum", "6", strictyaml.Value.Whole)
	if !ok {
		return
	}
	c.Minimum = minimum
	v, _ = m.Get("minimum")
	switch days := int(by-c.Starts) + 1; {
	case minimum == 0:
		v.Report("the minimum of meetings is 0: write 1 or more")
	case r.dated && byOK && days > 0 && minimum > days:
		v.Report("%d meetings can't be held in the %d days from %s to %s: lower the minimum, or give more time",
			minimum, days, c.Starts, by)
	}
}
