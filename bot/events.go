package bot

import (
	"slices"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// whichEvent takes the id of an event, or its title.
var whichEvent = option{
	name: "event", ask: "ask.event", optional: true,
	offers: (*turn).eventOffers,
	read: func(t *turn, text string) (string, string, bool) {
		if word, rest := cut(text); len(word) == len(store.NewID()) {
			return word, rest, true // whose it is, the command asks
		}
		return t.readTitle(text, t.eventOffers)
	},
}

// eventOffers are the events of the person's cycles.
func (t *turn) eventOffers() (offers []offer, err error) {
	for _, part := range t.current() {
		events, err := t.tx.Events(part.CycleID)
		if err != nil {
			return nil, err
		}
		for i := range events {
			offers = append(offers, offer{events[i].Title, events[i].ID})
		}
	}
	return offers, nil
}

// eventDay takes a day of an event, as buttons have it.
var eventDay = option{
	name: "day", optional: true,
	offers: func(*turn) ([]offer, error) { return nil, nil },
	read: func(_ *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		_, err := store.ParseDate(word)
		return word, rest, err == nil
	},
}

// showEvent shows an event, answers it, or gives the agenda of a day; without a name
// it shows the one there is, or which there are.
func (t *turn) showEvent() error {
	id := t.args[whichEvent.name]
	switch {
	case id == "" && t.unread():
		return nil
	case id == "":
		return t.events()
	case t.args[eventDay.name] != "":
		return t.eventDayAgenda(id, t.dayOf(eventDay.name))
	}
	return t.about("event", id)
}

// events shows the event that is ahead, or lists them if there are several.
func (t *turn) events() error {
	var ahead, all []string
	var items []chat.Text
	var buttons []chat.Button
	parts := t.current()
	for _, part := range parts {
		if err := t.look(part.CycleID); err != nil {
			return err
		}
		for _, g := range t.gatherings() {
			if g.event == nil {
				continue
			}
			all = append(all, g.id)
			if !g.cancelled && t.now.Before(g.ends) {
				ahead = append(ahead, g.id)
			}
			line := t.text("gathering.line", locale.Args{"Title": g.title, "When": g.when, "Answer": t.answered(&g)})
			items = append(items, t.inCycle(line, len(parts)))
			buttons = append(buttons, chat.Button{Label: label(g.title), Command: "event " + g.id})
		}
	}
	switch {
	case len(all) == 0:
		t.say("events.none", nil, t.button("whats-next", "next"))
		return nil
	case len(all) == 1:
		return t.about("event", all[0])
	case len(ahead) == 1:
		return t.about("event", ahead[0])
	}
	from, to := t.span(len(all), sessionsAtOnce)
	t.tell(chat.Stack(t.text("events.title", nil), chat.List(items[from:to])),
		append(append(buttons[from:to:to], t.turnPage("event", from, to, len(all))...), t.button("whats-next", "next"))...)
	return nil
}

// agendaDays are the days of an event for which something is planned.
func agendaDays(e *store.Event) (days []store.Date) {
	for _, item := range e.Agenda {
		if item.At.Date >= e.From && item.At.Date <= e.To && !slices.Contains(days, item.At.Date) {
			days = append(days, item.At.Date)
		}
	}
	slices.Sort(days)
	return days
}

// agenda gives the agenda of an event by day; of days beyond a few it is behind buttons.
func (t *turn) agenda(e *store.Event) chat.Text {
	days := agendaDays(e)
	if len(days) == 0 {
		return ""
	}
	if len(e.Agenda) > t.size.list {
		return t.text("event.by-day", nil)
	}
	var parts []chat.Text
	for _, day := range days {
		parts = append(parts, chat.Stack("*"+t.day(day)+"*", chat.List(t.items(e, day))))
	}
	return chat.Join(parts...)
}

// daysAtOnce is how many days of an event have a button.
const daysAtOnce = 10

// dayButtons lead to the agenda of each day, where it doesn't fit below the facts.
func (t *turn) dayButtons(e *store.Event) (buttons []chat.Button) {
	if len(e.Agenda) <= t.size.list {
		return nil
	}
	for _, day := range agendaDays(e) {
		if len(buttons) == daysAtOnce {
			break
		}
		buttons = append(buttons, chat.Button{Label: t.day(day).Plain(), Command: "event " + e.ID + " " + day.String()})
	}
	return buttons
}

// eventDayAgenda gives the agenda of a day of an event.
func (t *turn) eventDayAgenda(id string, day store.Date) error {
	g, ok, err := t.openGathering("event", id)
	if err != nil || !ok {
		return err
	}
	if g.cancelled || !slices.Contains(agendaDays(g.event), day) {
		return t.showGathering(&g, "", false)
	}
	t.line = "event " + id + " " + day.String()
	items := t.items(g.event, day)
	from, to := t.span(len(items), 2*sessionsAtOnce)
	t.tell(chat.Join(t.title("title", g.title), chat.Stack("*"+t.day(day)+"*", chat.List(items[from:to]))),
		append(t.turnPage(t.line, from, to, len(items)), t.button("back", "event "+id))...)
	return nil
}
