package scheduler_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// at reads a wall clock time in Belgrade.
func at(t *testing.T, s string) time.Time {
	t.Helper()
	return in(t, s, "Europe/Belgrade")
}

func in(t *testing.T, s, zone string) time.Time {
	t.Helper()
	w, err := store.ParseWall(s)
	if err != nil {
		t.Fatal(err)
	}
	loc, err := store.Zone(zone)
	if err != nil {
		t.Fatal(err)
	}
	return w.In(loc)
}

func date(t *testing.T, s string) store.Date {
	t.Helper()
	d, err := store.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// pilot is the pilot's cycle with one pair and one coordinator, all joined when
// it starts: nothing else in it but what a test adds.
func pilot(t *testing.T) *store.Snapshot {
	t.Helper()
	c := &store.Snapshot{
		Cycle: store.Cycle{
			ID: "cycle", Slug: "pilot", Zone: "Europe/Belgrade", Language: "en",
			Starts: date(t, "2027-01-11"), Ends: date(t, "2027-06-30"),
			Minimum: 6, By: date(t, "2027-06-15"), MeetingLength: 90 * time.Minute,
			Rules: store.DefaultRules(),
		},
		People:  map[string]*store.Person{},
		Answers: map[[2]string]store.Answer{},
		Pairs:   []store.Pair{{ID: "pair", CycleID: "cycle", MentorID: "b", MenteeID: "a"}},
	}
	c.Cycle.Rules.Digest = ""
	for id, m := range map[string]struct {
		slug string
		role store.Role
	}{"a": {"mentee-1", store.Mentee}, "b": {"mentor-1", store.Mentor}, "c": {"coordinator-1", store.Coordinator}} {
		c.People[id] = &store.Person{ID: id, Slug: m.slug, Name: m.slug}
		c.Members = append(c.Members, store.Member{CycleID: "cycle", PersonID: id, Role: m.role, JoinedAt: at(t, "2027-01-11 00:00")})
	}
	slices.SortFunc(c.Members, func(a, b store.Member) int { return strings.Compare(a.PersonID, b.PersonID) })
	return c
}

func withSession(t *testing.T, c *store.Snapshot, when string) *store.Session {
	t.Helper()
	w, err := store.ParseWall(when)
	if err != nil {
		t.Fatal(err)
	}
	c.Sessions = append(c.Sessions, store.Session{
		ID: "s", CycleID: "cycle", Slug: "opening", At: w, Length: 90 * time.Minute, Revision: 1,
	})
	return &c.Sessions[len(c.Sessions)-1]
}

func withEvent(t *testing.T, c *store.Snapshot) {
	t.Helper()
	c.Events = append(c.Events, store.Event{
		ID: "e", CycleID: "cycle", Slug: "belgrade", From: date(t, "2027-06-18"), To: date(t, "2027-06-20"), Revision: 1,
	})
}

func answer(c *store.Snapshot, subject, person string, coming bool, when time.Time) {
	c.Answers[[2]string{subject, person}] = store.Answer{SubjectID: subject, PersonID: person, Revision: 1, Coming: coming, At: when}
}

// live plays what the plan says from one instant to another as ticks would,
// every message reaching its recipient, and returns lines of local wall clock and
// key. The snapshot remembers what was told.
func live(t *testing.T, c *store.Snapshot, from, to time.Time) (lines []string) {
	t.Helper()
	known := map[string]bool{}
	for now := from; !now.After(to); {
		agenda := scheduler.Plan(c, now, now)
		for _, m := range agenda.Messages {
			if known[m.Key] {
				continue
			}
			known[m.Key] = true
			if m.State == store.Missed {
				lines = append(lines, "missed "+m.Key)
				continue
			}
			lines = append(lines, line(c, &m))
			c.Told = append(c.Told, store.Told{
				Kind: m.Kind, Subject: m.Subject, Occurrence: m.Occurrence, Offset: m.Offset,
				PersonID: m.PersonID, GroupID: m.GroupID, State: store.Sent, At: now,
			})
		}
		c.Cycle.PlannedTo = agenda.Through
		after := scheduler.Plan(c, now, now).Next
		if after.IsZero() {
			break
		}
		if !after.After(now) {
			t.Fatalf("at %v the next instant is %v: no progress", now, after)
		}
		now = after
	}
	return lines
}

func line(c *store.Snapshot, m *store.Message) string {
	zone := c.Cycle.Location()
	if p := c.People[m.PersonID]; p != nil {
		zone = c.ZoneOf(p)
	}
	return m.Due.In(zone).Format("2006-01-02 15:04 ") + m.Key
}

// forecast returns the same lines as live, from a single plan.
func forecast(c *store.Snapshot, from, to time.Time) (lines []string) {
	for _, m := range scheduler.Plan(c, from, to).Messages {
		if m.State == store.Planned {
			lines = append(lines, line(c, &m))
		}
	}
	return lines
}

// only keeps the lines with a part.
func only(lines []string, part string) (kept []string) {
	for _, l := range lines {
		if strings.Contains(l, part) {
			kept = append(kept, l)
		}
	}
	return kept
}

func want(t *testing.T, got []string, lines ...string) {
	t.Helper()
	if diff := cmp.Diff(lines, got); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}

func TestSilentPair(t *testing.T) {
	c := pilot(t)
	got := live(t, c, at(t, "2027-01-11 00:00"), at(t, "2027-07-10 00:00"))
	want(t, only(got, "/mentee-1"),
		"2027-02-08 10:00 pace/mentor-1+mentee-1/1/1/mentee-1",
		"2027-02-15 10:00 pace/mentor-1+mentee-1/1/2/mentee-1",
		"2027-05-16 10:00 pace/mentor-1+mentee-1/1/last-30d/mentee-1",
		"2027-06-01 10:00 pace/mentor-1+mentee-1/1/last-14d/mentee-1",
		"2027-06-08 10:00 pace/mentor-1+mentee-1/1/last-7d/mentee-1",
	)
	want(t, only(got, "/coordinator-1"), "2027-02-22 10:00 trouble/mentor-1+mentee-1/2027-02-06/-/coordinator-1")
}

func TestSilentSession(t *testing.T) {
	c := pilot(t)
	withSession(t, c, "2027-02-25 18:00")
	got := only(live(t, c, at(t, "2027-01-11 00:00"), at(t, "2027-07-10 00:00")), "opening")
	want(t, only(got, "/mentee-1"),
		"2027-02-18 18:00 session/opening/1/7d/mentee-1",
		"2027-02-24 18:00 session/opening/1/1d/mentee-1",
	)
	want(t, only(got, "coordinator"), "2027-02-25 19:30 attendance/opening/1/-/coordinator-1")
}

func TestSessionAnswers(t *testing.T) {
	c := pilot(t)
	withSession(t, c, "2027-02-25 18:00")
	answer(c, "s", "a", true, at(t, "2027-02-18 18:05"))
	answer(c, "s", "b", false, at(t, "2027-02-18 18:05"))
	got := live(t, c, at(t, "2027-02-18 19:00"), at(t, "2027-02-25 23:00"))
	want(t, only(got, "session/"), "2027-02-25 17:00 session/opening/1/1h/mentee-1")
}

func TestFirstMessageAsksWhicheverOffset(t *testing.T) {
	c := pilot(t)
	withSession(t, c, "2027-02-25 18:00")
	c.Cycle.PlannedTo = at(t, "2027-02-01 00:00")
	got := live(t, c, at(t, "2027-02-25 17:10"), at(t, "2027-02-25 23:00"))
	want(t, only(got, "/mentee-1"),
		"missed session/opening/1/7d/mentee-1",
		"missed session/opening/1/1d/mentee-1",
		"2027-02-25 17:00 session/opening/1/1h/mentee-1",
		"2027-02-25 17:10 pace/mentor-1+mentee-1/1/1/mentee-1",
	)
}

func TestLateMemberHasNoBacklog(t *testing.T) {
	c := pilot(t)
	withSession(t, c, "2027-02-25 18:00")
	c.Members[0].JoinedAt = at(t, "2027-02-24 22:30")
	got := live(t, c, at(t, "2027-02-24 22:30"), at(t, "2027-02-25 23:00"))
	want(t, only(got, "/mentee-1"),
		"2027-02-24 22:30 next/pilot/1/-/mentee-1",
		"2027-02-25 10:00 pace/mentor-1+mentee-1/1/1/mentee-1",
		"2027-02-25 17:00 session/opening/1/1h/mentee-1",
	)
}

func TestMovedSession(t *testing.T) {
	c := pilot(t)
	s := withSession(t, c, "2027-02-03 18:00")
	c.Cycle.Minimum = 1
	live(t, c, at(t, "2027-01-27 18:00"), at(t, "2027-01-27 18:00"))
	s.At, s.Revision, s.ChangedAt = store.WallOf(at(t, "2027-02-02 20:00").In(time.FixedZone("", 3600))), 2, at(t, "2027-01-30 22:00")
	c.Members[1].JoinedAt = at(t, "2027-01-28 12:00") // never heard of the first date
	c.Told = slices.DeleteFunc(c.Told, func(told store.Told) bool { return told.PersonID == "b" })
	got := only(live(t, c, at(t, "2027-01-30 22:00"), at(t, "2027-02-02 23:00")), "session/")
	want(t, only(got, "/mentee-1"),
		"2027-01-31 09:00 session/opening/2/moved/mentee-1",
		"2027-02-01 20:00 session/opening/2/1d/mentee-1",
	)
	want(t, only(got, "/mentor-1"),
		"2027-01-31 09:00 session/opening/2/7d/mentor-1",
		"2027-02-01 20:00 session/opening/2/1d/mentor-1",
	)
}

// What somebody was sent isn't the only way to hear of a session: they looked, and answered.
func TestWhoHasHeardOfAMovedSessionInAnotherWay(t *testing.T) {
	for name, heard := range map[string]func(c *store.Snapshot){
		"answered": func(c *store.Snapshot) { c.Void = map[[2]string]bool{{"s", "a"}: true} },
		"told that it was cancelled": func(c *store.Snapshot) {
			told(c, store.KindSession, "opening", scheduler.Cancelled, "a", at(t, "2027-01-30 12:00"))
			c.Told[0].Occurrence = "1-2027-01-30T11:00:00.000"
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := pilot(t)
			s := withSession(t, c, "2027-03-02 20:00")
			s.Revision, s.ChangedAt = 2, at(t, "2027-02-01 12:00")
			heard(c)
			c.Cycle.PlannedTo = at(t, "2027-02-01 11:59")
			want(t, only(live(t, c, s.ChangedAt, at(t, "2027-02-24 00:00")), "session/"),
				"2027-02-01 12:00 session/opening/2/moved/mentee-1",
				"2027-02-23 20:00 session/opening/2/7d/mentee-1",
				"2027-02-23 20:00 session/opening/2/7d/mentor-1",
			)
			s.CancelledAt = s.ChangedAt // before they were told that it moved
			c.Told, c.Cycle.PlannedTo = nil, at(t, "2027-02-01 11:59")
			heard(c)
			want(t, only(live(t, c, s.ChangedAt, at(t, "2027-02-24 00:00")), "session/"),
				"2027-02-01 12:00 session/opening/2-2027-02-01T11:00:00.000/cancelled/mentee-1")
		})
	}
}

