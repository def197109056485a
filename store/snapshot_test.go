package store_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/store"
)

func TestSnapshotHoldsTheCycle(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.agree(w.now.Add(24 * time.Hour))
		w.log(today)
		other := pilotCycle("other") // of which nothing may be seen
		w.do(func(tx *store.Tx) error {
			err := tx.InsertCycle(&other)
			_, populated := populate(tx, other.ID, "other", 2)
			return errors.Join(err, populated)
		})
		s := w.snapshot()
		w.cycle.Version = s.Cycle.Version
		want := &store.Snapshot{
			Cycle:    w.cycle,
			Members:  get(w, func(tx *store.Tx) ([]store.Member, error) { return tx.Members(w.cycle.ID) }),
			Pairs:    []store.Pair{w.pair, w.secondPair},
			Meetings: get(w, func(tx *store.Tx) ([]store.Meeting, error) { return tx.MeetingsOf(w.pair.ID) }),
			Sessions: []store.Session{w.session}, Events: []store.Event{w.event},
			People: map[string]*store.Person{
				w.mentor.ID: &w.mentor, w.mentee.ID: &w.mentee, w.second.ID: &w.second, w.coordinator.ID: &w.coordinator,
			},
			Answers: map[[2]string]store.Answer{}, Told: []store.Told{},
		}
		slices.SortFunc(want.Members, func(a, b store.Member) int { return cmp.Compare(a.PersonID, b.PersonID) })
		slices.SortFunc(want.Pairs, func(a, b store.Pair) int { return cmp.Compare(a.ID, b.ID) })
		if diff := gocmp.Diff(want, s); diff != "" || len(s.Meetings) != 2 {
			t.Error(diff)
		}
	})
}

func TestSnapshotIsSorted(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.do(func(tx *store.Tx) error {
			pairs, err := populate(tx, w.cycle.ID, "more", 20)
			for i, p := range pairs {
				for n := range 3 {
					_, logged := tx.Log(p.ID, today-store.Date(n), time.Hour, p.MentorID)
					err = errors.Join(err, logged)
				}
				day := store.NewDate(2027, 2, 1+i*7%20)
				err = errors.Join(err, tx.InsertSession(&store.Session{CycleID: w.cycle.ID, Slug: fmt.Sprint("s-", i), At: day.At(store.Clock(i * 17 % 1440))}),
					tx.InsertEvent(&store.Event{CycleID: w.cycle.ID, Slug: fmt.Sprint("e-", i), From: day, To: day}))
			}
			return err
		})
		s := w.snapshot()
		for what, sorted := range map[string]bool{
			"members": slices.IsSortedFunc(s.Members, func(a, b store.Member) int { return cmp.Compare(a.PersonID, b.PersonID) }),
			"pairs":   slices.IsSortedFunc(s.Pairs, func(a, b store.Pair) int { return cmp.Compare(a.ID, b.ID) }),
			"meetings": slices.IsSortedFunc(s.Meetings, func(a, b store.Meeting) int {
				return cmp.Or(cmp.Compare(a.PairID, b.PairID), cmp.Compare(a.Number, b.Number))
			}),
			"sessions": slices.IsSortedFunc(s.Sessions, func(a, b store.Session) int { return cmp.Compare(a.At.String(), b.At.String()) }),
			"events":   slices.IsSortedFunc(s.Events, func(a, b store.Event) int { return cmp.Compare(a.From, b.From) }),
		} {
			if !sorted {
				t.Errorf("the %s aren't sorted", what)
			}
		}
		if len(s.Meetings) != 60 || len(s.Sessions) != 21 {
			t.Errorf("%d meetings and %d sessions, want 60 and 21", len(s.Meetings), len(s.Sessions))
		}
	})
}

// told says what was told as lines: kind subject occurrence offset recipient state
// minutes.
func (w *world) told() (lines []string) {
	w.Helper()
	names := map[string]string{w.mentee.ID: "mentee", w.second.ID: "second", w.coordinator.ID: "coordinator"}
	for _, t := range w.snapshot().Told {
		lines = append(lines, fmt.Sprint(t.Kind, " ", t.Subject, " ", t.Occurrence, " ", t.Offset, " ", names[t.PersonID],
			" ", t.State, " ", t.At.Sub(noon).Minutes()))
	}
	slices.Sort(lines)
	return lines
}

