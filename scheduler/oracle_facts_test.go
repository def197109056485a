package scheduler_test

import (
	"slices"
	"strconv"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// What follows is the oracle's own memory of a simulated world: plain histories of
// what people did, written down beside the store and never read from it.

// A history is a value that changes; what is latest stands last.
type history[T any] []fact[T]

type fact[T any] struct {
	since time.Time
	value T
}

func (h *history[T]) set(at time.Time, v T) { *h = append(*h, fact[T]{at, v}) }

// at returns what held at t: the zero value before the first change.
func (h history[T]) at(t time.Time) (v T) {
	for _, f := range h {
		if !f.since.After(t) {
			v = f.value
		}
	}
	return v
}

// last returns when it last changed before t, or at it.
func (h history[T]) last(t time.Time) (at time.Time) {
	for _, f := range h {
		if !f.since.After(t) {
			at = f.since
		}
	}
	return at
}

// while returns since when something has been so, of what is so at t.
func (h history[T]) while(t time.Time, so func(T) bool) (since time.Time) {
	was := false
	for _, f := range h {
		if f.since.After(t) {
			break
		}
		is := so(f.value)
		if is && !was {
			since = f.since
		}
		was = is
	}
	return since
}

// A human is a person and their part in the cycle; or a group, which hears like one.
type human struct {
	group    bool
	lost     history[bool] // of a group: it can't be reached, or isn't one any more
	unposted history[bool] // of a group: announcements aren't posted there
	// of a group: reminders aren't posted there
	unreminded history[bool]
	unlinked   bool // of a group: it isn't one any more
	id, slug   string
	role       store.Role
	zone       history[string]       // "": the cycle's
	quiet      history[*store.Quiet] // nil: the cycle's
	pause      history[time.Time]    // until when; zero: not paused
	joined     history[time.Time]    // when last; zero: never
	gone       history[bool]         // has left; of a group: lost, or reminders aren't posted there
}

// away reports whether announcements don't get to somebody any more.
func (h *human) away(t time.Time) bool {
	if h.group {
		return h.lost.at(t) || h.unposted.at(t)
	}
	return h.gone.at(t)
}

// An appointment is when a session or an event is, by its latest move.
type appointment struct {
	revision int
	at       store.Wall // of a session
	from, to store.Date // of an event
	zone     string     // of an event; "": the cycle's
}

type answered struct {
	revision int
	coming   bool
	at       time.Time
}

// A gathering is a session or an event.
type gathering struct {
	id, slug  string
	event     bool
	length    time.Duration // of a session
	when      history[appointment]
	cancelled history[bool]
	taken     history[int] // attendance: of which revision
	answers   map[*human]*history[answered]
}

func (g *gathering) answer(h *human, t time.Time) (a answered, ok bool) {
	if g.answers[h] == nil {
		return a, false
	}
	a = g.answers[h].at(t)
	return a, a.revision == g.when.at(t).revision
}

// An engagement is an individual meeting as it stands at some moment.
type engagement struct {
	state            store.MeetingState
	day              store.Date
	at               time.Time
	revision         int
	agreedAt, logged time.Time
	loggedBy         *human
	disputed         bool
}

type encounter struct {
	id     string
	number int
	is     history[engagement]
}

type couple struct {
	id             string
	mentor, mentee *human
	ended          history[bool]
	since          time.Time
	meetings       []*encounter
}

func (c *couple) slug() string { return c.mentor.slug + "+" + c.mentee.slug }

// goesOn is since when the pair has been there.
func (c *couple) goesOn(now time.Time) time.Time { return latest(c.since, c.ended.last(now)) }

func (c *couple) both() [2]*human { return [2]*human{c.mentor, c.mentee} }

// A telling is a message that reached somebody, as far as the program can know.
type telling struct {
	letter
	at time.Time
}

// A letter is what identifies a message.
type letter struct {
	kind                        store.Kind
	subject, occurrence, offset string
	to                          *human
}

// plain leaves out by which day a time of trouble is known, and the number of a pace
// reminder: there may be many of the same letter.
func (l letter) plain() letter {
	_, err := strconv.Atoi(l.offset)
	switch {
	case l.kind == store.KindTrouble:
		l.occurrence, l.offset = "", "-" // the offset sets it apart from what was withdrawn
	case l.kind == store.KindPace && err == nil:
		l.offset = ""
	}
	return l
}

// many reports whether a plain letter may go out more than once.
func (l letter) many() bool { return l.occurrence == "" || l.offset == "" }

func (l letter) key() string {
	return string(l.kind) + "/" + l.subject + "/" + l.occurrence + "/" + l.offset + "/" + l.to.slug
}

// A chronicle is everything that is known of a cycle.
type chronicle struct {
	cycle      store.Cycle // what never changes of it
	zone       *time.Location
	rules      history[store.Rules]
	people     []*human
	groups     []*human
	gatherings []*gathering
	couples    []*couple
	posts      []*post
	told       []telling
}

// recipients are all who can be sent something.
func (c *chronicle) recipients() []*human { return slices.Concat(c.people, c.groups) }

// end is the first instant after the cycle.
func (c *chronicle) end() time.Time { return (c.cycle.Ends + 1).Midnight(c.zone) }

func (c *chronicle) zoneOf(h *human, t time.Time) *time.Location {
	if name := h.zone.at(t); name != "" {
		return mustZone(name)
	}
	return c.zone
}

func (c *chronicle) quietOf(h *human, t time.Time) store.Quiet {
	if q := h.quiet.at(t); q != nil {
		return *q
	}
	return c.rules.at(t).Quiet
}

func (c *chronicle) start(g *gathering, t time.Time) time.Time {
	a := g.when.at(t)
	if g.event {
		return a.from.Midnight(c.place(g, t))
	}
	return a.at.In(c.zone)
}

func (c *chronicle) place(g *gathering, t time.Time) *time.Location {
	if zone := g.when.at(t).zone; zone != "" {
		return mustZone(zone)
	}
	return c.zone
}

func mustZone(name string) *time.Location {
	loc, err := store.Zone(name)
	if err != nil {
		panic(err)
	}
	return loc
}
