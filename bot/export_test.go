package bot

import (
	"maps"
	"slices"

	"github.com/kooperativa/mentorbot/store"
)

// Kinds are those that there are words for.
func Kinds() []store.Kind { return slices.Sorted(maps.Keys(reminders)) }

// Written reads what a coordinator has typed.
var Written = written