func TestSnapshotTellsTheLatestOfEachThing(t *testing.T) {
	eachWorld(t, func(w *world) {
		n := 0
		tell := func(kind store.Kind, subject, occurrence, offset string, to store.Person, state store.MessageState, minutes int) {
			m := w.message(kind, strconv.Itoa(n))
			n++
			m.Subject, m.Occurrence, m.Offset, m.PersonID, m.State = subject, occurrence, offset, to.ID, state
			if m.Due = noon.Add(time.Duration(minutes) * time.Minute); state != store.Planned {
				m.SettledAt = m.Due
			}
			w.enqueue(m)
		}
		tell(store.KindSession, "spring", "1", "1d", w.mentee, store.Sent, 9)
		tell(store.KindSession, "spring", "1", "7d", w.mentee, store.Sent, 10)
		tell(store.KindSession, "spring", "1", "1h", w.mentee, store.Withdrawn, 11)
		tell(store.KindSession, "spring", "1", "1h", w.mentee, store.Planned, 12)
		tell(store.KindSession, "spring", "2", "moved", w.mentee, store.Sent, 3)
		tell(store.KindSession, "spring", "1", "7d", w.second, store.Sent, 4)
		tell(store.KindSession, "unheard-of", "1", "7d", w.second, store.Sent, 4)
		tell(store.KindEvent, "belgrade", "1", "60d", w.second, store.Sent, 5)
		tell(store.KindEvent, "spring", "1", "60d", w.second, store.Sent, 5) // a session's slug
		tell(store.KindMeeting, "a+b#1", "1", "2d", w.mentee, store.Sent, 6)
		tell(store.KindMeeting, "a+b#1", "1", "1d", w.mentee, store.Sent, 7)
		tell(store.KindMeeting, "a+b#1", "2", "1d", w.mentee, store.Failed, 7)
		tell(store.KindPace, "a+b", "2027-01-11", "1", w.mentee, store.Sent, 1)
		tell(store.KindPace, "a+b", "2027-01-11", "2", w.mentee, store.Planned, 2)
		tell(store.KindTrouble, "a+b", "2027-02-01", "", w.coordinator, store.Missed, 3)
		tell(store.KindDigest, "pilot", "x", "", w.coordinator, store.Sent, 3)
		want := []string{
			"event belgrade 1 60d second sent 5",
			"meeting a+b#1 1 1d mentee sent 7",
			"pace a+b 2027-01-11 1 mentee sent 1",
			"pace a+b 2027-01-11 2 mentee planned 2",
			"session spring 1 7d mentee sent 10",
			"session spring 1 7d second sent 4",
			"session spring 2 moved mentee sent 3",
			"trouble a+b 2027-02-01  coordinator missed 3",
		}
		if diff := gocmp.Diff(want, w.told()); diff != "" {
			t.Error(diff)
		}
	})
}

// plan notes that the world's cycle was planned up to now.
func (w *world) plan() {
	w.Helper()
	w.do(func(tx *store.Tx) error {
		version, err := tx.Version(w.cycle.ID)
		if err != nil {
			return err
		}
		noted, err := tx.NotePlanned(w.cycle.ID, version, w.now, w.now.AddDate(5, 0, 0), "test")
		if err == nil && !noted {
			err = errors.New("the plan is of another version")
		}
		return err
	})
}

func TestSnapshotForgetsWhatIsOver(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.enqueue(
			store.Message{CycleID: w.cycle.ID, Key: "s", Kind: store.KindSession, Subject: "spring", Occurrence: "1", PersonID: w.mentee.ID, State: store.Sent, Until: noon},
			store.Message{CycleID: w.cycle.ID, Key: "e", Kind: store.KindEvent, Subject: "belgrade", Occurrence: "1", PersonID: w.mentee.ID, State: store.Sent, Until: noon},
			store.Message{CycleID: w.cycle.ID, Key: "m", Kind: store.KindMeeting, Subject: "a+b#1", Occurrence: "1", PersonID: w.mentee.ID, State: store.Sent, Until: noon})
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.AnswerSession(w.session.ID, w.mentee.ID, true, w.mentee.ID),
				tx.AnswerEvent(w.event.ID, w.mentee.ID, true, "", w.mentee.ID))
		})
		const lookback = 72 * time.Hour
		sessionOver := time.Date(2027, 3, 1, 18, 30, 0, 0, time.UTC)
		eventOver := time.Date(2027, 6, 20, 22, 0, 0, 0, time.UTC)
		for _, step := range []struct {
			planned       time.Time
			told, answers int
		}{
			{noon.Add(lookback), 3, 2},
			{noon.Add(lookback + time.Millisecond), 2, 2},
			{sessionOver.Add(lookback - time.Millisecond), 2, 2},
			{sessionOver.Add(lookback), 1, 1},
			{eventOver.Add(lookback - time.Millisecond), 1, 1},
			{eventOver.Add(lookback), 0, 0},
		} {
			w.now = step.planned
			w.plan()
			w.now = w.now.AddDate(0, 1, 0) // downtime: what the last plan hadn't seen is still to be planned
			if s := w.snapshot(); len(s.Told) != step.told || len(s.Answers) != step.answers {
				t.Errorf("planned to %v: %d told and %d answers, want %d and %d", step.planned, len(s.Told), len(s.Answers), step.told, step.answers)
			}
		}
	})
}

func TestSnapshotCountsWhatWasNotDelivered(t *testing.T) {
	eachWorld(t, func(w *world) {
		for i, state := range []store.MessageState{store.Failed, store.Failed, store.Missed, store.Sent} {
			m := w.message(store.KindDigest, strconv.Itoa(i))
			m.State, m.SettledAt = state, noon.Add(time.Duration(i)*time.Hour)
			w.enqueue(m)
		}
		for after, want := range map[time.Duration]int{
			7*24*time.Hour - 1:           2,
			7 * 24 * time.Hour:           1,
			7*24*time.Hour + time.Hour:   0,
			7*24*time.Hour + 2*time.Hour: 0,
		} {
			if w.now = noon.Add(after); w.snapshot().Undelivered != want {
				t.Errorf("%v later %d are undelivered, want %d", after, w.snapshot().Undelivered, want)
			}
		}
	})
}
