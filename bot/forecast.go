package bot

import (
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// forecast are the messages that the person is to get of the cycle spoken of until its
// end, in order of time, if nobody does anything before: what the plan says.
func (t *turn) forecast() (ahead []store.Message, err error) {
	known, err := t.tx.Messages(store.MessageFilter{CycleID: t.c.Cycle.ID, PersonID: t.me()})
	if err != nil {
		return nil, err
	}
	settled := map[string]bool{}
	for i := range known {
		settled[known[i].Key] = known[i].State != store.Planned
	}
	end := (t.c.Cycle.Ends + 1).Midnight(t.c.Cycle.Location())
	for _, m := range scheduler.Ahead(t.mine(), t.now, end) {
		if m.PersonID == t.me() && !settled[m.Key] {
			ahead = append(ahead, m)
		}
	}
	return ahead, nil
}

// mine is what of the cycle spoken of decides which messages the person gets: to a
// mentee or a mentor, nothing of what concerns only others.
func (t *turn) mine() *store.Snapshot {
	if t.coordinates(t.c.Cycle.ID) {
		return t.c
	}
	c := *t.c
	c.Members = slices.DeleteFunc(slices.Clone(c.Members), func(m store.Member) bool { return m.PersonID != t.me() })
	c.Pairs = slices.DeleteFunc(slices.Clone(c.Pairs), func(p store.Pair) bool {
		_, mine := p.Partner(t.me())
		return !mine
	})
	return &c
}

// nextAbout is when the person next hears of a gathering; zero: not any more.
func (t *turn) nextAbout(g *gathering) (time.Time, error) {
	ahead, err := t.forecast()
	for _, m := range ahead {
		if m.Kind == g.kind && m.Subject == g.slug {
			return m.Due, err
		}
	}
	return time.Time{}, err
}

// foretell says in a line when a message comes, and what it is about.
func (t *turn) foretell(m *store.Message) chat.Text {
	return t.text("forecast.line", locale.Args{"When": t.moment(m.Due), "What": t.subject(m)})
}

// subject says what a message will be about.
func (t *turn) subject(m *store.Message) chat.Text {
	switch m.Kind {
	case store.KindSession:
		if x := t.c.Session(m.Subject); x != nil {
			return t.text("forecast.gathering", locale.Args{"Title": x.Title})
		}
	case store.KindEvent:
		x := t.c.Event(m.Subject)
		if x == nil {
			break
		}
		if day, ok := scheduler.MorningDay(m.Offset); ok {
			return t.text("forecast.morning", locale.Args{"Title": x.Title, "Number": int(day-x.From) + 1})
		}
		return t.text("forecast.gathering", locale.Args{"Title": x.Title})
	case store.KindMeeting:
		if pair, meeting := t.c.Meeting(m.Subject); meeting != nil {
			return t.text("forecast.meeting", locale.Args{"Partner": t.partner(pair)})
		}
	case store.KindPace:
		pair := t.c.Pair(m.Subject)
		switch {
		case pair == nil:
		case scheduler.IsLastCall(m.Offset):
			return t.text("forecast.last-call", locale.Args{"Partner": t.partner(pair)})
		default:
			return t.text("forecast.pace", locale.Args{"Partner": t.partner(pair)})
		}
	case store.KindTrouble:
		if pair := t.c.Pair(m.Subject); pair != nil {
			return t.text("forecast.trouble", locale.Args{"Pair": t.pairName(pair)})
		}
	case store.KindAttendance:
		if x := t.c.Session(m.Subject); x != nil {
			return t.text("forecast.attendance", locale.Args{"Title": x.Title})
		}
	case store.KindDigest:
		return t.text("forecast.digest", nil)
	default:
	}
	return t.text("forecast.something", nil)
}
