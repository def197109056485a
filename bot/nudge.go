package bot

import (
	"slices"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// noteNudge is a coordinator's kind word: its subject is the cycle, its occasion the
// day, since there is at most one a day.
const noteNudge = "nudge"

// nudge has somebody who has joined reminded kindly of what is open, once a day at the
// most.
func (t *turn) nudge() error {
	p, m, ok, err := t.openPerson()
	if err != nil || !ok {
		return err
	}
	card := t.button("see-person", "person "+m.CycleID+" "+p.ID)
	if m.JoinedAt.IsZero() || !m.LeftAt.IsZero() || m.Role == store.Coordinator {
		t.stale()
		return nil
	}
	unreachable, err := t.tx.Unreachable(m.CycleID)
	if err != nil {
		return err
	}
	if slices.Contains(unreachable, p.ID) {
		t.say("nudge.unreached", locale.Args{"Name": p.Name}, t.button("invite-again", "invite "+m.CycleID+" "+p.ID), card)
		return nil
	}
	n := news{kind: store.KindNote, subject: t.c.Cycle.Slug, occasion: t.today().String(), what: noteNudge}
	before, err := t.tx.Messages(store.MessageFilter{CycleID: m.CycleID, PersonID: p.ID, Kind: n.kind, Subject: n.subject})
	if err != nil {
		return err
	}
	for i := range before {
		if before[i].Occurrence == n.occasion && before[i].Offset == n.what {
			t.say("nudge.today", locale.Args{"Name": p.Name}, card)
			return nil
		}
	}
	if err := t.act(); err != nil {
		return err
	}
	t.say("nudge.done", locale.Args{"Name": p.Name}, card)
	e := store.Entry{CycleID: m.CycleID, By: t.me(), For: p.ID, What: "nudge", Subject: p.ID}
	if err := t.tx.InsertEntry(&e); err != nil {
		return err
	}
	return post(t.tx, m.CycleID, n, p)
}

// nudged is what a person who is nudged reads: what is open, with its buttons.
func (s *speech) nudged() chat.Message {
	var items []chat.Text
	var buttons []chat.Button
	ask := func(noun, id, title string, when chat.Text) {
		items = append(items, s.text("nudge.answer", locale.Args{"Title": title, "When": when}))
		if len(buttons) == 0 {
			buttons = s.answers(noun, id)
		}
	}
	for i := range s.c.Sessions {
		x := &s.c.Sessions[i]
		if _, ok := s.c.Answer(x.ID, s.to.ID); !ok && x.CancelledAt.IsZero() && !s.hasBegun(x) {
			ask("session", x.ID, x.Title, s.moment(s.sessionStart(x)))
		}
	}
	for i := range s.c.Events {
		e := &s.c.Events[i]
		if _, ok := s.c.Answer(e.ID, s.to.ID); !ok && e.CancelledAt.IsZero() && e.From.Midnight(s.c.EventZone(e)).After(s.now) {
			ask("event", e.ID, e.Title, s.daysOf(e))
		}
	}
	for _, p := range s.pairsGoing(s.to.ID) {
		if standing := scheduler.Pace(s.c, p, s.now); standing.Left() > 0 && standing.Behind {
			items = append(items, s.text("nudge.meeting", locale.Args{"Partner": s.partner(p), "Count": standing.Left(), "By": s.until(s.c.Cycle.By)}))
			buttons = append(buttons, s.lead("log", "log "+p.ID))
		}
	}
	buttons = append(buttons, s.lead("whats-next", "next"))
	if len(items) == 0 {
		return chat.Message{Text: s.text("nudge.nothing", nil), Buttons: buttons}
	}
	return chat.Message{Text: chat.Join(s.text("nudge.open", nil), s.list(items)), Buttons: buttons}
}
