package bot

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// An appointment is one entry of a calendar file. What its times are, and why, is in
// docs/decisions/0004-calendar-files.md.
type appointment struct {
	uid, title, where, about string
	changed                  time.Time // zero: unknown
	sequence                 int       // 0: the file's, see sequenceAt
	cancelled                bool

	zone       *time.Location // of start and end as a wall clock has them; nil: instants
	start, end time.Time
	from, to   store.Date // of what takes whole days, both included; else zero
}

// calendarName is what a calendar file is called as it arrives.
const calendarName = "mentorship" + ".ics"

// calendarOf takes the id of a session or an event for the file.
var calendarOf = option{
	name: "subject", optional: true,
	offers: func(*turn) ([]offer, error) { return nil, nil },
	read: func(_ *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		return word, rest, len(word) == len(store.NewID())
	},
}

// calendar gives a calendar file: of one thing, by its id, or of all that is to come
// for the person.
func (t *turn) calendar() error {
	entries, err := t.appointments(t.args["subject"])
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		if t.reply.Text == "" {
			t.say("calendar.nothing", nil, t.button("whats-next", "next"))
		}
		return nil
	}
	data, err := calendarFile(entries, t.now)
	if err != nil {
		return err
	}
	t.say("calendar.here", locale.Args{"Count": len(entries)}, t.lead("whats-next", "next"))
	t.reply.Files = []chat.File{{Name: calendarName, Type: "text/calendar; charset=utf-8", Data: data}}
	return nil
}

// appointments are what goes into a calendar file: one thing, or, with no id, all that
// is to come. If the person may not see the thing, the reply says so.
func (t *turn) appointments(id string) (all []appointment, err error) {
	if id != "" {
		noun := "session"
		if _, err := t.tx.Event(id); err == nil {
			noun = "event"
		}
		g, ok, err := t.openGathering(noun, id)
		if err != nil || !ok {
			return nil, err
		}
		return []appointment{t.appointment(&g)}, nil
	}
	for _, part := range t.current() {
		if err := t.look(part.CycleID); err != nil {
			return nil, err
		}
		all = append(all, t.appointmentsAhead()...)
	}
	return all, nil
}

// appointmentsAhead are what is to come for the person in the cycle spoken of: not
// what they can't come to. What was cancelled is there as such, so that it goes from a
// calendar that has it.
func (t *turn) appointmentsAhead() (all []appointment) {
	for _, g := range t.gatherings() {
		a, ok := t.c.Answer(g.id, t.me())
		if t.now.Before(g.ends) && (!ok || a.Coming) {
			all = append(all, t.appointment(&g))
		}
	}
	for _, pair := range t.pairsGoing(t.me()) {
		for _, m := range t.c.MeetingsOf(pair.ID) {
			if m.State == store.Agreed && m.At.Add(m.Length).After(t.now) {
				all = append(all, t.meetingAppointment(pair, &m))
			}
		}
	}
	return all
}

func (t *turn) appointment(g *gathering) appointment {
	a := appointment{uid: g.noun + "-" + g.id, title: g.title, cancelled: g.cancelled}
	if g.cancelled {
		a.title = t.text("calendar.cancelled", locale.Args{"Title": chat.Escape(g.title)}).Plain()
	}
	if x := g.session; x != nil {
		a.where, a.changed = x.Where, x.ChangedAt
		a.zone, a.start, a.end = t.c.Cycle.Location(), g.begins, g.ends
		return a
	}
	x := g.event
	a.where, a.changed, a.from, a.to = x.Place, x.ChangedAt, x.From, x.To
	a.about = t.agendaPlain(x)
	return a
}

func (t *turn) meetingAppointment(pair *store.Pair, m *store.Meeting) appointment {
	title := t.text("calendar.meeting", locale.Args{"Partner": chat.Escape(t.partner(pair))})
	cancelled := m.State == store.Cancelled
	if cancelled {
		title = t.text("calendar.cancelled", locale.Args{"Title": title})
	}
	return appointment{
		uid: "meeting-" + m.ID, title: title.Plain(), changed: m.AgreedAt, cancelled: cancelled,
		start: m.At, end: m.At.Add(m.Length),
	}
}

