package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// A calendarZone is a time zone as a calendar file describes it, for some years.
type calendarZone struct {
	zone        *time.Location
	first, last int // years, with one more on either side
}

// zonesOf are the zones that entries name.
func zonesOf(entries []appointment) (all []calendarZone) {
	for i := range entries {
		a := &entries[i]
		if a.zone == nil || a.from != 0 || a.zone.String() == "UTC" {
			continue
		}
		k := slices.IndexFunc(all, func(z calendarZone) bool { return z.zone.String() == a.zone.String() })
		if k < 0 {
			k, all = len(all), append(all, calendarZone{a.zone, a.start.Year(), a.start.Year()})
		}
		all[k].first = min(all[k].first, a.start.Year())
		all[k].last = max(all[k].last, a.end.Year())
	}
	return all
}

// A shift is one change of a zone's clocks.
type shift struct {
	at       time.Time
	from, to int // seconds east of UTC, before and after
}

// wall is what the clocks showed as they were changed.
func (s shift) wall() time.Time { return s.at.In(time.FixedZone("", s.from)) }

// shifts are the changes of a zone's clocks in some years, both included.
func shifts(zone *time.Location, first, last int) (all []shift) {
	end := time.Date(last+1, 1, 1, 0, 0, 0, 0, time.UTC)
	for t := time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC).In(zone); ; {
		_, next := t.ZoneBounds()
		if next.IsZero() || !next.Before(end) {
			return all
		}
		_, from := next.Add(-time.Second).Zone()
		_, to := next.Zone()
		if from != to { // else only its name changes
			all = append(all, shift{next, from, to})
		}
		t = next
	}
}

// component describes the zone: by yearly rules, which every calendar knows, where it
// has them, else by each change.
func (z calendarZone) component() *ics.VTimezone {
	c := ics.NewTimezone(z.zone.String())
	all := shifts(z.zone, z.first-1, z.last+1)
	if rules := yearly(all, z.last-z.first+3); rules != nil {
		for _, r := range rules {
			c.Components = append(c.Components, observance(r.shift, r.rule))
		}
		return c
	}
	begin := time.Date(z.first-1, 1, 1, 0, 0, 0, 0, time.UTC).In(z.zone)
	if len(all) == 0 {
		begin = time.Unix(0, 0).In(z.zone)
	}
	_, offset := time.Date(z.first-1, 1, 1, 0, 0, 0, 0, time.UTC).In(z.zone).Zone()
	c.Components = append(c.Components, observance(shift{begin, offset, offset}, ""))
	for _, s := range all {
		c.Components = append(c.Components, observance(s, ""))
	}
	return c
}

// A yearlyRule is a shift that comes back every year.
type yearlyRule struct {
	shift
	rule string
}

// yearly returns the two rules that all shifts of some years follow, or nil.
func yearly(all []shift, years int) []yearlyRule {
	if len(all) != 2*years {
		return nil
	}
	var rules []yearlyRule
	for k := range 2 {
		first := all[k]
		last, nth := true, true
		for i := k; i < len(all); i += 2 {
			a, b := first.wall(), all[i].wall()
			same := a.Month() == b.Month() && a.Weekday() == b.Weekday() && a.Hour() == b.Hour() && a.Minute() == b.Minute() &&
				first.from == all[i].from && first.to == all[i].to && b.Year() == a.Year()+i/2
			last = last && same && isLast(b)
			nth = nth && same && (a.Day()-1)/7 == (b.Day()-1)/7
		}
		weekday := strings.ToUpper(first.wall().Weekday().String()[:2])
		rule := fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=", first.wall().Month())
		switch {
		case last:
			rule += "-1" + weekday
		case nth:
			rule += fmt.Sprint((first.wall().Day()-1)/7+1) + weekday
		default:
			return nil
		}
		rules = append(rules, yearlyRule{first, rule})
	}
	return rules
}

// isLast reports whether a day is the last of its weekday in its month.
func isLast(day time.Time) bool { return day.AddDate(0, 0, 7).Month() != day.Month() }

// observance describes a shift, and by which rule it comes back; "": it doesn't.
func observance(s shift, rule string) ics.Component {
	var base ics.ComponentBase
	base.SetProperty(ics.ComponentPropertyDtStart, s.wall().Format(calendarWall))
	base.SetProperty("TZOFFSETFROM", utcOffset(s.from))
	base.SetProperty("TZOFFSETTO", utcOffset(s.to))
	if rule != "" {
		base.SetProperty(ics.ComponentPropertyRrule, rule)
	}
	if s.to > s.from {
		return &ics.Daylight{ComponentBase: base}
	}
	return &ics.Standard{ComponentBase: base}
}

// utcOffset writes an offset as +0100.
func utcOffset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
}
