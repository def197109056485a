package bot_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// This reads calendar files as strictly as RFC 5545 has them, and knows nothing of how
// they are written here.

type icalProperty struct {
	name, value string
	params      map[string]string
}

type icalComponent struct {
	name       string
	properties []icalProperty
	inner      []*icalComponent
	began      map[int][]time.Time // onsets, by year
}

func (c *icalComponent) all(name string) (found []icalProperty) {
	for _, p := range c.properties {
		if p.name == name {
			found = append(found, p)
		}
	}
	return found
}

func (c *icalComponent) value(name string) string {
	if found := c.all(name); len(found) > 0 {
		return found[0].value
	}
	return ""
}

// text is the value of a property of text, unescaped.
func (c *icalComponent) text(name string) string {
	return strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n", `\N`, "\n").Replace(c.value(name))
}

func (c *icalComponent) components(name string) (found []*icalComponent) {
	for _, inner := range c.inner {
		if inner.name == name {
			found = append(found, inner)
		}
	}
	return found
}

// unfold takes the lines of a file apart: each ends with CRLF, none has more than 75
// octets, and none breaks within a character.
func unfold(data []byte) (lines []string, err error) {
	text := string(data)
	if !strings.HasSuffix(text, "\r\n") {
		return nil, errors.New("the last line has no CRLF")
	}
	for n, line := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		switch {
		case strings.ContainsAny(line, "\r\n"):
			return nil, fmt.Errorf("line %d has a bare CR or LF: %q", n, line)
		case len(line) > 75:
			return nil, fmt.Errorf("line %d has %d octets: %q", n, len(line), line)
		case !utf8.ValidString(line):
			return nil, fmt.Errorf("line %d breaks a character: %q", n, line)
		case line == "":
			return nil, fmt.Errorf("line %d is empty", n)
		}
		for _, r := range line {
			if r < ' ' && r != '\t' || r == 0x7f {
				return nil, fmt.Errorf("line %d has a control character: %q", n, line)
			}
		}
		if line[0] == ' ' || line[0] == '\t' {
			if n == 0 {
				return nil, errors.New("the first line is folded")
			}
			lines[len(lines)-1] += line[1:]
			continue
		}
		lines = append(lines, line)
	}
	return lines, nil
}

var (
	icalLine  = regexp.MustCompile(`^([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)$`)
	icalParam = regexp.MustCompile(`;([A-Z0-9-]+)=("[^"]*"|[^";:,]*)`)
)

// readICal reads a file and holds it against the RFC.
func readICal(data []byte) (*icalComponent, error) {
	lines, err := unfold(data)
	if err != nil {
		return nil, err
	}
	root := &icalComponent{}
	open := []*icalComponent{root}
	for _, line := range lines {
		m := icalLine.FindStringSubmatch(line)
		if m == nil {
			return nil, fmt.Errorf("no content line: %q", line)
		}
		p := icalProperty{name: m[1], value: m[3], params: map[string]string{}}
		for _, param := range icalParam.FindAllStringSubmatch(m[2], -1) {
			p.params[param[1]] = strings.Trim(param[2], `"`)
		}
		last := open[len(open)-1]
		switch p.name {
		case "BEGIN":
			c := &icalComponent{name: p.value}
			last.inner, open = append(last.inner, c), append(open, c)
		case "END":
			if last.name != p.value {
				return nil, fmt.Errorf("%s ends within %s", p.value, last.name)
			}
			open = open[:len(open)-1]
		default:
			last.properties = append(last.properties, p)
		}
	}
	if len(open) != 1 || len(root.inner) != 1 || root.inner[0].name != "VCALENDAR" || len(root.properties) > 0 {
		return nil, errors.New("it isn't one whole calendar")
	}
	return root.inner[0], checkICal(root.inner[0])
}

// once says which properties a component must have, and which it may have once.
var once = map[string]struct{ must, may []string }{
	"VCALENDAR": {[]string{"PRODID", "VERSION"}, []string{
		"CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL",
	}},
	"VEVENT": {[]string{"UID", "DTSTAMP", "DTSTART"}, []string{
		"DTEND", "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "SEQUENCE", "STATUS", "LAST-MODIFIED", "TRANSP",
	}},
	"VTIMEZONE": {[]string{"TZID"}, nil},
	"STANDARD":  {[]string{"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"}, []string{"RRULE", "TZNAME"}},
	"DAYLIGHT":  {[]string{"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"}, []string{"RRULE", "TZNAME"}},
}

// forms are how values are written.
var forms = map[string]*regexp.Regexp{
	"VERSION": regexp.MustCompile(`^2\.0$`), "CALSCALE": regexp.MustCompile(`^GREGORIAN$`), "METHOD": regexp.MustCompile(`^PUBLISH$`),
	"DTSTAMP": regexp.MustCompile(`^\d{8}T\d{6}Z$`), "LAST-MODIFIED": regexp.MustCompile(`^\d{8}T\d{6}Z$`),
	"SEQUENCE": regexp.MustCompile(`^\d+$`), "STATUS": regexp.MustCompile(`^(CONFIRMED|CANCELLED)$`),
	"TZOFFSETFROM": regexp.MustCompile(`^[+-]\d{4}(\d\d)?$`), "TZOFFSETTO": regexp.MustCompile(`^[+-]\d{4}(\d\d)?$`),
	"RRULE":  regexp.MustCompile(`^FREQ=YEARLY;BYMONTH=\d{1,2};BYDAY=(-1|[1-5])(MO|TU|WE|TH|FR|SA|SU)$`),
	"TRANSP": regexp.MustCompile(`^(OPAQUE|TRANSPARENT)$`), "URL": regexp.MustCompile(`^https?://\S+$`),
	"REFRESH-INTERVAL": icalHours, "X-PUBLISHED-TTL": icalHours, "NAME": icalText, "X-WR-CALNAME": icalText,
	"PRODID": icalText, "UID": icalText, "SUMMARY": icalText, "DESCRIPTION": icalText, "LOCATION": icalText, "TZID": icalText,
}