// agendaPlain is the agenda of an event as a calendar has it: by the event's own clock.
func (t *turn) agendaPlain(e *store.Event) string {
	var b strings.Builder
	for _, day := range agendaDays(e) {
		fmt.Fprintln(&b, t.day(day).Plain())
		for _, item := range e.Agenda {
			if item.At.Date == day {
				fmt.Fprintln(&b, item.At.Clock, item.Title)
			}
		}
	}
	return strings.TrimSpace(b.String())
}

// calendarFile writes an iCalendar file, as RFC 5545 has it. more sets what else is to be
// said of it.
func calendarFile(entries []appointment, now time.Time, more ...func(*ics.Calendar)) ([]byte, error) {
	calendar := ics.NewCalendarFor("mentorbot")
	calendar.SetProductId("-//Kooperativa//mentorbot//EN")
	calendar.SetCalscale("GREGORIAN")
	calendar.SetMethod(ics.MethodPublish)
	for _, say := range more {
		say(calendar)
	}
	zones := zonesOf(entries)
	for _, name := range slices.Sorted(maps.Keys(zones)) {
		calendar.AddVTimezone(zones[name].component())
	}
	for i := range entries {
		a := entries[i]
		if a.zone != nil && zones[a.zone.String()] == nil {
			a.zone = nil
		}
		calendar.AddVEvent(a.component(now))
	}
	var b bytes.Buffer
	if err := calendar.SerializeTo(&b, ics.WithNewLineWindows); err != nil {
		return nil, fmt.Errorf("write calendar file: %w", err)
	}
	return b.Bytes(), nil
}

const (
	calendarWall = "20060102T150405"
)

// sequenceAt numbers what a file says at an instant: calendars ignore an entry with a
// lower number than the one they have, and a revision isn't raised by what cancels,
// restores or puts back.
func sequenceAt(now time.Time) int { return int(now.Unix() / 60) }

func (a *appointment) component(now time.Time) *ics.VEvent {
	e := ics.NewEvent(a.uid + "@mentorbot")
	e.SetDtStampTime(now)
	e.SetSequence(cmp.Or(a.sequence, sequenceAt(now)))
	status := ics.ObjectStatusConfirmed
	if a.cancelled {
		status = ics.ObjectStatusCancelled
	}
	e.SetStatus(status)
	e.SetSummary(calendarText(a.title))
	if !a.changed.IsZero() {
		e.SetModifiedAt(a.changed)
	}
	a.setTimes(e)
	if a.where != "" {
		e.SetLocation(calendarText(a.where))
	}
	if address, err := url.Parse(a.where); err == nil && address.Host != "" && strings.HasPrefix(address.Scheme, "http") {
		e.SetURL(address.String())
	}
	if a.about != "" {
		e.SetDescription(calendarText(a.about))
	}
	return e
}

func (a *appointment) setTimes(e *ics.VEvent) {
	switch {
	case a.from != 0:
		e.SetAllDayStartAt(noon(a.from))
		e.SetAllDayEndAt(noon(a.to + 1)) // the end is the first day that isn't of it
		e.SetTimeTransparency(ics.TransparencyOpaque)
	case a.zone == nil:
		e.SetStartAt(a.start)
		e.SetEndAt(a.end)
	default:
		zone := ics.WithTZID(a.zone.String())
		e.SetProperty(ics.ComponentPropertyDtStart, a.start.In(a.zone).Format(calendarWall), zone)
		e.SetProperty(ics.ComponentPropertyDtEnd, a.end.In(a.zone).Format(calendarWall), zone)
	}
}

// calendarText is a text without what a calendar file can't hold: line ends become
// those of the file, other control characters go.
func calendarText(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029':
			return '\n'
		case r != '\n' && r != '\t' && unicode.IsControl(r):
			return -1
		}
		return r
	}, text)
}
