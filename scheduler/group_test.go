package scheduler_test

import (
	"slices"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// withGroup links a group when the cycle starts.
func withGroup(t *testing.T, c *store.Snapshot) *store.Group {
	t.Helper()
	c.Groups = append(c.Groups, store.Group{
		ID: "g", CycleID: "cycle", Announcements: true, Reminders: true, Reachable: true, Since: at(t, "2027-01-11 00:00"),
	})
	return &c.Groups[0]
}

func TestWhatIsPostedInAGroup(t *testing.T) {
	c := pilot(t)
	withSession(t, c, "2027-02-25 18:00")
	withEvent(t, c)
	withGroup(t, c)
	answer(c, "e", "a", true, at(t, "2027-01-12 12:00"))
	want(t, only(live(t, c, at(t, "2027-01-11 00:00"), at(t, "2027-07-01 00:00")), "/@g"),
		"2027-02-18 18:00 session/opening/1/7d/@g",
		"2027-02-24 18:00 session/opening/1/1d/@g",
		"2027-02-25 17:00 session/opening/1/1h/@g",
		"2027-04-19 10:00 event/belgrade/1/60d/@g",
		"2027-05-19 10:00 event/belgrade/1/30d/@g",
		"2027-06-04 10:00 event/belgrade/1/14d/@g",
		"2027-06-11 10:00 event/belgrade/1/7d/@g",
		"2027-06-17 10:00 event/belgrade/1/1d/@g",
	)
}

func TestAGroupHasNoBacklog(t *testing.T) {
	c := pilot(t)
	withSession(t, c, "2027-02-25 18:00")
	withGroup(t, c).Since = at(t, "2027-02-20 00:00")
	want(t, only(live(t, c, at(t, "2027-02-20 00:00"), at(t, "2027-03-01 00:00")), "/@g"),
		"2027-02-24 18:00 session/opening/1/1d/@g",
		"2027-02-25 17:00 session/opening/1/1h/@g",
	)
}

func TestAGroupHearsOfAMoveAndACancellation(t *testing.T) {
	c := pilot(t)
	s := withSession(t, c, "2027-02-25 18:00")
	withGroup(t, c)
	moved := at(t, "2027-02-20 22:30") // in the quiet hours of the cycle
	told(c, store.KindSession, "opening", "7d", "", at(t, "2027-02-18 18:00"))
	c.Told[0].GroupID = "g"
	s.Revision, s.ChangedAt = 2, moved
	c.Cycle.PlannedTo = moved.Add(-time.Minute)
	want(t, only(live(t, c, moved, at(t, "2027-02-21 12:00")), "/@g"), "2027-02-21 09:00 session/opening/2/moved/@g")
	s.CancelledAt = at(t, "2027-02-22 12:00")
	want(t, only(live(t, c, s.CancelledAt, at(t, "2027-03-01 00:00")), "/@g"),
		"2027-02-22 12:00 session/opening/2-2027-02-22T11:00:00.000/cancelled/@g")
}

func TestWhatAGroupDoesntWant(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*store.Group)
		want   []string
	}{
		"everything":       {func(*store.Group) {}, []string{"announcement", "session"}},
		"no announcements": {func(g *store.Group) { g.Announcements = false }, []string{"session"}},
		"no reminders":     {func(g *store.Group) { g.Reminders = false }, []string{"announcement"}},
		"out of reach":     {func(g *store.Group) { g.Reachable = false }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := pilot(t)
			withSession(t, c, "2027-02-25 18:00")
			due := at(t, "2027-02-18 18:00")
			announce(c, store.AudienceEveryone, due)
			g := withGroup(t, c)
			full := scheduler.Plan(c, due, due).Messages
			test.change(g)
			var planned, wanted []string
			for _, m := range scheduler.Plan(c, due, due).Messages {
				if m.GroupID == "g" && m.PersonID == "" {
					planned = append(planned, string(m.Kind))
				}
			}
			for i := range full { // what had been planned before
				if m := &full[i]; m.GroupID != "" && scheduler.Condition(c, m, due).State == store.Planned {
					wanted = append(wanted, string(m.Kind))
				}
			}
			if !slices.Equal(planned, test.want) || !slices.Equal(wanted, test.want) {
				t.Errorf("planned is %v, what was planned before is wanted: %v; want %v", planned, wanted, test.want)
			}
		})
	}
}

func TestOnlyWhatIsForEveryoneIsPosted(t *testing.T) {
	for _, audience := range []string{store.AudienceMentors, store.AudienceMentees, store.AudiencePair + "pair", store.AudiencePerson + "a"} {
		c := pilot(t)
		withGroup(t, c)
		due := at(t, "2027-02-18 18:00")
		announce(c, audience, due)
		want(t, only(forecast(c, due, due), "/@g"))
	}
}

func TestConditionOfAGroup(t *testing.T) {
	c := pilot(t)
	now := at(t, "2027-02-18 18:00")
	announce(c, store.AudienceEveryone, now)
	edit := store.Message{Kind: store.KindAnnouncement, Subject: "news", Occurrence: "1", Offset: scheduler.EditOf(2), GroupID: "g", Until: now.Add(time.Hour)}
	lost := store.Message{Kind: store.KindGroup, Subject: "g", PersonID: "c", Until: now.Add(time.Hour)}
	is := func(when string, m *store.Message, want store.MessageState) {
		t.Helper()
		if v := scheduler.Condition(c, m, now); v.State != want {
			t.Errorf("%s, it is %+v, want %s", when, v, want)
		}
	}
	is("without the group", &edit, store.Withdrawn)
	is("without the group", &lost, store.Withdrawn)
	g := withGroup(t, c)
	is("within reach", &lost, store.Withdrawn)
	g.Announcements = false // which concerns only new ones
	is("with a correction", &edit, store.Planned)
	g.Reachable = false
	is("out of reach", &edit, store.Withdrawn)
	is("out of reach", &lost, store.Planned)
	now = at(t, "2027-02-18 23:00")
	lost.Until = now.AddDate(0, 0, 7)
	if v := scheduler.Condition(c, &lost, now); !v.Due.Equal(at(t, "2027-02-19 09:00")) {
		t.Errorf("in quiet hours it is %+v", v)
	}
}
