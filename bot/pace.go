package bot

import (
	"fmt"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// pace words a reminder to one of a pair that is behind its pace.
func (s *speech) pace(m *store.Message) chat.Message {
	pair := s.pairOf(m)
	if pair == nil {
		return chat.Message{}
	}
	standing := scheduler.Pace(s.c, pair, s.now)
	partner := s.partner(pair)
	left := locale.Args{
		"Count": standing.Left(), "Partner": partner, "By": s.until(s.c.Cycle.By), "Ends": s.until(s.c.Cycle.Ends),
	}
	var text chat.Text
	switch {
	case s.today() > s.c.Cycle.By:
		text = s.text("pace.after", left)
	case scheduler.IsLastCall(m.Offset):
		left["Days"] = s.daysLeft()
		text = chat.Join(s.text("pace.last", left), s.text("pace.last-next", nil))
	default:
		held := locale.Args{
			"Partner": partner, "Held": standing.Held, "Count": standing.Minimum, "Expected": standing.Ended,
		}
		if s.reminded(m, standing) {
			text = chat.Join(s.text("pace.second", held), s.text("pace.left", left), s.text("pace.help", nil))
		} else {
			text = chat.Join(s.text("pace.first", held), s.text("pace.left", left))
		}
	}
	return chat.Message{Text: text, Buttons: []chat.Button{
		s.lead("log", "log "+pair.ID),
		s.lead("progress", "progress "+pair.ID),
	}}
}

// daysLeft says how many days there are until the last one for meetings; "" on that day.
func (s *speech) daysLeft() chat.Text {
	days := int(s.c.Cycle.By - s.today())
	if days == 0 {
		return ""
	}
	return s.text("pace.last-days", locale.Args{"Count": days})
}

// reminded reports whether the reader was reminded before, since the pair last
// made progress.
func (s *speech) reminded(m *store.Message, standing scheduler.Standing) bool {
	for _, t := range s.c.Told {
		if t.Kind == store.KindPace && t.Subject == m.Subject && t.PersonID == m.PersonID && t.State == store.Sent &&
			!scheduler.IsLastCall(t.Offset) && !t.At.Before(standing.Progress) {
			return true
		}
	}
	return false
}

// trouble tells a coordinator of a pair that reminders haven't helped.
func (s *speech) trouble(m *store.Message) chat.Message {
	pair := s.pairOf(m)
	if pair == nil {
		return chat.Message{}
	}
	standing := scheduler.Pace(s.c, pair, s.now)
	text := s.text("trouble.told", locale.Args{
		"Mentor": s.name(pair.MentorID), "Mentee": s.name(pair.MenteeID),
		"Held": standing.Held, "Minimum": standing.Minimum, "Expected": standing.Ended,
	})
	var next chat.Text
	if s.today() <= s.c.Cycle.By {
		next = s.text("trouble.next", locale.Args{"By": s.until(s.c.Cycle.By)})
	}
	return chat.Message{
		Text:    chat.Join(text, next),
		Buttons: []chat.Button{s.lead("pair", "progress "+pair.ID)},
	}
}

func (s *speech) pairOf(m *store.Message) *store.Pair {
	pair := s.c.Pair(m.Subject)
	if pair == nil {
		s.err = fmt.Errorf("there is no pair %s", m.Subject)
	}
	return pair
}
