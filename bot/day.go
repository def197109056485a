package bot

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// dayHeld asks for the day on which something was.
var dayHeld = option{
	name: "day", ask: "ask.day-held", hint: "hint.day", another: "button.other-day",
	offers: func(t *turn) ([]offer, error) { return t.daysBehind(0, 2), nil },
	more:   func(t *turn) ([]offer, error) { return t.daysBehind(2, offersAtOnce), nil },
	read:   func(t *turn, text string) (string, string, bool) { return t.readDay(text, true) },
	cant:   (*turn).cantHaveMet,
}

// daysBehind offers days on which the pair can have met: the latest first, without as
// many of them as are skipped.
func (t *turn) daysBehind(skip, most int) (offers []offer) {
	last := min(t.today(), t.c.Cycle.Ends)
	if end := t.pairEnd(); end > 0 {
		last = min(last, end)
	}
	for day := last - store.Date(skip); day >= t.c.Cycle.Starts && len(offers) < most; day-- {
		label := t.day(day)
		switch t.today() - day {
		case 0:
			label = t.text("day.today", locale.Args{"Day": label})
		case 1:
			label = t.text("day.yesterday", locale.Args{"Day": label})
		}
		offers = append(offers, offer{label.Plain(), day.String()})
	}
	return offers
}

// pairEnd is the day on which the pair spoken of has ended; 0: it goes on.
func (t *turn) pairEnd() store.Date {
	if t.pair == nil || t.pair.EndedAt.IsZero() {
		return 0
	}
	return t.dayIn(t.pair.EndedAt)
}

// cantHaveMet says why the pair can't have had a meeting of a day that isn't logged yet.
func (t *turn) cantHaveMet(value string) chat.Text {
	day, err := store.ParseDate(value)
	if err != nil {
		return t.text("sorry.stale", nil)
	}
	args := locale.Args{
		"Day": t.dayOfYear(day), "Who": t.pairName(t.pair),
		"Starts": t.dayOfYear(t.c.Cycle.Starts), "Ends": t.dayOfYear(t.c.Cycle.Ends),
	}
	end, was := t.pairEnd(), t.meetingOn(day)
	switch {
	case day > t.today():
		return t.text("log.future", args)
	case day < t.c.Cycle.Starts:
		return t.text("log.before-cycle", args)
	case day > t.c.Cycle.Ends:
		return t.text("log.after-cycle", args)
	case end > 0 && day > end:
		return t.text("log.pair-ended", args)
	case was != nil && was.State == store.Held && !t.awaitsMe(was):
		return t.text("log.same-day", args)
	}
	return ""
}

// dayAhead asks for the day on which something is to be, in the person's own calendar:
// the time of day is by their clock.
var dayAhead = option{
	name: "day", ask: "ask.day-ahead", hint: "hint.day-ahead", another: "button.other-day",
	offers: func(t *turn) ([]offer, error) { return t.daysAhead(0, offersAtOnce-1), nil },
	more:   func(t *turn) ([]offer, error) { return t.daysAhead(offersAtOnce-1, offersAtOnce), nil },
	read:   func(t *turn, text string) (string, string, bool) { return t.readDayFrom(t.todayHere(), text, false) },
}

// daysAhead offers days from today on, without as many of them as are skipped.
func (t *turn) daysAhead(skip, most int) (offers []offer) {
	for ahead := range most {
		day := t.todayHere() + store.Date(skip+ahead)
		offers = append(offers, offer{t.day(day).Plain(), day.String()})
	}
	return offers
}

// today is the day in the zone of the cycle spoken of: days of a cycle are its own.
func (s *speech) today() store.Date { return store.DateOf(s.now.In(s.c.Cycle.Location())) }

func (t *turn) readDay(text string, past bool) (value, rest string, ok bool) {
	return t.readDayFrom(t.today(), text, past)
}

func (t *turn) readDayFrom(today store.Date, text string, past bool) (value, rest string, ok bool) {
	day, rest, ok := t.language.ReadDay(text, noon(today), past)
	if !ok {
		return "", text, false
	}
	return day.Format(time.DateOnly), rest, true
}

// dayOfYear tells a day, and its year if it isn't the present one.
func (s *speech) dayOfYear(d store.Date) chat.Text {
	year, _, _ := d.Calendar()
	if present, _, _ := s.dayIn(s.now).Calendar(); year == present {
		return s.day(d)
	}
	return s.text("data.day", locale.Args{"Day": s.day(d), "Year": year})
}

// dayOf returns a day that was found as an option.
func (t *turn) dayOf(name string) store.Date {
	day, err := store.ParseDate(t.args[name])
	if err != nil && t.err == nil {
		t.err = err
	}
	return day
}