var icalHours = regexp.MustCompile(`^PT\d+H$`)

// icalText is text, with what has to be escaped escaped.
var icalText = regexp.MustCompile(`^([^\\;,\n]|\\[\\;,nN])+$`)

func checkICal(c *icalComponent) error {
	rule, known := once[c.name]
	if !known {
		return fmt.Errorf("there is a %s", c.name)
	}
	seen := map[string]int{}
	for _, p := range c.properties {
		seen[p.name]++
		if form := forms[p.name]; form != nil && !form.MatchString(p.value) {
			return fmt.Errorf("%s: %s is %q", c.name, p.name, p.value)
		}
		if !slices.Contains(rule.must, p.name) && !slices.Contains(rule.may, p.name) {
			return fmt.Errorf("%s has a %s", c.name, p.name)
		}
	}
	for _, name := range append(slices.Clone(rule.must), rule.may...) {
		if n := seen[name]; n > 1 || n == 0 && slices.Contains(rule.must, name) {
			return fmt.Errorf("%s has %d %s", c.name, n, name)
		}
	}
	for _, inner := range c.inner {
		if err := checkICal(inner); err != nil {
			return err
		}
	}
	if c.name == "VCALENDAR" {
		return checkEvents(c)
	}
	if c.name == "VTIMEZONE" && len(c.inner) == 0 {
		return errors.New("a zone has no offsets")
	}
	return nil
}

// checkEvents holds what events say of times against each other and the zones there
// are.
func checkEvents(c *icalComponent) error {
	uids := map[string]bool{}
	events := c.components("VEVENT")
	if len(events) == 0 {
		return errors.New("there are no events")
	}
	for _, e := range events {
		if uids[e.value("UID")] {
			return fmt.Errorf("two events are %s", e.value("UID"))
		}
		uids[e.value("UID")] = true
		start, err := c.when(e.all("DTSTART")[0])
		if err != nil {
			return err
		}
		if len(e.all("DTEND")) == 0 {
			return errors.New("an event has no end")
		}
		end, err := c.when(e.all("DTEND")[0])
		if err != nil {
			return err
		}
		if !end.After(start) || e.all("DTSTART")[0].params["VALUE"] != e.all("DTEND")[0].params["VALUE"] {
			return fmt.Errorf("%s is from %s to %s", e.value("UID"), start, end)
		}
	}
	return nil
}

// when reads a date or a time, by the zones of the file itself.
func (c *icalComponent) when(p icalProperty) (time.Time, error) {
	tzid, zoned := p.params["TZID"]
	switch {
	case p.params["VALUE"] == "DATE":
		return time.Parse("20060102", p.value)
	case strings.HasSuffix(p.value, "Z"):
		if zoned {
			return time.Time{}, fmt.Errorf("%s has a zone and is UTC", p.name)
		}
		return time.Parse("20060102T150405Z", p.value)
	case !zoned:
		return time.Time{}, fmt.Errorf("%s floats", p.name)
	}
	wall, err := time.Parse("20060102T150405", p.value)
	if err != nil {
		return wall, err
	}
	for _, z := range c.components("VTIMEZONE") {
		if z.value("TZID") == tzid {
			return wall.Add(-z.offsetAt(wall)), nil
		}
	}
	return wall, fmt.Errorf("there is no zone %s", tzid)
}

// offsetAt is the offset of a zone when its clocks show a time: that of the observance
// which began last.
func (c *icalComponent) offsetAt(wall time.Time) (offset time.Duration) {
	var began time.Time
	for _, o := range c.inner {
		if _, known := o.began[wall.Year()]; !known {
			o.began = map[int][]time.Time{wall.Year(): o.onsets(wall.Year())}
		}
		for _, onset := range o.began[wall.Year()] {
			if !onset.After(wall) && onset.After(began) {
				began, offset = onset, icalOffset(o.value("TZOFFSETTO"))
			}
		}
	}
	return offset
}

// onsets are when an observance begins, by the clocks before, until a year.
func (c *icalComponent) onsets(until int) (all []time.Time) {
	first, err := time.Parse("20060102T150405", c.value("DTSTART"))
	if err != nil {
		panic(err)
	}
	rule := c.value("RRULE")
	if rule == "" {
		return []time.Time{first}
	}
	parts := strings.Split(rule, ";")
	month, _ := strconv.Atoi(strings.TrimPrefix(parts[1], "BYMONTH="))
	by := strings.TrimPrefix(parts[2], "BYDAY=")
	nth, _ := strconv.Atoi(by[:len(by)-2])
	weekday := time.Weekday(slices.Index([]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}, by[len(by)-2:]))
	for year := first.Year(); year <= until; year++ {
		var days []time.Time
		for d := time.Date(year, time.Month(month), 1, first.Hour(), first.Minute(), 0, 0, time.UTC); d.Month() == time.Month(month); d = d.AddDate(0, 0, 1) {
			if d.Weekday() == weekday {
				days = append(days, d)
			}
		}
		if nth < 0 {
			all = append(all, days[len(days)-1])
		} else {
			all = append(all, days[nth-1])
		}
	}
	if !all[0].Equal(first) {
		panic(fmt.Sprintf("the rule %s doesn't begin at %s", rule, first))
	}
	return all
}

func icalOffset(s string) time.Duration {
	hours, _ := strconv.Atoi(s[1:3])
	minutes, _ := strconv.Atoi(s[3:5])
	d := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if s[0] == '-' {
		return -d
	}
	return d
}
