package main

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// A patient is a database in a folder of its own, which is the current one.
type patient struct{ *testing.T }

// do changes the database, as one who has another key and another clock.
func (p patient) do(key byte, now time.Time, f func(tx *store.Tx, cycle store.Cycle, mentee string) error) {
	p.Helper()
	s, err := store.Open(p.Context(), store.Options{Database: "mentorbot.db", Key: []byte(strings.Repeat(string(key), 32)), Now: func() time.Time { return now }})
	if err != nil {
		p.Fatal(err)
	}
	defer s.Close()
	err = s.Update(p.Context(), func(tx *store.Tx) error {
		cycle, err := tx.CycleBySlug("pilot")
		if err != nil {
			return err
		}
		mentee, err := tx.PersonBySlug("mentee-nis")
		return errors.Join(err, f(tx, cycle, mentee.ID))
	})
	if err != nil {
		p.Fatal(err)
	}
}

// answered notes a request, with its sealed reply.
func answered(tx *store.Tx, _ store.Cycle, _ string) error {
	b := store.Bot{Platform: "telegram", Name: "main"}
	err := tx.PutBot(&b)
	return errors.Join(err, tx.NoteHandled(store.Handled{BotID: b.ID, RequestID: "1", ChatID: "1", Reply: []byte("hello")}))
}

// announced schedules an announcement, whose text is sealed.
func announced(tx *store.Tx, cycle store.Cycle, person string) error {
	return tx.InsertAnnouncement(&store.Announcement{
		CycleID: cycle.ID, AuthorID: person, Audience: store.AudienceEveryone, Text: "hello", State: store.AnnouncementScheduled, Due: tx.Now().Add(time.Hour),
	})
}

// waiting puts a message into the outbox that was due an hour ago.
func waiting(tx *store.Tx, cycle store.Cycle, person string) error {
	_, err := tx.Enqueue([]store.Message{{
		CycleID: cycle.ID, Kind: store.KindSession, Key: "x", PersonID: person, Due: tx.Now().Add(-time.Hour), Until: tx.Now().Add(time.Hour),
	}})
	return err
}

// query changes the file by other means.
func (p patient) query(text string) {
	p.Helper()
	db, err := sql.Open("sqlite", "mentorbot.db")
	if err != nil {
		p.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(p.Context(), text); err != nil {
		p.Fatal(err)
	}
}

// begin puts an empty database in the place of the one there is.
func (p patient) begin() {
	p.Helper()
	if err := os.Remove("mentorbot.db"); err != nil {
		p.Fatal(err)
	}
	s, err := store.Open(p.Context(), store.Options{Database: "mentorbot.db"})
	if err = errors.Join(err, s.Close()); err != nil {
		p.Fatal(err)
	}
}

// The doctor finds each fault that it claims to, and tells its remedy.
func TestDoctorIsShownFaults(t *testing.T) {
	now := time.Now()
	for name, test := range map[string]struct {
		fall     func(p patient)
		found    string // a pattern
		remedy   string
		harmless bool
	}{
		"another key of the replies": {
			fall:  func(p patient) { p.do('b', now, answered) },
			found: `FAULT +key +what is sealed in the database was sealed with another`, remedy: "put the key into the configuration with which the service has worked so far",
		},
		"another key of announcements, when no reply is kept any more": {
			fall:  func(p patient) { p.do('b', now, announced) },
			found: `FAULT +key +what is sealed in the database was sealed with another`, remedy: "put the key into the configuration with which the service has worked so far",
		},
		"a clock that is behind": {
			fall:  func(p patient) { p.do('a', now.Add(time.Hour), answered) },
			found: `FAULT +clock +it shows \S+Z, and the database knows of \S+Z`, remedy: "set the clock",
		},
		"a zone that nobody knows": {
			fall:  func(p patient) { p.query("UPDATE person SET zone = 'Mars/Olympus' WHERE slug = 'mentee-nis'") },
			found: `FAULT +time zones +load zone: unknown time zone Mars/Olympus`, remedy: "update Mentorbot, whose zones are its own",
		},
		"a message that waits long": {
			fall:  func(p patient) { p.do('a', now, waiting) },
			found: `warning +messages +one has waited for 60 minutes to be sent`, remedy: "see that the service works", harmless: true,
		},
		"a row that lost its other": {
			fall:  func(p patient) { p.query("UPDATE pair SET mentee_id = 'nobody'") },
			found: `FAULT +database +it is damaged: a row of pair refers to one of member that is not there\n`, remedy: "stop the service, move the database aside, and restore a backup",
		},
		"a programme without a cycle": {
			fall:  func(p patient) { p.begin() },
			found: `warning +programme +there is no cycle in it`, remedy: "apply a program file", harmless: true,
		},
		"a service that nobody may ask": {
			fall:  func(p patient) { p.Setenv("MENTORBOT_WATCH_LISTEN", "off") },
			found: `warning +service +it can't be asked`, remedy: "set watch.listen", harmless: true,
		},
		"a service that doesn't work": {
			fall: func(p patient) {
				s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.WriteHeader(http.StatusServiceUnavailable)
					_, _ = io.WriteString(w, "clock: it ticked last 5m0s ago\n")
				}))
				p.Cleanup(s.Close)
				p.Setenv("MENTORBOT_WATCH_LISTEN", s.Listener.Addr().String())
			},
			found: `FAULT +service +it runs, but: clock: it ticked last 5m0s ago`, remedy: "look at its log",
		},
		"a folder that isn't there": {
			fall:  func(p patient) { p.Setenv("MENTORBOT_DATABASE", "mentorbot.db/in/a/file.db") },
			found: `FAULT +database +look for the database: `, remedy: "see that the folder is there, and yours",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			t.Setenv("MENTORBOT_WATCH_LISTEN", "127.0.0.1:1")
			if code, _, errs := typed(t, "init"); code != exitDone {
				t.Fatal(errs)
			}
			t.Setenv("MENTORBOT_KEY", "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=")
			if code, _, errs := typed(t, "apply", programName); code != exitDone {
				t.Fatal(errs)
			}
			if code, out, errs := typed(t, "doctor"); code != exitDone || strings.Count(out, "→") != 2 { // no service runs, and there is no platform
				t.Fatalf("of a sound one it says, with %d: %s%s", code, out, errs)
			}
			test.fall(patient{t})
			code, out, errs := typed(t, "doctor")
			if test.harmless != (code == exitDone) {
				t.Errorf("it ended with %d: %s", code, errs)
			}
			if !regexp.MustCompile(`(?m)^` + test.found + `.*\n* +→ ` + test.remedy).MatchString(out) {
				t.Errorf("it says:\n%s", out)
			}
		})
	}
}

