package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// recorded says of each table that may name somebody whether a record has what it holds
// of them.
var recorded = map[string]func(r *store.Record) bool{
	"person":       func(r *store.Record) bool { return r.Person.Name == "Mentee One" },
	"account":      func(r *store.Record) bool { return len(r.Accounts) == 1 },
	"invitation":   func(r *store.Record) bool { return len(r.Invitations) == 1 && !r.Invitations[0].UsedAt.IsZero() },
	"feed":         func(r *store.Record) bool { return !r.CalendarSince.IsZero() },
	"member":       func(r *store.Record) bool { return len(r.Parts) == 1 && !r.Parts[0].JoinedAt.IsZero() },
	"pair":         func(r *store.Record) bool { return len(r.Pairs) == 1 && !r.Pairs[0].EndedAt.IsZero() },
	"meeting":      func(r *store.Record) bool { return len(r.Meetings) == 1 },
	"answer":       func(r *store.Record) bool { return len(r.Answers) == 1 && r.Answers[0].Coming },
	"attendance":   func(r *store.Record) bool { return len(r.Attendance) == 1 },
	"announcement": func(r *store.Record) bool { return len(r.Announcements) == 1 && r.Announcements[0].Text == "Hello" },
	"attachment": func(r *store.Record) bool {
		return len(r.Announcements) == 1 && len(r.Attachments[r.Announcements[0].ID]) == 1
	},
	"reading":   func(r *store.Record) bool { return len(r.Readings) == 1 },
	"message":   func(r *store.Record) bool { return len(r.Messages) == 1 },
	"reference": func(r *store.Record) bool { return len(r.References) == 1 },
	"journal":   func(r *store.Record) bool { return len(r.Entries) == 4 },
	"question":  func(r *store.Record) bool { return r.Questions == 1 },
	"handled":   func(r *store.Record) bool { return r.Requests == 1 },
	"wrong_try": func(r *store.Record) bool { return r.WrongTries == 1 },
}

// nobodys are the tables that name nobody.
var nobodys = []string{"schema_info", "program", "cycle", "bot", "chat_group", "session", "event", "goose_db_version", "sqlite_sequence"}

func TestARecordHasAllThatIsKept(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.leaveTraces()
		for _, of := range []store.Person{w.mentee, w.second} {
			r := get(w, func(tx *store.Tx) (*store.Record, error) { return tx.Record(of.ID) })
			for table, has := range recorded {
				if got := has(r); got != (of.ID == w.mentee.ID) {
					t.Errorf("the record of %s has the %s: %v", of.Name, table, got)
				}
			}
		}
		if w.Postgres() {
			return
		}
		marks := append(w.marks(), w.mentee.ID)
		for _, table := range w.tables() {
			named := w.names(table, marks)
			switch {
			case recorded[table] == nil && !slices.Contains(nobodys, table):
				t.Errorf("the table %s is new: does it name people? Then Record must have it", table)
			case recorded[table] == nil && named:
				t.Errorf("the table %s names people", table)
			case recorded[table] != nil && !named:
				t.Errorf("nothing in the table %s names the mentee, so the test says nothing of it", table)
			}
		}
		w.refused(store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Record(store.NewID()); return err })
	})
}

const traceUser, traceChat = "user-of-mentee", "chat-of-mentee"

func (w *world) marks() []string { return []string{traceUser, traceChat} }

