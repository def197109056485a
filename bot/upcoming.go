package bot

import (
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// A coming is one thing that is to come, or one message, and the line for it.
type coming struct {
	at   time.Time
	line chat.Text
	ask  *chat.Button // answers it, if the person hasn't
}

func sortComing(all []coming) {
	slices.SortStableFunc(all, func(a, b coming) int { return a.at.Compare(b.at) })
}

func lines(all []coming) (texts []chat.Text) {
	for _, c := range all {
		texts = append(texts, c.line)
	}
	return texts
}

// Of what is to come some of each are shown at once; the rest are behind buttons.
const (
	thingsAtOnce   = 8
	messagesAtOnce = 5
	asksAtOnce     = 3
)

// upcoming says what is coming for the person, and which messages they will get.
func (t *turn) upcoming() error {
	var things, messages []coming
	parts := t.current()
	for _, part := range parts {
		if err := t.look(part.CycleID); err != nil {
			return err
		}
		things = append(things, t.thingsToCome(len(parts))...)
		more, err := t.messagesToCome(len(parts))
		if err != nil {
			return err
		}
		messages = append(messages, more...)
	}
	sortComing(things)
	sortComing(messages)
	if len(things)+len(messages) == 0 {
		t.say("upcoming.nothing", nil, t.first()...)
		return nil
	}
	t.tell(chat.Join(
		t.listed(t.text("upcoming.title", nil), things, thingsAtOnce),
		t.listed(t.text("upcoming.messages", nil), messages, messagesAtOnce),
	), t.upcomingButtons(things, len(messages))...)
	return nil
}

// listed heads a list with a title, and says how many more there are than it shows;
// of nothing it says nothing.
func (s *speech) listed(title chat.Text, all []coming, atOnce int) chat.Text {
	if len(all) == 0 {
		return ""
	}
	items := lines(all)
	if most := min(atOnce, s.size.list); len(items) > most {
		items = append(items[:most:most], s.text("list.more", locale.Args{"More": len(all) - most}))
	}
	return chat.Stack(title, chat.List(items))
}

func (t *turn) upcomingButtons(things []coming, messages int) (buttons []chat.Button) {
	for _, c := range things {
		if c.ask != nil && len(buttons) < asksAtOnce {
			buttons = append(buttons, *c.ask)
		}
	}
	if t.may(mentored) {
		buttons = append(buttons, t.lead("log", "log"))
	}
	if len(things) > 0 {
		buttons = append(buttons, t.lead("calendar", "calendar"))
	}
	if messages > messagesAtOnce {
		buttons = append(buttons, t.button("all-messages", "messages 0"))
	}
	if t.may(mentored) {
		return append(buttons, t.button("progress", "progress"))
	}
	return append(buttons, t.button("overview", "overview"))
}

// thingsToCome are what is coming for the person in the cycle spoken of.
func (t *turn) thingsToCome(cycles int) (all []coming) {
	for _, g := range t.gatherings() {
		if g.cancelled || !t.now.Before(g.ends) {
			continue
		}
		line := t.text("gathering.line", locale.Args{"Title": g.title, "When": g.when, "Answer": t.answered(&g)})
		c := coming{at: g.begins, line: t.inCycle(line, cycles)}
		if _, ok := t.c.Answer(g.id, t.me()); !ok && t.invited() && t.now.Before(g.begins) {
			ask := t.answerButton(&g, label(g.title))
			c.ask = &ask
		}
		all = append(all, c)
	}
	for _, m := range t.meetingsAhead() {
		all = append(all, coming{at: m.at, line: t.inCycle(m.line, cycles)})
	}
	if t.invited() && t.today() <= t.c.Cycle.Ends {
		by := (t.c.Cycle.By + 1).Midnight(t.c.Cycle.Location())
		for _, line := range t.pairsToGo() {
			all = append(all, coming{at: by, line: t.inCycle(line, cycles)})
		}
	}
	return all
}

// meetingsAhead are the meetings that the person has agreed on.
func (t *turn) meetingsAhead() (all []coming) {
	for _, pair := range t.pairsGoing(t.me()) {
		for _, m := range t.c.MeetingsOf(pair.ID) {
			if m.State == store.Agreed && m.At.Add(m.Length).After(t.now) {
				line := t.text("upcoming.meeting", locale.Args{"Partner": t.partner(pair), "When": t.moment(m.At)})
				all = append(all, coming{at: m.At, line: line})
			}
		}
	}
	return all
}

// messagesToCome are the messages that the person will get of the cycle spoken of.
func (t *turn) messagesToCome(cycles int) (all []coming, err error) {
	ahead, err := t.forecast()
	for i := range ahead {
		all = append(all, coming{at: ahead[i].Due, line: t.inCycle(t.foretell(&ahead[i]), cycles)})
	}
	return all, err
}

// messages lists all messages that the person will get, a page at once.
func (t *turn) messages() error {
	var all []coming
	parts := t.current()
	for _, part := range parts {
		if err := t.look(part.CycleID); err != nil {
			return err
		}
		more, err := t.messagesToCome(len(parts))
		if err != nil {
			return err
		}
		all = append(all, more...)
	}
	sortComing(all)
	if len(all) == 0 {
		t.say("upcoming.nothing", nil, t.first()...)
		return nil
	}
	from, to := t.span(len(all), thingsAtOnce)
	t.tell(chat.Stack(t.text("upcoming.messages", nil), chat.List(lines(all[from:to]))),
		append(t.turnPage("messages", from, to, len(all)), t.button("back", "next"))...)
	return nil
}
