package store_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/store"
)

func (w *world) answers(subjectID string) map[string]store.Answer {
	w.Helper()
	answers := map[string]store.Answer{}
	for _, a := range get(w, func(tx *store.Tx) ([]store.Answer, error) { return tx.Answers(subjectID) }) {
		answers[a.PersonID] = a
	}
	return answers
}

func (w *world) present(subjectID string) (people []string) {
	w.Helper()
	for _, a := range get(w, func(tx *store.Tx) ([]store.Attendance, error) { return tx.Attendance(subjectID) }) {
		people = append(people, a.Day.String()+" "+a.PersonID)
	}
	return people
}

func TestSessionsReadAsWritten(t *testing.T) {
	eachWorld(t, func(w *world) {
		read := get(w, func(tx *store.Tx) (store.Session, error) { return tx.Session(w.session.ID) })
		if diff := cmp.Diff(w.session, read); diff != "" || read.Revision != 1 || !read.ChangedAt.Equal(noon) {
			t.Error(read, diff)
		}
		event := get(w, func(tx *store.Tx) (store.Event, error) { return tx.Event(w.event.ID) })
		if diff := cmp.Diff(w.event, event); diff != "" || event.Revision != 1 || !event.ChangedAt.Equal(noon) {
			t.Error(event, diff)
		}
	})
}

func TestSessionsAreWhereTheCycleAndItsClockAre(t *testing.T) {
	eachWorld(t, func(w *world) {
		for at, want := range map[string]*store.Refusal{
			"2027-01-10 18:00": store.ErrBeforeCycle,
			"2027-07-01 18:00": store.ErrAfterCycle,
			"2027-03-28 02:30": store.ErrNoSuchTime,
		} {
			wall := must(store.ParseWall(at))
			w.refused(want, func(tx *store.Tx) error {
				return tx.InsertSession(&store.Session{CycleID: w.cycle.ID, Slug: "other", Title: "Other", At: wall})
			})
			w.refused(want, func(tx *store.Tx) error { return tx.MoveSession(w.session.ID, wall) })
		}
		w.refused(store.ErrKnown, func(tx *store.Tx) error {
			return tx.InsertSession(&store.Session{CycleID: w.cycle.ID, Slug: w.session.Slug, At: w.session.At})
		})
		w.refused(store.ErrSlug, func(tx *store.Tx) error {
			return tx.InsertSession(&store.Session{CycleID: w.cycle.ID, Slug: "a/b", At: w.session.At})
		})
		w.refused(store.ErrDates, func(tx *store.Tx) error { return tx.MoveEvent(w.event.ID, 2, 1) })
		w.refused(store.ErrZone, func(tx *store.Tx) error {
			e := w.event
			e.Zone = "Europe/Atlantis"
			return tx.UpdateEvent(e)
		})
	})
}

func TestAMoveVoidsAnswersAndAttendance(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.AnswerSession(w.session.ID, w.mentee.ID, false, w.mentee.ID),
				tx.AnswerSession(w.session.ID, w.mentee.ID, true, w.coordinator.ID),
				tx.AnswerEvent(w.event.ID, w.mentee.ID, true, `{"bed":1}`, w.mentee.ID),
				tx.AnswerEvent(w.event.ID, w.mentee.ID, true, "", w.mentee.ID))
		})
		if a := w.answers(w.session.ID)[w.mentee.ID]; !a.Coming || a.By != w.coordinator.ID || a.Revision != 1 || !a.At.Equal(w.now) {
			t.Errorf("answer is %+v, want the second one", a)
		}
		if a := w.answers(w.event.ID)[w.mentee.ID]; a.Form != `{"bed":1}` {
			t.Errorf("form is %q, want it kept", a.Form)
		}
		w.now = time.Date(2027, 6, 19, 12, 0, 0, 0, time.UTC)
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.TakeAttendance(w.session.ID, []string{w.mentor.ID, w.mentee.ID}, w.coordinator.ID),
				tx.TakeAttendance(w.session.ID, []string{w.mentee.ID}, w.coordinator.ID),
				tx.TakeEventAttendance(w.event.ID, w.event.From, []string{w.mentor.ID}, w.coordinator.ID),
				tx.TakeEventAttendance(w.event.ID, w.event.From+1, []string{w.mentee.ID}, w.coordinator.ID))
		})
		if diff := cmp.Diff(w.present(w.session.ID), []string{"2027-03-01 " + w.mentee.ID}); diff != "" {
			t.Error(diff)
		}
		if n := len(w.present(w.event.ID)); n != 2 {
			t.Errorf("%d were at the event, want 2", n)
		}
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.MoveSession(w.session.ID, store.NewDate(2027, 6, 21).At(600)),
				tx.MoveEvent(w.event.ID, w.event.From+2, w.event.To+2))
		})
		session := get(w, func(tx *store.Tx) (store.Session, error) { return tx.Session(w.session.ID) })
		event := get(w, func(tx *store.Tx) (store.Event, error) { return tx.Event(w.event.ID) })
		if session.Revision != 2 || !session.ChangedAt.Equal(w.now) || !session.AttendanceAt.IsZero() ||
			event.Revision != 2 || !event.ChangedAt.Equal(w.now) || event.From != w.event.From+2 {
			t.Errorf("moved, they are %+v and %+v", session, event)
		}
		for _, id := range []string{w.session.ID, w.event.ID} {
			if a, p := w.answers(id), w.present(id); len(a)+len(p) != 0 {
				t.Errorf("after a move %v have answered and %v were there", a, p)
			}
		}
		heard := map[[2]string]bool{{w.session.ID, w.mentee.ID}: true, {w.event.ID, w.mentee.ID}: true}
		if snap := w.snapshot(); len(snap.Answers) != 0 || !maps.Equal(snap.Void, heard) {
			t.Errorf("a plan reads the answers %v, and that %v have heard", snap.Answers, snap.Void)
		}
		w.do(func(tx *store.Tx) error { return tx.AnswerEvent(w.event.ID, w.mentee.ID, true, "", w.mentee.ID) })
		if a := w.answers(w.event.ID)[w.mentee.ID]; a.Form != "" || a.Revision != 2 {
			t.Errorf("answer is %+v, want it for the new days and without the old form", a)
		}
	})
}

