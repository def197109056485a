package scheduler_test

import (
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// A message may have been left in the outbox by a process that ended: whatever
// changed meanwhile counts.
func TestConditionOfWhatWasLeftBehind(t *testing.T) {
	const pair = "mentor-1+mentee-1"
	due := at(t, "2027-02-08 10:00") // behind since the day before
	reminder := store.Message{
		Kind: store.KindPace, Subject: pair, Occurrence: "1", Offset: "1", PersonID: "a", Due: due, Until: due.Add(8 * time.Hour),
	}
	second := reminder
	second.Offset = "2"
	trouble := store.Message{
		Kind: store.KindTrouble, Subject: pair, Occurrence: "2027-02-06", PersonID: "c",
		Due: at(t, "2027-02-22 10:00"), Until: at(t, "2027-03-01 10:00"),
	}
	late := trouble
	late.Until = at(t, "2027-04-01 10:00")
	digest := store.Message{
		Kind: store.KindDigest, Subject: "pilot", Occurrence: "1", Offset: "2027-02-08T09:00", PersonID: "c",
		Due: at(t, "2027-02-08 09:00"), Until: at(t, "2027-02-09 09:00"),
	}
	twice := func(c *store.Snapshot) {
		for _, person := range []string{"a", "b"} {
			told(c, store.KindPace, pair, "1", person, due)
			told(c, store.KindPace, pair, "2", person, at(t, "2027-02-15 10:00"))
		}
	}
	for name, test := range map[string]struct {
		m      store.Message
		now    string
		change func(c *store.Snapshot)
		want   scheduler.Verdict
	}{
		"still wanted":   {reminder, "2027-02-08 12:00", nil, scheduler.Verdict{State: store.Planned, Due: at(t, "2027-02-08 12:00")}},
		"quiet by now":   {reminder, "2027-02-08 12:00", func(c *store.Snapshot) { c.People["a"].Quiet = &store.Quiet{Start: 11 * 60, End: 13 * 60} }, scheduler.Verdict{State: store.Planned, Due: at(t, "2027-02-08 13:00")}},
		"too late":       {reminder, "2027-02-08 18:00", nil, scheduler.Verdict{State: store.Missed, Reason: "came too late"}},
		"off":            {reminder, "2027-02-08 12:00", func(c *store.Snapshot) { c.Cycle.Rules.Pace = 0 }, scheduler.Verdict{State: store.Withdrawn, Reason: "no longer planned"}},
		"pair has ended": {reminder, "2027-02-08 12:00", func(c *store.Snapshot) { c.Pairs[0].EndedAt = due }, scheduler.Verdict{State: store.Withdrawn, Reason: "the pair has ended"}},
		"last call near": {reminder, "2027-02-08 12:00", func(c *store.Snapshot) { c.Cycle.By = date(t, "2027-02-22") }, scheduler.Verdict{State: store.Withdrawn, Reason: "not the time for it any more"}},
		"escalated": {second, "2027-02-08 12:00", func(c *store.Snapshot) { told(c, store.KindTrouble, pair, "", "c", due) },
			scheduler.Verdict{State: store.Withdrawn, Reason: "reminded enough"}},
		"trouble": {trouble, "2027-02-22 12:00", twice, scheduler.Verdict{State: store.Planned, Due: at(t, "2027-02-22 12:00")}},
		"trouble, agreed": {trouble, "2027-02-22 12:00", func(c *store.Snapshot) {
			twice(c)
			c.Meetings = []store.Meeting{{PairID: "pair", Number: 1, State: store.Cancelled, Day: date(t, "2027-02-25"),
				AgreedAt: at(t, "2027-02-22 11:00"), CancelledAt: at(t, "2027-02-22 11:30")}}
		}, scheduler.Verdict{State: store.Withdrawn, Reason: "back on pace since"}},
		"trouble, logged": {late, "2027-03-05 12:00", func(c *store.Snapshot) {
			twice(c)
			c.Meetings = []store.Meeting{{PairID: "pair", Number: 1, State: store.Held, LoggedAt: at(t, "2027-03-05 11:00")}}
		}, scheduler.Verdict{State: store.Withdrawn, Reason: "the count has started anew"}},
		"digest": {digest, "2027-02-08 12:00", nil, scheduler.Verdict{State: store.Planned, Due: at(t, "2027-02-08 12:00")}},
		"newer digest": {digest, "2027-02-09 08:00", func(c *store.Snapshot) { c.Cycle.Rules.Digest = "0 9,18 * * *" },
			scheduler.Verdict{State: store.Missed, Reason: "a later reminder took its place"}},
		"no such digest": {digest, "2027-02-08 12:00", func(c *store.Snapshot) { c.Cycle.Rules.Digest = "" },
			scheduler.Verdict{State: store.Withdrawn, Reason: "no longer planned"}},
		"cycle has ended": {digest, "2027-02-08 12:00", func(c *store.Snapshot) { c.Cycle.Ends = date(t, "2027-02-07") },
			scheduler.Verdict{State: store.Missed, Reason: "the cycle has ended"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := pilot(t)
			c.Cycle.Rules.Digest = "0 9 * * MON"
			if test.change != nil {
				test.change(c)
			}
			if got := scheduler.Condition(c, &test.m, at(t, test.now)); got.State != test.want.State ||
				got.Reason != test.want.Reason || !got.Due.Equal(test.want.Due) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestConditionOfGatheringsLeftBehind(t *testing.T) {
	now := at(t, "2027-02-20 12:00")
	session := store.Message{
		Kind: store.KindSession, Subject: "opening", Occurrence: "1", Offset: "7d", PersonID: "a",
		Due: at(t, "2027-02-18 18:00"), Until: at(t, "2027-02-25 18:00"),
	}
	attendance := store.Message{
		Kind: store.KindAttendance, Subject: "opening", Occurrence: "1", PersonID: "c",
		Due: at(t, "2027-02-20 10:00"), Until: at(t, "2027-03-01 10:00"),
	}
	meeting := store.Message{
		Kind: store.KindMeeting, Subject: "mentor-1+mentee-1#1", Occurrence: "1", Offset: "1d", PersonID: "a",
		Due: at(t, "2027-02-20 10:00"), Until: at(t, "2027-02-21 10:00"),
	}
	for name, test := range map[string]struct {
		m      store.Message
		change func(c *store.Snapshot)
		want   string // reason to withdraw
	}{
		"session":           {session, func(*store.Snapshot) {}, ""},
		"session moved":     {session, func(c *store.Snapshot) { c.Sessions[0].Revision++ }, "moved"},
		"session cancelled": {session, func(c *store.Snapshot) { c.Sessions[0].CancelledAt = now }, "cancelled"},
		"session answered":  {session, func(c *store.Snapshot) { answer(c, "s", "a", true, now) }, "answered"},
		"offset is gone":    {session, func(c *store.Snapshot) { c.Cycle.Rules.Session = c.Cycle.Rules.Session[1:] }, "no longer planned"},
		"paused":            {session, func(c *store.Snapshot) { c.People["a"].PausedUntil = now.Add(time.Minute) }, "paused"},
		"left":              {session, func(c *store.Snapshot) { c.Members[0].LeftAt = now }, "not a member any more"},
		"attendance":        {attendance, func(*store.Snapshot) {}, ""},
		"attendance taken":  {attendance, func(c *store.Snapshot) { c.Sessions[0].AttendanceAt = now }, "attendance was taken"},
		"attendance moved":  {attendance, func(c *store.Snapshot) { c.Sessions[0].Revision++ }, "attendance was taken"},
		"meeting":           {meeting, func(*store.Snapshot) {}, ""},
		"meeting moved":     {meeting, func(c *store.Snapshot) { c.Meetings[0].Revision++ }, "the meeting was moved, cancelled or held"},
		"meeting held":      {meeting, func(c *store.Snapshot) { c.Meetings[0].State = store.Held }, "the meeting was moved, cancelled or held"},
		"meeting's pair":    {meeting, func(c *store.Snapshot) { c.Pairs[0].EndedAt = now }, "the meeting was moved, cancelled or held"},
	} {
		t.Run(name, func(t *testing.T) {
			c := pilot(t)
			withSession(t, c, "2027-02-25 18:00")
			c.Meetings = []store.Meeting{{
				PairID: "pair", Number: 1, State: store.Agreed, Day: date(t, "2027-02-21"), Revision: 1,
				AgreedAt: at(t, "2027-02-10 10:00"), At: at(t, "2027-02-21 10:00"),
			}}
			test.change(c)
			state := store.Planned
			if test.want != "" {
				state = store.Withdrawn
			}
			if got := scheduler.Condition(c, &test.m, now); got.State != state || got.Reason != test.want {
				t.Errorf("got %+v, want %s %q", got, state, test.want)
			}
		})
	}
}
