package bot

import (
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// A cancelling, or its opposite, keeps nothing for undoing: the thing itself says the
// rest.
type cancelling struct{}

// own is what stands on the button that leads a coordinator to a gathering.
func (g *gathering) own() (id, command string) {
	return "see-" + g.noun, "manage-" + g.noun + " " + g.id
}

// siblings is what stands on the button that leads a coordinator to all gatherings of its kind.
func (t *turn) siblings(g *gathering) (id, command string) {
	return "manage-" + g.noun + "s", "manage-" + g.noun + "s " + t.c.Cycle.ID
}

// plan says what a gathering is, when and where, as coordinators see it.
func (s *speech) plan(g *gathering) chat.Text {
	if g.session != nil {
		return s.sessionFacts(g.session)
	}
	return s.facts(g.event, "title")
}

// last is when a gathering can't take place any more, and news of it are of no use: a
// session begins then, an event is over.
func (g *gathering) last() time.Time {
	if g.session != nil {
		return g.begins
	}
	return g.ends
}

func (s *speech) tooLate(g *gathering) bool { return !g.last().After(s.now) }

func cantRestore(t *turn, d *proposal) chat.Text {
	g := t.gathering(d.Subject)
	switch {
	case !g.cancelled:
		return t.title("restore.not-cancelled", g.title)
	case t.tooLate(&g) && g.session != nil:
		return t.title("restore.begun", g.title)
	case t.tooLate(&g):
		return t.title("event-days.over", g.title)
	}
	return ""
}

// hearOfCancelling says who would hear of it if a gathering were cancelled.
func (t *turn) hearOfCancelling(g *gathering) chat.Text {
	c := t.imagine()
	if g.session != nil {
		sessionIn(c, g.id).CancelledAt = t.now
	} else {
		i := slices.IndexFunc(c.Events, func(e store.Event) bool { return e.ID == g.id })
		c.Events[i].CancelledAt = t.now
	}
	told := t.tells(c, g.kind, g.slug, t.now.Add(notice))
	return t.unlessQuiet(t.hearing(told.soon, "hear.nobody", "hear.cancelled"), told.waits)
}

func sureOfCancelling(t *turn, d *proposal) chat.Text {
	g := t.gathering(d.Subject)
	return chat.Join(t.text("cancel.sure", nil), t.plan(&g), t.hearOfCancelling(&g))
}

func cancel(t *turn, d *proposal) (outcome, error) {
	g := t.gathering(d.Subject)
	hear, err := t.callOff(&g)
	return outcome{
		subject: g.id, before: cancelling{},
		text:    chat.Join(t.title("cancel.done", g.title), hear),
		buttons: []chat.Button{t.lead(t.siblings(&g))},
	}, err
}

// callOff cancels a gathering; news of its changes that wait to be told go.
func (t *turn) callOff(g *gathering) (hear chat.Text, err error) {
	hear = t.hearOfCancelling(g)
	if err := t.dropChanges(g.slug, "-"+g.noun); err != nil {
		return "", err
	}
	if g.session != nil {
		return hear, t.tx.CancelSession(g.id)
	}
	return hear, t.tx.CancelEvent(g.id)
}

// heardOff are those who were told that a gathering is cancelled.
func (t *turn) heardOff(g *gathering) ([]*store.Person, error) {
	if g.session != nil {
		return t.heardCancelled(g.kind, g.slug, g.session.CancelledAt)
	}
	return t.heardCancelled(g.kind, g.slug, g.event.CancelledAt)
}

func (t *turn) hearOfRestoring(g *gathering, people []*store.Person) chat.Text {
	return t.hearingAtOnce(people, g.begins, "hear.none-cancelled", "hear.restored")
}

func sureOfRestoring(t *turn, d *proposal) chat.Text {
	g := t.gathering(d.Subject)
	heard, err := t.heardOff(&g)
	if err != nil && t.err == nil {
		t.err = err
	}
	return chat.Join(t.text("restore.sure", nil), t.plan(&g), t.hearOfRestoring(&g, heard))
}

func restore(t *turn, d *proposal) (outcome, error) {
	g := t.gathering(d.Subject)
	hear, err := t.putOn(&g, d.id)
	return outcome{
		subject: g.id, before: g.called(),
		text:    chat.Join(t.title("restore.done", g.title), hear),
		buttons: []chat.Button{t.lead(g.own())},
	}, err
}

// putOn restores a gathering that was cancelled, and tells who had heard so.
func (t *turn) putOn(g *gathering, occasion string) (hear chat.Text, err error) {
	heard, err := t.heardOff(g)
	if err != nil {
		return "", err
	}
	if g.session != nil {
		err = t.tx.RestoreSession(g.id)
	} else {
		err = t.tx.RestoreEvent(g.id)
	}
	if err != nil {
		return "", err
	}
	return t.hearOfRestoring(g, heard), t.tellChange(*g, occasion, changedBack+"-"+g.noun, t.now, heard)
}

func undoCancelling(t *turn, e *store.Entry, _ *cancelling) error {
	g := t.gathering(e.Subject)
	if !g.cancelled {
		return t.changedSince(e)
	}
	heard, err := t.heardOff(&g)
	if err != nil {
		return err
	}
	if len(heard) > 0 && t.tooLate(&g) { // they couldn't hear in time that it takes place
		t.tell(cantRestore(t, &proposal{Subject: g.id}), t.button(g.own()))
		return errGivenUp
	}
	hear, err := t.putOn(&g, e.ID)
	if err != nil {
		return err
	}
	t.tell(chat.Join(t.title("undo.cancel", g.title), hear), t.lead(g.own()))
	return nil
}

// A restoring is what undoing it needs.
type restoring struct{ CancelledAt time.Time }

// called returns since when a gathering is cancelled.
func (g *gathering) called() restoring {
	if g.session != nil {
		return restoring{g.session.CancelledAt}
	}
	return restoring{g.event.CancelledAt}
}

// undoRestoring cancels a gathering anew, if anybody has heard that it takes place; else it
// is as if it had never been restored.
func undoRestoring(t *turn, e *store.Entry, was *restoring) error {
	g := t.gathering(e.Subject)
	if g.cancelled || t.tooLate(&g) {
		return t.changedSince(e)
	}
	heard, err := t.heard(store.KindChange, g.slug, e.ID)
	if err != nil {
		return err
	}
	hear := t.hearAgain(0)
	switch {
	case len(heard) > 0:
		hear, err = t.callOff(&g)
	case g.session != nil:
		err = t.tx.RecancelSession(store.Session{ID: g.id, CancelledAt: was.CancelledAt})
	default:
		err = t.tx.RecancelEvent(store.Event{ID: g.id, CancelledAt: was.CancelledAt})
	}
	if err != nil {
		return err
	}
	t.tell(chat.Join(t.title("undo.restore", g.title), hear), t.lead(t.siblings(&g)))
	return nil
}
