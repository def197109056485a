package bot_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// file is the file with all that is known of somebody.
func (h *hall) file(who string) string {
	h.Helper()
	said := h.taps(who, "settings data")
	if len(said.Files) != 1 || said.Update {
		h.Fatalf("there are %d files, and what was said goes: %v", len(said.Files), said.Update)
	}
	return string(said.Files[0].Data)
}

// kept are the tables that may hold something of somebody, with what stands in the file
// of what they hold of the mentee.
var kept = map[string]*regexp.Regexp{
	"person":       regexp.MustCompile(`YOU\n- Name: Ana\n- Short name in the programme's file: mentee\n- City: none`),
	"account":      regexp.MustCompile(`YOUR APPS\n- Hall, since Wednesday 10 February 2027, 10:00; your number there is mentee, that of our chat mentee; hears first`),
	"invitation":   regexp.MustCompile(`- made Wednesday 10 February 2027, 10:00, valid until Thursday 11 February 2027, 10:00; used Wednesday`),
	"feed":         regexp.MustCompile(`- the address of your calendar, made Wednesday 10 February 2027, 10:00\n`),
	"member":       regexp.MustCompile(`CYCLES\n- Pilot cycle: mentee; joined Wednesday 10 February 2027, 10:00\n`),
	"pair":         regexp.MustCompile(`PAIRS\n- Mira – you \(Pilot cycle\)`),
	"meeting":      regexp.MustCompile(`MEETINGS\n- No. 1 with Mira, Wednesday 10 February 2027, 1 hour: held; logged Wednesday 10 February 2027, 10:00 by you; disputed .* by Mira`),
	"answer":       regexp.MustCompile(`- Spring session: coming; noted Wednesday 10 February 2027, 10:00 by you`),
	"attendance":   regexp.MustCompile(`WHERE YOU WERE\n- Spring session, Thursday 4 March 2027; noted .* by Vesna`),
	"announcement": regexp.MustCompile(`ANNOUNCEMENTS THAT YOU HAVE WRITTEN\n- draft; Hello from Ana`),
	"attachment":   regexp.MustCompile(`- draft; Hello from Ana; poster\.png`),
	"reading":      regexp.MustCompile(`ANNOUNCEMENTS THAT YOU HAVE READ\n- Friday 5 March 2027, 10:00: Bring a photo.`),
	"message":      regexp.MustCompile(`MESSAGES TO YOU\n(.*\n)*- .*: announcement, sent`),
	"reference":    regexp.MustCompile(`announcement, sent; the app's numbers of it: 1`),
	"journal":      regexp.MustCompile(`- Wednesday 10 February 2027, 10:00: a meeting logged \(Pilot cycle\); by you`),
	"question":     regexp.MustCompile(`- Questions open in our chats, for a day at most: 1`),
	"handled":      regexp.MustCompile(`- Requests remembered with their answers, for two days: [1-9]`),
	"wrong_try":    regexp.MustCompile(`- Wrong codes of invitations, remembered for a while: 1`),
}

// impersonal are the tables that hold nothing of anybody.
var impersonal = []string{"schema_info", "goose_db_version", "sqlite_sequence", "program", "cycle", "bot", "chat_group", "session", "event"}

