package bot

import (
	"fmt"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// session words a reminder of a group session: it asks, or, to who comes, says
// where; or the word that it was cancelled.
func (s *speech) session(m *store.Message) chat.Message {
	session := s.sessionOf(m)
	if session == nil {
		return chat.Message{}
	}
	if s.group != nil {
		return s.sessionPost(session, m.Offset)
	}
	if m.Offset == scheduler.Cancelled {
		return s.sessionCancelled(session)
	}
	title, question := "title", "session.again"
	switch {
	case m.Offset == scheduler.Moved:
		title, question = "session.moved-title", "session.moved"
	case !s.told(m):
		question = "session.ask"
	}
	coming := s.comes(session.ID)
	last := s.isLast(m.Offset)
	facts := chat.Stack(s.title(title, session.Title), s.text("when-length", locale.Args{
		"When": s.moment(s.sessionStart(session)), "Length": s.length(session.Length),
	}))
	if coming || last {
		facts = chat.Stack(facts, s.where(session.Where))
	}
	if coming {
		return chat.Message{
			Text:    chat.Join(facts, s.text("session.soon", nil)),
			Buttons: []chat.Button{s.button("cant-after-all", "session "+session.ID+" no")},
		}
	}
	ask := s.text(question, nil)
	if !last {
		ask += " " + s.text("session.ask-next", nil)
	}
	return chat.Message{Text: chat.Join(facts, ask), Buttons: s.answers("session", session.ID)}
}

// sessionCancelled tells who may count on a session that it is cancelled.
func (s *speech) sessionCancelled(x *store.Session) chat.Message {
	when := s.text("when", locale.Args{"When": s.moment(s.sessionStart(x))})
	return chat.Message{
		Text:    chat.Join(chat.Stack(s.title("session.cancelled-title", x.Title), when), s.text("session.cancelled", nil)),
		Buttons: []chat.Button{s.lead("whats-next", "next")},
	}
}

func (s *speech) sessionOf(m *store.Message) *store.Session {
	session := s.c.Session(m.Subject)
	if session == nil {
		s.err = fmt.Errorf("there is no session %s", m.Subject)
	}
	return session
}

func (s *speech) sessionStart(session *store.Session) time.Time {
	return session.At.In(s.c.Cycle.Location())
}

// isLast reports whether an offset is the last one before a session.
func (s *speech) isLast(offset string) bool {
	offsets := s.c.Cycle.Rules.Session
	return len(offsets) > 0 && offsets[len(offsets)-1].String() == offset
}

// attendance asks a coordinator who was at a session.
func (s *speech) attendance(m *store.Message) chat.Message {
	session := s.sessionOf(m)
	if session == nil {
		return chat.Message{}
	}
	return chat.Message{
		Text:    s.text("attendance.ask", locale.Args{"Title": session.Title}),
		Buttons: []chat.Button{s.lead("attendance", "attendance "+session.ID)},
	}
}
