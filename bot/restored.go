package bot

import (
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// restored tells coordinators that the system was restored, and what waits for their word.
func (s *speech) restored(m *store.Message) chat.Message {
	at, err := time.Parse(time.RFC3339Nano, m.Occurrence)
	if err != nil && s.err == nil {
		s.err = err
	}
	title := s.text("restored.title", locale.Args{"When": s.moment(at)})
	if s.c.Held == 0 {
		return chat.Message{Text: chat.Join(title, s.text("restored.none", nil)), Buttons: []chat.Button{s.lead("overview", "overview")}}
	}
	return chat.Message{
		Text:    chat.Join(title, s.heldLine()),
		Buttons: append(s.heldButtons(), s.button("held-list", "held "+s.c.Cycle.ID)),
	}
}

// heldLine says how much is held; "" if nothing is.
func (s *speech) heldLine() chat.Text {
	if s.c.Held == 0 {
		return ""
	}
	return s.text("restored.held", locale.Args{"Count": s.c.Held})
}

// heldButtons decide on what is held.
func (s *speech) heldButtons() []chat.Button {
	return []chat.Button{s.button("held-send", "held-send "+s.c.Cycle.ID), s.button("held-drop", "held-drop "+s.c.Cycle.ID)}
}

// openOnHold is openCycle if anything is held there; else the reply says that it was decided.
func (t *turn) openOnHold() (ok bool, err error) {
	if ok, err = t.openCycle(); err != nil || !ok {
		return false, err
	}
	if t.c.Held == 0 {
		t.say("restored.decided", nil, t.button("overview", "overview "+t.c.Cycle.ID), t.button("history", "history "+t.c.Cycle.ID))
		return false, nil
	}
	return true, nil
}

// showHeld lists what is held: what, for whom, when it was due.
func (t *turn) showHeld() error {
	if ok, err := t.openOnHold(); err != nil || !ok {
		return err
	}
	all, err := t.tx.Messages(store.MessageFilter{CycleID: t.c.Cycle.ID, State: store.OnHold})
	if err != nil {
		return err
	}
	var lines []chat.Text
	from, to := t.span(len(all), listed)
	for i := range all[from:to] {
		m := &all[from+i]
		lines = append(lines, t.text("restored.line", locale.Args{"When": t.moment(m.Due), "Name": t.recipient(m), "What": t.heldThing(m)}))
	}
	buttons := append(t.heldButtons(), t.turnPage("held "+t.c.Cycle.ID, from, to, len(all))...)
	t.tell(chat.Join(t.text("restored.list", locale.Args{"Count": len(all)}), chat.List(lines)), append(buttons, t.button("overview", "overview "+t.c.Cycle.ID))...)
	return nil
}

// recipient names who gets a message.
func (t *turn) recipient(m *store.Message) string {
	if g := t.c.Group(m.GroupID); g != nil {
		return t.groupName(g)
	}
	return t.name(m.PersonID)
}

// heldThing says what a held message is about.
func (t *turn) heldThing(m *store.Message) any {
	switch m.Kind {
	case store.KindSession:
		if x := t.c.Session(m.Subject); x != nil {
			return x.Title
		}
	case store.KindEvent:
		if e := t.c.Event(m.Subject); e != nil {
			return e.Title
		}
	case store.KindPace:
		return t.text("restored.pace", nil)
	case store.KindPair:
		return t.text("restored.pair", nil)
	default: // named below, as a session or an event that isn't there any more
	}
	return t.text(kindNames[m.Kind], nil)
}

// sendHeld lets what is held go out.
func (t *turn) sendHeld() error { return t.decide("held-send", "restored.sent", t.tx.SendHeld) }

// dropHeld takes what is held for sent.
func (t *turn) dropHeld() error { return t.decide("held-drop", "restored.dropped", t.tx.DropHeld) }

// decide decides on what is held, once, whoever of the coordinators does it.
func (t *turn) decide(what, said string, do func(cycleID string) (int, error)) error {
	if ok, err := t.openOnHold(); err != nil || !ok {
		return err
	}
	if err := t.act(); err != nil {
		return err
	}
	id := t.c.Cycle.ID
	n, err := do(id)
	if err != nil {
		return err
	}
	if _, err := t.enter(what, id, id, "", nil); err != nil {
		return err
	}
	t.say(said, locale.Args{"Count": n}, t.button("overview", "overview "+id))
	return nil
}
