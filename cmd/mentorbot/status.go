package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/config"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

type statusCommand struct{}

// Help has examples.
func (statusCommand) Help() string {
	return `It tells on one screen what matters: whether the service works, how each cycle stands,
what waits to be sent, and what needs somebody.

Examples:

  mentorbot status
  mentorbot --config /etc/mentorbot/config.yaml status`
}

// Run prints the screen.
func (statusCommand) Run(e *environment) error {
	c, err := e.configured()
	if err != nil {
		return err
	}
	s, err := e.openMade()
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Fprintf(e.out, "Service   %s\n", serving(e.ctx, c))
	return s.View(e.ctx, func(tx *store.Tx) error {
		if err := statusOfOutbox(e, tx); err != nil {
			return err
		}
		cycles, err := tx.Cycles()
		if err != nil {
			return err
		}
		if len(cycles) == 0 {
			fmt.Fprint(e.out, "\nThere is no cycle yet: mentorbot apply program.yaml\n")
		}
		for i := range cycles {
			if err := statusOfCycle(e, tx, cycles[i].ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// serving says whether the service works, by what it says itself.
func serving(ctx context.Context, c config.Config) string {
	if c.Watch == "" {
		return "can't be asked: watch.listen is off"
	}
	switch said, works, err := askService(ctx, c.Watch); {
	case err != nil:
		return "doesn't run, as far as " + c.Watch + " tells: start it by mentorbot serve"
	case works:
		return "works"
	default:
		return "runs, but " + strings.ReplaceAll(strictyaml.Visible(said), "\n", "; ")
	}
}

func statusOfOutbox(e *environment, tx *store.Tx) error {
	t, err := tx.Tally()
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "Database  %.1f MB\n", float64(t.Size)/1e6)
	late := 0
	waiting := t.Messages[store.Planned]
	if !t.Oldest.IsZero() && t.Oldest.Before(tx.Now()) {
		late = int(tx.Now().Sub(t.Oldest).Minutes())
	}
	fmt.Fprintf(e.out, "Messages  %d sent, %d waiting", t.Messages[store.Sent], waiting)
	if late > 0 {
		fmt.Fprintf(e.out, " (one of them for %d minutes)", late)
	}
	fmt.Fprintf(e.out, ", %d failed, %d missed\n", t.Messages[store.Failed], t.Messages[store.Missed])
	if t.Unsent > 0 {
		fmt.Fprintf(e.out, "Replies   %d are not noted as sent\n", t.Unsent)
	}
	return nil
}

func statusOfCycle(e *environment, tx *store.Tx, id string) error {
	c, err := tx.Snapshot(id)
	if err != nil {
		return err
	}
	away, err := tx.Unreachable(id)
	if err != nil {
		return err
	}
	today := store.DateOf(tx.Now().In(c.Cycle.Location()))
	fmt.Fprintf(e.out, "\n%s  (%s, %s to %s)\n", strictyaml.Visible(c.Cycle.Title), c.Cycle.Slug, c.Cycle.Starts, c.Cycle.Ends)
	if c.Cycle.Ends < today {
		fmt.Fprintln(e.out, "  It is over.")
	}
	joined, members := 0, 0
	for i := range c.Members {
		if m := &c.Members[i]; m.LeftAt.IsZero() {
			members++
			if !m.JoinedAt.IsZero() {
				joined++
			}
		}
	}
	fmt.Fprintf(e.out, "  People    %d of %d have joined", joined, members)
	if len(away) > 0 {
		fmt.Fprintf(e.out, "; can't be reached: %s", people(c, away))
	}
	fmt.Fprintln(e.out)
	statusOfPairs(e, c, tx.Now())
	if ahead := scheduler.Ahead(c, tx.Now(), (c.Cycle.Ends + 1).Midnight(c.Cycle.Location())); len(ahead) > 0 {
		fmt.Fprintf(e.out, "  Next      a message on %s\n", ahead[0].Due.In(c.Cycle.Location()).Format("Monday 2 January at 15:04"))
	}
	if c.Undelivered > 0 {
		fmt.Fprintf(e.out, "  Failed    %d messages in the last week: mentorbot messages --state failed\n", c.Undelivered)
	}
	return nil
}

func people(c *store.Snapshot, ids []string) string {
	var slugs []string
	for _, id := range ids {
		if p := c.People[id]; p != nil {
			slugs = append(slugs, p.Slug)
		}
	}
	slices.Sort(slugs)
	return strings.Join(slugs, ", ")
}

func statusOfPairs(e *environment, c *store.Snapshot, now time.Time) {
	pairs, done := 0, 0
	var behind []string
	for i := range c.Pairs {
		p := &c.Pairs[i]
		if !p.EndedAt.IsZero() {
			continue
		}
		pairs++
		switch standing := scheduler.Pace(c, p, now); {
		case standing.Left() == 0:
			done++
		case standing.Behind:
			behind = append(behind, c.PairSlug(p))
		}
	}
	fmt.Fprintf(e.out, "  Pairs     %d, of which %d have held all their meetings", pairs, done)
	if len(behind) > 0 {
		fmt.Fprintf(e.out, "; behind: %s", strings.Join(behind, ", "))
	}
	fmt.Fprintln(e.out)
}
