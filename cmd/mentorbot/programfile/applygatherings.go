package programfile

import (
	"fmt"
	"slices"

	"github.com/kooperativa/mentorbot/store"
)

const movedRemark = " (moved: it is announced anew, and asks again)"

func (a *applier) sessions() error {
	have, err := a.tx.Sessions(a.cycle.ID)
	if err != nil {
		return err
	}
	slices.SortFunc(have, compareSessions)
	rest := map[string]bool{}
	bySlug := map[string]*store.Session{}
	for i := range have {
		bySlug[have[i].Slug], rest[have[i].Slug] = &have[i], true
	}
	for _, want := range a.file.Sessions {
		delete(rest, want.Slug)
		if err := a.session(bySlug[want.Slug], want); err != nil {
			return err
		}
	}
	for i := range have {
		if s := &have[i]; rest[s.Slug] && s.CancelledAt.IsZero() {
			if err := a.absentSession(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// session makes a session what the file wants; have is nil if it is new.
func (a *applier) session(have *store.Session, want store.Session) error {
	what := "session " + want.Slug
	want.CycleID = a.cycle.ID
	if have == nil {
		a.changes.add(what, fmt.Sprintf("%s, %s", want.Title, want.At))
		return a.tx.InsertSession(&want)
	}
	if !have.CancelledAt.IsZero() {
		a.changes.note("%s was cancelled, and stays so", what)
		return nil
	}
	want.ID = have.ID
	if !a.changes.fields(what, sessionFields(have), sessionFields(&want), map[string]string{"at": movedRemark}) {
		return nil
	}
	if have.At != want.At {
		if err := a.tx.MoveSession(have.ID, want.At); err != nil {
			return err
		}
	}
	return a.tx.UpdateSession(want)
}

// absentSession deals with a session that the file doesn't have.
func (a *applier) absentSession(s *store.Session) error {
	what := "session " + s.Slug
	if a.prune {
		return a.removed(what, s.Title, a.tx.RemoveSession(s.ID))
	}
	a.mustFit(what, s.At.Date, s.At.Date)
	return nil
}

// mustFit refuses dates of the cycle that leave out what the file doesn't have.
func (a *applier) mustFit(what string, from, to store.Date) {
	if from < a.cycle.Starts || to > a.cycle.Ends {
		a.refuse("%s isn't in the file, so it stays on %s, which is outside the cycle's new dates: "+
			"add it to the file with another day, or remove it with --prune", what, from)
	}
}

func (a *applier) events() error {
	have, err := a.tx.Events(a.cycle.ID)
	if err != nil {
		return err
	}
	slices.SortFunc(have, compareEvents)
	rest := map[string]bool{}
	bySlug := map[string]*store.Event{}
	for i := range have {
		bySlug[have[i].Slug], rest[have[i].Slug] = &have[i], true
	}
	for _, want := range a.file.Events {
		delete(rest, want.Slug)
		if err := a.event(bySlug[want.Slug], want); err != nil {
			return err
		}
	}
	for i := range have {
		if e := &have[i]; rest[e.Slug] && e.CancelledAt.IsZero() {
			if err := a.absentEvent(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// event makes an event what the file wants; have is nil if it is new.
func (a *applier) event(have *store.Event, want store.Event) error {
	what := "event " + want.Slug
	want.CycleID = a.cycle.ID
	if have == nil {
		a.changes.add(what, fmt.Sprintf("%s, %s to %s", want.Title, want.From, want.To))
		return a.tx.InsertEvent(&want)
	}
	if !have.CancelledAt.IsZero() {
		a.changes.note("%s was cancelled, and stays so", what)
		return nil
	}
	want.ID = have.ID
	remarks := map[string]string{"from": movedRemark, "to": movedRemark}
	changed := a.changes.fields(what, eventFields(have), eventFields(&want), remarks)
	if !a.changes.agenda(what, have.Agenda, want.Agenda) && !changed {
		return nil
	}
	if have.From != want.From || have.To != want.To {
		if err := a.tx.MoveEvent(have.ID, want.From, want.To); err != nil {
			return err
		}
	}
	return a.tx.UpdateEvent(want)
}

// absentEvent deals with an event that the file doesn't have.
func (a *applier) absentEvent(e *store.Event) error {
	what := "event " + e.Slug
	if a.prune {
		return a.removed(what, e.Title, a.tx.RemoveEvent(e.ID))
	}
	a.mustFit(what, e.From, e.To)
	return nil
}
