package scheduler_test

import (
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

func behindAt(t *testing.T, c *store.Snapshot, when string) bool {
	t.Helper()
	return scheduler.Pace(c, &c.Pairs[0], at(t, when)).Behind
}

func TestPartsOfTheCycle(t *testing.T) {
	c := pilot(t)
	for k, want := range map[int]string{1: "2027-02-05", 2: "2027-03-03", 6: "2027-06-15"} {
		if got := scheduler.PartEnd(&c.Cycle, k); got.String() != want {
			t.Errorf("part %d ends on %s, want %s", k, got, want)
		}
	}
	if behindAt(t, c, "2027-02-05 23:59") || !behindAt(t, c, "2027-02-06 00:00") {
		t.Error("a silent pair is behind from the end of the first part")
	}
}

func TestAgreedMeetingCountsForAWhile(t *testing.T) {
	c := pilot(t)
	c.Meetings = []store.Meeting{{
		PairID: "pair", Number: 1, State: store.Agreed, Day: date(t, "2027-02-10"),
		At: at(t, "2027-02-10 18:00"), AgreedAt: at(t, "2027-02-07 12:00"),
	}}
	for when, want := range map[string]bool{
		"2027-02-07 11:59": true, "2027-02-07 12:00": false, "2027-02-12 23:59": false, "2027-02-13 00:00": true,
	} {
		if got := behindAt(t, c, when); got != want {
			t.Errorf("behind at %s: %v, want %v", when, got, want)
		}
	}
	c.Meetings[0].Day = c.Cycle.By + 1
	if !behindAt(t, c, "2027-02-08 12:00") {
		t.Error("a meeting agreed for after the last day counts")
	}
}

func TestHeldMeetingCountsUnlessDisputed(t *testing.T) {
	c := pilot(t)
	c.Meetings = []store.Meeting{{
		PairID: "pair", Number: 1, State: store.Held, Day: date(t, "2027-02-04"), LoggedAt: at(t, "2027-02-07 12:00"),
	}}
	if behindAt(t, c, "2027-02-08 00:00") {
		t.Error("a held meeting doesn't count")
	}
	c.Meetings[0].DisputedAt = at(t, "2027-02-08 09:00")
	s := scheduler.Pace(c, &c.Pairs[0], at(t, "2027-02-09 00:00"))
	if !s.Behind || s.Held != 0 || !s.Since.Equal(at(t, "2027-02-08 09:00")) || s.Left() != 6 {
		t.Errorf("with its only meeting disputed the pair stands at %+v", s)
	}
}

func TestProgressStartsTheCountAnew(t *testing.T) {
	c := pilot(t)
	live(t, c, at(t, "2027-01-11 00:00"), at(t, "2027-02-16 00:00")) // two reminders
	c.Meetings = []store.Meeting{{
		PairID: "pair", Number: 1, State: store.Held, Day: date(t, "2027-02-16"), LoggedAt: at(t, "2027-02-16 12:00"),
	}}
	got := live(t, c, at(t, "2027-02-16 12:00"), at(t, "2027-04-01 00:00"))
	want(t, only(got, "/mentee-1"), // behind again from Thursday 4 March
		"2027-03-04 10:00 pace/mentor-1+mentee-1/1/3/mentee-1",
		"2027-03-11 10:00 pace/mentor-1+mentee-1/1/4/mentee-1",
	)
	want(t, only(got, "coordinator"), "2027-03-18 10:00 trouble/mentor-1+mentee-1/2027-03-04/-/coordinator-1")
}

// The reminders of February are long past, and the pair stays behind by one meeting.
func TestTheCountStartsWhenAMeetingIsLoggedOrOnItsDay(t *testing.T) {
	noon := at(t, "2027-03-10 12:00")
	for name, test := range map[string]struct {
		meeting     store.Meeting
		third, next string
	}{
		"logged late":    {store.Meeting{State: store.Held, Day: date(t, "2027-02-20"), LoggedAt: noon}, "2027-03-17 12:00", "2027-03-24 12:00"},
		"agreed, behind": {store.Meeting{State: store.Agreed, Day: date(t, "2027-03-15"), AgreedAt: noon}, "2027-03-22 10:00", "2027-03-29 10:00"},
		"called off": {store.Meeting{
			State: store.Cancelled, Day: date(t, "2027-03-15"), AgreedAt: noon, CancelledAt: at(t, "2027-03-11 13:00"),
		}, "2027-03-18 13:00", "2027-03-25 13:00"},
		"called off late": {store.Meeting{
			State: store.Cancelled, Day: date(t, "2027-03-11"), AgreedAt: noon, CancelledAt: at(t, "2027-03-12 13:00"),
		}, "2027-03-18 10:00", "2027-03-25 10:00"},
		"only proposed": {store.Meeting{State: store.Proposed, Day: date(t, "2027-03-15")}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := pilot(t)
			c.Cycle.Rules.Meeting = nil
			live(t, c, at(t, "2027-01-11 00:00"), noon.Add(-time.Minute))
			test.meeting.PairID, test.meeting.Number, test.meeting.Revision = "pair", 1, 1
			c.Meetings = []store.Meeting{test.meeting}
			var lines []string
			if test.third != "" {
				lines = []string{test.third + " pace/mentor-1+mentee-1/1/3/mentee-1", test.next + " pace/mentor-1+mentee-1/1/4/mentee-1"}
			}
			want(t, only(live(t, c, noon, at(t, "2027-04-30 00:00")), "/mentee-1"), lines...)
		})
	}
}

