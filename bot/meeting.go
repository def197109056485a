package bot

import (
	"fmt"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// meeting reminds one of a pair of a meeting that they have agreed on.
func (s *speech) meeting(m *store.Message) chat.Message {
	pair, meeting := s.meetingOf(m)
	if meeting == nil {
		return chat.Message{}
	}
	facts := chat.Stack(
		s.text("meeting.title", locale.Args{"Partner": s.partner(pair)}),
		s.text("when-length", locale.Args{"When": s.moment(meeting.At), "Length": s.length(meeting.Length)}),
	)
	return chat.Message{
		Text: chat.Join(facts, s.text("meeting.then", nil)),
		Buttons: []chat.Button{
			s.lead("log", "log "+pair.ID),
			s.lead("another-day", "move "+meeting.ID),
		},
	}
}

// confirm asks the partner whether a logged meeting is right.
func (s *speech) confirm(m *store.Message) chat.Message {
	pair, meeting := s.meetingOf(m)
	if meeting == nil {
		return chat.Message{}
	}
	standing := scheduler.Pace(s.c, pair, s.now)
	facts := chat.Stack(
		s.text("confirm.told", locale.Args{"Partner": s.partner(pair)}),
		s.text("when-length", locale.Args{"When": s.day(meeting.Day), "Length": s.length(meeting.Length)}),
	)
	ask := s.text(beyond(standing, "confirm.ask", "confirm.ask-extra"), locale.Args{"Number": standing.Held, "Minimum": standing.Minimum})
	var reached chat.Text
	if standing.Held == standing.Minimum {
		reached = s.text("pace.reached", locale.Args{"Minimum": standing.Minimum})
	}
	return chat.Message{
		Text: chat.Join(facts, reached, ask),
		Buttons: []chat.Button{
			s.button("right", "right "+meeting.ID),
			s.button("off", "off "+meeting.ID),
		},
	}
}

func (s *speech) meetingOf(m *store.Message) (*store.Pair, *store.Meeting) {
	pair, meeting := s.c.Meeting(m.Subject)
	if meeting == nil {
		s.err = fmt.Errorf("there is no meeting %s", m.Subject)
	}
	return pair, meeting
}

// move puts an agreed meeting on another day; the partner is told.
func (t *turn) move() error {
	m, ok, err := t.openMeeting()
	if err != nil || !ok {
		return err
	}
	at := t.dayOf("day").At(t.clockOf("time"))
	if !at.ExistsIn(t.zone) {
		return store.ErrNoSuchTime
	}
	if err := t.act(); err != nil {
		return err
	}
	if err := t.tx.Move(m.ID, at.In(t.zone)); err != nil {
		return err
	}
	t.say("meeting.moved", locale.Args{"When": t.moment(at.In(t.zone)), "Who": t.pairName(t.pair)}, t.lead("whats-next", "next"))
	m.At = at.In(t.zone)
	return t.noteTo(&m, store.NewID(), noteMoved, t.others()...)
}