func TestAMoveToTheSameTimeIsNone(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.MoveSession(w.session.ID, w.session.At), tx.MoveEvent(w.event.ID, w.event.From, w.event.To))
		})
		if s := w.snapshot(); s.Sessions[0].Revision != 1 || s.Events[0].Revision != 1 {
			t.Error("a new revision without a change")
		}
	})
}

func TestWhoMayAnswerAndWhen(t *testing.T) {
	eachWorld(t, func(w *world) {
		stranger := store.Person{Slug: "stranger"}
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.InsertPerson(&stranger), tx.Leave(w.cycle.ID, w.second.ID))
		})
		for _, id := range []string{stranger.ID, w.second.ID} {
			w.refused(store.ErrNotMember, func(tx *store.Tx) error { return tx.AnswerSession(w.session.ID, id, true, id) })
			w.refused(store.ErrNotMember, func(tx *store.Tx) error { return tx.AnswerEvent(w.event.ID, id, true, "", id) })
		}
		w.refused(store.ErrFuture, func(tx *store.Tx) error { return tx.TakeAttendance(w.session.ID, nil, w.coordinator.ID) })
		w.refused(store.ErrFuture, func(tx *store.Tx) error {
			return tx.TakeEventAttendance(w.event.ID, w.event.From, nil, w.coordinator.ID)
		})
		w.refused(store.ErrDates, func(tx *store.Tx) error {
			return tx.TakeEventAttendance(w.event.ID, w.event.To+1, nil, w.coordinator.ID)
		})
		w.now = time.Date(2027, 6, 18, 12, 0, 0, 0, time.UTC)
		w.refused(store.ErrNotMember, func(tx *store.Tx) error {
			return tx.TakeAttendance(w.session.ID, []string{stranger.ID}, w.coordinator.ID)
		})
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.CancelSession(w.session.ID), tx.CancelEvent(w.event.ID))
		})
		for _, act := range []func(tx *store.Tx) error{
			func(tx *store.Tx) error { return tx.AnswerSession(w.session.ID, w.mentee.ID, true, w.mentee.ID) },
			func(tx *store.Tx) error { return tx.TakeAttendance(w.session.ID, nil, w.coordinator.ID) },
			func(tx *store.Tx) error { return tx.MoveSession(w.session.ID, store.NewDate(2027, 6, 21).At(0)) },
			func(tx *store.Tx) error { return tx.AnswerEvent(w.event.ID, w.mentee.ID, true, "", w.mentee.ID) },
			func(tx *store.Tx) error {
				return tx.TakeEventAttendance(w.event.ID, w.event.From, nil, w.coordinator.ID)
			},
			func(tx *store.Tx) error { return tx.MoveEvent(w.event.ID, w.event.From, w.event.To+1) },
		} {
			w.refused(store.ErrState, act)
		}
	})
}

