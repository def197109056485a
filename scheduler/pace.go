package scheduler

import (
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// A Standing is how a pair stands against the pace of its cycle at one instant.
type Standing struct {
	Minimum  int       // meetings that the cycle asks for
	Held     int       // meetings held and not disputed
	Agreed   int       // agreed meetings that count for now
	Ended    int       // parts of the cycle that have ended: meetings there would be, on pace
	Behind   bool      // fewer held or agreed than parts ended
	Since    time.Time // when it fell behind; zero unless Behind
	Progress time.Time // from when reminders are counted; zero: from the start
}

// Left returns how many meetings are still to be held, 0 once the minimum is
// reached.
func (s Standing) Left() int { return max(0, s.Minimum-s.Held) }

// Pace returns how a pair of c stands at an instant. It knows the past only by
// what the meetings tell of it now.
func Pace(c *store.Snapshot, pair *store.Pair, at time.Time) Standing {
	p := newPacer(c)
	return p.course(pair, c.MeetingsOf(pair.ID)).standing(at)
}

// PartEnd returns the last day of part k, from 1 to the cycle's minimum: the day
// by which k meetings are on pace.
func PartEnd(c *store.Cycle, k int) store.Date {
	days := int(c.By-c.Starts) + 1
	return c.Starts + store.Date(days*k/c.Minimum) - 1
}

// A pacer knows the parts of one cycle.
type pacer struct {
	cycle *store.Cycle
	loc   *time.Location
	ends  []time.Time // when part 1, 2, … has ended
}

func newPacer(c *store.Snapshot) *pacer {
	p := &pacer{cycle: &c.Cycle, loc: c.Cycle.Location()}
	for k := 1; k <= c.Cycle.Minimum; k++ {
		p.ends = append(p.ends, (PartEnd(&c.Cycle, k) + 1).Midnight(p.loc))
	}
	return p
}

// A span is a time during which a meeting counts; a zero end means for good.
type span struct {
	start, end time.Time
	held       bool
}

func (s span) contains(t time.Time) bool {
	return !t.Before(s.start) && (s.end.IsZero() || t.Before(s.end))
}

// A course is how a pair has stood, stands, and will stand if nothing changes.
type course struct {
	ends     []time.Time
	spans    []span
	turns    []time.Time // instants at which behind may change, in order
	progress time.Time
}

// agreedGrace is how many days beyond its own an agreed meeting counts unlogged.
const agreedGrace = 2

func (p *pacer) course(pair *store.Pair, meetings []store.Meeting) *course {
	c := &course{ends: p.ends}
	if pair.Since.After(p.cycle.Starts.Midnight(p.loc)) {
		c.progress = pair.Since
	}
	for i := range meetings {
		m := &meetings[i]
		stop := earliest(m.DisputedAt, m.CancelledAt)
		if !m.AgreedAt.IsZero() && m.Day <= p.cycle.By {
			lapse := (m.Day + agreedGrace + 1).Midnight(p.loc)
			c.add(span{start: m.AgreedAt, end: earliest(lapse, m.LoggedAt, stop)})
		}
		if !m.LoggedAt.IsZero() {
			c.add(span{start: m.LoggedAt, end: stop, held: true})
		}
		c.progress = latest(c.progress, p.madeBy(m))
	}
	c.turns = append(c.turns, c.ends...)
	for _, s := range c.spans {
		c.turns = append(c.turns, s.start)
		if !s.end.IsZero() {
			c.turns = append(c.turns, s.end)
		}
	}
	slices.SortFunc(c.turns, time.Time.Compare)
	return c
}

// madeBy returns the progress that a meeting is: when it was last agreed or logged, or on
// its day, if that is later and it wasn't called off before; zero: none.
func (p *pacer) madeBy(m *store.Meeting) time.Time {
	said := latest(m.AgreedAt, m.LoggedAt)
	if said.IsZero() {
		return said
	}
	return earliest(latest(said, m.Day.Midnight(p.loc)), m.CancelledAt)
}

func (c *course) add(s span) {
	if s.end.IsZero() || s.start.Before(s.end) {
		c.spans = append(c.spans, s)
	}
}

// count returns the meetings held, those agreed that count, and the parts ended.
func (c *course) count(t time.Time) (held, agreed, ended int) {
	for _, s := range c.spans {
		switch {
		case !s.contains(t):
		case s.held:
			held++
		default:
			agreed++
		}
	}
	for _, end := range c.ends {
		if !t.Before(end) {
			ended++
		}
	}
	return held, agreed, ended
}

func (c *course) behind(t time.Time) bool {
	held, agreed, ended := c.count(t)
	return held+agreed < ended
}

func (c *course) standing(t time.Time) Standing {
	s := Standing{Minimum: len(c.ends), Progress: c.progress}
	s.Held, s.Agreed, s.Ended = c.count(t)
	s.Behind = s.Held+s.Agreed < s.Ended
	if s.Behind {
		s.Since = c.since(t)
	}
	return s
}

// since returns the start of the time behind that t lies in.
func (c *course) since(t time.Time) (since time.Time) {
	for _, turn := range c.turns {
		if turn.After(t) {
			break
		}
		switch behind := c.behind(turn); {
		case !behind:
			since = time.Time{}
		case since.IsZero():
			since = turn
		}
	}
	return since
}

// nextBehind returns the first instant, at t or later, at which the pair is
// behind; false if that never comes.
func (c *course) nextBehind(t time.Time) (time.Time, bool) {
	if c.behind(t) {
		return t, true
	}
	for _, turn := range c.turns {
		if turn.After(t) && c.behind(turn) {
			return turn, true
		}
	}
	return time.Time{}, false
}
