package scheduler

import (
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// earliest returns the earliest of the times that are set, or zero.
func earliest(times ...time.Time) (first time.Time) {
	for _, t := range times {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

func latest(times ...time.Time) (last time.Time) {
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}

// addDays returns the instant n days later at the same wall clock in loc.
func addDays(t time.Time, n int, loc *time.Location) time.Time {
	w := store.WallOf(t.In(loc))
	shifted := store.Wall{Date: w.Date + store.Date(n), Clock: w.Clock}.In(loc)
	return shifted.Add(t.Sub(t.Truncate(time.Minute)))
}
