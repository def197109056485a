package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/store"
)

// A marker is planted wherever a person's data may stand, before it is erased.
const marker = "zq-marker"

// oddQuiet and oddSlug are markers where not any text can stand.
const (
	oddQuiet = "03:33-03:44"
	oddSlug  = "zq-person"
)

// planted are the columns that say who somebody is or what they wrote, with what makes
// them say so of the mentee ($1 is their id).
var planted = map[string][]string{
	"person":  {"slug", "name", "city", "country", "language", "zone", "quiet"},
	"account": {"user_id", "chat_id", "reason"}, "invitation": {"hash"}, "feed": {"hash"}, "answer": {"form"},
	"announcement": {"sealed"}, "attachment": {"sealed"}, "journal": {"undo"}, "message": {"key", "subject", "occurrence", "ahead", "reason"},
	"reference": {"chat_id", "remote_id"}, "handled": {"request_id", "chat_id", "sealed"},
	"question": {"chat_id", "user_id", "sealed"}, "wrong_try": {"user_id"},
}

// impersonal are the columns that tell nobody who somebody is: ids, codes, instants,
// and what belongs to the cycle. "*" are all of a table.
var impersonal = map[string][]string{
	"schema_info": {"*"}, "goose_db_version": {"*"}, "goose_lock": {"*"}, "sqlite_sequence": {"*"},
	"program": {"*"}, "cycle": {"*"}, "bot": {"*"}, "chat_group": {"*"}, "session": {"*"}, "event": {"*"},
	"person":       {"id", "language_chosen", "zone_chosen", "quiet_chosen", "name_chosen", "shows_name", "paused_until"},
	"account":      {"id", "bot_id", "person_id", "reachable", "is_first", "created_at"},
	"member":       {"cycle_id", "person_id", "role", "joined_at", "left_at"},
	"pair":         {"id", "cycle_id", "mentor_id", "mentee_id", "ended_at", "since"},
	"meeting":      {"id", "cycle_id", "pair_id", "number", "state", "day", "starts_at", "length", "revision", "proposed_by", "agreed_at", "logged_at", "logged_by", "confirmed_at", "disputed_at", "disputed_by", "cancelled_at"},
	"answer":       {"subject_id", "person_id", "cycle_id", "revision", "coming", "given_at", "given_by"},
	"attendance":   {"subject_id", "day", "person_id", "cycle_id", "taken_at", "taken_by"},
	"announcement": {"id", "cycle_id", "author_id", "audience", "state", "due", "revision"},
	"attachment":   {"announcement_id", "position"},
	"reading":      {"announcement_id", "person_id", "read_at"},
	"invitation":   {"person_id", "created_at", "expires_at", "used_at"},
	"feed":         {"person_id", "cycle_id", "created_at"},
	"message":      {"id", "cycle_id", "kind", "person_id", "group_id", "due", "until", "put", "state", "attempts", "settled_at", "lease_owner", "lease_until", "held"},
	"reference":    {"message_id", "number", "bot_id"},
	"journal":      {"id", "cycle_id", "done_by", "done_for", "done_at", "what", "subject", "undone_at", "undone_by"},
	"handled":      {"bot_id", "unsent", "handled_at"},
	"question":     {"bot_id", "expires_at"},
	"wrong_try":    {"id", "bot_id", "tried_at"},
}

// plantIn writes the marker into a column of the mentee's rows.
func (w *world) plantIn(table, column string) {
	w.Helper()
	var value any = marker
	switch column {
	case "sealed":
		value = []byte(marker)
	case "quiet":
		value = oddQuiet
	case "slug":
		value = oddSlug
	}
	where := map[string]string{
		"person": "id = $2", "journal": "done_for = $2 OR subject = $2 OR done_by = $2 OR cycle_id IN (SELECT cycle_id FROM member WHERE person_id = $2)",
		"reference":    "message_id IN (SELECT id FROM message WHERE person_id = $2)",
		"handled":      "chat_id IN (SELECT chat_id FROM account WHERE person_id = $2)",
		"question":     "user_id IN (SELECT user_id FROM account WHERE person_id = $2)",
		"wrong_try":    "user_id IN (SELECT user_id FROM account WHERE person_id = $2)",
		"announcement": "author_id = $2",
		"attachment":   "announcement_id IN (SELECT id FROM announcement WHERE author_id = $2)",
	}[table]
	if where == "" {
		where = "person_id = $2"
	}
	w.do(func(tx *store.Tx) error {
		n, err := tx.Exec(`UPDATE `+table+` SET `+column+` = $1 WHERE `+where, value, w.mentee.ID)
		if err == nil && n == 0 {
			err = errors.New("nothing of the mentee is there")
		}
		if err != nil {
			err = fmt.Errorf("%s.%s: %w", table, column, err)
		}
		return err
	})
}

