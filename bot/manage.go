package bot

import (
	"strings"
	"time"
	"unicode"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// openCycle speaks of the cycle that the command names, if who asks coordinates it. ok:
// they do; else the reply says so.
func (t *turn) openCycle() (ok bool, err error) {
	if !t.coordinates(t.args["cycle"]) {
		t.stale()
		return false, nil
	}
	return true, t.look(t.args["cycle"])
}

// manage shows what can be changed in a cycle.
func (t *turn) manage() error {
	if ok, err := t.openCycle(); err != nil || !ok {
		return err
	}
	id := " " + t.c.Cycle.ID
	buttons := []chat.Button{
		t.button("manage-people", "people"+id), t.button("manage-pairs", "manage-pairs"+id),
		t.button("manage-sessions", "manage-sessions"+id), t.button("manage-events", "manage-events"+id),
		t.button("attendance", "attendances"+id),
	}
	if t.feeds() {
		buttons = append(buttons, t.button("cycle-calendar", "cycle-calendar"+id))
	}
	t.say("manage.title", locale.Args{"Title": t.c.Cycle.Title}, append(buttons, t.button("history", "history"+id))...)
	return nil
}

// notice is within which somebody is told of a change at once: when their quiet hours
// end, at the latest.
const notice = 24 * time.Hour

// told is who would be told of a thing, and when the first of them.
type toldOf struct {
	soon  int       // how many, at once or when their night is over
	waits bool      // some of them, for the end of their night
	first time.Time // when the first message about it goes out; zero: none does
}

// tells asks the plan who would be told of a session or event if the cycle were so,
// until an instant.
func (t *turn) tells(c *store.Snapshot, kind store.Kind, slug string, until time.Time) (told toldOf) {
	people := map[string]bool{}
	for _, m := range scheduler.Plan(c, t.now, until).Messages {
		if m.Kind != kind || m.Subject != slug || m.State != store.Planned || m.PersonID == "" {
			continue
		}
		if told.first.IsZero() {
			told.first = m.Due
		}
		if !m.Due.After(t.now.Add(notice)) {
			people[m.PersonID] = true
			told.waits = told.waits || m.Due.After(t.now)
		}
	}
	told.soon = len(people)
	return told
}

// imagine is the cycle spoken of, for changing it in thought: lists of sessions and
// events, and answers, are its own.
func (t *turn) imagine() *store.Snapshot {
	c := *t.c
	c.Sessions = append([]store.Session(nil), c.Sessions...)
	c.Events = append([]store.Event(nil), c.Events...)
	return &c
}

// twoClocks tells an instant by the clock of a zone, and by the reader's own where that
// shows something else.
func (s *speech) twoClocks(at time.Time, zone *time.Location) chat.Text {
	if store.WallOf(at.In(zone)) == store.WallOf(at.In(s.zone)) {
		return s.moment(at)
	}
	there := s.there(at, zone, s.language.Moment(at.In(zone), s.now))
	return s.text("manage.two-clocks", locale.Args{"There": there, "Here": s.moment(at)})
}

// byClockOf says by which clock times are asked for, where it isn't the reader's.
func (s *speech) byClockOf(zone *time.Location, day store.Date) chat.Text {
	noonThere := day.At(12 * 60).In(zone)
	if store.WallOf(noonThere) == store.WallOf(noonThere.In(s.zone)) {
		return ""
	}
	return s.text("manage.by-clock", locale.Args{"City": s.city(zone)})
}

// outside says kindly that a day isn't one of the cycle; "" if it is.
func (t *turn) outside(day store.Date) chat.Text {
	if day >= t.c.Cycle.Starts && day <= t.c.Cycle.Ends {
		return ""
	}
	return t.text("manage.outside", locale.Args{
		"Day": t.day(day), "Starts": t.day(t.c.Cycle.Starts), "Ends": t.day(t.c.Cycle.Ends),
	})
}

// unreadable says that what was typed wasn't understood.
func (t *turn) unreadable(text string) chat.Text {
	return t.text("ask.unread", locale.Args{"What": text})
}

// reading makes a field's reader of an option's.
func reading(o *option) func(*turn, *proposal, string) (string, chat.Text, error) {
	return func(t *turn, _ *proposal, text string) (string, chat.Text, error) {
		if value, rest, ok := o.read(t, text); ok && rest == "" {
			return value, "", nil
		}
		return "", t.unreadable(text), t.err
	}
}

// typedText reads a text of one line and at most so many characters, one of which can
// be seen.
func typedText(most int) func(*turn, *proposal, string) (string, chat.Text, error) {
	return func(t *turn, _ *proposal, text string) (string, chat.Text, error) {
		text = lineOf(text)
		if !strings.ContainsFunc(text, unicode.IsGraphic) {
			return "", t.unreadable(text), nil
		}
		if n := len([]rune(text)); n > most {
			return "", t.text("manage.too-long", locale.Args{"Most": most, "Is": n}), nil
		}
		return text, "", nil
	}
}

// How long what is typed may be. An address must not be shortened when it is shown, so
// it has to fit into every message.
const (
	longestName    = 200
	longestAddress = 300
)

// asking is a field's question that is always the same.
func asking(id string) func(*turn, *proposal) chat.Text {
	return func(t *turn, _ *proposal) chat.Text { return t.text(id, nil) }
}

// days are the offers of a list of days.
func (t *turn) days(list ...store.Date) (offers []offer) {
	seen := map[store.Date]bool{}
	for _, day := range list {
		if !seen[day] && day >= t.c.Cycle.Starts && day <= t.c.Cycle.Ends {
			seen[day] = true
			offers = append(offers, offer{t.day(day).Plain(), day.String()})
		}
	}
	return offers
}

// ofCycle, and the like, find the cycle of what a change is about.
func ofCycle(_ *turn, d *proposal) (string, error) { return d.Subject, nil }

func ofSession(t *turn, d *proposal) (string, error) {
	x, err := t.tx.Session(d.Subject)
	return x.CycleID, err
}

func ofEvent(t *turn, d *proposal) (string, error) {
	e, err := t.tx.Event(d.Subject)
	return e.CycleID, err
}

func ofPair(t *turn, d *proposal) (string, error) {
	p, err := t.tx.Pair(d.Subject)
	return p.CycleID, err
}

func ofPerson(t *turn, d *proposal) (string, error) {
	m, err := t.tx.Member(d.CycleID, d.Subject)
	return m.CycleID, err
}

// unseen is for what is added: nobody can have changed it meanwhile.
func unseen(*turn, *proposal) string { return "" }

// dateValue returns a day that a proposal holds, which was read before it got there.
func (d *proposal) date(field string) store.Date {
	day, _ := store.ParseDate(d.Values[field]) // of nonsense, a day outside of every cycle
	return day
}

// clock returns a time of day that a proposal holds.
func (d *proposal) clock(field string) store.Clock {
	clock, _ := store.ParseClock(d.Values[field])
	return clock
}
