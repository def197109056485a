package bot_test

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/store"
)

// The roles of the matrix, and what each may use by who a command is for.
var matrixRoles = map[string][]string{
	"stranger":        {"anyone"},
	"new":             {"anyone"},          // invited, not begun: the bot can't know them yet
	"gone":            {"anyone", "known"}, // has left
	"mentee":          {"anyone", "known", "member", "mentored"},
	"mentor":          {"anyone", "known", "member", "mentored"},
	"coordinator":     {"anyone", "known", "member", "coordinator"},
	"far-coordinator": {"anyone", "known", "member", "coordinator"},
	"far-mentee":      {"anyone", "known", "member", "mentored"},
}

// deniedTexts are in the words for who may not.
var deniedTexts = []string{"That is for coordinators.", "That is for mentors and mentees.", "I'm the bot of a mentorship programme", "You aren't in a mentorship cycle just now"}

// values are of each option one that makes sense, for what follows the first id on a
// button.
var values = map[string]string{
	"day": "2027-02-09", "length": "60", "time": "18:00", "answer": "yes", "keep": "yes", "from": "8", "page": "8",
	"list": "joined", "audience": "everyone", "text": "Hello to all of you", "sure": "yes", "mark": "1", "there": "1",
}

// endings are what may follow an id on a button of a command: nothing, all that it
// takes, and what belongs to others.
func endings(c bot.Listed) []string {
	var rest strings.Builder
	for _, o := range c.Options[min(1, len(c.Options)):] {
		value, ok := values[o]
		if !ok {
			value = "yes"
		}
		rest.WriteString(" " + value)
	}
	all := []string{""}
	if rest.Len() > 0 {
		all = append(all, rest.String(), " ?", " no")
	}
	return all
}

// state is all that is kept of both cycles.
type state struct {
	Near, Far           *store.Snapshot
	NearEntries, Others int
	People              []store.Person
}

func (w *town) state() (s state) {
	w.Helper()
	err := w.store.View(context.Background(), func(tx *store.Tx) (err error) {
		if s.Near, err = tx.Snapshot(w.cycle.ID); err != nil {
			return err
		}
		if s.Far, err = tx.Snapshot(w.second.ID); err != nil {
			return err
		}
		entries, err := tx.Entries(w.cycle.ID, 100000)
		if err != nil {
			return err
		}
		s.NearEntries = len(entries)
		s.People, err = tx.People()
		slices.SortFunc(s.People, func(a, b store.Person) int { return strings.Compare(a.ID, b.ID) })
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return s
}

// TestMatrix tries every command, as typed and as tapped with the id of everything of
// the own and of the other cycle, in every role. Who may not is told so, and changes
// nothing; nobody changes, or reads, anything of a cycle, a pair or a person that isn't
// theirs.
func TestMatrix(t *testing.T) {
	var cells atomic.Int64
	t.Cleanup(func() { // when all roles are done
		if t.Log(cells.Load(), "cells"); cells.Load() < 10_000 {
			t.Errorf("there are only %d cells", cells.Load())
		}
	})
	for _, who := range slices.Sorted(maps.Keys(matrixRoles)) {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			w := newTown(newHall(t, withFeeds))
			for _, c := range bot.Commands() {
				if c.Name == "start" || c.Name == "help" || c.Name == "privacy" || c.Name == "cancel" {
					continue // for anyone, about nothing
				}
				cells.Add(int64(w.row(t, who, c)))
			}
		})
	}
}

// row tries one command in one role.
func (w *town) row(t *testing.T, who string, c bot.Listed) (cells int) {
	allowed := slices.Contains(matrixRoles[who], c.Who)
	try := func(line string) said {
		cells++
		return w.taps(who, line)
	}
	if reply := try(c.Name); allowed == denies(reply) {
		t.Errorf("%s says %q (allowed: %v) and hears\n%s", who, c.Name, allowed, reply.Text.Plain())
	}
	before := w.state()
	for what, id := range w.ids {
		if !w.foreign(who, what) {
			continue
		}
		for _, ending := range endings(c) {
			line := c.Name + " " + id + ending
			reply := try(line)
			if !allowed && !denies(reply) {
				t.Errorf("%s says %q (%s) and hears\n%s", who, line, what, reply.Text.Plain())
			}
			for _, word := range w.strange(who, reply.Message) {
				t.Errorf("%s says %q (%s) and reads %q in\n%s", who, line, what, word, reply.Text.Plain())
			}
		}
	}
	if diff := w.touched(who, before, w.state()); diff != "" {
		t.Errorf("%s says %q with what isn't theirs, and changes\n%s", who, c.Name, diff)
	}
	return cells
}

func denies(reply said) bool {
	return slices.ContainsFunc(deniedTexts, func(text string) bool { return strings.Contains(reply.Text.Plain(), text) })
}

// foreign reports whether a thing isn't somebody's to act on.
func (w *town) foreign(who, what string) bool {
	far := strings.HasPrefix(who, "far-")
	switch {
	case who == "stranger" || who == "new" || who == "gone":
		return !strings.HasPrefix(what, "far-") // to them both cycles are the same
	case strings.HasPrefix(what, "far-") != far:
		return true
	}
	own := map[string][]string{
		"mentee": {"pair-mentee", "meeting", "entry", "spring", "belgrade", "mentee", "cycle", "announcement"},
		"mentor": {"pair-mentee", "pair-second", "meeting", "spring", "belgrade", "mentor", "cycle", "announcement"},
	}
	mine, limited := own[who]
	return limited && !slices.Contains(mine, what)
}

// touched says what has changed of a cycle that isn't somebody's, and, unless they are
// a coordinator, of anybody else in their own.
func (w *town) touched(who string, before, after state) string {
	before.Near.Cycle.Version, before.Far.Cycle.Version = 0, 0
	after.Near.Cycle.Version, after.Far.Cycle.Version = 0, 0
	far := strings.HasPrefix(who, "far-")
	if member := !far && who != "stranger" && who != "new" && who != "gone"; member || far {
		if far {
			before.Far, after.Far = nil, nil
		} else {
			before.Near, after.Near = nil, nil
			before.NearEntries, after.NearEntries = 0, 0
		}
		before.People, after.People = nil, nil // their own settings
	}
	if reflect.DeepEqual(before, after) {
		return ""
	}
	return cmp.Diff(before, after)
}
