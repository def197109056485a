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

// nudgedAtOnce is how many open things are listed, each with its button.
const nudgedAtOnce = 8

// nudged is what a person who is nudged reads: what is open, with its buttons. Pairs come
// first: of sessions there may be more than are listed.
func (s *speech) nudged() chat.Message {
	var items []coming
	var buttons []chat.Button
	add := func(line chat.Text, offered ...chat.Button) {
		items = append(items, coming{line: line})
		if len(items) <= min(nudgedAtOnce, s.size.list) {
			buttons = append(buttons, offered...)
		}
	}
	behind := s.pairsBehind()
	for _, n := range behind {
		p, log := s.pairByID(n.value), s.lead("log", "log "+n.value)
		if len(behind) > 1 {
			log.Label = fit(log.Label+": "+n.label, chat.MaxLabel)
		}
		left := scheduler.Pace(s.c, p, s.now).Left()
		add(s.text("nudge.meeting", locale.Args{"Partner": s.partner(p), "Count": left, "By": s.until(s.c.Cycle.By)}), log)
	}
	asked := s.unanswered()
	for i := range asked {
		g := &asked[i]
		offered := []chat.Button{s.answerButton(g, s.titleAmong(g, asked))}
		if len(asked) == 1 {
			offered = s.answers(g.noun, g.id)
		}
		add(s.text("nudge.answer", locale.Args{"Title": g.title, "When": g.when}), offered...)
	}
	buttons = append(buttons, s.lead("whats-next", "next"))
	if len(items) == 0 {
		return chat.Message{Text: s.text("nudge.nothing", nil), Buttons: buttons}
	}
	return chat.Message{Text: s.listed(s.text("nudge.open", nil), items, nudgedAtOnce), Buttons: buttons}
}

// pairsBehind are the reader's pairs that are behind.
func (s *speech) pairsBehind() (all []named) {
	for _, p := range s.pairsGoing(s.to.ID) {
		if standing := scheduler.Pace(s.c, p, s.now); standing.Left() > 0 && standing.Behind {
			id, _ := p.Partner(s.to.ID)
			all = append(all, s.namedPartner(s.c.People[id], p.ID, s.c.Cycle.Title))
		}
	}
	tellApart(all)
	return all
}

// unanswered are the sessions and events ahead of which the reader hasn't said whether
// they come.
func (s *speech) unanswered() (all []gathering) {
	for _, g := range s.gatherings() {
		if _, ok := s.c.Answer(g.id, s.to.ID); !ok && !g.cancelled && s.now.Before(g.begins) {
			all = append(all, g)
		}
	}
	return all
}

// titleAmong is the title of one of several, behind its time if another looks the same.
func (s *speech) titleAmong(g *gathering, all []gathering) string {
	for i := range all {
		if all[i].id != g.id && label(all[i].title) == label(g.title) {
			return g.when.Plain() + ", " + g.title
		}
	}
	return g.title
}

// answerButton leads to a session or an event, to answer it.
func (s *speech) answerButton(g *gathering, title string) chat.Button {
	answer := s.text("button.answer", locale.Args{"Title": chat.Escape(title)}).Plain()
	return chat.Button{Label: fit(answer, chat.MaxLabel), Command: keep + g.noun + " " + g.id}
}
