package bot_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

// A vault is a hall whose database is a file, for tests that look into it.
type vault struct {
	*hall
	db *sql.DB
}

func newVault(t *testing.T) *vault {
	t.Helper()
	h := &hall{
		T: t, now: inTheMorning, ids: map[string]string{},
		heard: map[string][]chat.Message{}, edited: map[string][]chat.Message{}, blocked: map[string]error{},
	}
	file := storetest.SQLite(t)
	var err error
	if h.store, err = store.Open(t.Context(), store.Options{Database: file, Key: testKey, Now: h.read}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.store.Close() })
	h.bot = bot.New(h.store, bot.Options{})
	h.scheduler = scheduler.New(h.store, h.bot, scheduler.Options{})
	h.do(h.furnish)
	if h.handler, err = h.bot.Connect(t.Context(), "hall", "main", h); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return &vault{h, db}
}

// strings runs a query and returns the first column.
func (v *vault) strings(query string) (all []string) {
	v.Helper()
	rows, err := v.db.Query(query)
	if err != nil {
		v.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			v.Fatal(err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		v.Fatal(err)
	}
	return all
}

// dump returns all rows of a table, as text.
func (v *vault) dump(table string) (lines []string) {
	v.Helper()
	rows, err := v.db.Query(`SELECT * FROM "` + table + `"`)
	if err != nil {
		v.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		v.Fatal(err)
	}
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			v.Fatal(err)
		}
		for i := range row {
			if b, ok := row[i].([]byte); ok {
				row[i] = string(b)
			}
		}
		lines = append(lines, fmt.Sprint(row...))
	}
	if err := rows.Err(); err != nil {
		v.Fatal(err)
	}
	return lines
}

func (v *vault) tables() []string {
	return v.strings(`SELECT name FROM sqlite_master WHERE type = 'table'`)
}

// found are the rows of any table in which a text stands.
func (v *vault) found(text string) (rows []string) {
	v.Helper()
	for _, table := range v.tables() {
		for _, line := range v.dump(table) {
			if strings.Contains(line, text) {
				rows = append(rows, table+": "+line)
			}
		}
	}
	return rows
}

// Planted is what can be found of the person whose data is deleted.
var planted = []string{"Zq-Name", "zq-slug", "Zq-City", "Zq-Country", "zq-user", "zq-chat", "Zq-Form", "Zq-Draft", "zq-reason", "Asia/Tbilisi"}

// zq is a mentee of whom there is a marker everywhere.
func (v *vault) zq() {
	v.Helper()
	v.do(func(tx *store.Tx) error {
		p := store.Person{Slug: "zq-slug", Name: "Zq-Name", City: "Zq-City", Country: "Zq-Country"}
		must(tx.InsertPerson(&p))
		must(tx.PutMember(store.Member{CycleID: v.cycle.ID, PersonID: p.ID, Role: store.Mentee}))
		pair := store.Pair{CycleID: v.cycle.ID, MentorID: v.ids["mentor"], MenteeID: p.ID}
		must(tx.InsertPair(&pair))
		v.ids["mentee"] = p.ID
		return tx.ChooseZone(p.ID, "Asia/Tbilisi")
	})
	v.asks(chat.Request{ID: "zq-1", UserID: "zq-user", ChatID: "zq-chat", Language: "en", Text: "/start " + v.invite("mentee")})
	v.zqSays("/log today 60")
	v.zqSays("/session " + v.ids["spring"] + " yes")
	v.taps("mentor", "settings zone Lisbon")
	v.types("coordinator", "/announce").tap("One person")
	v.do(func(tx *store.Tx) error {
		return tx.InsertAnnouncement(&store.Announcement{
			CycleID: v.cycle.ID, AuthorID: v.ids["mentee"], Audience: store.AudienceEveryone, Text: "Zq-Draft", State: store.AnnouncementDraft,
		})
	})
	v.zqSays("/settings zone") // and is asked
	v.tick()
	v.do(func(tx *store.Tx) error { // until they write again
		accounts, err := tx.Accounts(v.ids["mentee"])
		must(err)
		return tx.SetReachable(accounts[0].ID, false, "zq-reason")
	})
}

var zqRequests int

func (v *vault) zqSays(text string) said {
	v.Helper()
	zqRequests++
	return v.asks(chat.Request{ID: fmt.Sprint("zq-says-", zqRequests), UserID: "zq-user", ChatID: "zq-chat", Language: "en", Text: text})
}

func (v *vault) zqTaps(s said, label string) said {
	v.Helper()
	zqRequests++
	for _, b := range s.Buttons {
		if b.Label == label {
			return v.asks(chat.Request{ID: fmt.Sprint("zq-says-", zqRequests), UserID: "zq-user", ChatID: "zq-chat", Language: "en", Text: b.Command, Tapped: true})
		}
	}
	v.Fatalf("there is no button %q below %s", label, s.Text.Plain())
	return s
}

