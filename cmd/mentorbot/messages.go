package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

type messagesCommand struct {
	State  []string `placeholder:"STATE" help:"Only those: planned, held, sent, missed, withdrawn, failed. May be given several times."`
	Kind   string   `placeholder:"KIND" help:"Only those: session, meeting, pace, event, announcement, confirm, and so on."`
	Cycle  string   `placeholder:"ID" help:"Only of one cycle."`
	Person string   `placeholder:"ID" help:"Only to one person."`
	From   string   `placeholder:"DATE" help:"Due on that day or later, by the cycle's clock. Default: a week ago."`
	To     string   `placeholder:"DATE" help:"Due on that day or earlier. Default: in a week."`
	JSON   bool     `name:"json" help:"Print each as one JSON object on a line of its own."`
}

// Help has examples.
func (messagesCommand) Help() string {
	return `It tells what was sent, to whom and when, what could not be sent and why, and what is to
come: the reminders that the plan has, as things stand.

Examples:

  mentorbot messages                       a week back and a week ahead
  mentorbot messages --state failed --from 2027-01-01
  mentorbot messages --person mentee-1 --json`
}

// A printed is one message in the machine-readable form, on which others' scripts may
// rely.
type printed struct {
	Due       string             `json:"due"` // RFC 3339, in the cycle's zone
	State     store.MessageState `json:"state"`
	Cycle     string             `json:"cycle"`
	Kind      store.Kind         `json:"kind"`
	Subject   string             `json:"subject,omitempty"`
	To        string             `json:"to"` // person id, or the id of a group
	Key       string             `json:"key"`
	Reason    string             `json:"reason,omitempty"`
	SettledAt string             `json:"settled_at,omitempty"` // RFC 3339, UTC
	Attempts  int                `json:"attempts,omitempty"`
}