func TestWhoHasAnsweredTheNewTimeNeedsNoWordOfTheMove(t *testing.T) {
	c := pilot(t)
	s := withSession(t, c, "2027-03-02 20:00")
	s.Revision, s.ChangedAt = 2, at(t, "2027-02-01 12:00")
	c.Void = map[[2]string]bool{{"s", "a"}: true}
	answer(c, "s", "a", false, s.ChangedAt)
	want(t, only(only(live(t, c, s.ChangedAt, at(t, "2027-03-03 00:00")), "session/"), "/mentee-1"))
}

func TestEvent(t *testing.T) {
	c := pilot(t)
	withEvent(t, c)
	c.People["b"].Zone = "Europe/Lisbon"
	answer(c, "e", "b", true, in(t, "2027-04-19 10:00", "Europe/Lisbon"))
	got := only(live(t, c, at(t, "2027-04-01 00:00"), at(t, "2027-07-01 00:00")), "event/")
	want(t, only(got, "/mentee-1"),
		"2027-04-19 10:00 event/belgrade/1/60d/mentee-1",
		"2027-05-19 10:00 event/belgrade/1/30d/mentee-1",
		"2027-06-04 10:00 event/belgrade/1/14d/mentee-1",
		"2027-06-11 10:00 event/belgrade/1/7d/mentee-1",
		"2027-06-17 10:00 event/belgrade/1/1d/mentee-1",
	)
	want(t, only(got, "/mentor-1"),
		"2027-06-11 10:00 event/belgrade/1/7d/mentor-1",
		"2027-06-17 10:00 event/belgrade/1/1d/mentor-1",
		"2027-06-18 07:00 event/belgrade/1/morning-2027-06-18/mentor-1",
		"2027-06-19 07:00 event/belgrade/1/morning-2027-06-19/mentor-1",
		"2027-06-20 07:00 event/belgrade/1/morning-2027-06-20/mentor-1",
	)
}

