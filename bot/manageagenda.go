package bot

import (
	"slices"
	"strconv"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// agendaChanges are what coordinators do to the agenda of an event.
var agendaChanges = []change{
	{
		what: "agenda-add", of: ofEvent, seen: seenEvent, cant: cantChangeEvent, again: toAgenda,
		fields: []field{
			{name: "day", ask: asking("ask.day-ahead"), offers: eventDays, read: readEventDay},
			{name: "time", ask: askAgendaTime, hint: "hint.time", offers: agendaTimes, read: readAgendaTime},
			{name: "title", ask: asking("agenda-add.title"), hint: "hint.title", read: typedText(longestName)},
		},
		sure: sureOfItem, do: addItem, undo: undoingUnless(cantChangeEvent, undoAgenda),
	},
	{
		what: "agenda-remove", of: ofEvent, seen: seenEvent, cant: cantTakeItem, again: toAgenda,
		fields: []field{{name: "item", ask: asking("agenda-remove.ask"), offers: itemOffers, read: readItem}},
		sure:   sureOfRemoving, do: removeItem, undo: undoingUnless(cantChangeEvent, undoAgenda),
	},
}

func toAgenda(t *turn, d *proposal) chat.Button { return t.button("agenda", "agenda "+d.Subject) }

func cantTakeItem(t *turn, d *proposal) chat.Text {
	if why := cantChangeEvent(t, d); why != "" {
		return why
	}
	if len(t.eventByID(d.Subject).Agenda) == 0 {
		return t.text("agenda-remove.none", nil)
	}
	return ""
}

// eventDays are the days of an event.
func eventDays(t *turn, d *proposal) (offers []offer, err error) {
	e := t.eventByID(d.Subject)
	for day := e.From; day <= e.To; day++ {
		offers = append(offers, offer{t.day(day).Plain(), day.String()})
	}
	return offers, nil
}

func readEventDay(t *turn, d *proposal, text string) (string, chat.Text, error) {
	e := t.eventByID(d.Subject)
	day, err := store.ParseDate(text)
	if err != nil || day < e.From || day > e.To {
		return "", t.unreadable(text), nil
	}
	return text, "", nil
}

func askAgendaTime(t *turn, d *proposal) chat.Text {
	return chat.Join(t.text("ask.time", nil), t.byClockOf(t.c.EventZone(t.eventByID(d.Subject)), d.date("day")))
}

func agendaTimes(*turn, *proposal) (offers []offer, err error) {
	for _, clock := range []string{"09:00", "10:00", "11:00", "13:00", "14:00", "16:00", "18:00", "20:00"} {
		offers = append(offers, offer{clock, clock})
	}
	return offers, nil
}

func readAgendaTime(t *turn, d *proposal, text string) (string, chat.Text, error) {
	value, rest, ok := clockTime.read(t, text)
	if !ok || rest != "" {
		return "", t.unreadable(text), nil
	}
	if !d.with("time", value).at().ExistsIn(t.c.EventZone(t.eventByID(d.Subject))) {
		return "", t.text("refused.no-such-time", nil), nil
	}
	return value, "", nil
}

// item is how an item of an agenda is told.
func (t *turn) agendaItem(e *store.Event, item store.AgendaItem) chat.Text {
	zone := t.c.EventZone(e)
	at := item.At.In(zone)
	when := t.there(at, zone, t.language.Day(noon(item.At.Date))+" "+t.language.Clock(at.In(zone)))
	return t.text("agenda.item", locale.Args{"When": when, "What": item.Title})
}

func (d *proposal) item() store.AgendaItem {
	return store.AgendaItem{At: d.at(), Title: d.Values["title"]}
}

// hearOfAgenda says who would hear of another agenda. They hear after a while, so that
// several changes make one message.
func (t *turn) hearOfAgenda(e *store.Event) chat.Text {
	return t.hearingAtOnce(t.whoComeTo(e.ID), e.From.Midnight(t.c.EventZone(e)), "hear.nobody-comes", "hear.agenda")
}

func sureOfItem(t *turn, d *proposal) chat.Text {
	e := t.eventByID(d.Subject)
	return chat.Join(t.title("agenda-add.sure", e.Title), t.agendaItem(e, d.item()), t.hearOfAgenda(e))
}

func addItem(t *turn, d *proposal) (outcome, error) {
	e := t.eventByID(d.Subject)
	agenda := append(slices.Clone(e.Agenda), d.item())
	slices.SortStableFunc(agenda, byTime)
	return t.changeAgenda(e, d, agenda, t.text("agenda-add.done", locale.Args{"Item": t.agendaItem(e, d.item())}))
}

// changeAgenda writes another agenda.
func (t *turn) changeAgenda(e *store.Event, d *proposal, agenda []store.AgendaItem, done chat.Text) (outcome, error) {
	kept := eventChange{AgendaWas: e.Agenda, Agenda: agenda}
	e.Agenda = agenda
	if err := t.tx.UpdateEvent(*e); err != nil {
		return outcome{}, err
	}
	return outcome{
		subject: e.ID, before: kept, text: chat.Join(done, t.hearOfAgenda(e)),
		buttons: []chat.Button{t.lead("add-item", "agenda-add "+e.ID), t.lead("agenda", "agenda "+e.ID)},
	}, t.tellChange(t.eventGathering(e), d.id, changedAgenda, t.now.Add(undoLife), t.whoComeTo(e.ID))
}

func undoAgenda(t *turn, entry *store.Entry, kept *eventChange) error {
	e := t.eventByID(entry.Subject)
	if !slices.Equal(e.Agenda, kept.Agenda) {
		return t.changedSince(entry)
	}
	e.Agenda = kept.AgendaWas
	if err := t.tx.UpdateEvent(*e); err != nil {
		return err
	}
	return t.tellUndone(t.eventGathering(e), entry, changedAgenda, t.text("undo.agenda", nil), t.lead("agenda", "agenda "+e.ID))
}

// itemOffers are the items of an agenda, by their place in it.
func itemOffers(t *turn, d *proposal) (offers []offer, err error) {
	e := t.eventByID(d.Subject)
	for _, i := range byTheClock(e) {
		offers = append(offers, offer{t.agendaItem(e, e.Agenda[i]).Plain(), strconv.Itoa(i)})
	}
	return offers, nil
}

// byTheClock are the places of an agenda's items in order of time.
func byTheClock(e *store.Event) (places []int) {
	for i := range e.Agenda {
		places = append(places, i)
	}
	slices.SortStableFunc(places, func(a, b int) int { return byTime(e.Agenda[a], e.Agenda[b]) })
	return places
}

func readItem(t *turn, d *proposal, text string) (string, chat.Text, error) {
	i, err := strconv.Atoi(text)
	if err != nil || i < 0 || i >= len(t.eventByID(d.Subject).Agenda) {
		return "", t.unreadable(text), nil
	}
	return strconv.Itoa(i), "", nil
}

// place is that of the item which a proposal takes away; it was read before.
func (d *proposal) place() int {
	i, _ := strconv.Atoi(d.Values["item"])
	return i
}

func sureOfRemoving(t *turn, d *proposal) chat.Text {
	e := t.eventByID(d.Subject)
	return chat.Join(t.title("agenda-remove.sure", e.Title), t.agendaItem(e, e.Agenda[d.place()]), t.hearOfAgenda(e))
}

func removeItem(t *turn, d *proposal) (outcome, error) {
	e := t.eventByID(d.Subject)
	i := d.place()
	done := t.text("agenda-remove.done", locale.Args{"Item": t.agendaItem(e, e.Agenda[i])})
	return t.changeAgenda(e, d, slices.Delete(slices.Clone(e.Agenda), i, i+1), done)
}

// showAgenda shows an event's agenda to who can change it.
func (t *turn) showAgenda() error {
	e, ok, err := t.openEvent()
	if err != nil || !ok {
		return err
	}
	var buttons []chat.Button
	if e.CancelledAt.IsZero() && !t.eventOver(e) {
		buttons = append(buttons, t.button("add-item", "agenda-add "+e.ID))
		if len(e.Agenda) > 0 {
			buttons = append(buttons, t.button("remove-item", "agenda-remove "+e.ID))
		}
	}
	t.tell(chat.Join(t.title("agenda.title", e.Title), t.wholeAgenda(e)), append(buttons, t.button("see-event", "manage-event "+e.ID))...)
	return nil
}
