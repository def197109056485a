package programfile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// A field is one value as the file has it: what a change is shown by, and what an
// export writes.
type field struct {
	key   string
	value string // "": not given
	typed bool   // words that people typed, which may need quotes
}

func cycleFields(c *store.Cycle) []field {
	return []field{
		{"title", c.Title, true},
		{"zone", c.Zone, true},
		{"language", c.Language, true},
		{"starts", c.Starts.String(), false},
		{"ends", c.Ends.String(), false},
	}
}

func meetingFields(c *store.Cycle) []field {
	return []field{
		{"minimum", strconv.Itoa(c.Minimum), false},
		{"by", c.By.String(), false},
		{"length", lengthText(c.MeetingLength), false},
	}
}

func ruleFields(r *store.Rules) []field {
	pace, morning, digest := "none", "none", "none"
	if r.Pace != 0 {
		pace = store.Offset{Days: r.Pace}.String()
	}
	if r.EventMorning != nil {
		morning = r.EventMorning.String()
	}
	if r.Digest != "" {
		digest = r.Digest
	}
	return []field{
		{"session", offsetsText(r.Session), false},
		{"meeting", offsetsText(r.Meeting), false},
		{"pace", pace, false},
		{"event", offsetsText(r.Event), false},
		{"event_morning", morning, true},
		{"quiet", r.Quiet.String(), false},
		{"digest", digest, true},
	}
}

func sessionFields(s *store.Session) []field {
	return []field{
		{"title", s.Title, true},
		{"at", s.At.String(), false},
		{"length", lengthText(s.Length), false},
		{"where", s.Where, true},
	}
}

func eventFields(e *store.Event) []field {
	return []field{
		{"title", e.Title, true},
		{"from", e.From.String(), false},
		{"to", e.To.String(), false},
		{"place", e.Place, true},
		{"zone", e.Zone, true},
	}
}

func personFields(p *store.Person) []field {
	quiet := ""
	if p.Quiet != nil {
		quiet = p.Quiet.String()
	}
	return []field{
		{"name", p.Name, true},
		{"city", p.City, true},
		{"country", p.Country, true},
		{"language", p.Language, true},
		{"zone", p.Zone, true},
		{"quiet", quiet, false},
	}
}

func agendaText(i store.AgendaItem) string { return i.At.String() + " " + i.Title }

func lengthText(d time.Duration) string { return fmt.Sprintf("%dm", d/time.Minute) }

func offsetsText(offsets []store.Offset) string {
	if len(offsets) == 0 {
		return "none"
	}
	texts := make([]string, len(offsets))
	for i, o := range offsets {
		texts[i] = o.String()
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// prefixed puts the key under which fields stand before theirs.
func prefixed(prefix string, fields []field) []field {
	for i := range fields {
		fields[i].key = prefix + "." + fields[i].key
	}
	return fields
}

// allCycleFields returns whatever the file says of the cycle itself.
func allCycleFields(c *store.Cycle) []field {
	return slices.Concat(cycleFields(c), prefixed("meetings", meetingFields(c)), prefixed("reminders", ruleFields(&c.Rules)))
}