// columns are those of every table of the schema.
func (w *world) columns() map[string][]string {
	query := `SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`
	if w.Postgres() {
		query = `SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema()`
	}
	all := map[string][]string{}
	for _, name := range texts(w.TB.(*testing.T), w.Store, query) {
		table, column, _ := strings.Cut(name, ".")
		all[table] = append(all[table], column)
	}
	return all
}

func TestErasedPersonIsNowhere(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.leaveTraces()
		w.speakOfMentee()
		schema := w.columns()
		for table, columns := range schema {
			for _, column := range columns {
				personal := slices.Contains(planted[table], column)
				if !personal && !slices.Contains(impersonal[table], column) && !slices.Contains(impersonal[table], "*") {
					t.Errorf("%s.%s is new: does it say who somebody is, or what they wrote? Then plant the marker in it", table, column)
				}
			}
		}
		marks := []string{marker, oddQuiet, oddSlug, "mentee-1", traceUser, traceChat}
		for table, columns := range planted {
			for _, column := range columns {
				// What rows are known by comes last, except that messages are known by the person.
				if column != "user_id" && column != "chat_id" || table == "reference" {
					w.plantIn(table, column)
				}
			}
			if !w.names(table, marks) {
				t.Errorf("%s has nothing to erase: the test says nothing of it", table)
			}
		}
		w.do(func(tx *store.Tx) error { return tx.ErasePerson(w.mentee.ID) })
		for table := range schema {
			if w.names(table, marks) {
				t.Errorf("%s still says something of who was erased", table)
			}
		}
		w.whatIsKept()
	})
}

