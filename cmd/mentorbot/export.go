package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/programfile"
	"github.com/kooperativa/mentorbot/store"
)

type exportCommand struct {
	Cycle string `placeholder:"ID" help:"Which cycle. Needed if there is more than one."`
}

// Help has examples.
func (exportCommand) Help() string {
	return `It prints current values, so that applying the file again changes nothing. The notes of
the file that was applied first are not kept.

Examples:

  mentorbot export > program.yaml
  mentorbot export --cycle pilot > pilot.yaml`
}

// Run prints the cycle.
func (c exportCommand) Run(e *environment) error {
	s, err := e.openMade()
	if err != nil {
		return err
	}
	defer s.Close()
	var f *programfile.File
	err = s.View(e.ctx, func(tx *store.Tx) error {
		slug, err := c.choose(tx)
		if err != nil {
			return err
		}
		f, err = programfile.FromStore(tx, slug)
		return err
	})
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	_, err = fmt.Fprintf(e.out, "# Written by mentorbot export.\n%s", f.Encode())
	return err
}

// choose finds the cycle that is meant.
func (c exportCommand) choose(tx *store.Tx) (string, error) {
	cycles, err := tx.Cycles()
	if err != nil {
		return "", err
	}
	var slugs []string
	for _, cycle := range cycles {
		slugs = append(slugs, cycle.Slug)
	}
	slices.Sort(slugs)
	list := strings.Join(slugs, ", ")
	switch {
	case len(slugs) == 0:
		return "", inputError("there is no cycle yet: apply a program file first")
	case slices.Contains(slugs, c.Cycle):
		return c.Cycle, nil
	case c.Cycle != "":
		return "", inputError("there is no cycle %s; there are %s", c.Cycle, list)
	case len(slugs) > 1:
		return "", misuse{errors.New("which cycle? Name one with --cycle: " + list)}
	}
	return slugs[0], nil
}