func TestAPairMadeInTheMiddleHasTimeToMeet(t *testing.T) {
	c := pilot(t)
	c.Pairs[0].Since = at(t, "2027-03-09 12:00")
	live(t, c, at(t, "2027-01-11 00:00"), at(t, "2027-01-11 00:00"))
	c.Cycle.PlannedTo = c.Pairs[0].Since.Add(-time.Minute)
	got := live(t, c, c.Pairs[0].Since, at(t, "2027-04-01 00:00"))
	want(t, only(got, "/mentee-1"),
		"2027-03-16 12:00 pace/mentor-1+mentee-1/1/1/mentee-1",
		"2027-03-23 12:00 pace/mentor-1+mentee-1/1/2/mentee-1",
	)
	c = pilot(t) // one that was there at the start
	c.Cycle.Minimum = 60
	c.Pairs[0].Since = at(t, "2027-01-11 00:00")
	got = live(t, c, at(t, "2027-01-11 00:00"), at(t, "2027-01-14 00:00"))
	want(t, only(got, "/mentee-1"), "2027-01-13 10:00 pace/mentor-1+mentee-1/1/1/mentee-1")
}

func TestPaceReminderMissedByDaysGoesInTheNextWindow(t *testing.T) {
	c := pilot(t)
	c.Cycle.PlannedTo = at(t, "2027-02-01 00:00")
	got := live(t, c, at(t, "2027-02-13 12:00"), at(t, "2027-02-20 00:00")) // up again on a Saturday
	want(t, only(got, "/mentee-1"), "2027-02-15 10:00 pace/mentor-1+mentee-1/1/1/mentee-1")
}

func TestPaceKeepsAwayFromLastCalls(t *testing.T) {
	c := pilot(t)
	c.Cycle.By = date(t, "2027-03-10") // parts of 59/6 days; last calls 8 February, 24 February, 3 March
	got := only(live(t, c, at(t, "2027-01-11 00:00"), at(t, "2027-03-31 00:00")), "/mentee-1")
	want(t, got,
		"2027-01-20 10:00 pace/mentor-1+mentee-1/1/1/mentee-1",
		"2027-01-27 10:00 pace/mentor-1+mentee-1/1/2/mentee-1",
		"2027-02-08 10:00 pace/mentor-1+mentee-1/1/last-30d/mentee-1",
		"2027-02-24 10:00 pace/mentor-1+mentee-1/1/last-14d/mentee-1",
		"2027-03-03 10:00 pace/mentor-1+mentee-1/1/last-7d/mentee-1",
	)
	c = pilot(t)
	c.Cycle.By = date(t, "2027-03-01") // parts of 50/6 days; last calls 30 January, 15 and 22 February
	got = only(live(t, c, at(t, "2027-01-11 00:00"), at(t, "2027-03-31 00:00")), "/mentee-1")
	want(t, got,
		"2027-01-19 10:00 pace/mentor-1+mentee-1/1/1/mentee-1",
		"2027-01-30 10:00 pace/mentor-1+mentee-1/1/last-30d/mentee-1", // 26 January was less than a week before
		"2027-02-08 10:00 pace/mentor-1+mentee-1/1/2/mentee-1",
		"2027-02-15 10:00 pace/mentor-1+mentee-1/1/last-14d/mentee-1",
		"2027-02-22 10:00 pace/mentor-1+mentee-1/1/last-7d/mentee-1",
	)
}

func TestQuietHours(t *testing.T) {
	c := pilot(t)
	c.Cycle.Minimum = 1
	c.Cycle.Rules.Session = []store.Offset{{Elapsed: time.Hour}}
	for start, due := range map[string]string{
		"2027-02-25 18:00": "2027-02-25 17:00",
		"2027-02-25 09:30": "2027-02-25 09:00", // waits: half an hour remains
		"2027-02-25 09:29": "2027-02-24 20:45", // can't wait: before the quiet hours
		"2027-02-25 22:00": "2027-02-25 20:45",
		"2027-02-25 10:00": "2027-02-25 09:00", // the end is not quiet
	} {
		c.Sessions = nil
		withSession(t, c, start)
		got := only(forecast(c, at(t, "2027-02-01 00:00"), at(t, "2027-03-01 00:00")), "/mentee-1")
		want(t, got, due+" session/opening/1/1h/mentee-1")
	}
}

func TestPaceKeepsToItsHoursWhateverIsQuiet(t *testing.T) {
	for quiet, due := range map[string]string{
		"17:00-09:00": "2027-02-15 10:00", // not at nine, and not on Saturday
		"16:00-08:00": "2027-02-15 10:00",
		"12:00-20:00": "2027-02-15 10:00",
		"08:00-15:30": "2027-02-12 17:30",
		"09:00-18:00": "2027-02-12 18:00", // leaves nothing of the hours: any hour of a weekday
		"10:00-02:00": "2027-02-15 02:00",
		"09:00-19:00": "2027-02-12 19:00",
	} {
		c := pilot(t)
		q, err := store.ParseQuiet(quiet)
		if err != nil {
			t.Fatal(err)
		}
		c.People["a"].Quiet = &q
		c.Members[0].JoinedAt = at(t, "2027-02-12 17:30") // a Friday; behind for a week
		got := only(only(live(t, c, at(t, "2027-02-12 00:00"), at(t, "2027-02-16 00:00")), "pace/"), "/mentee-1")
		want(t, got, due+" pace/mentor-1+mentee-1/1/1/mentee-1")
	}
}
