package scheduler_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// announce adds an announcement of the coordinator to the pilot.
func announce(c *store.Snapshot, audience string, due time.Time) {
	c.Announcements = append(c.Announcements, store.Announcement{
		ID: "news", AuthorID: "c", Audience: audience, State: store.AnnouncementScheduled, Due: due, Revision: 1,
	})
}

func TestAnnouncementGoesOutAtOnceToWhoIsAwake(t *testing.T) {
	c := pilot(t)
	c.People["a"].PausedUntil = at(t, "2027-06-01 00:00") // which stops reminders only
	c.People["b"].Quiet = &store.Quiet{}
	now := at(t, "2027-01-20 22:30")
	announce(c, store.AudienceEveryone, now)
	if before := now.Add(-time.Minute); !scheduler.Plan(c, before, before).Next.Equal(now) {
		t.Error("its instant isn't the next one")
	}
	agenda := scheduler.Plan(c, now, now)
	want(t, forecast(c, now, now),
		"2027-01-20 22:30 announcement/news/1/-/mentor-1",
		"2027-01-21 09:00 announcement/news/1/-/mentee-1",
	)
	for _, m := range agenda.Messages {
		if !m.Until.Equal(now.AddDate(0, 0, 7)) || m.Subject != "news" || m.Kind != store.KindAnnouncement {
			t.Errorf("planned is %+v", m)
		}
	}
	late := at(t, "2027-01-22 03:00") // after downtime
	want(t, forecast(c, late, late),
		"2027-01-20 22:30 announcement/news/1/-/mentor-1",
		"2027-01-22 09:00 announcement/news/1/-/mentee-1",
	)
	c.Announcements[0].State = store.AnnouncementSent
	if got := scheduler.Plan(c, late, late).Messages; len(got) > 0 {
		t.Errorf("once its audience was found, it is planned anew: %+v", got)
	}
}

func TestAnnouncementReachesItsAudience(t *testing.T) {
	all := []string{"mentee-1", "mentor-1"}
	for audience, to := range map[string][]string{
		store.AudienceEveryone: all, store.AudienceMentors: all[1:], store.AudienceMentees: all[:1],
		store.AudiencePair + "pair": all, store.AudiencePair + "other": nil, store.AudiencePerson + "b": all[1:],
		store.AudiencePerson + "c": nil, "nobody": nil, "": nil,
	} {
		c := pilot(t)
		due := at(t, "2027-07-02 12:00") // a word of thanks after the end
		announce(c, audience, due)
		var lines []string
		for _, slug := range to {
			lines = append(lines, "2027-07-02 12:00 announcement/news/1/-/"+slug)
		}
		want(t, forecast(c, due.Add(-time.Hour), due), lines...)
		c.Members[0].LeftAt, c.Members[1].JoinedAt = due, time.Time{}
		want(t, forecast(c, due, due))
	}
}

func TestAnnouncementThatComesTooLate(t *testing.T) {
	c := pilot(t)
	c.Cycle.Rules.Pace = 0
	due := at(t, "2027-02-01 12:00")
	announce(c, store.AudienceMentees, due)
	now := due.AddDate(0, 0, 7)
	if got := scheduler.Plan(c, now, now).Messages; len(got) != 1 || got[0].State != store.Missed || !got[0].SettledAt.Equal(now) {
		t.Errorf("planned is %+v", got)
	}
}

func TestConditionOfWhatAnswersAnAct(t *testing.T) {
	day, night := at(t, "2027-07-02 12:00"), at(t, "2027-07-02 23:00") // after the end
	morning := at(t, "2027-07-03 09:00")
	for kind, dueAtNight := range map[store.Kind]time.Time{
		store.KindAnnouncement: morning, store.KindPair: morning, store.KindLeft: morning,
		store.KindNote: morning, store.KindDispute: night, store.KindApp: night,
	} {
		c := pilot(t)
		c.People["a"].PausedUntil = at(t, "2027-08-01 00:00")
		announce(c, store.AudienceEveryone, day)
		m := store.Message{Kind: kind, Subject: "news", Occurrence: "1", PersonID: "a", Due: day, Until: day.AddDate(0, 0, 7)}
		for now, due := range map[time.Time]time.Time{day: day, night: dueAtNight} {
			if got := scheduler.Condition(c, &m, now); got.State != store.Planned || !got.Due.Equal(due) {
				t.Errorf("%s at %v: %+v, want it planned for %v", kind, now, got, due)
			}
		}
		if got := scheduler.Condition(c, &m, m.Until); got.State != store.Missed {
			t.Errorf("%s that is late: %+v", kind, got)
		}
		c.Announcements = nil
		if got := scheduler.Condition(c, &m, day); (got.State == store.Withdrawn) != (kind == store.KindAnnouncement) {
			t.Errorf("%s without an announcement: %+v", kind, got)
		}
		c.Members[0].LeftAt = day
		if got := scheduler.Condition(c, &m, day); got.State != store.Withdrawn {
			t.Errorf("%s to who has left: %+v", kind, got)
		}
	}
}

