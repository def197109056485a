package bot

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// announcement words an announcement, or what follows it, to one of its audience. Its
// text is to be there.
func (s *speech) announcement(m *store.Message) chat.Message {
	a := s.c.Announcement(m.Subject)
	if a == nil {
		s.err = fmt.Errorf("there is no announcement %s", m.Subject)
		return chat.Message{}
	}
	return s.carry(&posting{Announcement: *a}, m, false)
}

// carry words what reaches somebody of an announcement, by the offset of the message. An
// edit may be sent anew, where what it corrects can't be changed.
func (s *speech) carry(p *posting, m *store.Message, anew bool) chat.Message {
	if p.State == store.AnnouncementWithdrawn || m.Offset == scheduler.Undone {
		return s.wasWithdrawn(p, anew)
	}
	heading := s.heading(&p.Announcement)
	author := locale.Args{"Author": s.name(p.AuthorID)}
	switch {
	case m.Offset == scheduler.Again:
		heading = chat.Join(s.text("announcement.again", author), heading)
	case scheduler.IsEdit(m.Offset) && anew && s.group != nil:
		heading = chat.Join(s.text("group.anew", author), heading)
	case scheduler.IsEdit(m.Offset) && anew:
		heading = chat.Join(s.text("announcement.anew", author), heading)
	case scheduler.IsEdit(m.Offset):
		heading += " " + s.text("announcement.corrected", nil)
	}
	text := chat.Join(heading, s.quoted(p.Text))
	if s.group != nil {
		return chat.Message{Text: text, Files: p.files}
	}
	if p.wasRead(s.to.ID) {
		return chat.Message{
			Text:    chat.Join(text, s.text("announcement.thanks", author)),
			Buttons: []chat.Button{s.lead("whats-next", "next")}, Files: p.files,
		}
	}
	return chat.Message{Text: text, Buttons: []chat.Button{s.button("post-read", "read "+p.ID)}, Files: p.files}
}

// wasWithdrawn words what stands in the place of an announcement that was withdrawn.
func (s *speech) wasWithdrawn(p *posting, anew bool) chat.Message {
	args := locale.Args{"Author": s.name(p.AuthorID), "Day": s.until(store.DateOf(p.Due.In(s.zone)))}
	text := s.text("announcement.withdrawn", args)
	if anew {
		text = s.text("announcement.withdrawn-anew", args)
	}
	if s.group != nil {
		return chat.Message{Text: text}
	}
	return chat.Message{Text: text, Buttons: []chat.Button{s.lead("whats-next", "next")}}
}

// heading says who writes to whom.
func (s *speech) heading(a *store.Announcement) chat.Text {
	args := locale.Args{"Author": s.name(a.AuthorID), "Title": s.c.Cycle.Title}
	switch a.Audience {
	case store.AudienceEveryone:
		return s.text("announcement.everyone", args)
	case store.AudienceMentors:
		return s.text("announcement.mentors", args)
	case store.AudienceMentees:
		return s.text("announcement.mentees", args)
	}
	if id, ok := strings.CutPrefix(a.Audience, store.AudiencePair); ok {
		pair := s.pairByID(id)
		args["Mentor"], args["Mentee"] = s.name(pair.MentorID), s.name(pair.MenteeID)
		return s.text("announcement.pair", args)
	}
	return s.text("announcement.person", args)
}

// pairByID returns a pair of the cycle, or one of nobody.
func (s *speech) pairByID(id string) *store.Pair {
	for i := range s.c.Pairs {
		if s.c.Pairs[i].ID == id {
			return &s.c.Pairs[i]
		}
	}
	return &store.Pair{}
}

// quoted shows a text of any length that a coordinator has written.
func (s *speech) quoted(text string) chat.Text {
	shown := written(text)
	s.written += chat.UTF16Len(string(shown))
	return shown
}

// audience says whom an announcement is for, to coordinators.
func (s *speech) audience(a *store.Announcement) chat.Text {
	switch a.Audience {
	case store.AudienceEveryone:
		return s.text("announce.everyone", nil)
	case store.AudienceMentors:
		return s.text("announce.mentors", nil)
	case store.AudienceMentees:
		return s.text("announce.mentees", nil)
	}
	if id, ok := strings.CutPrefix(a.Audience, store.AudiencePair); ok {
		return s.both(s.pairByID(id))
	}
	return s.typed(s.name(strings.TrimPrefix(a.Audience, store.AudiencePerson)))
}

// excerpt is the beginning of a text, without markup, for where it is one of several.
func (s *speech) excerpt(text string) string {
	var words []string
	for _, line := range written(text).Lines() {
		for _, span := range line.Spans {
			words = append(words, span.Text)
		}
		words = append(words, " ")
	}
	return shorten(strings.Join(strings.Fields(strings.Join(words, "")), " "), min(s.size.name, excerptRunes))
}

const excerptRunes = 60

