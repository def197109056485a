package bot

import (
	"fmt"
	"time"

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
			s.button("log", "log "+pair.ID),
			s.button("another-day", "meeting "+meeting.ID+" move"),
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
	ask := s.text("confirm.ask", locale.Args{"Number": standing.Held, "Minimum": standing.Minimum})
	var reached chat.Text
	if standing.Held == standing.Minimum {
		reached = s.text("pace.reached", locale.Args{"Minimum": standing.Minimum})
	}
	return chat.Message{
		Text: chat.Join(facts, reached, ask),
		Buttons: []chat.Button{
			s.button("right", "meeting "+meeting.ID+" right"),
			s.button("off", "meeting "+meeting.ID+" off"),
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

// confirmLife is how long a partner is asked whether a logged meeting is right.
const confirmLife = 7 * 24 * time.Hour

// LogMeeting logs, for one of a pair, a meeting that was held on a day, and has the
// partner asked whether that is right. Refusals are the store's.
func LogMeeting(tx *store.Tx, pairID string, day store.Date, length time.Duration, by string) (store.Meeting, error) {
	meeting, err := tx.Log(pairID, day, length, by)
	if err != nil {
		return meeting, err
	}
	pair, err := tx.Pair(pairID)
	if err != nil {
		return meeting, err
	}
	mentor, err := tx.Person(pair.MentorID)
	if err != nil {
		return meeting, err
	}
	mentee, err := tx.Person(pair.MenteeID)
	if err != nil {
		return meeting, err
	}
	partner := mentor
	if by == mentor.ID {
		partner = mentee
	}
	subject := store.MeetingSlug(store.PairSlug(mentor.Slug, mentee.Slug), meeting.Number)
	_, err = tx.Enqueue([]store.Message{{
		CycleID: meeting.CycleID, Kind: store.KindConfirm, Subject: subject, Occurrence: "1",
		Key:      scheduler.Key(store.KindConfirm, subject, "1", "", partner.Slug),
		PersonID: partner.ID, Due: tx.Now(), Until: tx.Now().Add(confirmLife),
	}})
	return meeting, err
}
