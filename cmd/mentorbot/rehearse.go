package main

import (
	"fmt"

	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/programfile"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/rehearsal"
	"github.com/kooperativa/mentorbot/store"
)

type rehearseCommand struct {
	File string `arg:"" optional:"" name:"program.yaml" help:"The program file. Default: the sample."`
	As   string `enum:"silent,on-pace" default:"silent" help:"How people behave: silent (nobody ever answers) or on-pace (everyone answers, and meets in time)."`
	JSON bool   `name:"json" help:"Print one JSON object a line, and counts on stderr."`
}

// Help has examples.
func (rehearseCommand) Help() string {
	return `It plays the whole cycle in memory, with the messages' real words and times, and opens
no database.

Examples:

  mentorbot rehearse
  mentorbot rehearse program.yaml
  mentorbot rehearse --as on-pace program.yaml
  mentorbot rehearse --json program.yaml > messages.jsonl`
}

// Run plays the cycle and prints what it would send: a timeline, or JSON lines;
// then how many messages each person gets, on stderr.
func (c rehearseCommand) Run(e *environment) error {
	f, err := c.read()
	if err != nil {
		return err
	}
	var counts rehearsal.Counts
	tell := rehearsal.Timeline(e.out)
	if c.JSON {
		tell = rehearsal.JSON(e.out)
	}
	apply := func(tx *store.Tx) error {
		_, err := f.Apply(tx, false)
		return err
	}
	err = rehearsal.Run(e.ctx, apply, rehearsal.Manner(c.As), func(l rehearsal.Line) error {
		counts.Add(l)
		return tell(l)
	})
	if err != nil {
		return err
	}
	if err := e.out.Flush(); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	fmt.Fprintln(e.errs)
	return counts.Print(e.errs)
}

func (c rehearseCommand) read() (*programfile.File, error) {
	if c.File == "" {
		return programfile.Parse("program.yaml", programfile.Sample, locale.Languages())
	}
	return readProgram(c.File)
}
