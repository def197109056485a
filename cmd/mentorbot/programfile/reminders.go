package programfile

import (
	"regexp"
	"time"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// farthest is the longest offset, in days: a reminder earlier than that was not
// meant.
const farthest = 366

// reminders reads which messages the cycle sends.
func reminders(root *strictyaml.Map) store.Rules {
	rules := store.DefaultRules()
	v, ok := root.Get("reminders")
	if !ok {
		return rules
	}
	m, ok := v.Map()
	if !ok {
		return rules
	}
	m.Only("session", "meeting", "pace", "event", "event_morning", "quiet", "digest")
	rules.Session, _ = maybe(m, "session", rules.Session, or(nil, offsets(false)))
	rules.Meeting, _ = maybe(m, "meeting", rules.Meeting, or(nil, offsets(false)))
	rules.Event, _ = maybe(m, "event", rules.Event, or(nil, offsets(true)))
	rules.Pace, _ = maybe(m, "pace", rules.Pace, or(0, pace))
	rules.EventMorning, _ = maybe(m, "event_morning", rules.EventMorning, or(nil, morning))
	rules.Quiet, _ = maybe(m, "quiet", rules.Quiet, quiet)
	rules.Digest, _ = maybe(m, "digest", rules.Digest, or("", digest))
	return rules
}

// or reads "none" and [] as off, and anything else with read.
func or[T any](off T, read func(strictyaml.Value) (T, bool)) func(strictyaml.Value) (T, bool) {
	return func(v strictyaml.Value) (T, bool) {
		if v.Is("none") || v.EmptyList() {
			return off, true
		}
		return read(v)
	}
}

// offsets reads how long before a thing its reminders go out, and puts the one
// that lies farthest ahead first.
func offsets(wholeDays bool) func(strictyaml.Value) ([]store.Offset, bool) {
	return func(v strictyaml.Value) ([]store.Offset, bool) {
		values, ok := v.List()
		if !ok {
			return nil, false
		}
		if len(values) == 0 {
			v.Report("there is no value: write a list such as [7d, 1d], or none")
			return nil, false
		}
		var all []store.Offset
		seen := map[time.Duration]string{} // as typed
		for _, v := range values {
			o, ok := offset(v, wholeDays)
			if !ok {
				continue
			}
			typed, _ := v.Scalar()
			if before, twice := seen[o.About()]; twice {
				v.Report("%s repeats %s: remove one of the two", typed, before)
				continue
			}
			seen[o.About()] = typed
			all = append(all, o)
		}
		store.SortOffsets(all)
		return all, true
	}
}

func offset(v strictyaml.Value, wholeDays bool) (store.Offset, bool) {
	s, ok := v.Scalar()
	if !ok {
		return store.Offset{}, false
	}
	o, err := store.ParseOffset(s)
	switch {
	case err != nil && wholeDays, err == nil && wholeDays && o.Days == 0:
		v.Report("%q can't be used here: write whole days, such as 7d", s)
	case err != nil:
		v.Report("%q is no time before: write days, hours or minutes, such as 7d, 1h or 45m", s)
	case o.About() > farthest*24*time.Hour:
		v.Report("%s is too long before: write a year at most, %dd", s, farthest)
	default:
		return o, true
	}
	return store.Offset{}, false
}

// pace reads how many days lie between two pace reminders.
func pace(v strictyaml.Value) (int, bool) {
	o, ok := offset(v, true)
	return o.Days, ok
}

func morning(v strictyaml.Value) (*store.Clock, bool) {
	c, ok := clock(v)
	return &c, ok
}

// quiet reads the part of the day in which nobody is disturbed.
func quiet(v strictyaml.Value) (store.Quiet, bool) {
	if v.EmptyList() {
		return store.Quiet{}, true
	}
	s, ok := v.Scalar()
	if !ok {
		return store.Quiet{}, false
	}
	q, err := store.ParseQuiet(s)
	if err != nil {
		v.Report("%q can't be quiet hours: write two times of day such as 21:00-09:00, or none", s)
		return store.Quiet{}, false
	}
	return q, true
}

// noNumber is what the library says of a word, with what it was told itself.
var noNumber = regexp.MustCompile(`failed to parse int from (.*?): strconv\..*\)$`)

// digest reads when the coordinators' overview goes out.
func digest(v strictyaml.Value) (string, bool) {
	s, ok := v.Scalar()
	if !ok {
		return "", false
	}
	if _, err := scheduler.ParseDigest(s); err != nil {
		said := noNumber.ReplaceAllString(err.Error(), "$1 is neither a number nor a name)")
		v.Report("%s: write minute, hour, day, month and weekday, such as \"0 9 * * MON\"", said)
		return "", false
	}
	return s, true
}