func TestTheFileHasAllThatIsKept(t *testing.T) {
	v := newVault(t)
	v.types("mentee", "/start wrong")
	v.everyone()
	v.taps("mentee", "session "+v.ids["spring"]+" yes")
	v.do(func(tx *store.Tx) error {
		_, err := tx.NewFeed(store.FeedOwner{PersonID: v.ids["mentee"]})
		return err
	})
	v.types("mentee", "/log today 60")
	v.hears("mentor").tap("Something's off")
	v.do(func(tx *store.Tx) error {
		a := store.Announcement{CycleID: v.cycle.ID, AuthorID: v.ids["mentee"],
			Audience: store.AudienceEveryone, Text: "Hello\nfrom Ana", State: store.AnnouncementDraft}
		return errors.Join(tx.InsertAnnouncement(&a), tx.PutAttachments(a.ID, []store.Attachment{{Name: "poster.png", Data: []byte("x")}}))
	})
	v.later(23 * 24 * time.Hour)
	v.do(func(tx *store.Tx) error {
		return tx.TakeAttendance(v.ids["spring"], []string{v.ids["mentee"]}, v.ids["coordinator"])
	})
	v.types("coordinator", "/announce").tap("Everyone")
	v.types("coordinator", "Bring a photo.").tap("Send now")
	v.tick()
	v.hears("mentee", "Bring a photo.").tap("I've read it")
	v.types("mentee", "/settings zone Lisbon")
	v.types("mentee", "/settings zone Belgrade")
	letters := v.through(v.letters())
	letters.types("ana-too", "/start "+v.types("mentee", "/settings app new").code())
	letters.types("ana-too", "/settings quiet") // and is asked
	file := v.file("mentee")
	for _, table := range v.tables() {
		switch want := kept[table]; {
		case want != nil && !want.MatchString(file):
			t.Errorf("the file has nothing of the table %s, %s", table, want)
		case want == nil && !slices.Contains(impersonal, table):
			t.Errorf("the table %s is new: does it hold anything of people? Then the file must have it", table)
		}
	}
	for table := range kept {
		if !slices.Contains(v.tables(), table) {
			t.Errorf("there is no table %s", table)
		}
	}
	if t.Failed() {
		t.Log(file)
	}
}

func TestTheFileNamesNobodyElse(t *testing.T) {
	h := newHall(t).everyone().underWay()
	for who, strange := range map[string][]string{
		"mentee": {"Borka", "Dino"}, "second": {"Ana", "Dino"}, "other": {"Ana", "Borka", "Mira"}, "mentor": {"Dino"},
	} {
		file := h.file(who)
		for _, name := range strange {
			if strings.Contains(file, name) {
				t.Errorf("in the file of %s there is %s:\n%s", who, name, file)
			}
		}
	}
}

var unread = regexp.MustCompile(`\{\{|\}\}|<no value>|%!|<nil>|0001|\b[a-z0-9]{13}\b|[a-z]-[a-z]+: none`)

func TestTheFileCanBeRead(t *testing.T) {
	for _, language := range locale.Languages() {
		h := newHall(t).everyone().speaking(language).underWay()
		for _, who := range []string{"mentee", "mentor", "second", "coordinator", "other"} {
			file := h.file(who)
			for _, line := range strings.Split(file, "\n") {
				if found := unread.FindString(line); found != "" || strings.HasSuffix(line, ": ") || strings.Contains(line, "()") {
					t.Errorf("%s, %s: %q in %q", language, who, found, line)
				}
			}
		}
	}
}

func TestNamesInTheFile(t *testing.T) {
	h := newHall(t).everyone()
	for _, name := range append([]string{"../../etc/passwd", "a\nb\nFAKE SECTION\n- x", strings.Repeat("ž", 4000), "Љиљана", "🙂", "con", "\"quoted\""}, chattest.Nasty...) {
		h.do(func(tx *store.Tx) error {
			p, err := tx.Person(h.ids["mentee"])
			must(err)
			p.Name, p.City = name, name
			return tx.UpdatePerson(p)
		})
		said := h.taps("mentee", "settings data")
		f := said.Files[0]
		if !utf8.Valid(f.Data) || strings.ContainsAny(f.Name, "/\\\n\"") || len(f.Name) > 120 || !strings.HasSuffix(f.Name, ".txt") {
			t.Errorf("%q has the file %q", name, f.Name)
		}
		oneLine := strings.Join(strings.Fields(name), " ")
		if !strings.Contains(string(f.Data), "- Name: "+oneLine+"\n") {
			t.Errorf("%q isn't shown as typed", name)
		}
	}
}
