package bot

import (
	"errors"
	"slices"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// listed is how many things a list for coordinators shows at once, each with a button.
const listed = 8

// A listing is a page of things, a line and a button for each.
type listing struct {
	lines   []chat.Text
	buttons []chat.Button
}

func (l *listing) add(line chat.Text, name, command string) {
	l.lines = append(l.lines, line)
	l.buttons = append(l.buttons, chat.Button{Label: label(name), Command: command})
}

// show shows the page of a list that is asked for; line is the command that shows it,
// more are the buttons below it.
func (t *turn) show(title chat.Text, l *listing, line string, more ...chat.Button) {
	from, to := t.span(len(l.lines), listed)
	buttons := slices.Concat(l.buttons[from:to], t.turnPage(line, from, to, len(l.lines)), more)
	t.tell(chat.Join(title, chat.List(l.lines[from:to])), buttons...)
}

// openSession speaks of the session that the command names, if who asks coordinates its
// cycle. ok: they do; else the reply says so.
func (t *turn) openSession() (x *store.Session, ok bool, err error) {
	d := &proposal{Subject: t.args["subject"]}
	if ok, err = t.openThing(ofSession, d); err != nil || !ok {
		return nil, false, err
	}
	return t.sessionByID(d.Subject), true, nil
}

// openEvent is openSession of an event.
func (t *turn) openEvent() (e *store.Event, ok bool, err error) {
	d := &proposal{Subject: t.args["subject"]}
	if ok, err = t.openThing(ofEvent, d); err != nil || !ok {
		return nil, false, err
	}
	return t.eventByID(d.Subject), true, nil
}

func (t *turn) openThing(of func(*turn, *proposal) (string, error), d *proposal) (ok bool, err error) {
	cycleID, err := of(t, d)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && !t.coordinates(cycleID):
		t.stale()
		return false, nil
	case err != nil:
		return false, err
	}
	return true, t.look(cycleID)
}

// manageSessions lists the sessions of a cycle.
func (t *turn) manageSessions() error {
	if ok, err := t.openCycle(); err != nil || !ok {
		return err
	}
	var l listing
	for i := range t.c.Sessions {
		x := &t.c.Sessions[i]
		l.add(t.text("manage-sessions.item", locale.Args{
			"Title": x.Title, "When": t.twoClocks(t.sessionStart(x), t.c.Cycle.Location()), "State": t.sessionState(x),
		}), x.Title, "manage-session "+x.ID)
	}
	title := t.text("manage-sessions.title", locale.Args{"Count": len(l.lines)})
	if len(l.lines) == 0 {
		title = t.text("manage-sessions.none", nil)
	}
	id := t.c.Cycle.ID
	t.show(title, &l, "manage-sessions "+id, t.button("add-session", "session-add "+id), t.button("to-manage", "manage "+id))
	return nil
}

// sessionState says how a session stands.
func (s *speech) sessionState(x *store.Session) chat.Text {
	switch {
	case !x.CancelledAt.IsZero():
		return s.text("manage.is-cancelled", nil)
	case !x.AttendanceAt.IsZero():
		return s.text("manage.taken", nil)
	case s.hasBegun(x):
		return s.text("manage.untaken", nil)
	}
	return s.answersLine(x.ID)
}

// answersLine counts the answers about a thing that is ahead.
func (s *speech) answersLine(id string) chat.Text {
	n := s.said(id)
	return s.text("manage.answers", locale.Args{"Coming": n.coming, "Not": n.not, "Silent": n.silent})
}

// manageSession shows a session, and what can be done to it.
func (t *turn) manageSession() error {
	x, ok, err := t.openSession()
	if err != nil || !ok {
		return err
	}
	var buttons []chat.Button
	switch {
	case !x.CancelledAt.IsZero():
		if !t.hasBegun(x) {
			buttons = append(buttons, t.button("restore", "session-restore "+x.ID))
		}
	case t.hasBegun(x):
		buttons = append(buttons, t.button("attendance", "attendance "+x.ID))
	default:
		buttons = append(buttons, t.button("move", "session-move "+x.ID), t.button("change-address", "session-address "+x.ID),
			t.button("cancel-session", "session-cancel "+x.ID), t.lead("see-answers", "session "+x.ID))
	}
	t.tell(chat.Join(t.sessionFacts(x), t.sessionState(x)), append(buttons, t.button("manage-sessions", "manage-sessions "+x.CycleID))...)
	return nil
}

// manageEvents lists the live events of a cycle; the only one is shown at once.
func (t *turn) manageEvents() error {
	if ok, err := t.openCycle(); err != nil || !ok {
		return err
	}
	id := t.c.Cycle.ID
	switch len(t.c.Events) {
	case 0:
		t.say("manage-events.none", nil, t.button("to-manage", "manage "+id))
		return nil
	case 1:
		t.showEventTo(&t.c.Events[0])
		return nil
	}
	var l listing
	for i := range t.c.Events {
		e := &t.c.Events[i]
		l.add(t.text("manage-sessions.item", locale.Args{"Title": e.Title, "When": t.daysOf(e), "State": t.eventState(e)}),
			e.Title, "manage-event "+e.ID)
	}
	t.show(t.text("manage-events.title", nil), &l, "manage-events "+id, t.button("to-manage", "manage "+id))
	return nil
}

