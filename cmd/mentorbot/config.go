package main

import (
	"fmt"
	"text/tabwriter"
)

type configCommand struct {
	Check configCheckCommand `cmd:"" help:"Read the configuration, and tell every value and where it came from."`
}

type configCheckCommand struct{}

// Help has examples.
func (configCheckCommand) Help() string {
	return `It reads the configuration as "mentorbot serve" does, tells every mistake in it, and
otherwise what holds and which file or environment variable says so. Secrets aren't shown.

Examples:

  mentorbot config check
  mentorbot --config /etc/mentorbot/config.yaml config check`
}

// Run shows the configuration.
func (configCheckCommand) Run(e *environment) error {
	c, err := e.configured()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	for _, s := range c.Sources {
		shown := s.Value
		if shown == "" {
			shown = "-"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", s.Name, shown, s.From)
	}
	return table.Flush()
}
