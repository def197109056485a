package main

import (
	"errors"
	"fmt"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/programfile"
	"github.com/kooperativa/mentorbot/store"
)

type applyCommand struct {
	File   string `arg:"" name:"program.yaml" help:"The program file."`
	DryRun bool   `help:"Only show what would change."`
	Prune  bool   `help:"Remove what the file doesn't have, where nothing has happened to it."`
}

// Help has examples.
func (applyCommand) Help() string {
	return `It shows what changes, and changes it all or, if there is a mistake, nothing. What is
not in the file stays, unless you say --prune. The language, zone and quiet hours that
somebody chose in chat stay theirs. Coordinators get an invitation, shown once.

Examples:

  mentorbot apply --dry-run program.yaml
  mentorbot apply program.yaml
  mentorbot apply --prune program.yaml
  mentorbot apply --config /etc/mentorbot/config.yaml program.yaml`
}

// errDryRun gives a transaction up that has shown what it would change.
var errDryRun = errors.New("dry run")

// Run applies the file in one transaction, and then tells what that changed.
func (c applyCommand) Run(e *environment) error {
	f, err := readProgram(c.File)
	if err != nil {
		return err
	}
	conf, err := e.configured()
	if err != nil {
		return err
	}
	there, err := made(conf)
	if err != nil {
		return err
	}
	if !there && c.DryRun {
		conf.Database = ":memory:" // as empty as the one that isn't made
	}
	s, err := e.open(conf)
	if err != nil {
		return err
	}
	defer s.Close()
	var changes programfile.Changes
	err = s.Update(e.ctx, func(tx *store.Tx) (err error) {
		changes, err = f.Apply(tx, c.Prune)
		if err == nil && c.DryRun {
			err = errDryRun
		}
		return err
	})
	var refusals programfile.Refusals
	switch {
	case errors.As(err, &refusals):
		return inputError("nothing was changed:\n%w", err)
	case err != nil && !errors.Is(err, errDryRun):
		return fmt.Errorf("apply %s: %w", c.File, err)
	}
	c.tell(e, &changes)
	if !there {
		c.tellNew(e, conf.Database, &changes)
	}
	return nil
}

// tellNew says of a database that wasn't there when the command began that it is new,
// unless somebody else made it meanwhile.
func (c applyCommand) tellNew(e *environment, database string, changes *programfile.Changes) {
	if changes.New && !c.DryRun {
		fmt.Fprintf(e.out, "The database is new: %s\n", database)
	}
}

// tell prints what changed, or would.
func (c applyCommand) tell(e *environment, changes *programfile.Changes) {
	for _, line := range changes.Lines {
		fmt.Fprintln(e.out, line)
	}
	for _, note := range changes.Notes {
		fmt.Fprintln(e.out, "= "+note)
	}
	switch {
	case changes.None():
		fmt.Fprintln(e.out, "Nothing changes.")
	case c.DryRun:
		fmt.Fprintf(e.out, "Would be added: %d, changed: %d, removed: %d. Nothing was written (--dry-run).\n",
			changes.Added, changes.Changed, changes.Removed)
	default:
		fmt.Fprintf(e.out, "Added: %d, changed: %d, removed: %d.\n", changes.Added, changes.Changed, changes.Removed)
	}
	if !c.DryRun {
		tellInvitations(e, changes.Invitations)
	}
}

func tellInvitations(e *environment, invitations []programfile.Invitation) {
	if len(invitations) == 0 {
		return
	}
	fmt.Fprint(e.out, "\nInvitations for coordinators. They are shown only now: hand each to its person,\n"+
		"who sends it to the bot, as /join CODE. Each can be used once. If one is lost,\n"+
		"\"mentorbot invite\" makes another.\n")
	for _, i := range invitations {
		fmt.Fprintf(e.out, "  %s (%s): %s, until %s\n", i.Person, i.Name, i.Code, i.Expires.Format("2006-01-02"))
	}
}