// Run prints them.
func (c messagesCommand) Run(e *environment) error {
	for _, state := range c.State {
		if !slices.Contains(messageStates, store.MessageState(state)) {
			return misuse{fmt.Errorf("--state: there is no state %q: %s", state, didYouMean(state, messageStates))}
		}
	}
	if c.Kind != "" && !slices.Contains(messageKinds, store.Kind(c.Kind)) {
		return misuse{fmt.Errorf("--kind: there is no kind %q: %s", c.Kind, didYouMean(c.Kind, messageKinds))}
	}
	s, err := e.openMade()
	if err != nil {
		return err
	}
	defer s.Close()
	return s.View(e.ctx, func(tx *store.Tx) error {
		cycles, err := c.cycles(tx)
		if err != nil {
			return err
		}
		if err := c.personKnown(tx); err != nil {
			return err
		}
		for i := range cycles {
			if err := c.print(e, tx, &cycles[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

var messageStates = []store.MessageState{store.Planned, store.OnHold, store.Sent, store.Missed, store.Withdrawn, store.Failed}

var messageKinds = []store.Kind{
	store.KindSession, store.KindMeeting, store.KindPace, store.KindEvent, store.KindDigest, store.KindTrouble, store.KindAttendance,
	store.KindNext, store.KindConfirm, store.KindAnnouncement, store.KindChange, store.KindPair, store.KindLeft, store.KindDispute,
	store.KindApp, store.KindNote, store.KindGroup, store.KindRestored,
}

func didYouMean[T ~string](word string, known []T) string {
	words := make([]string, len(known))
	for i, k := range known {
		words[i] = string(k)
	}
	return strictyaml.DidYouMean(word, words, "there are ")
}

// cycles are those asked for.
func (c messagesCommand) cycles(tx *store.Tx) ([]store.Cycle, error) {
	all, err := tx.Cycles()
	if err != nil || c.Cycle == "" {
		return all, err
	}
	var slugs []string
	for i := range all {
		if all[i].Slug == c.Cycle {
			return all[i : i+1], nil
		}
		slugs = append(slugs, all[i].Slug)
	}
	return nil, inputError("there is no cycle %q: %s", c.Cycle, didYouMean(c.Cycle, slugs))
}

func (c messagesCommand) personKnown(tx *store.Tx) error {
	if c.Person == "" {
		return nil
	}
	_, err := tx.PersonBySlug(c.Person)
	return nobody(tx, c.Person, err)
}

// print prints those of one cycle.
func (c messagesCommand) print(e *environment, tx *store.Tx, cycle *store.Cycle) error {
	snapshot, err := tx.Snapshot(cycle.ID)
	if err != nil {
		return err
	}
	from, to, err := c.span(tx.Now(), cycle)
	if err != nil {
		return err
	}
	all, err := tx.Messages(store.MessageFilter{CycleID: cycle.ID, Kind: store.Kind(c.Kind), From: from, To: to})
	if err != nil {
		return err
	}
	all = append(all, c.foretold(snapshot, all, tx.Now(), to)...)
	all = slices.DeleteFunc(all, func(m store.Message) bool { return !c.wants(snapshot, &m) })
	slices.SortStableFunc(all, func(a, b store.Message) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Key, b.Key)) })
	if c.JSON {
		return c.encode(e, snapshot, all)
	}
	c.table(e, snapshot, all)
	return nil
}

// span is from when to when messages are asked for, by the cycle's clock.
func (c messagesCommand) span(now time.Time, cycle *store.Cycle) (from, to time.Time, err error) {
	zone := cycle.Location()
	today := store.DateOf(now.In(zone))
	first, last := today-7, today+7
	for _, given := range []struct {
		name, text string
		day        *store.Date
	}{{"--from", c.From, &first}, {"--to", c.To, &last}} {
		if given.text == "" {
			continue
		}
		if *given.day, err = store.ParseDate(given.text); err != nil {
			return from, to, misuse{fmt.Errorf("%s: %q is no date: write one such as 2027-03-31", given.name, given.text)}
		}
	}
	if last < first {
		return from, to, misuse{fmt.Errorf("--to: %s is before %s", last, first)}
	}
	return first.Midnight(zone), (last + 1).Midnight(zone), nil
}

// foretold are the messages that the plan has until an instant, and that are not in the
// outbox.
func (c messagesCommand) foretold(s *store.Snapshot, known []store.Message, now, to time.Time) (ahead []store.Message) {
	if !to.After(now) {
		return nil
	}
	there := map[string]bool{}
	for i := range known {
		there[known[i].Key] = true
	}
	for _, m := range scheduler.Plan(s, now, to).Messages {
		if m.State == store.Planned && m.Due.Before(to) && !there[m.Key] && (c.Kind == "" || string(m.Kind) == c.Kind) {
			ahead = append(ahead, m)
		}
	}
	return ahead
}

func (c messagesCommand) wants(s *store.Snapshot, m *store.Message) bool {
	return (len(c.State) == 0 || slices.Contains(c.State, string(m.State))) &&
		(c.Person == "" || recipient(s, m) == c.Person)
}

// recipient is the id, in the program file, of who gets a message; of a group its own.
func recipient(s *store.Snapshot, m *store.Message) string {
	if p := s.People[m.PersonID]; p != nil {
		return p.Slug
	}
	return cmp.Or(m.PersonID, m.GroupID)
}

// shownTo is recipient for who reads it: a group has its title.
func shownTo(s *store.Snapshot, m *store.Message) string {
	if g := s.Group(m.GroupID); g != nil {
		return strictyaml.Visible(cmp.Or(g.Title, "a group without a name"))
	}
	return recipient(s, m)
}

func (c messagesCommand) encode(e *environment, s *store.Snapshot, all []store.Message) error {
	enc := json.NewEncoder(e.out)
	enc.SetEscapeHTML(false)
	for i := range all {
		m := &all[i]
		p := printed{
			Due: m.Due.In(s.Cycle.Location()).Format(time.RFC3339), State: m.State, Cycle: s.Cycle.Slug, Kind: m.Kind,
			Subject: m.Subject, To: recipient(s, m), Key: m.Key, Reason: m.Reason, Attempts: m.Attempts,
		}
		if !m.SettledAt.IsZero() {
			p.SettledAt = m.SettledAt.UTC().Format(time.RFC3339)
		}
		if err := enc.Encode(p); err != nil {
			return err
		}
	}
	return nil
}

func (c messagesCommand) table(e *environment, s *store.Snapshot, all []store.Message) {
	zone := s.Cycle.Location()
	fmt.Fprintf(e.out, "%s (%s)\n", strictyaml.Visible(s.Cycle.Title), zone)
	if len(all) == 0 {
		fmt.Fprint(e.out, "  nothing\n\n")
		return
	}
	table := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	for i := range all {
		m := &all[i]
		what := string(m.Kind)
		if m.Subject != "" && m.Subject != s.Cycle.Slug && m.Kind != store.KindAnnouncement {
			what += " " + m.Subject
		}
		if m.Offset != "" {
			what += " " + m.Offset
		}
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\n", m.Due.In(zone).Format("Mon 2006-01-02 15:04"), m.State, shownTo(s, m),
			what, strictyaml.Visible(m.Reason))
	}
	_ = table.Flush() // errors stay in e.out
	fmt.Fprintln(e.out)
}