// leaveTraces has the mentee in every table that may name somebody.
func (w *world) leaveTraces() {
	w.Helper()
	b := store.Bot{Platform: "hall", Name: "main"}
	a := store.Announcement{ID: w.mentee.ID, CycleID: w.cycle.ID, AuthorID: w.mentee.ID, Audience: store.AudienceEveryone, Text: "Hello"}
	w.do(func(tx *store.Tx) error {
		if err := tx.PutBot(&b); err != nil {
			return err
		}
		account := store.Account{BotID: b.ID, PersonID: w.mentee.ID, UserID: traceUser, ChatID: traceChat}
		code := must(tx.NewInvitation(w.mentee.ID, w.now.Add(time.Hour)))
		_ = must(tx.Redeem(code))
		_ = must(tx.NewFeed(store.FeedOwner{PersonID: w.mentee.ID}))
		_ = must(tx.Log(w.pair.ID, store.DateOf(w.now), time.Hour, w.mentee.ID))
		return errors.Join(
			tx.LinkAccount(&account), tx.AnswerSession(w.session.ID, w.mentee.ID, true, w.mentee.ID),
			tx.InsertAnnouncement(&a), tx.PutAttachments(a.ID, []store.Attachment{{Name: "poster.png", Data: []byte("not empty")}}), noteRead(tx, a.ID, w.mentee.ID), tx.EndPair(w.pair.ID),
			tx.InsertEntry(&store.Entry{CycleID: w.cycle.ID, By: w.mentee.ID, What: "log"}),
			tx.InsertEntry(&store.Entry{CycleID: w.cycle.ID, By: w.coordinator.ID, For: w.mentee.ID, What: "log"}),
			tx.InsertEntry(&store.Entry{CycleID: w.cycle.ID, By: w.coordinator.ID, Subject: w.mentee.ID, What: "end"}),
			tx.Ask(store.Question{BotID: b.ID, ChatID: traceChat, UserID: traceUser, Asked: []byte("log"), Expires: w.now.Add(time.Hour)}),
			tx.NoteHandled(store.Handled{BotID: b.ID, RequestID: "1", ChatID: traceChat, Reply: []byte("{}")}),
			tx.NoteWrongTry(b.ID, traceUser),
		)
	})
	undone := store.Entry{CycleID: w.cycle.ID, By: w.coordinator.ID, What: "session-address"}
	m := store.Message{CycleID: w.cycle.ID, Key: "note/x/1/-/mentee-1", Kind: store.KindNote, PersonID: w.mentee.ID,
		Due: w.now, Until: w.now.Add(time.Hour)}
	w.do(func(tx *store.Tx) error {
		_, err := tx.Enqueue([]store.Message{m})
		return errors.Join(err, tx.InsertEntry(&undone), tx.UndoEntry(undone.ID, w.mentee.ID))
	})
	claimed := must(w.Claim(w.Context(), "o", w.now, time.Minute, 9))
	_ = must(w.Settle(w.Context(), "o", []store.Settlement{{MessageID: claimed[0].ID, State: store.Sent, At: w.now,
		References: []store.Reference{{BotID: b.ID, ChatID: traceChat, RemoteID: "m1"}}}}))
	w.now = w.session.At.In(w.cycle.Location()).Add(2 * time.Hour)
	w.do(func(tx *store.Tx) error {
		return tx.TakeAttendance(w.session.ID, []string{w.mentee.ID}, w.coordinator.ID)
	})
}

func noteRead(tx *store.Tx, announcementID, personID string) error {
	_, err := tx.NoteRead(announcementID, personID)
	return err
}

// tables are all tables of a SQLite database.
func (w *world) tables() (names []string) {
	w.Helper()
	return get(w, func(tx *store.Tx) ([]string, error) {
		rows, err := tx.Query(`SELECT name FROM sqlite_master WHERE type = 'table'`)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return nil, err
			}
			names = append(names, name)
		}
		return names, rows.Err()
	})
}

// names reports whether any row of a table has one of the marks in it.
func (w *world) names(table string, marks []string) (named bool) {
	w.Helper()
	return get(w, func(tx *store.Tx) (bool, error) {
		rows, err := tx.Query(`SELECT * FROM ` + table)
		if err != nil {
			return false, err
		}
		columns, err := rows.Columns()
		if err != nil {
			return false, err
		}
		for rows.Next() {
			row, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range row {
				into[i] = &row[i]
			}
			if err := rows.Scan(into...); err != nil {
				return false, err
			}
			for i := range row {
				if b, ok := row[i].([]byte); ok {
					row[i] = string(b)
				}
			}
			text := fmt.Sprint(row...)
			named = named || slices.ContainsFunc(marks, func(m string) bool { return strings.Contains(text, m) })
		}
		return named, rows.Err()
	})
}

func TestAReplyIsForgotten(t *testing.T) {
	eachWorld(t, func(w *world) {
		b := store.Bot{Platform: "hall", Name: "main"}
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.PutBot(&b), tx.NoteHandled(store.Handled{BotID: b.ID, RequestID: "1", ChatID: "c", Reply: []byte("{}")}))
		})
		w.do(func(tx *store.Tx) error { return tx.NoteReplyForgotten(b.ID, "1") })
		h := get(w, func(tx *store.Tx) (store.Handled, error) { h, _, err := tx.Handled(b.ID, "1"); return h, err })
		if h.ChatID != "" || h.Unsent || string(h.Reply) != "{}" {
			t.Errorf("what is left is %+v", h)
		}
	})
}

func TestUnlinkingForgetsTheChat(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.leaveTraces()
		r := get(w, func(tx *store.Tx) (*store.Record, error) { return tx.Record(w.mentee.ID) })
		w.do(func(tx *store.Tx) error { return tx.UnlinkAccount(r.Accounts[0].ID) })
		if w.Postgres() {
			return
		}
		for _, table := range []string{"account", "question", "handled", "wrong_try"} {
			if w.names(table, w.marks()) {
				t.Errorf("%s still names the account", table)
			}
		}
		w.refused(store.ErrNotFound, func(tx *store.Tx) error { return tx.UnlinkAccount(r.Accounts[0].ID) })
	})
}