// clockTime asks for a time of day.
var clockTime = option{
	name: "time", ask: "ask.time", hint: "hint.time", last: true,
	offers: func(*turn) (offers []offer, err error) {
		for _, clock := range []string{"10:00", "12:00", "16:00", "17:00", "18:00", "19:00", "20:00"} {
			offers = append(offers, offer{clock, clock})
		}
		return offers, nil
	},
	read: func(_ *turn, text string) (string, string, bool) {
		m := clockText.FindStringSubmatch(locale.Fold(text))
		if m == nil {
			return "", text, false
		}
		hour, _ := strconv.Atoi(m[1])
		minute, _ := strconv.Atoi(m[2]) // "" is 0
		if half := m[3]; half != "" {
			if hour < 1 || hour > 12 {
				return "", text, false
			}
			if hour %= 12; half == "p" {
				hour += 12
			}
		}
		if hour > 23 || minute > 59 {
			return "", text, false
		}
		return store.Clock(hour*60 + minute).String(), behind(text, m[0]), true
	},
}

// behind is what stands behind what was read of a text, which is as many words long.
func behind(text, read string) string {
	return strings.Join(strings.Fields(text)[len(strings.Fields(read)):], " ")
}

// clockText is 18:30, 18.30, 18h, 9am, at 9, u 9, folded.
var clockText = regexp.MustCompile(`^(?:(?:at|u)\s+)?(\d{1,2})(?:[:.](\d{2}))?(?:\s*(?:([ap])\.?m\.?|h|sati?|casova?))?(?:\s|$)`)

// lengths are how long meetings mostly are, in minutes.
var lengths = []int{30, 60, 90, 120}

// howLong asks how long a meeting took.
var howLong = option{
	name: "length", ask: "ask.length", hint: "hint.length", last: true,
	asks: func(t *turn) chat.Text {
		return t.text("log.how-long", locale.Args{"Day": t.dayOfYear(t.dayOf(dayHeld.name))})
	},
	offers: func(t *turn) (offers []offer, err error) {
		usual := int(t.c.Cycle.MeetingLength / time.Minute)
		if usual > 0 {
			offers = append(offers, t.minutes(usual))
		}
		for _, n := range lengths {
			if n != usual {
				offers = append(offers, t.minutes(n))
			}
		}
		return offers, nil
	},
	read: readLength,
}

func (t *turn) minutes(n int) offer {
	return offer{t.length(time.Duration(n) * time.Minute).Plain(), strconv.Itoa(n)}
}

// longest is the longest meeting that is believed, in minutes.
const longest = 12 * 60

var (
	hoursText   = regexp.MustCompile(`^(\d{1,2})(?:[.,](5))?\s*(?:h|hours?|hrs?|sata?|sati)\s*(\d{1,2})?(?:\s*(?:m|min|minutes?|minuta?))?(?:\s|$)`)
	minutesText = regexp.MustCompile(`^(\d{1,3})\s*(?:m|min|mins|minutes?|minuta?)?\.?(?:\s|$)`)
	colonText   = regexp.MustCompile(`^(\d{1,2}):(\d{2})(?:\s|$)`)
)

// readLength reads 90, 90 min, 1h, 1h30, 1.5 h and 1:30, as minutes.
func readLength(_ *turn, text string) (value, rest string, ok bool) {
	folded := locale.Fold(text)
	n := func(s string) int { v, _ := strconv.Atoi(s); return v } // "" is 0
	var total int
	var read string
	if m := colonText.FindStringSubmatch(folded); m != nil {
		read, total = m[0], 60*n(m[1])+n(m[2])
	} else if m := hoursText.FindStringSubmatch(folded); m != nil {
		read, total = m[0], 60*n(m[1])+6*n(m[2])+n(m[3])
	} else if m := minutesText.FindStringSubmatch(folded); m != nil {
		read, total = m[0], n(m[1])
	}
	if total < 1 || total > longest {
		return "", text, false
	}
	return strconv.Itoa(total), behind(text, read), true
}

// lengthOf returns a length that was found as an option.
func (t *turn) lengthOf(name string) time.Duration {
	n, err := strconv.Atoi(t.args[name])
	if err != nil && t.err == nil {
		t.err = err
	}
	return time.Duration(n) * time.Minute
}

// clockOf returns a time of day that was found as an option.
func (t *turn) clockOf(name string) store.Clock {
	clock, err := store.ParseClock(t.args[name])
	if err != nil && t.err == nil {
		t.err = err
	}
	return clock
}
