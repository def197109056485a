package store_test

import (
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

func TestJournal(t *testing.T) {
	eachWorld(t, func(w *world) {
		enter := func(what, before string) store.Entry {
			e := store.Entry{
				CycleID: w.cycle.ID, By: w.coordinator.ID, For: w.mentee.ID, What: what, Subject: w.session.ID, Before: before,
				UndoneAt: noon, UndoneBy: "nobody",
			}
			w.do(func(tx *store.Tx) error { e.ID = ""; return tx.InsertEntry(&e) })
			w.now = w.now.Add(time.Minute)
			return e
		}
		first, second := enter("session-move", `{"at":"2027-03-01 18:00"}`), enter("log", "")
		if !first.At.Equal(noon) || first.UndoneBy != "" {
			t.Errorf("entered is %+v", first)
		}
		entries := func(limit int) []store.Entry {
			return get(w, func(tx *store.Tx) ([]store.Entry, error) { return tx.Entries(w.cycle.ID, limit) })
		}
		if all := entries(10); len(all) != 2 || all[0] != second || all[1] != first {
			t.Errorf("the journal is %+v, want the latest first", all)
		}
		if last := entries(1); len(last) != 1 || last[0] != second {
			t.Errorf("the last entry is %+v", last)
		}
		w.do(func(tx *store.Tx) error { return tx.UndoEntry(first.ID, w.mentor.ID) })
		first.UndoneAt, first.UndoneBy = w.now, w.mentor.ID
		if got := get(w, func(tx *store.Tx) (store.Entry, error) { return tx.Entry(first.ID) }); got != first {
			t.Errorf("undone it is %+v, want %+v", got, first)
		}
		w.refused(store.ErrState, func(tx *store.Tx) error { return tx.UndoEntry(first.ID, w.mentor.ID) })
		w.refused(store.ErrNotFound, func(tx *store.Tx) error { return tx.UndoEntry("none", w.mentor.ID) })
	})
}

func TestWrongTriesAreCounted(t *testing.T) {
	eachWorld(t, func(w *world) {
		one, two := store.Bot{Platform: "telegram", Name: "one"}, store.Bot{Platform: "telegram", Name: "two"}
		w.do(func(tx *store.Tx) error {
			if err := tx.PutBot(&one); err != nil {
				return err
			}
			return tx.PutBot(&two)
		})
		for _, by := range [][2]string{{one.ID, "u"}, {one.ID, "u"}, {one.ID, "v"}, {two.ID, "u"}} {
			w.do(func(tx *store.Tx) error { return tx.NoteWrongTry(by[0], by[1]) })
			w.now = w.now.Add(time.Minute)
		}
		tries := func(since time.Time) int {
			return get(w, func(tx *store.Tx) (int, error) { return tx.WrongTries(one.ID, "u", since) })
		}
		for since, want := range map[time.Duration]int{0: 2, time.Minute: 1, time.Minute + 1e6: 0} {
			if got := tries(noon.Add(since)); got != want {
				t.Errorf("since %v there were %d, want %d", since, got, want)
			}
		}
		w.do(func(tx *store.Tx) error { return tx.ForgetWrongTries(noon.Add(time.Minute)) })
		if got := tries(noon); got != 1 {
			t.Errorf("after the first was forgotten there are %d", got)
		}
	})
}

func TestReadingsCountOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := store.Announcement{CycleID: w.cycle.ID, AuthorID: w.coordinator.ID, Audience: store.AudienceEveryone, Text: "x"}
		w.do(func(tx *store.Tx) error { return tx.InsertAnnouncement(&a) })
		read := func(announcementID, personID string) (first bool) {
			w.do(func(tx *store.Tx) (err error) {
				first, err = tx.NoteRead(announcementID, personID)
				return err
			})
			w.now = w.now.Add(time.Second)
			return first
		}
		if !read(a.ID, w.mentor.ID) || !read(a.ID, w.mentee.ID) || read(a.ID, w.mentor.ID) || read("none", w.mentor.ID) {
			t.Error("who reads it first, and who again?")
		}
		readers := get(w, func(tx *store.Tx) ([]string, error) { return tx.Readers(a.ID) })
		if len(readers) != 2 || readers[0] != w.mentor.ID || readers[1] != w.mentee.ID {
			t.Errorf("readers are %v", readers)
		}
	})
}

func TestWordsOnPrivacy(t *testing.T) {
	eachWorld(t, func(w *world) {
		want := store.Program{Name: "Mentorship", Privacy: "Two\nlines"}
		w.do(func(tx *store.Tx) error { return tx.SetProgram(want) })
		if got := get(w, func(tx *store.Tx) (store.Program, error) { return tx.Program() }); got != want {
			t.Errorf("the program is %+v", got)
		}
	})
}

func TestAudienceIsMarkedAsFound(t *testing.T) {
	eachWorld(t, func(w *world) {
		announce := func(state string, due time.Time) store.Announcement {
			a := store.Announcement{CycleID: w.cycle.ID, AuthorID: w.coordinator.ID, Text: "x", State: state, Due: due}
			w.do(func(tx *store.Tx) error { a.ID = ""; return tx.InsertAnnouncement(&a) })
			return a
		}
		due := announce(store.AnnouncementScheduled, noon)
		later, draft := announce(store.AnnouncementScheduled, noon.Add(time.Millisecond)), announce(store.AnnouncementDraft, noon)
		w.do(func(tx *store.Tx) error { return tx.MarkAnnounced(w.cycle.ID, noon) })
		for a, want := range map[store.Announcement]string{
			due: store.AnnouncementSent, later: store.AnnouncementScheduled, draft: store.AnnouncementDraft,
		} {
			got := get(w, func(tx *store.Tx) (store.Announcement, error) { return tx.Announcement(a.ID) })
			if got.State != want || got.Revision != 1 {
				t.Errorf("it is %+v, want it %s", got, want)
			}
			if under := w.snapshot().Announcement(a.ID); (under != nil) != (a != draft) || under != nil && (under.State != want || under.Text != "") {
				t.Errorf("in the snapshot it is %+v", under)
			}
		}
		for _, state := range []string{store.AnnouncementDraft, store.AnnouncementScheduled} {
			due.State = state
			w.refused(store.ErrState, func(tx *store.Tx) error { return tx.UpdateAnnouncement(due) })
		}
		w.now = noon.Add(store.AnnouncementLife)
		w.plan()
		if w.snapshot().Announcement(due.ID) != nil || w.snapshot().Announcement(later.ID) == nil {
			t.Error("a week later the snapshot must hold what is still to go out, and no more")
		}
	})
}
