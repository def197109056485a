package bot

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// A calendarZone is a time zone as a calendar file describes it: one shift to summer
// time and one back, by yearly rules, or one offset for good. Outlook takes no more.
type calendarZone struct {
	name  string
	rules []yearlyRule
}

// zonesOf are the zones that can be described for what entries have in them. Whatever
// is in another zone has its times in UTC.
func zonesOf(entries []appointment) map[string]*calendarZone {
	years := map[string][2]int{}
	for i := range entries {
		a := &entries[i]
		if a.zone == nil || a.from != 0 || a.zone == time.UTC || a.zone.String() == "UTC" {
			continue
		}
		span, ok := years[a.zone.String()]
		if !ok {
			span = [2]int{a.start.Year(), a.end.Year()}
		}
		years[a.zone.String()] = [2]int{min(span[0], a.start.Year()), max(span[1], a.end.Year())}
	}
	zones := map[string]*calendarZone{}
	for i := range entries {
		zone := entries[i].zone
		if zone == nil || zones[zone.String()] != nil {
			continue
		}
		if span, ok := years[zone.String()]; ok {
			if z := describe(zone, span[0]-1, span[1]+1); z != nil {
				zones[z.name] = z
			}
		}
	}
	return zones
}

// describe describes a zone for some years, both included; nil: it has no yearly rules.
func describe(zone *time.Location, first, last int) *calendarZone {
	all := shifts(zone, first, last)
	if len(all) == 0 {
		_, offset := time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC).In(zone).Zone()
		return &calendarZone{zone.String(), []yearlyRule{{shift: shift{time.Unix(0, 0), offset, offset}}}}
	}
	if rules := yearly(all, last-first+1); rules != nil {
		return &calendarZone{zone.String(), rules}
	}
	return nil
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

func (z *calendarZone) component() *ics.VTimezone {
	c := ics.NewTimezone(z.name)
	for _, r := range z.rules {
		c.Components = append(c.Components, observance(r.shift, r.rule))
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
			rule += strconv.Itoa((first.wall().Day()-1)/7+1) + weekday
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
