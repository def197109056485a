package programfile

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

// Apply makes the database say what the file says, and returns what that changed.
// With prune, it also removes what the file doesn't have, where nothing would be lost.
// Where something can't be done the error is [Refusals], with all of it, and the
// transaction must be given up.
//
// What people chose in chat stays: their language, zone and quiet hours. So does
// what was ended there: pairs, cancelled sessions and events, members who left.
func (f *File) Apply(tx *store.Tx, prune bool) (Changes, error) {
	a := &applier{tx: tx, file: f, prune: prune}
	for _, step := range []func() error{
		a.program, a.applyCycle, a.sessions, a.events, a.people, a.held, a.prunePairs, a.members, a.pairs, a.pruneMembers,
	} {
		if err := step(); err != nil {
			return Changes{}, err
		}
	}
	if len(a.refused) > 0 {
		return Changes{}, a.refused
	}
	return a.changes, nil
}

// An applier is one application of a file, in the order of its methods.
type applier struct {
	tx      *store.Tx
	file    *File
	prune   bool
	changes Changes
	refused Refusals

	cycle  store.Cycle              // as the database has it now
	known  map[string]*store.Person // all people of the program, by slug
	bySlug map[string]string        // slugs by id
	parts  map[string]store.Member  // of the cycle, by person's id
	places map[[2]string]store.Pair // of the cycle, by mentor's and mentee's id
}

func (a *applier) refuse(format string, args ...any) {
	a.refused = append(a.refused, fmt.Sprintf(format, args...))
}

// removed notes that a thing was removed, or refused to be.
func (a *applier) removed(what, text string, err error) error {
	var kept *store.KeptError
	switch {
	case errors.As(err, &kept):
		a.refuse("%s (%s) can't be removed: that %v", what, strictyaml.Visible(text), kept)
	case err != nil:
		return fmt.Errorf("remove %s: %w", what, err)
	default:
		a.changes.remove(what, text)
	}
	return nil
}

func (a *applier) program() error {
	have, err := a.tx.Program()
	want := store.Program{Name: a.file.Program, Privacy: cmp.Or(a.file.Privacy, have.Privacy)}
	switch {
	case errors.Is(err, store.ErrNotFound):
		a.changes.add("program", want.Name)
		a.changes.New = true
	case err != nil:
		return err
	case have == want:
		return nil
	}
	if err == nil && have.Name != want.Name {
		a.changes.change("program", "name", have.Name, want.Name, "")
	}
	if have.Privacy != want.Privacy {
		before, after := firstOther(have.Privacy, want.Privacy)
		a.changes.change("program", "privacy", before, after, "")
	}
	return a.tx.SetProgram(want)
}

func (a *applier) applyCycle() error {
	want := a.file.Cycle
	have, err := a.tx.CycleBySlug(want.Slug)
	if errors.Is(err, store.ErrNotFound) {
		a.changes.add("cycle "+want.Slug, fmt.Sprintf("%s, %s to %s", want.Title, want.Starts, want.Ends))
		err = a.tx.InsertCycle(&want)
		a.cycle = want
		return err
	}
	if err != nil {
		return err
	}
	want.ID = have.ID
	a.cycle = want
	remarks := map[string]string{"zone": " (sessions keep their clock times, now in this zone: they are announced anew, and ask again)"}
	if !a.changes.fields("cycle "+want.Slug, allCycleFields(&have), allCycleFields(&want), remarks) {
		return nil
	}
	return a.tx.UpdateCycle(want)
}