// speakOfMentee puts into the outbox what others are told of the mentee.
func (w *world) speakOfMentee() {
	w.Helper()
	w.do(func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE person SET slug = $1 WHERE id = $2`, oddSlug, w.mentee.ID)
		return err
	})
	pair := "mentor-1+" + oddSlug
	told := func(kind store.Kind, subject, occurrence, offset string) store.Message {
		return store.Message{
			CycleID: w.cycle.ID, Kind: kind, Subject: subject, Occurrence: occurrence, Offset: offset, PersonID: w.mentor.ID,
			Key: strings.Join([]string{string(kind), subject, occurrence, offset, "mentor-1"}, "/"), Due: w.now, Until: w.now,
		}
	}
	w.enqueue(told(store.KindPace, pair, "1", "1"), told(store.KindTrouble, pair, "2027-02-01", "-"),
		told(store.KindMeeting, pair+"#1", "1", "1d"), told(store.KindConfirm, pair+"#1", "7", ""),
		told(store.KindMeeting, "mentor-1+mentee-2#1", "1", "1d"), told(store.KindLeft, oddSlug, "1", "-"),
		told(store.KindNote, "x", oddSlug, "-"), told(store.KindSession, "spring", "1", "7d"))
}

// whatIsKept looks at what the programme must keep of who was erased.
func (w *world) whatIsKept() {
	w.Helper()
	gone := "gone-" + w.mentee.ID
	var keys []string
	for _, m := range w.messages(store.MessageFilter{PersonID: w.mentor.ID}) {
		keys = append(keys, m.Key)
		if !strings.HasPrefix(m.Key, strings.Join([]string{string(m.Kind), m.Subject, m.Occurrence, m.Offset}, "/")) {
			w.Errorf("the key %s isn't that of %+v", m.Key, m)
		}
	}
	slices.Sort(keys)
	pair := "mentor-1+" + gone
	want := []string{
		"confirm/" + pair + "#1/7//mentor-1", "left/" + gone + "/1/-/mentor-1", "meeting/" + pair + "#1/1/1d/mentor-1",
		"meeting/mentor-1+mentee-2#1/1/1d/mentor-1", "note/x/" + gone + "/-/mentor-1", "pace/" + pair + "/1/1/mentor-1",
		"session/spring/1/7d/mentor-1", "trouble/" + pair + "/2027-02-01/-/mentor-1",
	}
	if !slices.Equal(keys, want) {
		w.Errorf("others were told %q, want %q", keys, want)
	}
	w.do(func(tx *store.Tx) error {
		p, err := tx.Person(w.mentee.ID)
		if !p.Erased() || p.Slug != gone || !store.ValidSlug(p.Slug) {
			w.Errorf("erased, they are %+v", p)
		}
		m, err2 := tx.Member(w.cycle.ID, w.mentee.ID)
		if m.JoinedAt.IsZero() || !m.LeftAt.Equal(w.now) {
			w.Errorf("their part is %+v", m)
		}
		meetings, err3 := tx.MeetingsOf(w.pair.ID)
		answers, err4 := tx.Answers(w.session.ID)
		entries, err5 := tx.Entries(w.cycle.ID, 10)
		if len(meetings) != 1 || meetings[0].LoggedBy != p.ID || len(answers) != 1 || !answers[0].Coming || len(entries) != 4 {
			w.Errorf("kept are %d meetings, %+v and %d entries", len(meetings), answers, len(entries))
		}
		return errors.Join(err, err2, err3, err4, err5)
	})
	if n := len(w.present(w.session.ID)); n != 1 {
		w.Errorf("%d were there", n)
	}
}

// The slug of a person may be that of something else, too.
func TestErasingRenamesNothingElse(t *testing.T) {
	eachWorld(t, func(w *world) {
		for _, slug := range []string{"1", "spring", "7d"} {
			p := store.Person{Slug: slug}
			w.do(func(tx *store.Tx) error { return tx.InsertPerson(&p) })
			w.do(func(tx *store.Tx) error {
				return tx.PutMember(store.Member{CycleID: w.cycle.ID, PersonID: p.ID, Role: store.Mentee})
			})
			m := w.message(store.KindSession, "session/spring/1/7d/mentor-1/"+p.ID)
			m.Subject, m.Occurrence, m.Offset = "spring", "1", "7d"
			pace := w.message(store.KindPace, "pace/mentor-1+mentee-1/1/1/mentor-1/"+p.ID)
			pace.Subject, pace.Occurrence, pace.Offset = "mentor-1+mentee-1", "1", "1"
			w.enqueue(m, pace)
			before := w.messages(store.MessageFilter{})
			w.do(func(tx *store.Tx) error { return tx.ErasePerson(p.ID) })
			if after := w.messages(store.MessageFilter{}); !slices.Equal(before, after) {
				t.Errorf("erasing %s changed %+v to %+v", slug, before, after)
			}
		}
		w.refused(store.ErrNotFound, func(tx *store.Tx) error { return tx.ErasePerson("none") })
	})
}

func TestWhatWasAnnouncedOutlivesItsAuthor(t *testing.T) {
	eachWorld(t, func(w *world) {
		post := func(state, audience string) (id string) {
			a := store.Announcement{CycleID: w.cycle.ID, AuthorID: w.coordinator.ID, Audience: audience, State: state, Text: "News"}
			w.do(func(tx *store.Tx) error { return tx.InsertAnnouncement(&a) })
			return a.ID
		}
		sent, withdrawn := post(store.AnnouncementSent, "everyone"), post(store.AnnouncementWithdrawn, "everyone")
		m := w.message(store.KindAnnouncement, "announcement/x")
		m.Subject = withdrawn
		w.enqueue(m)
		post(store.AnnouncementDraft, "everyone")
		post(store.AnnouncementScheduled, "everyone")
		post(store.AnnouncementWithdrawn, "everyone")
		toMentee := post(store.AnnouncementSent, store.AudiencePerson+w.mentee.ID)
		w.do(func(tx *store.Tx) error { return noteRead(tx, toMentee, w.mentor.ID) })
		w.do(func(tx *store.Tx) error { return tx.ErasePerson(w.coordinator.ID) })
		w.do(func(tx *store.Tx) error { return tx.ErasePerson(w.mentee.ID) })
		var left []string
		for _, a := range get(w, func(tx *store.Tx) ([]store.Announcement, error) { return tx.Announcements(w.cycle.ID) }) {
			left = append(left, a.ID)
			if a.AuthorID != w.coordinator.ID || a.Text != "News" {
				t.Errorf("what is left is %+v", a)
			}
		}
		want := []string{sent, withdrawn}
		slices.Sort(left)
		slices.Sort(want)
		if !slices.Equal(left, want) {
			t.Errorf("left are %v, want what was sent: %v", left, want)
		}
	})
}
