package scheduler

import (
	"time"

	"github.com/kooperativa/mentorbot/store"
)

const (
	quietMargin = 30 * time.Minute // what must remain before a thing for a message to wait for it
	quietLead   = 15 * time.Minute // how long before quiet hours a message goes that can't wait
)

// quietAround returns the quiet part of a day that t lies in.
func quietAround(t time.Time, q store.Quiet, loc *time.Location) (start, end time.Time, inside bool) {
	if q.None() {
		return start, end, false
	}
	w := store.WallOf(t.In(loc))
	from, to := w.Date, w.Date
	switch c := w.Clock; {
	case q.Start < q.End && (c < q.Start || c >= q.End):
		return start, end, false
	case q.Start < q.End:
	case c >= q.Start:
		to++
	case c < q.End:
		from--
	default:
		return start, end, false
	}
	return from.At(q.Start).In(loc), to.At(q.End).In(loc), true
}

// hush moves a due instant out of quiet hours: to their end, or to shortly before
// their start if the thing ahead can't wait. A zero thing means nothing ahead.
func hush(t time.Time, q store.Quiet, loc *time.Location, thing time.Time) time.Time {
	start, end, inside := quietAround(t, q, loc)
	switch {
	case !inside:
		return t
	case waits(end, thing):
		return end
	default:
		return start.Add(-quietLead)
	}
}

// opening returns when a message whose turn has come may go: t itself, or the
// end of the quiet hours that t lies in, if it can wait for them.
func opening(t time.Time, q store.Quiet, loc *time.Location, thing time.Time) time.Time {
	if _, end, inside := quietAround(t, q, loc); inside && waits(end, thing) {
		return end
	}
	return t
}

// QuietUntil says until when a member's quiet hours hold back at now what must come before
// a thing; the zero time if they don't. A zero thing means nothing ahead.
func QuietUntil(c *store.Snapshot, p *store.Person, now, thing time.Time) time.Time {
	m := c.Member(p.ID)
	if m == nil {
		return time.Time{}
	}
	r, ok := recipientOf(c, m)
	if !ok {
		return time.Time{}
	}
	if end := opening(now, r.quiet, r.loc, thing); end.After(now) {
		return end
	}
	return time.Time{}
}

func waits(end, thing time.Time) bool {
	return thing.IsZero() || !end.Add(quietMargin).After(thing)
}