// News of a change wait for the end of quiet hours if there is time until the session or
// event begins; of an event under way they go at once.
func TestConditionOfAChange(t *testing.T) {
	c := pilot(t)
	withSession(t, c, "2027-02-25 18:00")
	c.Events = []store.Event{{ID: "e", Slug: "opening", From: date(t, "2027-03-10"), To: date(t, "2027-03-12"), Revision: 1}}
	planned := func(due string) scheduler.Verdict { return scheduler.Verdict{State: store.Planned, Due: at(t, due)} }
	for _, test := range []struct {
		of, now string
		want    scheduler.Verdict
		change  func()
	}{
		{"address-session", "2027-02-24 23:00", planned("2027-02-25 09:00"), nil},
		{"address-session", "2027-02-25 12:00", planned("2027-02-25 12:00"), nil},
		{"address-session", "2027-02-25 18:00", scheduler.Verdict{State: store.Missed, Reason: "came too late"}, nil},
		{"place-event", "2027-03-08 23:00", planned("2027-03-09 09:00"), nil},
		{"place-event", "2027-03-09 23:00", planned("2027-03-09 23:00"), nil}, // it begins at midnight
		{"place-event", "2027-03-10 23:00", planned("2027-03-10 23:00"), nil},
		{"address-session", "2027-02-25 23:00", planned("2027-02-25 23:00"), func() { c.Sessions[0].At = date(t, "2027-02-26").At(9*60 + 29) }},
		{"address-session", "2027-02-25 23:00", planned("2027-02-26 09:00"), func() { c.Sessions[0].At = date(t, "2027-02-26").At(9*60 + 30) }},
		{"address-session", "2027-02-25 23:00", scheduler.Verdict{State: store.Withdrawn, Reason: "cancelled"}, func() { c.Sessions[0].CancelledAt = at(t, "2027-02-25 22:00") }},
	} {
		if test.change != nil {
			test.change()
		}
		now := at(t, test.now)
		m := store.Message{Kind: store.KindChange, Subject: "opening", Occurrence: "1", Offset: test.of, PersonID: "a", Due: now, Until: now.AddDate(0, 0, 7)}
		if got := scheduler.Condition(c, &m, now); got.State != test.want.State || got.Reason != test.want.Reason || !got.Due.Equal(test.want.Due) {
			t.Errorf("%s at %s: got %+v, want %+v", test.of, test.now, got, test.want)
		}
	}
}

// A note that must come before something doesn't wait beyond it.
func TestConditionOfANoteInTime(t *testing.T) {
	c := pilot(t)
	now := at(t, "2027-02-20 23:00")
	m := store.Message{Kind: store.KindNote, Subject: "news", PersonID: "a", Due: now, Until: at(t, "2027-02-21 09:20")}
	if got := scheduler.Condition(c, &m, now); got.State != store.Planned || !got.Due.Equal(now) {
		t.Errorf("got %+v, want it at once", got)
	}
}

func TestAudienceIsFoundOnce(t *testing.T) {
	onStage(t, 1, func(t *testing.T, s *stage) {
		due := at(t, "2027-01-12 12:00")
		a := store.Announcement{
			CycleID: s.cycle.ID, Audience: store.AudienceEveryone, Text: "News", State: store.AnnouncementScheduled, Due: due,
		}
		author := store.Person{Slug: "author"}
		var mentee string
		update(t, s.Store, func(tx *store.Tx) error {
			members, err := tx.Members(s.cycle.ID)
			mentee = members[slices.IndexFunc(members, func(m store.Member) bool { return m.Role == store.Mentee })].PersonID
			err = errors.Join(err, tx.Leave(s.cycle.ID, mentee), tx.InsertPerson(&author))
			a.AuthorID = author.ID
			return errors.Join(err, tx.InsertAnnouncement(&a))
		})
		sched := scheduler.New(s.Store, &recorder{}, scheduler.Options{})
		if next := s.tick(t, sched, due.Add(-time.Hour)); !next.Equal(due) {
			t.Errorf("next is %v, want %v", next, due)
		}
		s.tick(t, sched, due)
		update(t, s.Store, func(tx *store.Tx) error {
			got, err := tx.Announcement(a.ID)
			if got.State != store.AnnouncementSent || got.Revision != 1 {
				t.Errorf("its audience was found, it is %+v", got)
			}
			return errors.Join(err, tx.Join(s.cycle.ID, mentee)) // too late for it
		})
		s.tick(t, sched, due.Add(time.Hour))
		sent := s.messages(t, store.MessageFilter{Kind: store.KindAnnouncement})
		want(t, sent, "sent announcement/"+a.ID+"/1/-/pilot-mentor-0 ")
	})
}
