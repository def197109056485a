package rehearsal

import (
	"context"
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// An act is what a person of the play does at an instant.
type act struct {
	at time.Time
	do func(*store.Tx) error
}

// act does everything whose time has come, in one transaction.
func (p *play) act(ctx context.Context) error {
	n := 0
	for n < len(p.acts) && !p.acts[n].at.After(p.clock.now) {
		n++
	}
	if n == 0 {
		return nil
	}
	due := p.acts[:n]
	p.acts = p.acts[n:]
	return p.store.Update(ctx, func(tx *store.Tx) error {
		for _, a := range due {
			if err := a.do(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// answer returns the yes to a message that asks, if it is the first to ask.
func answer(c *store.Snapshot, m *store.Message, now time.Time) []act {
	yes := func(do func(*store.Tx) error) []act { return []act{{now, do}} }
	switch m.Kind {
	case store.KindSession:
		id := c.Session(m.Subject).ID
		if _, answered := c.Answer(id, m.PersonID); !answered {
			return yes(func(tx *store.Tx) error { return tx.AnswerSession(id, m.PersonID, true, m.PersonID) })
		}
	case store.KindEvent:
		id := c.Event(m.Subject).ID
		if _, answered := c.Answer(id, m.PersonID); !answered {
			return yes(func(tx *store.Tx) error { return tx.AnswerEvent(id, m.PersonID, true, "", m.PersonID) })
		}
	case store.KindConfirm:
		_, meeting := c.Meeting(m.Subject)
		return yes(func(tx *store.Tx) error { return tx.Confirm(meeting.ID, m.PersonID) })
	default: // asks nothing that they don't do of themselves
	}
	return nil
}

// meetingClock is when the pairs of a rehearsal meet, in the cycle's zone.
const meetingClock store.Clock = 18 * 60

// meetings returns the acts of pairs that keep pace.
func meetings(c *store.Snapshot) (acts []act) {
	loc := c.Cycle.Location()
	for i := range c.Pairs {
		pair := &c.Pairs[i]
		free := c.Cycle.Starts // the first day without a meeting
		for k := 1; k <= c.Cycle.Minimum; k++ {
			day := max(free, scheduler.PartEnd(&c.Cycle, k)-1)
			free = day + 1
			agreed := (day - 7).At(meetingClock).In(loc)
			if begin := c.Cycle.Starts.Midnight(loc); agreed.Before(begin) {
				agreed = begin
			}
			held := day.At(meetingClock).In(loc)
			acts = append(acts, agree(c, pair, agreed, held), meet(c, pair, day, held))
		}
	}
	slices.SortStableFunc(acts, func(a, b act) int { return a.at.Compare(b.at) })
	return acts
}

func agree(c *store.Snapshot, pair *store.Pair, at, held time.Time) act {
	return act{at, func(tx *store.Tx) error {
		_, err := tx.Agree(pair.ID, held, c.Cycle.MeetingLength, pair.MenteeID)
		return err
	}}
}

func meet(c *store.Snapshot, pair *store.Pair, day store.Date, held time.Time) act {
	return act{held, func(tx *store.Tx) error {
		_, err := bot.LogMeeting(tx, pair.ID, day, c.Cycle.MeetingLength, pair.MenteeID)
		return err
	}}
}
