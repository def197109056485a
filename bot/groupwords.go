package bot

import (
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// newPost returns words to a group: in the cycle's language, by its clock, and for all who
// read it.
func newPost(c *store.Snapshot, g *store.Group, now time.Time, size size) *speech {
	s := newSpeech(c, &store.Person{}, now, size)
	s.group = g
	return s
}

// ownChat is a button below what is said in a group: it opens the reader's own chat.
func (s *speech) ownChat() chat.Button {
	return chat.Button{Label: s.text("button.own-chat", nil).Plain(), Private: true}
}

// sessionPost words what is posted of a session in a group.
func (s *speech) sessionPost(x *store.Session, offset string) chat.Message {
	when := s.text("when-length", locale.Args{"When": s.moment(s.sessionStart(x)), "Length": s.length(x.Length)})
	switch {
	case offset == scheduler.Cancelled:
		when = s.text("when", locale.Args{"When": s.moment(s.sessionStart(x))})
		return chat.Message{Text: chat.Join(chat.Stack(s.title("session.cancelled-title", x.Title), when), s.text("group.cancelled", nil))}
	case offset == scheduler.Moved:
		return s.asking(chat.Stack(s.title("session.moved-title", x.Title), when), "group.moved")
	case s.isLast(offset):
		return s.asking(chat.Stack(s.title("title", x.Title), when, s.where(x.Where)), "session.soon")
	}
	return s.asking(chat.Stack(s.title("title", x.Title), when), "group.answer")
}

// eventPost words what is posted of an event in a group.
func (s *speech) eventPost(e *store.Event, offset string) chat.Message {
	switch offset {
	case scheduler.Cancelled:
		when := s.text("when", locale.Args{"When": chat.Text(s.language.Days(noon(e.From), noon(e.To)))})
		return chat.Message{Text: chat.Join(chat.Stack(s.title("event.cancelled-title", e.Title), when), s.text("group.cancelled", nil))}
	case scheduler.Moved:
		return s.asking(s.facts(e, "event.moved-title"), "group.moved")
	}
	return s.asking(s.facts(e, "title"), "group.answer")
}

// asking puts below facts what everyone can do about them, each in their own chat.
func (s *speech) asking(facts chat.Text, next string) chat.Message {
	return chat.Message{Text: chat.Join(facts, s.text(next, nil)), Buttons: []chat.Button{s.ownChat()}}
}

// groupName is what a group is called, as a value.
func (s *speech) groupName(g *store.Group) string {
	if g.Title == "" {
		return s.text("group.untitled", nil).Plain()
	}
	return lineOf(g.Title)
}

// groupNames lists groups in one line, by their ids.
func (s *speech) groupNames(ids []string) chat.Text {
	var names []string
	for i := range s.c.Groups {
		for _, id := range ids {
			if g := &s.c.Groups[i]; g.ID == id {
				names = append(names, string(s.typed(s.groupName(g))))
			}
		}
	}
	return chat.Text(strings.Join(names, ", "))
}

// inGroups says of groups that something holds for them; "" of none.
func (s *speech) inGroups(id string, groups []string) chat.Text {
	if len(groups) == 0 {
		return ""
	}
	return s.text(id, locale.Args{"Groups": s.groupNames(groups)})
}

// postedTo are the groups in which an announcement is going to be posted.
func (s *speech) postedTo(a *store.Announcement) (ids []string) {
	for _, g := range s.c.Groups {
		if g.Reachable && g.Announcements && a.Audience == store.AudienceEveryone {
			ids = append(ids, g.ID)
		}
	}
	return ids
}