func TestDeletingWhatIsKnown(t *testing.T) {
	v := newVault(t)
	for _, who := range []string{"mentor", "second", "coordinator", "other"} {
		v.joins(who)
	}
	v.zq()
	clear(v.heard)
	for _, mark := range []string{"Zq-Name", "zq-slug", "zq-user", "zq-chat", "Zq-City", "Zq-Country", "zq-reason", "Asia/Tbilisi"} {
		if len(v.found(mark)) == 0 {
			t.Errorf("%s stands nowhere, so this test says nothing of it", mark)
		}
	}
	ask := v.zqTaps(v.zqSays("/settings"), "Delete my data").
		says("This goes, everywhere:", "your name, city", "every message", "drafts", "This stays", "without your name", "how many meetings", "was there", "Your pairs end").
		buttons("Get my file first", "Go on with deleting", "Keep everything")
	v.zqTaps(ask, "Keep everything").says("Fine, nothing was changed.").tap("Settings").says("Your settings")
	sure := v.zqTaps(ask, "Go on with deleting").says("Really delete it all?", "Nobody can undo that.").buttons("Delete everything now", "Keep everything")
	v.taps("mentor", sure.Buttons[0].Command).says("first, what that means") // asked, not done
	done := v.zqTaps(sure, "Delete everything now").says("Done. Whatever said who you are is deleted")
	if !done.Menu {
		t.Error("the menu stays")
	}
	last := fmt.Sprint("zq-says-", zqRequests)
	if err := v.handler.Sent(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	for _, mark := range planted {
		for _, row := range v.found(mark) {
			t.Errorf("%s is still in %q", mark, row)
		}
	}
	v.hears("mentor", "One of your pairs in Pilot cycle has ended", "had their data deleted")
	v.hears("coordinator", "Somebody has left Pilot cycle and had their data deleted.", "Mira and a former member")
	v.zqSays("/settings").says("invitation")
	again := v.asks(chat.Request{ID: last, UserID: "zq-user", ChatID: "zq-chat", Text: sure.Buttons[0].Command, Tapped: true})
	again.says("Done. Whatever said who you are is deleted")
	v.later(24 * 24 * time.Hour)
	for _, m := range v.heard["zq-chat"] {
		t.Errorf("they still hear %q", m.Text.Plain())
	}
}

func TestWhatOthersSeeOfWhoIsGone(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/log today 60")
	h.taps("mentee", "session "+h.ids["spring"]+" yes")
	h.taps("mentee", "settings name yes")
	h.types("mentee", "/settings delete").tap("Go on with deleting").tap("Delete everything now")
	for who, lines := range map[string][]string{
		"mentor":      {"progress", "next", "sessions", "session " + h.ids["spring"], "event", "settings data"},
		"second":      {"progress", "session " + h.ids["spring"], "settings data"},
		"coordinator": {"overview", "progress", "pairs " + h.cycle.ID, "session " + h.ids["spring"], "progress " + h.ids["pair-mentee"], "settings data"},
	} {
		for _, line := range lines {
			said := h.taps(who, line)
			var shown strings.Builder
			shown.WriteString(said.Text.Plain())
			for _, f := range said.Files {
				shown.Write(f.Data)
			}
			for _, b := range said.Buttons {
				shown.WriteString(b.Label)
			}
			if strings.Contains(shown.String(), "Ana") || strings.Contains(shown.String(), "mentee") && !strings.Contains(line, "data") {
				t.Errorf("%s asks for %q and reads of who is gone:\n%s", who, line, &shown)
			}
		}
	}
	file := string(h.taps("mentor", "settings data").Files[0].Data)
	if !strings.Contains(file, "you – a former member") {
		t.Errorf("there is no former member in\n%s", file)
	}
}

func TestDeletingIsNotDoneByChance(t *testing.T) {
	h := newHall(t).everyone()
	ask := h.types("mentee", "/settings delete")
	sure := ask.tap("Go on with deleting")
	h.later(2 * time.Hour)
	sure.tap("Delete everything now").says("first, what that means")
	ask.tap("Go on with deleting").says("first, what that means")
	for _, line := range []string{"settings delete really", "settings delete delete", "settings delete yes", "settings delete really-tt0h00-" + h.ids["mentor"], "settings delete really-zzzzzzzzzzzzzzz-" + h.ids["mentee"]} {
		h.taps("mentee", line).says("first, what that means")
	}
	if p := h.mentee(); p.Name != "Ana" {
		t.Errorf("kept is %+v", p)
	}
}

func TestDeletingAfterLeaving(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/settings leave").tap("Yes, leave")
	clear(h.heard)
	h.types("mentee", "/settings delete").tap("Go on with deleting").tap("Delete everything now").says("Done.")
	h.hearsNothing("mentor") // they heard of it before
	h.hearsNothing("coordinator")
	if p := h.mentee(); !p.Erased() {
		t.Errorf("kept is %+v", p)
	}
}

func TestACoordinatorIsToldWhatOfTheirsStays(t *testing.T) {
	h := newHall(t).everyone()
	h.types("coordinator", "/settings delete").says("what you wrote to others as a coordinator")
}

// erases has somebody delete their data.
func (h *hall) erases(who string) {
	h.Helper()
	h.types(who, "/settings delete").tap("Go on with deleting").tap("Delete everything now").says("Done.")
}

func TestUndoingAfterSomebodyElseIsErased(t *testing.T) {
	h := newHall(t).everyone()
	logged := h.types("mentee", "/log today 60")
	left := h.types("second", "/settings leave").tap("Da, odlazim")
	h.types("mentee", "/log yesterday 60")
	h.hears("mentor").tap("Something's off")
	var disputed string
	h.view(func(tx *store.Tx) error {
		all, err := tx.MeetingsOf(h.ids["pair-mentee"])
		for _, m := range all {
			if !m.DisputedAt.IsZero() {
				disputed = m.ID
			}
		}
		return err
	})
	settled := h.taps("coordinator", "settle "+disputed+" yes")
	h.erases("other") // who has nothing to do with it
	logged.tap("Undo").says("isn't logged any more")
	left.tap(left.Buttons[0].Label).says("Pilot cycle")
	settled.tap("Undo").says("is disputed again")
}

// What undoing needs is gone where somebody who was erased may stand in it.
func TestUndoingWhatIsNotKept(t *testing.T) {
	h := newHall(t).everyone()
	for _, what := range []string{"leave", "settle", "session-move"} {
		e := store.Entry{CycleID: h.cycle.ID, By: h.ids["coordinator"], What: what, Subject: h.ids["spring"]}
		h.do(func(tx *store.Tx) error { return tx.InsertEntry(&e) })
		if s := h.taps("coordinator", "undo "+e.ID).says("can't be undone"); len(s.Buttons) == 0 {
			t.Errorf("the undoing of %s is a dead end", what)
		}
	}
	done := h.taps("coordinator", "log "+h.ids["pair-mentee"]+" 2027-02-09 60") // for the mentee
	h.erases("mentee")
	done.tap("Undo").says("isn't logged any more")
}

// What a coordinator was writing to somebody, or doing to them, when their data is
// deleted is gone with it.
func TestWhatACoordinatorHadBegun(t *testing.T) {
	h := newHall(t).everyone()
	h.types("coordinator", "/announce").tap("One person").tap("Ana")
	h.types("coordinator", "Dear Ana").tap("Send now")
	h.hears("coordinator", "Dear Ana").tap("Correct the text")
	h.types("coordinator", "Dear Ana, about your illness")
	h.taps("coordinator", "person-add "+h.cycle.ID)
	h.types("coordinator", "Petra").tap("mentee")
	begun := h.types("coordinator", "Zagreb")
	begun.tap("English").tap("Yes, do it")
	var renaming said
	h.view(func(tx *store.Tx) error { p, err := tx.PersonBySlug("petra"); h.ids["petra"] = p.ID; return err })
	h.taps("coordinator", "person-rename "+h.cycle.ID+" "+h.ids["petra"])
	renaming = h.types("coordinator", "Petra Maria")
	h.joins("petra")
	h.erases("petra")
	h.erases("mentee")
	h.view(func(tx *store.Tx) error {
		all, err := tx.Announcements(h.cycle.ID)
		for _, a := range all {
			t.Errorf("there is still %q for %s", a.Text, a.Audience)
		}
		return err
	})
	for _, old := range []said{begun.tap("English"), begun.tap("Back"), renaming.tap("Yes, do it")} {
		old.says("begun too long ago")
	}
}

// A request that comes once more is answered without what its reply had said.
func TestARequestFromBeforeAnErasure(t *testing.T) {
	h := newHall(t).everyone()
	r := chat.Request{ID: "twice", UserID: "mentor", ChatID: "mentor", Language: "en", Text: "/log Ana today 60"}
	h.asks(r).says("with Ana")
	h.erases("mentee")
	if s := h.asks(r).says("That is done already."); strings.Contains(s.Text.Plain(), "Ana") {
		t.Errorf("it says %s", s.Text.Plain())
	}
}

func TestNewsOfAPairWithWhoIsErased(t *testing.T) {
	h := newHall(t).everyone()
	h.types("other", "/settings quiet 9-20") // so that the news waits
	h.taps("coordinator", "pair-add "+h.cycle.ID).tap("Dino").tap("Ana").tap("Yes, do it")
	h.erases("mentee")
	h.hearsNothing("other")
	h.later(12 * time.Hour)
	for _, m := range h.heard["other"] {
		if text := m.Text.Plain(); strings.Contains(text, "paired") || !strings.Contains(text, "had their data deleted") {
			t.Errorf("the partner hears %q", text)
		}
	}
}