func TestWhatHappenedIsKept(t *testing.T) {
	removals := func(w *world) map[string]func(tx *store.Tx) error {
		return map[string]func(tx *store.Tx) error{
			"session": func(tx *store.Tx) error { return tx.RemoveSession(w.session.ID) },
			"event":   func(tx *store.Tx) error { return tx.RemoveEvent(w.event.ID) },
			"pair":    func(tx *store.Tx) error { return tx.RemovePair(w.secondPair.ID) },
			"member":  func(tx *store.Tx) error { return tx.RemoveMember(w.cycle.ID, w.second.ID) },
			"person":  func(tx *store.Tx) error { return tx.RemovePerson(w.second.ID) },
		}
	}
	send := func(kind store.Kind, subject string) func(w *world, tx *store.Tx) error {
		return func(w *world, tx *store.Tx) error {
			_, err := tx.Enqueue([]store.Message{{
				CycleID: w.cycle.ID, Key: "key", Kind: kind, Subject: subject, PersonID: w.second.ID, State: store.Sent,
			}})
			return err
		}
	}
	for _, test := range []struct {
		name string
		act  func(w *world, tx *store.Tx) error
		kept map[string]store.Traces
	}{
		{"an answer", func(w *world, tx *store.Tx) error {
			return tx.AnswerSession(w.session.ID, w.second.ID, false, w.second.ID)
		}, map[string]store.Traces{"session": {Answers: 1}, "member": {Pairs: 1, Answers: 1}, "person": {Pairs: 1, Answers: 1}}},
		{"an answer to an event", func(w *world, tx *store.Tx) error {
			return tx.AnswerEvent(w.event.ID, w.second.ID, true, "", w.second.ID)
		}, map[string]store.Traces{"event": {Answers: 1}, "member": {Pairs: 1, Answers: 1}, "person": {Pairs: 1, Answers: 1}}},
		{"attendance", func(w *world, tx *store.Tx) error {
			return tx.TakeAttendance(w.session.ID, []string{w.second.ID}, w.coordinator.ID)
		}, map[string]store.Traces{"session": {Attendance: 1}, "member": {Pairs: 1, Attendance: 1}, "person": {Pairs: 1, Attendance: 1}}},
		{"a meeting", func(w *world, tx *store.Tx) error {
			_, err := tx.Log(w.secondPair.ID, today, time.Hour, w.mentor.ID)
			return err
		}, map[string]store.Traces{"pair": {Meetings: 1}}},
		{"a sent message", send(store.KindSession, "spring"),
			map[string]store.Traces{"session": {Messages: 1}, "member": {Pairs: 1, Messages: 1}, "person": {Pairs: 1, Messages: 1}}},
		{"joining", func(w *world, tx *store.Tx) error { return tx.Join(w.cycle.ID, w.second.ID) },
			map[string]store.Traces{"member": {Pairs: 1, Joined: 1}, "person": {Pairs: 1, Joined: 1}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.now = time.Date(2027, 3, 2, 12, 0, 0, 0, time.UTC)
				w.do(func(tx *store.Tx) error { return test.act(w, tx) })
				for noun, remove := range removals(w) {
					want, kept := test.kept[noun]
					if !kept && (noun == "member" || noun == "person") {
						want, kept = store.Traces{Pairs: 1}, true
					}
					err := w.try(func(tx *store.Tx) error {
						if err := remove(tx); err != nil {
							return err
						}
						return errRefused // for the next one to find it again
					})
					var refusal *store.KeptError
					switch {
					case !kept && !errors.Is(err, errRefused):
						t.Errorf("removing the %s: %v", noun, err)
					case kept && (!errors.As(err, &refusal) || refusal.Traces != want):
						t.Errorf("removing the %s: %v, want it to lose %v", noun, err, want)
					}
				}
			})
		})
	}
}

func TestWhatNothingHappenedToGoes(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.do(func(tx *store.Tx) error {
			_, err := tx.Enqueue([]store.Message{
				{CycleID: w.cycle.ID, Key: "a", Kind: store.KindSession, Subject: "spring", PersonID: w.second.ID},
				{CycleID: w.cycle.ID, Key: "b", Kind: store.KindSession, Subject: "spring", PersonID: w.second.ID, State: store.Missed},
			})
			_, invited := tx.NewInvitation(w.second.ID, w.now.Add(time.Hour))
			return errors.Join(err, invited)
		})
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.RemoveSession(w.session.ID), tx.RemoveEvent(w.event.ID),
				tx.RemovePair(w.secondPair.ID), tx.RemovePerson(w.second.ID))
		})
		s := w.snapshot()
		if len(s.Sessions)+len(s.Events) != 0 || len(s.Pairs) != 1 || len(s.Members) != 3 || s.People[w.second.ID] != nil {
			t.Errorf("left are %+v", s)
		}
		w.refused(store.ErrNotFound, func(tx *store.Tx) error { return tx.RemovePerson(w.second.ID) })
	})
}