// fares says how an announcement that was sent fares.
func (s *speech) fares(p *posting) chat.Message {
	about := s.text("announce.about", locale.Args{
		"Audience": s.audience(&p.Announcement), "Excerpt": s.excerpt(p.Text), "When": s.moment(p.Due),
	})
	refresh := s.button("post-refresh", "announcement "+p.ID)
	if p.State == store.AnnouncementWithdrawn {
		gone := s.text("announce.discarded", nil)
		if n := s.changed(p, scheduler.Undone); n["All"] != 0 {
			gone = s.text("announce.gone-from", n)
		}
		return chat.Message{Text: chat.Join(about, gone), Buttons: []chat.Button{refresh, s.lead("announce", "announce")}}
	}
	fates := p.fates()
	parts := []chat.Text{about, s.delivered(p, fates), chat.Stack(s.onItsWay(fates), s.afterQuiet(fates, s.now))}
	if edit := scheduler.EditOf(p.Revision); len(p.with(edit)) > 0 {
		parts = append(parts, s.text("announce.corrected-in", s.changed(p, edit)))
	}
	buttons := []chat.Button{refresh}
	if len(p.unread()) > 0 {
		buttons = append(buttons, s.lead("post-unread", "unread "+p.ID))
	}
	return chat.Message{Text: chat.Join(parts...), Buttons: append(buttons,
		s.lead("post-correct", "correct "+p.ID), s.lead("post-withdraw", "withdraw "+p.ID))}
}

// delivered says who has an announcement, who has read it, and who can't get it.
func (s *speech) delivered(p *posting, fates map[string]*fate) chat.Text {
	got, lost := 0, []string(nil)
	for id, f := range fates {
		if f.got {
			got++
		} else if f.lost {
			lost = append(lost, id)
		}
	}
	text := s.text("announce.delivered", locale.Args{"Got": got, "All": len(fates), "Read": s.readBy(p)})
	if len(lost) > 0 {
		text = chat.Join(text, s.text("announce.unreachable", locale.Args{"Names": s.names(lost)}))
	}
	return chat.Join(text, s.posted(p))
}

// posted says in which groups an announcement was posted, and in which it couldn't be.
func (s *speech) posted(p *posting) chat.Text {
	var got, lost []string
	for id, f := range p.posted() {
		if f.got {
			got = append(got, id)
		} else if f.lost {
			lost = append(lost, id)
		}
	}
	return chat.Stack(s.inGroups("announce.was-posted", got), s.inGroups("announce.not-posted", lost))
}

// readBy counts the readers who have it.
func (s *speech) readBy(p *posting) (n int) {
	for id, f := range p.fates() {
		if f.got && p.wasRead(id) {
			n++
		}
	}
	return n
}

// changed counts the chats in which an edit stands, and those in which it is to.
func (s *speech) changed(p *posting, edit string) locale.Args {
	done, all := 0, 0
	for _, m := range p.with(edit) {
		if m.State != store.Withdrawn {
			all++
		}
		if m.State == store.Sent {
			done++
		}
	}
	return locale.Args{"Done": done, "All": all}
}

// onItsWay says to how many it is on its way.
func (s *speech) onItsWay(fates map[string]*fate) chat.Text {
	n := 0
	for _, f := range fates {
		if !f.got && !f.lost && !f.waits(s.now) {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return s.text("announce.coming", locale.Args{"Count": n})
}

// waits reports whether somebody gets it only when their quiet hours end, which is due at
// an instant or was.
func (f *fate) waits(at time.Time) bool { return !f.got && !f.lost && !f.put && f.due.After(at) }

// afterQuiet says how many get what is due at an instant only when their quiet hours end.
func (s *speech) afterQuiet(fates map[string]*fate, at time.Time) chat.Text {
	clocks := map[string]int{}
	for id, f := range fates {
		if to := s.c.People[id]; to != nil && f.waits(at) {
			clocks[s.language.Clock(f.due.In(s.c.ZoneOf(to)))]++
		}
	}
	var lines []chat.Text
	for _, clock := range slices.Sorted(maps.Keys(clocks)) {
		lines = append(lines, s.text("announce.quiet", locale.Args{"Count": clocks[clock], "Clock": chat.Text(clock)}))
	}
	return chat.Stack(s.cut(lines)...)
}

// names lists people by name, in one line.
func (s *speech) names(ids []string) chat.Text {
	var names []string
	for _, id := range ids {
		names = append(names, s.name(id))
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(locale.Fold(a), locale.Fold(b)) })
	more := len(names) - namesAtOnce*s.size.list
	if more > 0 {
		names = names[:len(names)-more]
	}
	var line strings.Builder
	for i, name := range names {
		if i > 0 {
			line.WriteString(", ")
		}
		line.WriteString(string(s.typed(name)))
	}
	if more > 0 {
		line.WriteString(" " + string(s.text("list.more", locale.Args{"More": more})))
	}
	return chat.Text(line.String())
}

// namesAtOnce is how many names stand where a list has one line.
const namesAtOnce = 3

// quietly words, for who is about to send it, who will get it and when.
func (s *speech) quietly(p *posting, at time.Time) (fates map[string]*fate) {
	p.State, p.Due = store.AnnouncementScheduled, at
	c := *s.c
	c.Announcements = []store.Announcement{p.Announcement}
	fates = map[string]*fate{}
	for _, m := range scheduler.Plan(&c, s.now, at).Messages {
		if m.Kind == store.KindAnnouncement && m.State == store.Planned && m.PersonID != "" {
			fates[m.PersonID] = &fate{due: m.Due}
		}
	}
	return fates
}
