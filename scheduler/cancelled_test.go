package scheduler_test

import (
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

func TestCancelledSession(t *testing.T) {
	cancelled := at(t, "2027-02-24 22:00")
	const word = "session/opening/1-2027-02-24T21:00:00.000/cancelled/mentee-1"
	for name, test := range map[string]struct {
		change func(c *store.Snapshot)
		want   []string
	}{
		"heard of it":  {func(c *store.Snapshot) { told(c, store.KindSession, "opening", "7d", "a", cancelled) }, []string{"2027-02-25 09:00 " + word}},
		"never heard":  {func(*store.Snapshot) {}, nil},
		"comes":        {func(c *store.Snapshot) { answer(c, "s", "a", true, cancelled) }, []string{"2027-02-25 09:00 " + word}},
		"comes, awake": {func(c *store.Snapshot) { answer(c, "s", "a", true, cancelled); c.People["a"].Quiet = &store.Quiet{} }, []string{"2027-02-24 22:00 " + word}},
		"can't wait": {func(c *store.Snapshot) {
			answer(c, "s", "a", true, cancelled)
			c.Sessions[0].At.Clock = 9*60 + 15
		}, []string{"2027-02-24 22:00 " + word}},
		"can't come": {func(c *store.Snapshot) {
			told(c, store.KindSession, "opening", "7d", "a", cancelled)
			answer(c, "s", "a", false, cancelled)
		}, nil},
		"paused": {func(c *store.Snapshot) {
			answer(c, "s", "a", true, cancelled)
			c.People["a"].PausedUntil = cancelled.AddDate(0, 1, 0)
		}, nil},
		"heard of it before it moved": {func(c *store.Snapshot) {
			told(c, store.KindSession, "opening", "7d", "a", cancelled)
			c.Sessions[0].Revision = 3
		}, []string{"2027-02-25 09:00 session/opening/3-2027-02-24T21:00:00.000/cancelled/mentee-1"}},
		"cancelled when it had begun": {func(c *store.Snapshot) {
			answer(c, "s", "a", true, cancelled)
			c.Sessions[0].At = store.WallOf(cancelled.Add(-time.Hour).In(c.Cycle.Location()))
		}, nil},
		"cancelled before, and that was told": {func(c *store.Snapshot) {
			answer(c, "s", "a", true, cancelled)
			c.Told = append(c.Told, store.Told{Kind: store.KindSession, Subject: "opening", Occurrence: "1-2027-02-24T20:55:00.000",
				Offset: scheduler.Cancelled, PersonID: "a", State: store.Sent, At: cancelled.Add(-time.Minute)})
		}, []string{"2027-02-25 09:00 " + word}},
	} {
		t.Run(name, func(t *testing.T) {
			c := pilot(t)
			withSession(t, c, "2027-02-25 18:00")
			c.Sessions[0].CancelledAt = cancelled
			test.change(c)
			c.Cycle.PlannedTo = cancelled.Add(-time.Hour)
			want(t, only(live(t, c, cancelled, at(t, "2027-02-26 00:00")), "session"), test.want...)
		})
	}
}

func TestCancelledEvent(t *testing.T) {
	c := pilot(t)
	withEvent(t, c)
	answer(c, "e", "b", true, at(t, "2027-04-20 10:00"))
	c.Events[0].CancelledAt = at(t, "2027-06-17 12:00")
	c.Cycle.PlannedTo = at(t, "2027-06-17 11:00")
	got := live(t, c, at(t, "2027-06-17 12:00"), at(t, "2027-06-22 00:00"))
	want(t, only(got, "event"), "2027-06-17 12:00 event/belgrade/1-2027-06-17T10:00:00.000/cancelled/mentor-1")
}

func TestCancellationTakenBack(t *testing.T) {
	const word = "1-2027-02-20T11:00:00.000"
	now := at(t, "2027-02-20 12:00")
	m := store.Message{
		Kind: store.KindSession, Subject: "opening", Occurrence: word, Offset: scheduler.Cancelled, PersonID: "a",
		Due: now, Until: at(t, "2027-02-25 18:00"),
	}
	c := pilot(t)
	withSession(t, c, "2027-02-25 18:00")
	told(c, store.KindSession, "opening", "7d", "a", now)
	c.Sessions[0].CancelledAt = now
	for _, step := range []struct {
		change func()
		want   string // reason to withdraw
	}{
		{func() {}, ""},
		{func() { answer(c, "s", "a", false, now) }, "no longer planned"},
		{func() { c.Sessions[0].CancelledAt = now.Add(time.Millisecond) }, "not cancelled any more"},
		{func() { c.Sessions[0].CancelledAt = time.Time{} }, "not cancelled any more"},
	} {
		step.change()
		state := store.Planned
		if step.want != "" {
			state = store.Withdrawn
		}
		if got := scheduler.Condition(c, &m, now); got.State != state || got.Reason != step.want {
			t.Errorf("got %+v, want %s %q", got, state, step.want)
		}
	}
	// Having heard of a cancellation isn't having heard of a later reminder.
	delete(c.Answers, [2]string{"s", "a"})
	c.Told = append(c.Told, store.Told{
		Kind: store.KindSession, Subject: "opening", Occurrence: word, Offset: scheduler.Cancelled, PersonID: "a", State: store.Sent, At: now,
	})
	c.Cycle.PlannedTo = now
	got := only(live(t, c, now, at(t, "2027-02-25 23:00")), "session")
	want(t, only(got, "mentee-1"), "2027-02-24 18:00 session/opening/1/1d/mentee-1")
}
