package scheduler_test

import (
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// told remembers a message that went out.
func told(c *store.Snapshot, kind store.Kind, subject, offset, person string, when time.Time) {
	c.Told = append(c.Told, store.Told{
		Kind: kind, Subject: subject, Occurrence: "1", Offset: offset, PersonID: person, State: store.Sent, At: when,
	})
}

func TestNobodyIsRemindedOnceCoordinatorsWereTold(t *testing.T) {
	c := pilot(t)
	c.People["a"].PausedUntil = at(t, "2027-03-01 00:00")
	got := live(t, c, at(t, "2027-01-11 00:00"), at(t, "2027-02-28 00:00"))
	want(t, only(got, "coordinator"), "2027-02-22 10:00 trouble/mentor-1+mentee-1/2027-02-06/-/coordinator-1")
	got = live(t, c, at(t, "2027-02-28 00:00"), at(t, "2027-05-15 00:00")) // mentee-1 is back, and has had no reminder
	want(t, only(got, "pace"))
	c.Meetings = []store.Meeting{{
		PairID: "pair", Number: 1, State: store.Held, Day: date(t, "2027-05-15"), LoggedAt: at(t, "2027-05-15 00:00"),
	}}
	got = live(t, c, at(t, "2027-05-15 00:00"), at(t, "2027-05-20 00:00"))
	want(t, only(got, "last"), "2027-05-16 10:00 pace/mentor-1+mentee-1/1/last-30d/mentee-1",
		"2027-05-16 10:00 pace/mentor-1+mentee-1/1/last-30d/mentor-1")
}

func TestCoordinatorsAreToldWhenWhoWasWaitedForLeaves(t *testing.T) {
	c := pilot(t)
	c.Members[0].JoinedAt = at(t, "2027-02-20 00:00") // a: one reminder on 22 February
	c.Cycle.Rules.Pace = 30
	from, left := at(t, "2027-01-11 00:00"), at(t, "2027-04-20 12:00")
	want(t, only(live(t, c, from, at(t, "2027-03-22 00:00")), "/pace"))
	c.Members[0].LeftAt = left
	c.Cycle.PlannedTo = left.Add(-time.Hour)
	got := live(t, c, left, at(t, "2027-06-30 00:00"))
	want(t, only(got, "trouble"), "2027-04-20 12:00 trouble/mentor-1+mentee-1/2027-02-06/-/coordinator-1")
}

func TestTroubleWaitsForACoordinator(t *testing.T) {
	c := pilot(t)
	c.People["c"].PausedUntil = at(t, "2027-03-20 12:00")
	got := live(t, c, at(t, "2027-01-11 00:00"), at(t, "2027-04-10 00:00"))
	want(t, only(got, "trouble"), "2027-03-20 12:00 trouble/mentor-1+mentee-1/2027-02-06/-/coordinator-1")
}

func TestMissedLastCallHoldsNothingBack(t *testing.T) {
	c := pilot(t)
	c.Cycle.PlannedTo = at(t, "2027-05-10 00:00") // held back, as by quiet hours of another
	c.Told = []store.Told{{
		Kind: store.KindPace, Subject: "mentor-1+mentee-1", Occurrence: "1", Offset: "last-30d", PersonID: "a",
		State: store.Missed, At: at(t, "2027-05-17 09:00"),
	}}
	agenda := scheduler.Plan(c, at(t, "2027-05-17 09:00"), at(t, "2027-05-17 12:00"))
	var keys []string
	for _, m := range agenda.Messages {
		if m.State == store.Planned && m.PersonID == "a" {
			keys = append(keys, m.Key)
		}
	}
	want(t, keys, "pace/mentor-1+mentee-1/1/1/mentee-1")
}

func TestOnlyAttendanceGoesOutAfterTheEnd(t *testing.T) {
	c := pilot(t)
	c.Cycle.Rules.Digest = "0 9 * * *"
	withSession(t, c, "2027-06-30 21:00")
	c.Cycle.PlannedTo = at(t, "2027-06-30 08:00")
	got := live(t, c, at(t, "2027-07-01 00:00"), at(t, "2027-07-20 00:00"))
	want(t, got, "2027-07-01 09:00 attendance/opening/1/-/coordinator-1")
}

func TestATimeOfTroubleKeepsItsName(t *testing.T) {
	c := pilot(t)
	live(t, c, at(t, "2027-01-11 00:00"), at(t, "2027-02-22 10:00")) // told, of 6 February
	c.Meetings = []store.Meeting{{
		PairID: "pair", Number: 1, State: store.Agreed, Day: date(t, "2027-03-05"), Revision: 2,
		AgreedAt: at(t, "2027-02-22 11:00"), At: at(t, "2027-03-05 18:00"),
	}}
	c.Told[len(c.Told)-1].Occurrence = "2027-02-14" // as another meeting told, which has moved since
	c.Meetings[0].State, c.Meetings[0].CancelledAt = store.Cancelled, at(t, "2027-02-22 11:00")
	c.Cycle.Rules.Pace = 1 // that the pair has its two reminders while a plan still looks back at the word
	got := live(t, c, at(t, "2027-02-22 11:00"), at(t, "2027-04-15 00:00"))
	want(t, only(got, "trouble"), "2027-02-22 10:00 trouble/mentor-1+mentee-1/2027-02-14/-/coordinator-1") // a key that is known
}

// remindedTwice has both of the pilot's pair reminded without effect.
func remindedTwice(t *testing.T, c *store.Snapshot, first, second string) {
	t.Helper()
	for _, person := range []string{"a", "b"} {
		told(c, store.KindPace, "mentor-1+mentee-1", "1", person, at(t, first))
		told(c, store.KindPace, "mentor-1+mentee-1", "2", person, at(t, second))
	}
}

// due are the keys of what a plan of one instant sends.
func due(t *testing.T, c *store.Snapshot, when string) (keys []string) {
	t.Helper()
	for _, m := range scheduler.Plan(c, at(t, when), at(t, when)).Messages {
		if m.State == store.Planned {
			keys = append(keys, m.Key)
		}
	}
	return keys
}

func TestWordOnItsWayToCoordinatorsEndsNoReminders(t *testing.T) {
	c := pilot(t)
	remindedTwice(t, c, "2027-02-08 10:00", "2027-02-15 10:00")
	c.Told = append(c.Told, store.Told{
		Kind: store.KindTrouble, Subject: "mentor-1+mentee-1", Occurrence: "2027-02-06", PersonID: "c",
		State: store.Planned, At: at(t, "2027-02-22 12:00"), // held back by a process that died, and quiet hours
	})
	c.Meetings = []store.Meeting{{
		PairID: "pair", Number: 1, State: store.Cancelled, Day: date(t, "2027-03-05"), At: at(t, "2027-03-05 18:00"),
		AgreedAt: at(t, "2027-02-22 10:30"), CancelledAt: at(t, "2027-02-22 10:40"),
	}}
	c.Cycle.PlannedTo = at(t, "2027-03-01 10:30")
	want(t, due(t, c, "2027-03-01 11:00"),
		"pace/mentor-1+mentee-1/1/3/mentee-1", "pace/mentor-1+mentee-1/1/3/mentor-1")
}

func TestWhoComesWhileAnotherSleepsIsNotToldOfTrouble(t *testing.T) {
	const key = "trouble/mentor-1+mentee-1/2027-02-06/-/"
	for _, c := range []struct {
		name, joined string
		waiting      bool // in the outbox, as a process that died has left it
		want         []string
	}{
		{"left to the plan", "2027-02-22 19:00", false, []string{key + "coordinator-1"}},
		{"in the outbox", "2027-02-22 19:00", true, []string{key + "coordinator-1"}},
		{"who was there hears", "2027-02-22 17:30", false, []string{key + "coordinator-1", key + "coordinator-2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := pilot(t)
			s.Cycle.Rules.Quiet = store.Quiet{Start: 17 * 60, End: 9 * 60}
			remindedTwice(t, s, "2027-02-08 16:30", "2027-02-15 17:30")
			s.People["d"] = &store.Person{ID: "d", Slug: "coordinator-2"}
			s.Members = append(s.Members, store.Member{
				CycleID: "cycle", PersonID: "d", Role: store.Coordinator, JoinedAt: at(t, c.joined),
			})
			s.People["d"].Quiet = &store.Quiet{Start: 20 * 60, End: 9 * 60}
			if c.joined == "2027-02-22 17:30" {
				s.People["d"].Quiet = nil
			}
			if c.waiting {
				s.Told = append(s.Told, store.Told{
					Kind: store.KindTrouble, Subject: "mentor-1+mentee-1", Occurrence: "2027-02-06", PersonID: "c",
					State: store.Planned, At: at(t, "2027-02-23 09:00"),
				})
			}
			s.Cycle.PlannedTo = at(t, "2027-02-22 20:00")
			want(t, due(t, s, "2027-02-23 09:00"), c.want...)
		})
	}
}

func TestWithdrawnWordOfTroubleIsSaidLater(t *testing.T) {
	c := pilot(t)
	remindedTwice(t, c, "2027-02-15 10:00", "2027-02-22 10:00")
	c.Told = append(c.Told, store.Told{
		Kind: store.KindTrouble, Subject: "mentor-1+mentee-1", Occurrence: "2027-02-06", PersonID: "c",
		State: store.Withdrawn, At: at(t, "2027-02-12 10:00"),
	})
	c.Cycle.PlannedTo = at(t, "2027-02-28 10:00")
	want(t, due(t, c, "2027-03-01 10:00"), "trouble/mentor-1+mentee-1/2027-02-06/2/coordinator-1")
}