func TestForecastIsWhatHappens(t *testing.T) {
	c := pilot(t)
	withSession(t, c, "2027-02-25 18:00")
	withEvent(t, c)
	answer(c, "e", "b", true, at(t, "2027-01-11 00:00"))
	c.Cycle.Rules.Digest = "0 9 * * MON"
	c.People["a"].Zone = "Asia/Tbilisi"
	from, to := at(t, "2027-01-11 00:00"), at(t, "2027-07-10 00:00")
	foreseen := forecast(c, from, to)
	happened := live(t, c, from, to)
	slices.Sort(foreseen)
	slices.Sort(happened)
	want(t, foreseen, happened...)
	if len(happened) < 40 {
		t.Errorf("only %d messages in six months", len(happened))
	}
}

func TestDigestOncePerAutumnHour(t *testing.T) {
	c := pilot(t)
	c.Cycle.Starts, c.Cycle.Ends = date(t, "2027-10-25"), date(t, "2027-11-05")
	c.Cycle.Rules.Digest, c.Cycle.Rules.Quiet, c.Cycle.Rules.Pace = "30 2 * * *", store.Quiet{}, 0
	c.Members[2].JoinedAt = at(t, "2027-10-25 00:00")
	c.Cycle.PlannedTo = at(t, "2027-10-30 00:00")
	got := live(t, c, at(t, "2027-10-30 00:00"), at(t, "2027-11-01 23:00"))
	want(t, only(only(got, "digest"), ":30 digest"),
		"2027-10-29 02:30 digest/pilot/1/2027-10-29T02:30/coordinator-1", // overdue, still of use
		"2027-10-30 02:30 digest/pilot/1/2027-10-30T02:30/coordinator-1",
		"2027-10-31 02:30 digest/pilot/1/2027-10-31T02:30/coordinator-1",
		"2027-11-01 02:30 digest/pilot/1/2027-11-01T02:30/coordinator-1",
	)
}

