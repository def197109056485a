package bot

import (
	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// What a note about a meeting tells.
const (
	noteTakenBack       = "taken-back"         // who had logged it takes it back
	noteTakenBackForYou = "taken-back-for-you" // a coordinator who had logged it does
	noteSettled         = "settled"            // the partner says it was right after all
	noteDisputed        = "disputed"           // the partner says that something is off
	noteMoved           = "moved"              // it was put on another day
	noteKept            = "kept"               // a coordinator says that it counts
	noteDropped         = "dropped"            // a coordinator says that it doesn't
	noteUnsettled       = "unsettled"          // a coordinator takes such a word back
)

// note tells one of a pair what became of a meeting.
func (s *speech) note(m *store.Message) chat.Message {
	if m.Offset == noteNudge {
		return s.nudged()
	}
	pair, meeting := s.meetingOf(m)
	if meeting == nil {
		return chat.Message{}
	}
	args := locale.Args{"Partner": s.partner(pair), "Day": s.day(meeting.Day)}
	switch m.Offset {
	case noteSettled:
		return chat.Message{Text: s.text("note.settled", args), Buttons: []chat.Button{s.lead("progress", "progress "+pair.ID)}}
	case noteDisputed:
		if meeting.LoggedBy != s.to.ID {
			return chat.Message{
				Text: s.text("note.disputed-for-you", args), Buttons: []chat.Button{s.lead("progress", "progress "+pair.ID)},
			}
		}
		return chat.Message{
			Text:    s.text("note.disputed", args),
			Buttons: []chat.Button{s.button("take-back", "back "+meeting.ID), s.lead("progress", "progress "+pair.ID)},
		}
	case noteKept:
		return chat.Message{Text: s.text("note.kept", args), Buttons: []chat.Button{s.lead("progress", "progress "+pair.ID)}}
	case noteDropped:
		return chat.Message{Text: s.text("note.dropped", args), Buttons: []chat.Button{s.lead("log", "log "+pair.ID)}}
	case noteUnsettled:
		return chat.Message{Text: s.text("note.unsettled", args), Buttons: []chat.Button{s.lead("progress", "progress "+pair.ID)}}
	case noteMoved:
		args["When"] = s.moment(meeting.At)
		return chat.Message{
			Text: s.text("note.moved", args), Buttons: []chat.Button{s.lead("another-day", "move "+meeting.ID)},
		}
	case noteTakenBackForYou:
		return chat.Message{Text: s.text("note.taken-back-for-you", args), Buttons: []chat.Button{s.lead("log", "log "+pair.ID)}}
	default:
		return chat.Message{Text: s.text("note.taken-back", args), Buttons: []chat.Button{s.lead("log", "log "+pair.ID)}}
	}
}

// noteTo tells people of the pair what became of a meeting on an occasion.
func (t *turn) noteTo(m *store.Meeting, occasion, what string, ids ...string) error {
	var people []*store.Person
	for _, id := range ids {
		if p := t.c.People[id]; p != nil {
			people = append(people, p)
		}
	}
	kind := store.KindNote
	if what == noteDisputed {
		kind = store.KindDispute
	}
	subject := store.MeetingSlug(t.c.PairSlug(t.pair), m.Number)
	n := news{kind: kind, subject: subject, occasion: occasion, what: what}
	if what == noteMoved {
		n.until = m.At
	}
	return post(t.tx, m.CycleID, n, people...)
}
