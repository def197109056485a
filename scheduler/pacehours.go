package scheduler

import (
	"time"

	"github.com/kooperativa/mentorbot/store"
)

const (
	paceOpens  store.Clock = 10 * 60 // pace reminders go out from this hour
	paceCloses store.Clock = 18 * 60 // until before this one, on weekdays
	midnight   store.Clock = 24 * 60
)

// paceHours returns from when, and until before when, pace reminders go to somebody on
// weekdays: at any hour, if their quiet hours leave nothing of the usual ones.
func paceHours(q store.Quiet) (opens, closes store.Clock) {
	begun, ended := q.Start <= paceOpens, q.End >= paceCloses
	if q.Start < q.End && begun && ended || q.Start > q.End && (begun || ended) {
		return 0, midnight
	}
	return paceOpens, paceCloses
}

// paceWindow returns the first instant at t or later that is on a weekday within
// the hours for pace reminders and outside r's quiet hours. The end of either may lie
// in the other, so each is asked until both agree.
func paceWindow(t time.Time, r *recipient) time.Time {
	opens, closes := paceHours(r.quiet)
	for {
		at := hush(onWeekday(t, opens, closes, r.loc), r.quiet, r.loc, time.Time{})
		if !at.After(t) {
			return t
		}
		t = at
	}
}

// onWeekday returns the first instant at t or later that is on a weekday and between
// two hours.
func onWeekday(t time.Time, opens, closes store.Clock, loc *time.Location) time.Time {
	w := store.WallOf(t.In(loc))
	if !w.Date.Weekend() && w.Clock >= opens && w.Clock < closes {
		return t
	}
	if w.Clock >= closes {
		w.Date++
	}
	for w.Date.Weekend() {
		w.Date++
	}
	return latest(t, w.Date.At(opens).In(loc))
}

// paceUntil returns when a pace reminder's window closes.
func paceUntil(due time.Time, loc *time.Location) time.Time {
	closes := store.DateOf(due.In(loc)).At(paceCloses).In(loc)
	return latest(closes, due.Add(time.Hour))
}
