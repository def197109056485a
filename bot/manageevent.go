package bot

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// eventChanges are what coordinators do to live events.
var eventChanges = []change{
	{
		what: "event-place", of: ofEvent, seen: seenEvent, cant: cantChangeEvent, again: toEvent,
		fields: []field{{name: "place", ask: asking("event-place.ask"), hint: "hint.address", read: typedText(longestAddress)}},
		sure:   sureOfPlace, do: changePlace, undo: undoingUnless(cantChangeEvent, undoPlace),
	},
	{
		what: "event-days", of: ofEvent, seen: seenEvent, cant: cantChangeEvent, again: toEvent,
		fields: []field{
			{name: "from", ask: asking("event-days.from"), hint: "hint.day-ahead", offers: firstDays, read: readFirstDay},
			{name: "to", ask: asking("event-days.to"), hint: "hint.day-ahead", offers: lastDays, read: readLastDay},
		},
		sure: sureOfDays, do: moveEvent, undo: undoingUnless(cantChangeEvent, undoDays),
	},
	{
		what: "event-cancel", of: ofEvent, seen: seenEvent, cant: cantChangeEvent, again: toEvent,
		sure: sureOfCancelling, do: cancel, undo: undoing(undoCancelling),
	},
	{
		what: "event-restore", of: ofEvent, seen: seenEvent, cant: cantRestore, again: toEvent,
		sure: sureOfRestoring, do: restore, undo: undoing(undoRestoring),
	},
}

func toEvent(t *turn, d *proposal) chat.Button {
	return t.button("see-event", "manage-event "+d.Subject)
}

// eventByID returns an event of the cycle spoken of; it was looked up before.
func (s *speech) eventByID(id string) *store.Event {
	for i := range s.c.Events {
		if s.c.Events[i].ID == id {
			return &s.c.Events[i]
		}
	}
	return &store.Event{}
}

func seenEvent(t *turn, d *proposal) string {
	seen, err := json.Marshal(t.eventByID(d.Subject))
	if err != nil && t.err == nil {
		t.err = err
	}
	return string(seen)
}

// eventOver reports whether an event's last day has passed.
func (s *speech) eventOver(e *store.Event) bool {
	return !(e.To + 1).Midnight(s.c.EventZone(e)).After(s.now)
}

func cantChangeEvent(t *turn, d *proposal) chat.Text {
	e := t.eventByID(d.Subject)
	switch {
	case !e.CancelledAt.IsZero():
		return t.title("event-days.cancelled", e.Title)
	case t.eventOver(e):
		return t.title("event-days.over", e.Title)
	case d.What == "event-days" && !e.From.Midnight(t.c.EventZone(e)).After(t.now):
		return t.title("event-days.begun", e.Title)
	}
	return ""
}

// whoComeTo are those who said that they come, and can hear.
func (t *turn) whoComeTo(id string) (people []*store.Person) {
	for i := range t.c.Members {
		m := &t.c.Members[i]
		if a, _ := t.c.Answer(id, m.PersonID); a.Coming && m.LeftAt.IsZero() && !m.JoinedAt.IsZero() {
			people = append(people, t.c.People[m.PersonID])
		}
	}
	return people
}

func (t *turn) hearWhoCome(e *store.Event) chat.Text {
	return t.hearingAtOnce(t.whoComeTo(e.ID), e.From.Midnight(t.c.EventZone(e)), "hear.nobody-comes", "hear.who-come")
}

func sureOfPlace(t *turn, d *proposal) chat.Text {
	e := *t.eventByID(d.Subject)
	e.Place = d.Values["place"]
	return chat.Join(t.text("event-place.sure", nil), t.facts(&e, "title"), t.hearWhoCome(&e))
}

// An eventChange is what undoing a change of a place or an agenda needs.
type eventChange struct {
	Was, Is           string
	AgendaWas, Agenda []store.AgendaItem
}

func changePlace(t *turn, d *proposal) (outcome, error) {
	e := t.eventByID(d.Subject)
	kept := eventChange{Was: e.Place, Is: d.Values["place"]}
	e.Place = kept.Is
	if err := t.tx.UpdateEvent(*e); err != nil {
		return outcome{}, err
	}
	return outcome{
		subject: e.ID, before: kept,
		text:    chat.Join(t.text("event-place.done", nil), t.facts(e, "title"), t.hearWhoCome(e)),
		buttons: []chat.Button{t.lead("see-event", "manage-event "+e.ID)},
	}, t.tellChange(t.eventGathering(e), d.id, changedPlace, t.now, t.whoComeTo(e.ID))
}

func undoPlace(t *turn, entry *store.Entry, kept *eventChange) error {
	e := t.eventByID(entry.Subject)
	if e.Place != kept.Is {
		return t.changedSince(entry)
	}
	e.Place = kept.Was
	if err := t.tx.UpdateEvent(*e); err != nil {
		return err
	}
	return t.tellUndone(t.eventGathering(e), entry, changedPlace,
		chat.Join(t.text("undo.event-place", nil), t.facts(e, "title")), t.lead("see-event", "manage-event "+e.ID))
}

// todayAt is the day at an event's place.
func (t *turn) todayAt(e *store.Event) store.Date { return store.DateOf(t.now.In(t.c.EventZone(e))) }

// firstDays are days near the one on which an event begins.
func firstDays(t *turn, d *proposal) ([]offer, error) {
	now := t.eventByID(d.Subject).From
	var list []store.Date
	for _, away := range []store.Date{0, 1, 2, 7, 14, -1, -7} {
		if now+away >= t.todayAt(t.eventByID(d.Subject)) {
			list = append(list, now+away)
		}
	}
	return t.days(list...), nil
}

