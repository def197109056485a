package bot

import (
	"fmt"
	"slices"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// event words a reminder of a live event: it asks, or gives who comes the facts,
// or a day's agenda on its morning; or says that it was cancelled.
func (s *speech) event(m *store.Message) chat.Message {
	e := s.c.Event(m.Subject)
	if e == nil {
		s.err = fmt.Errorf("there is no event %s", m.Subject)
		return chat.Message{}
	}
	if s.group != nil {
		return s.eventPost(e, m.Offset)
	}
	if m.Offset == scheduler.Cancelled {
		return s.eventCancelled(e)
	}
	if scheduler.IsMorning(m.Offset) {
		return s.morning(e, m.Offset)
	}
	if s.comes(e.ID) {
		return s.practical(e)
	}
	title, question := "title", "event.again"
	switch {
	case m.Offset == scheduler.Moved:
		title, question = "event.moved-title", "event.moved"
	case !s.told(m):
		question = "event.ask"
	}
	return chat.Message{
		Text:    chat.Join(s.facts(e, title), s.text(question, nil)),
		Buttons: s.answers("event", e.ID),
	}
}

// eventCancelled tells who may count on an event that it is cancelled.
func (s *speech) eventCancelled(e *store.Event) chat.Message {
	when := s.text("when", locale.Args{"When": chat.Text(s.language.Days(noon(e.From), noon(e.To)))})
	return chat.Message{
		Text:    chat.Join(chat.Stack(s.title("event.cancelled-title", e.Title), when), s.text("event.cancelled", nil)),
		Buttons: []chat.Button{s.lead("whats-next", "next")},
	}
}

// facts says what an event is, when and where.
func (s *speech) facts(e *store.Event, title string) chat.Text {
	when := chat.Text(s.language.Days(noon(e.From), noon(e.To)))
	return chat.Stack(s.title(title, e.Title), s.text("when", locale.Args{"When": when}), s.where(e.Place))
}

// practical tells who comes what there is to know.
func (s *speech) practical(e *store.Event) chat.Message {
	facts, next := s.facts(e, "title"), s.text("event.coming", nil)
	if len(e.Agenda) > 0 {
		zone := s.c.EventZone(e)
		first := slices.MinFunc(e.Agenda, byTime)
		at := first.At.In(zone)
		facts = chat.Stack(facts, s.text("event.begins", locale.Args{
			"When": s.there(at, zone, s.language.Moment(at.In(zone), s.now)), "First": first.Title,
		}))
	}
	if s.c.Cycle.Rules.EventMorning != nil {
		next += " " + s.text("event.mornings", nil)
	}
	return chat.Message{
		Text: chat.Join(facts, next),
		Buttons: []chat.Button{
			s.lead("details", "event "+e.ID),
			s.button("cant-after-all", "event "+e.ID+" no"),
		},
	}
}

func byTime(a, b store.AgendaItem) int {
	if a.At.Date != b.At.Date {
		return int(a.At.Date - b.At.Date)
	}
	return int(a.At.Clock - b.At.Clock)
}

// morning gives the agenda of a day, by the clock of the event's zone.
func (s *speech) morning(e *store.Event, offset string) chat.Message {
	d, ok := scheduler.MorningDay(offset)
	if !ok {
		s.err = fmt.Errorf("there is no day %s", offset)
		return chat.Message{}
	}
	greeting, items := s.text("event.morning", nil), s.items(e, d)
	if len(items) == 0 {
		greeting = s.text("event.morning-open", locale.Args{"Number": int(d-e.From) + 1})
	}
	title := chat.Stack(s.title("title", e.Title), s.text("when", locale.Args{"When": s.day(d)}), s.where(e.Place))
	return chat.Message{
		Text:    chat.Join(greeting, title, chat.Stack(s.agendaClock(e, d), s.list(items))),
		Buttons: []chat.Button{s.lead("details", "event "+e.ID)},
	}
}

// agendaClock says above an agenda by which clock it is, where the reader's own shows
// something else on that day; "" if there is none.
func (s *speech) agendaClock(e *store.Event, day store.Date) chat.Text {
	zone := s.c.EventZone(e)
	at := day.At(12 * 60)
	if len(e.Agenda) == 0 || store.WallOf(at.In(zone).In(s.zone)) == at {
		return ""
	}
	return s.text("event.clock", locale.Args{"City": s.city(zone)})
}

func (s *speech) items(e *store.Event, day store.Date) (items []chat.Text) {
	zone := s.c.EventZone(e)
	agenda := slices.Clone(e.Agenda)
	slices.SortStableFunc(agenda, byTime)
	for _, item := range agenda {
		if item.At.Date != day {
			continue
		}
		clock := s.language.Clock(item.At.In(zone).In(zone))
		items = append(items, s.text("event.item", locale.Args{"Time": clock, "What": item.Title}))
	}
	return items
}
