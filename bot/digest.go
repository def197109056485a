package bot

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// overviewSpan is how far an overview looks ahead.
const overviewSpan = 14 * 24 * time.Hour

// digest is the coordinators' weekly overview: who needs help, what people have
// answered, who isn't there yet, and what is coming.
func (s *speech) digest(*store.Message) chat.Message {
	text := chat.Join(
		s.text("digest.title", locale.Args{"Title": s.c.Cycle.Title, "Day": s.day(store.DateOf(s.now.In(s.zone)))}),
		s.troubled(), s.notJoined(), s.undelivered(), s.coming(),
	)
	return chat.Message{Text: text, Buttons: []chat.Button{s.lead("overview", "overview")}}
}

// troubled lists the pairs that are behind, those farthest behind first.
func (s *speech) troubled() chat.Text {
	type standing struct {
		pair *store.Pair
		scheduler.Standing
	}
	var behind []standing
	going := 0
	for i := range s.c.Pairs {
		pair := &s.c.Pairs[i]
		if !pair.EndedAt.IsZero() {
			continue
		}
		going++
		if st := scheduler.Pace(s.c, pair, s.now); st.Behind {
			behind = append(behind, standing{pair, st})
		}
	}
	switch {
	case going == 0:
		return s.text("digest.no-pairs", nil)
	case len(behind) == 0:
		return s.text("digest.all-well", locale.Args{"Count": going})
	}
	slices.SortStableFunc(behind, func(a, b standing) int {
		return cmp.Or(a.Held+a.Agreed-a.Ended-(b.Held+b.Agreed-b.Ended), a.Since.Compare(b.Since),
			strings.Compare(s.name(a.pair.MentorID), s.name(b.pair.MentorID)))
	})
	var items []chat.Text
	for _, st := range behind {
		items = append(items, s.behind(st.pair, st.Standing))
	}
	return chat.Stack(s.text("digest.trouble", locale.Args{"Count": len(behind)}), s.list(items))
}

func (s *speech) behind(pair *store.Pair, st scheduler.Standing) chat.Text {
	args := locale.Args{
		"Mentor": s.name(pair.MentorID), "Mentee": s.name(pair.MenteeID),
		"Held": st.Held, "Minimum": st.Minimum, "Expected": st.Ended,
	}
	var met store.Date
	for i := range s.c.Meetings {
		if m := &s.c.Meetings[i]; m.PairID == pair.ID && m.State == store.Held {
			met = max(met, m.Day)
		}
	}
	if met == 0 {
		return s.text("digest.pair-never", args)
	}
	args["Met"] = s.day(met)
	return s.text("digest.pair-met", args)
}

func (s *speech) notJoined() chat.Text {
	var names []string
	for _, m := range s.c.Members {
		if m.JoinedAt.IsZero() && m.LeftAt.IsZero() {
			names = append(names, s.name(m.PersonID))
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	items := make([]chat.Text, len(names))
	for i, name := range names {
		items[i] = s.typed(name)
	}
	return chat.Stack(s.text("digest.not-joined", locale.Args{"Count": len(names)}), s.list(items))
}

func (s *speech) undelivered() chat.Text {
	if s.c.Undelivered == 0 {
		return ""
	}
	return s.text("digest.undelivered", locale.Args{"Count": s.c.Undelivered})
}

// coming lists what comes in the next two weeks, or has been asked or answered already.
func (s *speech) coming() chat.Text {
	var items []chat.Text
	add := func(title string, begins time.Time, when chat.Text, n said, asked bool) {
		switch asked = asked || n.any(); {
		case !begins.After(s.now), !asked && !begins.Before(s.now.Add(overviewSpan)):
		case asked:
			items = append(items, s.text("digest.answers", locale.Args{
				"Title": title, "When": when, "Coming": n.coming, "Not": n.not, "Silent": n.silent,
			}))
		default:
			items = append(items, s.text("digest.not-asked", locale.Args{"Title": title, "When": when}))
		}
	}
	for i := range s.c.Sessions {
		if x := &s.c.Sessions[i]; x.CancelledAt.IsZero() {
			start := s.sessionStart(x)
			add(x.Title, start, s.moment(start), s.said(x.ID), s.asked(store.KindSession, x.Slug, x.Revision))
		}
	}
	for i := range s.c.Events {
		if x := &s.c.Events[i]; x.CancelledAt.IsZero() {
			days := chat.Text(s.language.Days(noon(x.From), noon(x.To)))
			add(x.Title, x.From.Midnight(s.c.EventZone(x)), days, s.said(x.ID), s.asked(store.KindEvent, x.Slug, x.Revision))
		}
	}
	if len(items) == 0 {
		return s.text("digest.nothing", nil)
	}
	return chat.Stack(s.text("digest.coming", nil), s.list(items))
}

// said counts the answers of mentees and mentors.
type said struct{ coming, not, silent int }

func (a said) any() bool { return a.coming+a.not > 0 }

// asked reports whether anybody was asked, in person, about a session or an event as it is
// now.
func (s *speech) asked(kind store.Kind, slug string, revision int) bool {
	return slices.ContainsFunc(s.c.Told, func(t store.Told) bool {
		return t.PersonID != "" && t.Kind == kind && t.Subject == slug && t.Occurrence == strconv.Itoa(revision) && t.State == store.Sent
	})
}

func (s *speech) said(subjectID string) (n said) {
	for _, m := range s.c.Members {
		if m.Role == store.Coordinator || !m.LeftAt.IsZero() {
			continue
		}
		switch a, ok := s.c.Answer(subjectID, m.PersonID); {
		case !ok:
			n.silent++
		case a.Coming:
			n.coming++
		default:
			n.not++
		}
	}
	return n
}
