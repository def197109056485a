package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// What the news of a change tells.
const (
	changedAddress = "address" + scheduler.OfSession // where a session is
	changedPlace   = "place" + scheduler.OfEvent     // where an event is
	changedAgenda  = "agenda" + scheduler.OfEvent
	changedBack    = "back" // it takes place after all; of what follows
)

// undone follows the occasion of a change when its undoing is told.
const undone = "-undone"

// change tells what a coordinator has changed about a session or an event, as it is
// when it is told.
func (s *speech) change(m *store.Message) chat.Message {
	if strings.HasSuffix(m.Offset, scheduler.OfSession) {
		return s.sessionChange(m)
	}
	e := s.c.Event(m.Subject)
	if e == nil {
		s.err = fmt.Errorf("there is no event %s", m.Subject)
		return chat.Message{}
	}
	text := s.facts(e, "changed.place")
	switch m.Offset {
	case changedAgenda:
		text = chat.Join(s.title("changed.agenda", e.Title), s.wholeAgenda(e))
	case changedBack + scheduler.OfEvent:
		text = chat.Join(s.facts(e, "changed.back"), s.text("changed.answer-stands", nil))
	}
	return chat.Message{Text: text, Buttons: []chat.Button{s.lead("details", "event "+e.ID)}}
}

func (s *speech) sessionChange(m *store.Message) chat.Message {
	x := s.sessionOf(m)
	if x == nil {
		return chat.Message{}
	}
	title, after := "changed.address", chat.Text("")
	switch {
	case m.Offset == changedBack+scheduler.OfSession:
		title, after = "changed.back", s.text("changed.answer-stands", nil)
	case x.Where == "":
		title, after = "changed.address-gone", s.text("changed.no-address", nil)
	}
	facts := chat.Stack(s.title(title, x.Title), s.text("when-length", locale.Args{
		"When": s.moment(s.sessionStart(x)), "Length": s.length(x.Length),
	}))
	if m.Offset == changedAddress {
		facts = chat.Stack(facts, s.where(x.Where))
	}
	return chat.Message{Text: chat.Join(facts, after), Buttons: []chat.Button{s.lead("details", "session "+x.ID)}}
}

// daysInFull is how many days of an agenda stand where a list has one line.
const daysInFull = 3

// wholeAgenda gives an event's agenda, day by day; of a long event only the first days if
// all of them would be too long.
func (s *speech) wholeAgenda(e *store.Event) chat.Text {
	if len(e.Agenda) == 0 {
		return s.text("changed.no-agenda", nil)
	}
	parts := []chat.Text{s.agendaClock(e, e.From)}
	days, more := 0, 0
	for day := e.From; day <= e.To; day++ {
		switch items := s.items(e, day); {
		case len(items) == 0:
		case days == s.size.list*daysInFull:
			more += len(items)
		default:
			days++
			parts = append(parts, chat.Stack(s.day(day), s.list(items)))
		}
	}
	if more > 0 {
		parts = append(parts, s.text("list.more", locale.Args{"More": more}))
	}
	return chat.Join(parts...)
}

// tellChange tells people of a change of a gathering, while it is of use.
func (t *turn) tellChange(g gathering, occasion, what string, due time.Time, people []*store.Person) error {
	var messages []store.Message
	for _, p := range people {
		n := news{kind: store.KindChange, subject: g.slug, occasion: occasion, what: what, until: g.last()}
		messages = append(messages, n.message(t.c.Cycle.ID, p, due))
	}
	return enqueue(t.tx, messages)
}

// unsaid takes back what waits to be told about a thing of an occasion.
func (t *turn) unsaid(kind store.Kind, slug, occasion string) error {
	_, err := t.tx.Withdraw(t.c.Cycle.ID, kind, slug, occasion, "undone")
	return err
}

// tellUndone says that a change of a gathering is undone; who has heard of it hears so.
func (t *turn) tellUndone(g gathering, e *store.Entry, what string, said chat.Text, next chat.Button) error {
	heard, err := t.heard(store.KindChange, g.slug, e.ID)
	if err != nil {
		return err
	}
	t.tell(chat.Join(said, t.hearAgain(len(heard))), next)
	return t.tellChange(g, e.ID+undone, what, t.now, heard)
}

// dropChanges takes back what waits to be told of changes of a thing that is cancelled.
func (t *turn) dropChanges(slug, noun string) error {
	planned, err := t.tx.Messages(store.MessageFilter{CycleID: t.c.Cycle.ID, Kind: store.KindChange, Subject: slug, State: store.Planned})
	if err != nil {
		return err
	}
	for _, m := range planned {
		if !strings.HasSuffix(m.Offset, noun) {
			continue
		}
		if err := t.unsaid(store.KindChange, slug, m.Occurrence); err != nil {
			return err
		}
	}
	return nil
}

// heard takes back what waits to be told of an occasion, and returns who has been told, or
// is being told this moment. For the others what had given way to it is to be told again.
func (t *turn) heard(kind store.Kind, slug, occasion string) (people []*store.Person, err error) {
	if err := t.unsaid(kind, slug, occasion); err != nil {
		return nil, err
	}
	all, err := t.tx.Messages(store.MessageFilter{CycleID: t.c.Cycle.ID, Kind: kind, Subject: slug})
	if err != nil {
		return nil, err
	}
	for i := range all {
		m := &all[i]
		going := m.State == store.Sent || m.State == store.Planned
		if p := t.c.People[m.PersonID]; m.Occurrence == occasion && p != nil && going && !slices.Contains(people, p) {
			people = append(people, p)
		}
	}
	return people, t.tx.ComeBack(t.c.Cycle.ID, slug, occasion, func(id string) bool {
		return slices.Contains(people, t.c.People[id])
	})
}

// heardCancelled are those who were told that a thing is cancelled.
func (t *turn) heardCancelled(kind store.Kind, slug string, cancelled time.Time) (people []*store.Person, err error) {
	sent, err := t.tx.Messages(store.MessageFilter{CycleID: t.c.Cycle.ID, Kind: kind, Subject: slug, State: store.Sent})
	for i := range sent {
		m := &sent[i]
		if p := t.c.People[m.PersonID]; p != nil && m.Offset == scheduler.Cancelled && !m.SettledAt.Before(cancelled) {
			people = append(people, p)
		}
	}
	return people, err
}

// hearing says of how many people that they hear of something, or, of none, another text.
func (t *turn) hearing(n int, none, some string) chat.Text {
	if n == 0 {
		return t.text(none, nil)
	}
	return t.text(some, locale.Args{"Count": n})
}

// hearingAtOnce is hearing of those who hear at once, what must come before a thing; who
// has quiet hours, when they are over.
func (t *turn) hearingAtOnce(people []*store.Person, thing time.Time, none, some string) chat.Text {
	return t.unlessQuiet(t.hearing(len(people), none, some), t.waits(people, thing))
}

// waits reports whether quiet hours hold back what somebody is to hear before a thing.
func (t *turn) waits(people []*store.Person, thing time.Time) bool {
	return slices.ContainsFunc(people, func(p *store.Person) bool {
		return !scheduler.QuietUntil(t.c, p, t.now, thing).IsZero()
	})
}

// unlessQuiet adds to the word that people hear at once that some have quiet hours.
func (t *turn) unlessQuiet(said chat.Text, waits bool) chat.Text {
	if !waits {
		return said
	}
	return said + " " + t.text("hear.quiet", nil)
}

// hearAgain says of how many people hear that a change is undone.
func (t *turn) hearAgain(n int) chat.Text {
	return t.hearing(n, "hear.nobody-heard", "hear.again")
}
