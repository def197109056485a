package bot

import (
	"cmp"
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// sortParts puts first what concerns a person most: cycles under way, the one that
// ends first before the others; then what is to come; then what is over, the latest
// first.
func sortParts(parts []store.Part, now time.Time) {
	rank := func(p *store.Part) (when int, day store.Date) {
		today := store.DateOf(now.In(p.Cycle.Location()))
		switch {
		case today < p.Cycle.Starts:
			return 1, p.Cycle.Starts
		case today > p.Cycle.Ends:
			return 2, -p.Cycle.Ends
		}
		return 0, p.Cycle.Ends
	}
	slices.SortStableFunc(parts, func(a, b store.Part) int {
		whenA, dayA := rank(&a)
		whenB, dayB := rank(&b)
		return cmp.Or(cmp.Compare(whenA, whenB), cmp.Compare(dayA, dayB), cmp.Compare(a.Cycle.Slug, b.Cycle.Slug))
	})
}

// partIn returns the person's part in a cycle, or nil.
func (t *turn) partIn(cycleID string) *store.Part {
	for i := range t.parts {
		if t.parts[i].CycleID == cycleID {
			return &t.parts[i]
		}
	}
	return nil
}

// coordinates reports whether the person is a coordinator of a cycle.
func (t *turn) coordinates(cycleID string) bool {
	p := t.partIn(cycleID)
	return p != nil && p.Role == store.Coordinator
}

// coordinated are the cycles of which the person is a coordinator.
func (t *turn) coordinated() (parts []store.Part) {
	for _, p := range t.parts {
		if p.Role == store.Coordinator {
			parts = append(parts, p)
		}
	}
	return parts
}

// mentored are the cycles of which the person is a mentee or a mentor.
func (t *turn) mentored() (parts []store.Part) {
	for _, p := range t.parts {
		if p.Role != store.Coordinator {
			parts = append(parts, p)
		}
	}
	return parts
}
