package bot

import (
	"maps"
	"slices"

	"github.com/kooperativa/mentorbot/store"
)

// Kinds are those that there are words for.
func Kinds() []store.Kind { return slices.Sorted(maps.Keys(reminders)) }

// Written reads what a coordinator has typed, Unwritten types what was formatted.
var (
	Written   = written
	Unwritten = unwritten
)

// A Listed command is what tests know of one.
type Listed struct {
	Name    string
	Who     string // who may use it
	Options []string
	Offered bool // in menus
}

// Commands are all that there are.
func Commands() (list []Listed) {
	names := map[who]string{anyone: "anyone", known: "known", member: "member", mentored: "mentored", coordinator: "coordinator"}
	for _, c := range commands {
		l := Listed{Name: c.name, Who: names[c.who], Offered: c.describe != ""}
		for _, o := range c.options {
			l.Options = append(l.Options, o.name)
		}
		list = append(list, l)
	}
	return list
}