// What a machine of a test can't be made to have, it is told of.
func TestDoctorIsToldOfDiskAndClock(t *testing.T) {
	const remedy = "remove what isn't needed there, or move the database to a larger disk"
	for name, test := range map[string]struct {
		told  func(d *doctor)
		grade grade
		what  string
	}{
		"a full disk":               {func(d *doctor) { d.room(31<<20, 1<<20) }, faulty, "there is room for 31 MB only"},
		"a disk that will be full":  {func(d *doctor) { d.room(511<<20, 1<<20) }, doubtful, "there is room for 511 MB: a backup"},
		"no room for a second copy": {func(d *doctor) { d.room(1<<30, 600<<20) }, doubtful, "there is room for 1024 MB: a backup beside the database needs its size again (600 MB)"},
		"room enough":               {func(d *doctor) { d.room(1<<30, 500<<20) }, well, "there is room for 1024 MB"},
		"a clock that was never set": {
			func(d *doctor) { d.clock(time.Unix(0, 0).UTC(), time.Time{}) }, faulty, "it shows 1970-01-01T00:00:00Z, which is past",
		},
		"a clock that is a little behind": {
			func(d *doctor) { d.clock(built.AddDate(1, 0, 0), built.AddDate(1, 0, 0).Add(clockSlack)) }, well, "2027-11-01T00:00:00Z",
		},
		"a message that waits a little": {
			func(d *doctor) { d.outbox(built, store.Tally{Oldest: built.Add(-waitsLong)}) }, well, "none has waited long to be sent",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := &doctor{environment: &environment{ctx: context.Background(), out: bufio.NewWriter(io.Discard)}}
			test.told(d)
			if len(d.findings) != 1 || d.findings[0].grade != test.grade || !strings.HasPrefix(d.findings[0].what, test.what) {
				t.Fatalf("it finds %+v", d.findings)
			}
			f := d.findings[0]
			if (f.remedy == "") != (f.grade == well) || f.of == "disk" && f.grade != well && f.remedy != remedy {
				t.Errorf("its remedy is %q", f.remedy)
			}
		})
	}
}