func readFirstDay(t *turn, d *proposal, text string) (string, chat.Text, error) {
	return t.dayFrom(t.todayAt(t.eventByID(d.Subject)), d, text)
}

// lastDays are days on which an event may end: as long as it is now, first.
func lastDays(t *turn, d *proposal) ([]offer, error) {
	e, from := t.eventByID(d.Subject), d.date("from")
	list := []store.Date{from + e.To - e.From}
	for ahead := range store.Date(6) {
		list = append(list, from+ahead)
	}
	return t.days(list...), nil
}

// longestEvent is the longest event that is believed, in days.
const longestEvent = 31

func readLastDay(t *turn, d *proposal, text string) (string, chat.Text, error) {
	value, sorry, err := readCycleDay(t, d, text)
	if err != nil || sorry != "" {
		return value, sorry, err
	}
	e, from := t.eventByID(d.Subject), d.date("from")
	to, err := store.ParseDate(value)
	switch {
	case err != nil:
		return "", "", err
	case to < from:
		return "", t.text("refused.dates", nil), nil
	case to-from >= longestEvent:
		return "", t.text("event-days.too-long", locale.Args{"Most": longestEvent}), nil
	case from == e.From && to == e.To:
		return "", t.text("event-days.same", nil), nil
	}
	return value, "", nil
}

// movedEvent is the event as it would be on other days: its agenda moves along, but for
// what falls outside.
func movedEvent(e *store.Event, from, to store.Date) (moved store.Event, lost int) {
	moved = *e
	moved.From, moved.To, moved.Agenda = from, to, nil
	for _, item := range e.Agenda {
		item.At.Date += from - e.From
		if item.At.Date < from || item.At.Date > to {
			lost++
			continue
		}
		moved.Agenda = append(moved.Agenda, item)
	}
	return moved, lost
}

// hearOfDays says who would hear of it if an event were moved.
func (t *turn) hearOfDays(e, moved *store.Event) chat.Text {
	c := t.imagine()
	i := slices.IndexFunc(c.Events, func(x store.Event) bool { return x.ID == e.ID })
	c.Events[i] = *moved
	c.Events[i].ChangedAt = t.now
	c.Events[i].Revision = e.Revision + 1
	c.VoidAnswers(e.ID)
	return t.heardMove(t.tells(c, store.KindEvent, e.Slug, t.now.Add(notice)))
}

// daysOf says from when to when an event is.
func (s *speech) daysOf(e *store.Event) chat.Text {
	return chat.Text(s.language.Days(noon(e.From), noon(e.To)))
}

func sureOfDays(t *turn, d *proposal) chat.Text {
	e := t.eventByID(d.Subject)
	moved, lost := movedEvent(e, d.date("from"), d.date("to"))
	return chat.Join(t.title("event-days.sure", e.Title),
		t.text("manage.from-to", locale.Args{"From": t.daysOf(e), "To": t.daysOf(&moved)}),
		t.agendaMoves(&moved, lost), t.hearOfDays(e, &moved))
}

// agendaMoves says what becomes of the agenda of an event that moves.
func (t *turn) agendaMoves(moved *store.Event, lost int) chat.Text {
	switch {
	case lost > 0:
		return t.text("event-days.agenda-lost", locale.Args{"Count": lost})
	case len(moved.Agenda) > 0:
		return t.text("event-days.agenda", nil)
	}
	return ""
}

// An eventMove is what undoing a move of an event needs.
type eventMove struct {
	Was      store.Event
	From, To store.Date
	Agenda   []store.AgendaItem // as it moved along
}

func moveEvent(t *turn, d *proposal) (outcome, error) {
	e := t.eventByID(d.Subject)
	was := *e
	if d.date("from") < t.todayAt(e) { // it wasn't when it was asked
		return outcome{}, store.ErrPast
	}
	moved, lost := movedEvent(e, d.date("from"), d.date("to"))
	hear := t.hearOfDays(e, &moved)
	if err := t.writeMove(&moved); err != nil {
		return outcome{}, err
	}
	return outcome{
		subject: e.ID, before: eventMove{was, moved.From, moved.To, moved.Agenda},
		text:    chat.Join(t.text("event-days.done", nil), t.facts(&moved, "title"), t.agendaMoves(&moved, lost), hear),
		buttons: []chat.Button{t.lead("see-event", "manage-event "+e.ID), t.lead("agenda", "agenda "+e.ID)},
	}, nil
}

// writeMove writes an event that moves with its agenda.
func (t *turn) writeMove(moved *store.Event) error {
	if err := t.tx.MoveEvent(moved.ID, moved.From, moved.To); err != nil {
		return err
	}
	return t.tx.UpdateEvent(*moved)
}

// undoDays puts an event back: without a word if nobody has heard of the move yet, else
// by moving it again.
func undoDays(t *turn, entry *store.Entry, kept *eventMove) error {
	e := t.eventByID(entry.Subject)
	if e.From != kept.From || e.To != kept.To || !slices.Equal(e.Agenda, kept.Agenda) {
		return t.changedSince(entry)
	}
	if kept.Was.From < t.todayAt(e) {
		return t.giveUp("undo.past", locale.Args{"Title": e.Title}, t.button("see-event", "manage-event "+e.ID))
	}
	hear := t.text("hear.nobody-heard", nil)
	back := *e
	back.From, back.To, back.Agenda = kept.Was.From, kept.Was.To, kept.Was.Agenda
	err := t.tx.PutEventBack(kept.Was)
	if errors.Is(err, store.ErrState) {
		hear = t.hearOfDays(e, &back)
		err = t.writeMove(&back)
	}
	if err != nil {
		return err
	}
	t.tell(chat.Join(t.text("undo.event-days", nil), t.facts(&back, "title"), hear), t.lead("see-event", "manage-event "+e.ID))
	return nil
}
