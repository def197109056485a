package bot

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// A gathering is a session or a live event, as people say whether they come to it.
type gathering struct {
	noun            string // the command that is about it
	kind            store.Kind
	id, slug, title string
	revision        int
	begins, ends    time.Time
	when            chat.Text // by the reader's clock
	cancelled       bool
	session         *store.Session // it, or
	event           *store.Event
}

func (s *speech) sessionGathering(x *store.Session) gathering {
	begins := s.sessionStart(x)
	return gathering{
		noun: "session", kind: store.KindSession, id: x.ID, slug: x.Slug, title: x.Title, revision: x.Revision,
		begins: begins, ends: begins.Add(x.Length), when: s.moment(begins),
		cancelled: !x.CancelledAt.IsZero(), session: x,
	}
}

func (s *speech) eventGathering(x *store.Event) gathering {
	zone := s.c.EventZone(x)
	return gathering{
		noun: "event", kind: store.KindEvent, id: x.ID, slug: x.Slug, title: x.Title, revision: x.Revision,
		begins: x.From.Midnight(zone), ends: (x.To + 1).Midnight(zone), when: chat.Text(s.language.Days(noon(x.From), noon(x.To))),
		cancelled: !x.CancelledAt.IsZero(), event: x,
	}
}

// gatherings are the sessions and events of the cycle spoken of, in order of time.
func (s *speech) gatherings() (all []gathering) {
	for i := range s.c.Sessions {
		all = append(all, s.sessionGathering(&s.c.Sessions[i]))
	}
	for i := range s.c.Events {
		all = append(all, s.eventGathering(&s.c.Events[i]))
	}
	slices.SortStableFunc(all, func(a, b gathering) int { return cmp.Or(a.begins.Compare(b.begins), cmp.Compare(a.slug, b.slug)) })
	return all
}

// openGathering speaks of the cycle of a session or an event, as a button names it.
// ok: the person takes part there; else the reply says so.
func (t *turn) openGathering(noun, id string) (g gathering, ok bool, err error) {
	var cycleID string
	if noun == "session" {
		x, failed := t.tx.Session(id)
		cycleID, err = x.CycleID, failed
	} else {
		x, failed := t.tx.Event(id)
		cycleID, err = x.CycleID, failed
	}
	if errors.Is(err, store.ErrNotFound) || err == nil && t.partIn(cycleID) == nil {
		t.stale()
		return g, false, nil
	}
	if err == nil {
		err = t.look(cycleID)
	}
	if err != nil {
		return g, false, err
	}
	return t.gathering(id), true, nil
}

// gathering returns one of the cycle spoken of by its id.
func (s *speech) gathering(id string) gathering {
	for _, g := range s.gatherings() {
		if g.id == id {
			return g
		}
	}
	return gathering{}
}

// invited reports whether it is for the person to say whether they come.
func (t *turn) invited() bool {
	p := t.partIn(t.c.Cycle.ID)
	return p != nil && p.Role != store.Coordinator
}

// answered says in a few words what the person has answered, or what became of it.
func (t *turn) answered(g *gathering) chat.Text {
	a, ok := t.c.Answer(g.id, t.me())
	switch {
	case g.cancelled:
		return t.text("answer.cancelled", nil)
	case !t.now.Before(g.ends):
		return t.text("answer.over", nil)
	case !t.invited():
		return t.counted(g)
	case !ok:
		return t.text("answer.silent", nil)
	case a.Coming:
		return t.text("answer.coming", nil)
	default:
		return t.text("answer.not", nil)
	}
}

// counted says how many come to a gathering, can't, and haven't said.
func (s *speech) counted(g *gathering) chat.Text {
	n := s.said(g.id)
	if !n.any() && !s.asked(g.kind, g.slug, g.revision) {
		return s.text("gathering.not-asked", nil)
	}
	return s.text("answer.counts", locale.Args{"Coming": n.coming, "Not": n.not, "Silent": n.silent})
}

// presence are those who were at a session, if that is known.
func (t *turn) presence(x *store.Session) (people map[string]bool, err error) {
	if x.AttendanceAt.IsZero() {
		return nil, nil
	}
	all, err := t.tx.Attendance(x.ID)
	if err != nil {
		return nil, err
	}
	people = make(map[string]bool, len(all))
	for _, a := range all {
		people[a.PersonID] = true
	}
	return people, nil
}

// attended says at how many sessions somebody was, of those whose attendance was taken
// and at which they could have been.
func (t *turn) attended(id string) (there, of int, err error) {
	for i := range t.c.Sessions {
		x := &t.c.Sessions[i]
		if !x.CancelledAt.IsZero() || x.AttendanceAt.IsZero() {
			continue
		}
		people, err := t.presence(x)
		if err != nil {
			return 0, 0, err
		}
		if people[id] {
			there++
		}
		if people[id] || t.wasExpected(x, id) {
			of++
		}
	}
	return there, of, nil
}

// wasExpected reports whether somebody could have been at a session.
func (s *speech) wasExpected(x *store.Session, id string) bool {
	begins := s.sessionStart(x)
	return expected(s.memberByID(id), begins, begins.Add(x.Length))
}
