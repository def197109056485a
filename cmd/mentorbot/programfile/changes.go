package programfile

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

// Changes are what applying a file does to a database.
type Changes struct {
	Lines                   []string // one for each change: + added, ~ changed, - removed
	Added, Changed, Removed int
	Notes                   []string // what of the file isn't done, and why
	New                     bool     // the database had nothing in it
	Invitations             []Invitation
}

// None reports whether nothing changes.
func (c *Changes) None() bool { return len(c.Lines) == 0 }

// An Invitation lets a coordinator in. Its code can't be had again.
type Invitation struct {
	Person, Name string // Person: the file's id
	Code         string
	Expires      time.Time
}

// Refusals name what can't be done, and why; so nothing is.
type Refusals []string

// Error lists them.
func (r Refusals) Error() string { return strings.Join(r, "\n") }

func (c *Changes) add(what, text string) {
	c.Added++
	c.Lines = append(c.Lines, "+ "+what+": "+strictyaml.Visible(text))
}

func (c *Changes) remove(what, text string) {
	c.Removed++
	c.Lines = append(c.Lines, "- "+what+": "+strictyaml.Visible(text))
}

// change notes that a value of a thing changes; remark may say what follows from
// that.
func (c *Changes) change(what, key, before, after, remark string) {
	c.Changed++
	c.Lines = append(c.Lines, fmt.Sprintf("~ %s: %s %s → %s%s", what, key, orNothing(before), orNothing(after), remark))
}

func (c *Changes) note(format string, args ...any) {
	c.Notes = append(c.Notes, fmt.Sprintf(format, args...))
}

// fields notes each field that differs, and reports whether any does. remarks say
// what follows from a change of some.
func (c *Changes) fields(what string, before, after []field, remarks map[string]string) bool {
	changed := false
	for i, f := range after {
		if before[i].value != f.value {
			c.change(what, f.key, before[i].value, f.value, remarks[f.key])
			changed = true
		}
	}
	return changed
}

// agenda notes each item that only one of two agendas has, and reports whether
// there is one.
func (c *Changes) agenda(what string, before, after []store.AgendaItem) bool {
	if slices.Equal(before, after) {
		return false
	}
	count := len(c.Lines)
	for _, item := range without(after, before) {
		c.change(what, "agenda", "", agendaText(item), "")
	}
	for _, item := range without(before, after) {
		c.change(what, "agenda", agendaText(item), "", "")
	}
	if len(c.Lines) == count {
		c.change(what, "agenda", "one order", "another", "")
	}
	return true
}

// without returns the items that are in some once more than in others.
func without(some, others []store.AgendaItem) (rest []store.AgendaItem) {
	left := map[store.AgendaItem]int{}
	for _, item := range others {
		left[item]++
	}
	for _, item := range some {
		if left[item]--; left[item] < 0 {
			rest = append(rest, item)
		}
	}
	return rest
}

func orNothing(s string) string {
	if s == "" {
		return "(nothing)"
	}
	return strictyaml.Visible(s)
}
