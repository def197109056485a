package bot

import (
	"fmt"
	"slices"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// What news of a pair, or of a member, tells when somebody leaves by their own will.
const (
	pairLeft   = "left"  // the other one has left, and the pair has ended with it
	pairAgain  = "again" // they are back
	memberLeft = "left"
	memberBack = "back"
	// The same, of who had planned an announcement; or they were taken out.
	memberLeftPlans = "left-plans"
	memberEnded     = "ended"
)

// partnerNews tells one of a pair that it has ended because the other one has left, or
// that they are back.
func (s *speech) partnerNews(m *store.Message) chat.Message {
	pair := s.pairOf(m)
	if pair == nil {
		return chat.Message{}
	}
	args := locale.Args{"Partner": s.partner(pair), "Title": s.c.Cycle.Title}
	if m.Offset == pairAgain {
		return chat.Message{
			Text:    s.text("left.again", args),
			Buttons: []chat.Button{s.lead("log", "log "+pair.ID), s.lead("progress", "progress "+pair.ID)},
		}
	}
	return chat.Message{Text: s.text("left.partner", args), Buttons: []chat.Button{s.lead("whats-next", "next")}}
}

// left tells a coordinator that somebody has left, and which pairs have ended with it;
// or that they are back.
func (s *speech) left(m *store.Message) chat.Message {
	person := s.personOf(m)
	if person == nil {
		return chat.Message{}
	}
	args := locale.Args{"Name": s.name(person.ID), "Title": s.c.Cycle.Title}
	buttons := []chat.Button{s.lead("people", "people"), s.lead("overview", "overview")}
	if m.Offset == memberBack {
		return chat.Message{Text: s.text("left.back", args), Buttons: buttons}
	}
	text := s.text("left.told", args)
	switch {
	case person.Erased(): // and what they had planned is deleted
		text = s.text("left.erased", args)
	case m.Offset == memberEnded || m.Offset == memberLeftPlans:
		if m.Offset == memberEnded {
			text = s.text("left.ended", args)
		}
		text = chat.Join(text, s.text("left.posts", args))
		buttons = append(buttons, s.lead("posts", "posts "+s.c.Cycle.ID))
	}
	if ended := s.endedWith(person.ID); len(ended) > 0 {
		text = chat.Join(text, chat.Stack(s.text("left.pairs", locale.Args{"Count": len(ended)}), s.list(ended)))
	}
	return chat.Message{Text: text, Buttons: buttons}
}

// personOf finds whom a message is about.
func (s *speech) personOf(m *store.Message) *store.Person {
	for _, p := range s.c.People {
		if p.Slug == m.Subject {
			return p
		}
	}
	s.err = fmt.Errorf("there is no member %s", m.Subject)
	return nil
}

// endedWith are the pairs that ended when somebody left.
func (s *speech) endedWith(personID string) (items []chat.Text) {
	member := s.c.Member(personID)
	if member == nil {
		return nil
	}
	for i := range s.c.Pairs {
		pair := &s.c.Pairs[i]
		if _, theirs := pair.Partner(personID); theirs && !pair.EndedAt.IsZero() && pair.EndedAt.Equal(member.LeftAt) {
			items = append(items, s.both(pair))
		}
	}
	slices.Sort(items)
	return items
}
