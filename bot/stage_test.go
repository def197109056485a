package bot_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

func date(t *testing.T, s string) store.Date {
	t.Helper()
	d, err := store.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func wall(t *testing.T, s string) store.Wall {
	t.Helper()
	w, err := store.ParseWall(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// pilot is a cycle with one pair, the mentor of which lives in Tbilisi, and one
// coordinator.
func pilot(t *testing.T, language string) *store.Snapshot {
	t.Helper()
	joined := at(t, "2027-01-11 00:00")
	rules := store.DefaultRules()
	return &store.Snapshot{
		Cycle: store.Cycle{
			ID: "cycle00000000", Slug: "pilot", Title: "Mentorship, pilot cycle", Zone: "Europe/Belgrade", Language: language,
			Starts: date(t, "2027-01-11"), Ends: date(t, "2027-06-30"),
			Minimum: 6, By: date(t, "2027-06-15"), MeetingLength: time.Hour, Rules: rules,
		},
		Members: []store.Member{
			{CycleID: "cycle00000000", PersonID: "a", Role: store.Mentee, JoinedAt: joined},
			{CycleID: "cycle00000000", PersonID: "b", Role: store.Mentor, JoinedAt: joined},
			{CycleID: "cycle00000000", PersonID: "c", Role: store.Coordinator, JoinedAt: joined},
		},
		People: map[string]*store.Person{
			"a": {ID: "a", Slug: "mentee-1", Name: "Mentee One"},
			"b": {ID: "b", Slug: "mentor-1", Name: "Mentor One", Zone: "Asia/Tbilisi"},
			"c": {ID: "c", Slug: "coordinator-1", Name: "Coordinator One"},
		},
		Pairs: []store.Pair{{ID: "pair000000000", CycleID: "cycle00000000", MentorID: "b", MenteeID: "a"}},
		Sessions: []store.Session{{
			ID: "s", CycleID: "cycle00000000", Slug: "opening", Title: "Opening session", At: wall(t, "2027-01-21 18:00"),
			Length: 90 * time.Minute, Where: "https://meet.example.org/a_b-(c)", Revision: 1,
		}},
		Events: []store.Event{{
			ID: "e", CycleID: "cycle00000000", Slug: "belgrade", Title: "Live event in Belgrade", Place: "Belgrade",
			From: date(t, "2027-06-18"), To: date(t, "2027-06-20"), Revision: 1,
			Agenda: []store.AgendaItem{
				{At: wall(t, "2027-06-18 16:00"), Title: "Arrival and check-in"},
				{At: wall(t, "2027-06-18 18:00"), Title: "Welcome and dinner together"},
			},
		}},
		Answers: map[[2]string]store.Answer{},
	}
}

func message(kind store.Kind, subject, offset, to string) store.Message {
	return store.Message{CycleID: "cycle00000000", Kind: kind, Subject: subject, Occurrence: "1", Offset: offset, PersonID: to}
}

// inGroup is a message to the group that withGroup links.
func inGroup(kind store.Kind, subject, offset string) store.Message {
	m := message(kind, subject, offset, "")
	m.GroupID = "group00000000"
	return m
}

func withGroup(c *store.Snapshot) {
	c.Groups = append(c.Groups, store.Group{
		ID: "group00000000", CycleID: c.Cycle.ID, Title: "All of us", Announcements: true, Reminders: true, Reachable: true,
	})
}

func untitled(c *store.Snapshot) { c.Groups[0].Title = "" }

func all(set ...func(*store.Snapshot)) func(*store.Snapshot) {
	return func(c *store.Snapshot) {
		for _, f := range set {
			f(c)
		}
	}
}

func toldOf(kind store.Kind, subject string) func(*store.Snapshot) {
	return func(c *store.Snapshot) {
		c.Told = append(c.Told, store.Told{
			Kind: kind, Subject: subject, Occurrence: "1", Offset: "1", PersonID: "a", State: store.Sent, At: time.Unix(1, 0),
		})
	}
}

func comes(subject string) func(*store.Snapshot) {
	return func(c *store.Snapshot) {
		for _, person := range []string{"a", "b"} {
			c.Answers[[2]string{subject, person}] = store.Answer{SubjectID: subject, PersonID: person, Revision: 1, Coming: true}
		}
	}
}

func nowhere(c *store.Snapshot) { c.Sessions[0].Where = "" }

// lives has somebody live in a city.
func lives(person, city string) func(*store.Snapshot) {
	return func(c *store.Snapshot) { c.People[person].City = city }
}

// gone has somebody leave, and the pair end with it.
func gone(person string) func(*store.Snapshot) {
	return func(c *store.Snapshot) {
		at := time.Date(2027, 1, 20, 10, 0, 0, 0, time.UTC)
		c.Member(person).LeftAt, c.Pairs[0].EndedAt = at, at
	}
}

func bare(c *store.Snapshot) {
	c.Events[0].Place, c.Events[0].Agenda, c.Cycle.Rules.EventMorning = "", nil, nil
}

func empty(c *store.Snapshot) { c.Sessions, c.Events, c.Pairs, c.Meetings = nil, nil, nil, nil }

func agreed(c *store.Snapshot) {
	held := time.Date(2027, 2, 4, 17, 0, 0, 0, time.UTC)
	c.Meetings = append(c.Meetings, store.Meeting{
		ID: "meeting000001", PairID: "pair000000000", Number: 1, State: store.Agreed, Day: store.DateOf(held), At: held,
		Length: time.Hour, Revision: 1, AgreedAt: held.AddDate(0, 0, -7),
	})
}

// held logs n meetings, on the 14th of each month from January on.
func held(n int) func(*store.Snapshot) {
	return func(c *store.Snapshot) {
		for k := range n {
			at := time.Date(2027, 1, 14, 17, 0, 0, 0, time.UTC).AddDate(0, k, 0)
			c.Meetings = append(c.Meetings, store.Meeting{
				ID: fmt.Sprintf("meeting00000%d", k+1), PairID: "pair000000000", Number: k + 1, State: store.Held,
				Day: store.DateOf(at), Length: 90 * time.Minute, LoggedAt: at, LoggedBy: "b",
			})
		}
	}
}

func unjoined(c *store.Snapshot) {
	for _, name := range []string{"Mentee Two", "Mentor Two"} {
		c.People[name] = &store.Person{ID: name, Slug: "x", Name: name}
		c.Members = append(c.Members, store.Member{CycleID: c.Cycle.ID, PersonID: name, Role: store.Mentee})
	}
}

var restored = store.Message{
	CycleID: "cycle00000000", Kind: store.KindRestored, Subject: "pilot", Occurrence: "2027-01-12T13:00:00Z", PersonID: "c",
}

func holding(n int) func(*store.Snapshot) { return func(c *store.Snapshot) { c.Held = n } }

func undelivered(c *store.Snapshot) { c.Undelivered = 2 }

// crowd adds n of everything.
func crowd(c *store.Snapshot, n int) {
	for i := range n {
		id := fmt.Sprintf("crowd%08d", i)
		c.People[id] = &store.Person{ID: id, Slug: id, Name: id}
		c.Members = append(c.Members, store.Member{CycleID: c.Cycle.ID, PersonID: id, Role: store.Mentee})
		c.Pairs = append(c.Pairs, store.Pair{ID: "p" + id, CycleID: c.Cycle.ID, MentorID: "a", MenteeID: id})
		session, event := c.Sessions[0], c.Events[0]
		session.ID, session.Slug = "s"+id, "s"+id
		event.ID, event.Slug = "e"+id, "e"+id
		event.Agenda = slices.Clone(event.Agenda)
		c.Sessions, c.Events = append(c.Sessions, session), append(c.Events, event)
		c.Events[0].Agenda = append(c.Events[0].Agenda, event.Agenda[0])
	}
}

// rename gives everything and everybody in a cycle one name.
func rename(c *store.Snapshot, name string) *store.Snapshot {
	c.Cycle.Title = name
	for _, p := range c.People {
		p.Name = name
	}
	for i := range c.Sessions {
		c.Sessions[i].Title = name
	}
	for i := range c.Events {
		e := &c.Events[i]
		e.Title, e.Place = name, name
		for k := range e.Agenda {
			e.Agenda[k].Title = name
		}
	}
	return c
}