func (s *speech) eventState(e *store.Event) chat.Text {
	switch {
	case !e.CancelledAt.IsZero():
		return s.text("manage.is-cancelled", nil)
	case s.eventOver(e):
		return s.text("manage.over", nil)
	}
	return s.answersLine(e.ID)
}

// manageEvent shows an event, and what can be done to it.
func (t *turn) manageEvent() error {
	e, ok, err := t.openEvent()
	if err != nil || !ok {
		return err
	}
	t.showEventTo(e)
	return nil
}

func (t *turn) showEventTo(e *store.Event) {
	begun := !e.From.Midnight(t.c.EventZone(e)).After(t.now)
	var buttons []chat.Button
	switch {
	case !e.CancelledAt.IsZero():
		if !t.eventOver(e) {
			buttons = append(buttons, t.button("restore", "event-restore "+e.ID))
		}
	case t.eventOver(e):
		buttons = append(buttons, t.button("attendance", "attendance "+e.ID), t.button("agenda", "agenda "+e.ID))
	default:
		buttons = append(buttons, t.button("change-place", "event-place "+e.ID), t.button("agenda", "agenda "+e.ID))
		if begun {
			buttons = append(buttons, t.button("attendance", "attendance "+e.ID))
		} else {
			buttons = append(buttons, t.button("change-days", "event-days "+e.ID))
		}
		buttons = append(buttons, t.button("cancel-event", "event-cancel "+e.ID), t.lead("see-answers", "event "+e.ID))
	}
	t.tell(chat.Join(t.facts(e, "title"), t.eventState(e)), append(buttons, t.button("to-manage", "manage "+e.CycleID))...)
}

// managePairs lists the pairs of a cycle, those that have ended last.
func (t *turn) managePairs() error {
	if ok, err := t.openCycle(); err != nil || !ok {
		return err
	}
	pairs := slices.Clone(t.c.Pairs)
	slices.SortStableFunc(pairs, func(a, b store.Pair) int {
		if a.EndedAt.IsZero() != b.EndedAt.IsZero() {
			if a.EndedAt.IsZero() {
				return -1
			}
			return 1
		}
		return strings.Compare(locale.Fold(t.name(a.MentorID)+t.name(a.MenteeID)), locale.Fold(t.name(b.MentorID)+t.name(b.MenteeID)))
	})
	var l listing
	for i := range pairs {
		p := &pairs[i]
		line := t.text("pair.both", t.pairArgs(p))
		if !p.EndedAt.IsZero() {
			line = t.text("manage-pairs.ended", locale.Args{"Pair": line, "Day": t.day(store.DateOf(p.EndedAt.In(t.zone)))})
		}
		l.add(line, t.pairLabel(p), "manage-pair "+p.ID)
	}
	title := t.text("manage-pairs.title", nil)
	if len(pairs) == 0 {
		title = t.text("manage-pairs.none", nil)
	}
	id := t.c.Cycle.ID
	t.show(title, &l, "manage-pairs "+id, t.button("add-pair", "pair-add "+id), t.button("to-manage", "manage "+id))
	return nil
}

// managePair shows a pair, and what can be done to it.
func (t *turn) managePair() error {
	d := &proposal{Subject: t.args["subject"]}
	if ok, err := t.openThing(ofPair, d); err != nil || !ok {
		return err
	}
	p := t.pairByID(d.Subject)
	st := scheduler.Pace(t.c, p, t.now)
	state := t.text(beyond(st, "manage-pairs.held", "manage-pairs.held-more"), locale.Args{"Held": st.Held, "Minimum": st.Minimum})
	change := t.button("end-pair", "pair-end "+p.ID)
	if !p.EndedAt.IsZero() {
		state = t.text("manage-pairs.has-ended", locale.Args{"Day": t.day(store.DateOf(p.EndedAt.In(t.zone)))})
		change = t.button("reopen-pair", "pair-reopen "+p.ID)
	}
	buttons := []chat.Button{change}
	if p.EndedAt.IsZero() {
		buttons = []chat.Button{t.lead("log", "log "+p.ID), t.lead("see-meetings", "progress "+p.ID), change}
	}
	t.tell(chat.Stack(t.text("manage-pairs.pair", t.pairArgs(p)), state), append(buttons, t.button("manage-pairs", "manage-pairs "+p.CycleID))...)
	return nil
}

// pairArgs name the two of a pair to a coordinator.
func (s *speech) pairArgs(p *store.Pair) locale.Args {
	return locale.Args{"Mentor": s.name(p.MentorID), "Mentee": s.name(p.MenteeID)}
}