func TestWaitingForTheEndOfQuietHoursLooksNoFurtherBack(t *testing.T) {
	c := pilot(t)
	c.Cycle.Rules.Digest = "0 22 20 * *"
	c.Cycle.Rules.Quiet = store.Quiet{Start: 23 * 60, End: 9 * 60}
	c.Cycle.PlannedTo = at(t, "2027-01-20 22:30")
	for _, now := range []string{"2027-01-21 01:00", "2027-01-21 05:00"} { // overdue since 22:00
		agenda := scheduler.Plan(c, at(t, now), at(t, now))
		if agenda.Through.Before(c.Cycle.PlannedTo) || !agenda.Next.Equal(at(t, "2027-01-21 09:00")) {
			t.Errorf("at %s it is planned through %v, and next at %v", now, agenda.Through, agenda.Next)
		}
		c.Cycle.PlannedTo = agenda.Through
	}
	got := live(t, c, at(t, "2027-01-21 09:00"), at(t, "2027-01-21 12:00"))
	want(t, only(got, "digest"), "2027-01-20 22:00 digest/pilot/1/2027-01-20T22:00/coordinator-1")
}

// Other rules must not bring back what lies before what was told.
func TestOtherRulesDontGoBack(t *testing.T) {
	c := pilot(t)
	withSession(t, c, "2027-01-28 18:00")
	live(t, c, at(t, "2027-01-11 00:00"), at(t, "2027-01-27 18:15")) // 7d and 1d
	c.Cycle.Rules.Session = []store.Offset{{Days: 2}, {Elapsed: time.Hour}}
	c.Cycle.PlannedTo = at(t, "2027-01-27 18:30") // as UpdateCycle does
	got := live(t, c, at(t, "2027-01-27 18:30"), at(t, "2027-01-28 16:00"))
	want(t, only(got, "/mentee-1"))
}

func TestOtherRulesDontGoBackForMeetings(t *testing.T) {
	c := pilot(t)
	c.Cycle.Minimum = 1
	c.Meetings = []store.Meeting{{
		PairID: "pair", Number: 1, Revision: 1, State: store.Agreed, Day: date(t, "2027-01-28"),
		At: at(t, "2027-01-28 18:00"), AgreedAt: at(t, "2027-01-12 12:00"),
	}}
	live(t, c, at(t, "2027-01-12 12:00"), at(t, "2027-01-27 18:15")) // 1d
	c.Cycle.Rules.Meeting = []store.Offset{{Days: 2}, {Elapsed: time.Hour}}
	c.Cycle.PlannedTo = at(t, "2027-01-27 18:30")
	got := live(t, c, at(t, "2027-01-27 18:30"), at(t, "2027-01-28 20:00"))
	want(t, only(got, "/mentee-1"), "2027-01-28 17:00 meeting/mentor-1+mentee-1#1/1/1h/mentee-1")
}
