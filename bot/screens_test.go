package bot_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// speaking has everybody spoken to in a language.
func (h *hall) speaking(language string) *hall {
	h.Helper()
	h.do(func(tx *store.Tx) error {
		for _, who := range []string{"mentor", "mentee", "second", "coordinator", "other"} {
			must(tx.ChooseLanguage(h.ids[who], language))
		}
		return nil
	})
	return h
}

// underWay has a cycle in April: meetings held, disputed and agreed, a session that is
// over, one to come that is answered, one that was cancelled.
func (h *hall) underWay() *hall {
	h.Helper()
	log := func(pair, who string, day store.Date) (m store.Meeting) {
		h.do(func(tx *store.Tx) (err error) {
			m, err = tx.Log(h.ids[pair], day, 90*time.Minute, h.ids[who])
			return err
		})
		return m
	}
	log("pair-mentee", "mentee", store.NewDate(2027, 1, 20))
	log("pair-mentee", "mentor", store.NewDate(2027, 2, 8))
	h.later(60 * 24 * time.Hour) // Sunday 11 April
	clear(h.heard)
	disputed := log("pair-mentee", "mentor", store.NewDate(2027, 3, 29))
	h.ids["disputed"] = disputed.ID
	h.do(func(tx *store.Tx) error {
		must(tx.Dispute(disputed.ID, h.ids["mentee"]))
		must(tx.TakeAttendance(h.ids["spring"], []string{h.ids["mentee"], h.ids["second"]}, h.ids["coordinator"]))
		_, err := tx.Agree(h.ids["pair-second"], time.Date(2027, 4, 20, 15, 0, 0, 0, time.UTC), time.Hour, h.ids["mentor"])
		must(err)
		for _, s := range []store.Session{
			{Slug: "skills", Title: "Skills session", At: store.NewDate(2027, 4, 22).At(18 * 60)},
			{Slug: "closing", Title: "Closing session", At: store.NewDate(2027, 6, 10).At(18 * 60)},
		} {
			s.CycleID, s.Length, s.Where = h.cycle.ID, 90*time.Minute, "https://meet.example.org/"+s.Slug
			must(tx.InsertSession(&s))
			h.ids[s.Slug] = s.ID
		}
		must(tx.CancelSession(h.ids["closing"]))
		must(tx.AnswerSession(h.ids["skills"], h.ids["other"], true, h.ids["other"]))
		must(tx.AnswerSession(h.ids["skills"], h.ids["second"], true, h.ids["coordinator"]))
		return tx.ShowName(h.ids["other"], true)
	})
	h.tick()
	clear(h.heard)
	return h
}

// screens are what is typed or tapped, by whom.
var screens = []struct{ name, who, line string }{
	{"a mentee's progress", "mentee", "progress"},
	{"a mentor's progress", "mentor", "progress"},
	{"a mentor's progress with one", "mentor", "progress {pair-second}"},
	{"progress without a pair", "other", "progress"},
	{"a coordinator's pairs", "coordinator", "progress"},
	{"a pair to a coordinator", "coordinator", "progress {pair-mentee}"},
	{"settled", "coordinator", "settle {disputed} yes"},
	{"settled before", "coordinator", "settle {disputed} no"},
	{"what's next for a mentee", "mentee", "next"},
	{"what's next for a mentor", "mentor", "next"},
	{"what's next for a coordinator", "coordinator", "next"},
	{"all messages", "mentee", "messages"},
	{"into the calendar", "mentee", "calendar"},
	{"sessions", "mentee", "sessions"},
	{"sessions of a coordinator", "coordinator", "sessions"},
	{"a session", "mentee", "session {skills}"},
	{"coming", "mentee", "session {skills} yes"},
	{"with the name", "mentee", "session {skills} show"},
	{"without the name", "mentee", "session {skills} hide"},
	{"not coming", "mentee", "session {skills} no"},
	{"noted by a coordinator", "second", "session {skills}"},
	{"a session that is over", "mentee", "session {spring} yes"},
	{"a session to who wasn't there", "mentor", "session {spring}"},
	{"a session that was cancelled", "mentee", "session {closing} yes"},
	{"a session to a coordinator", "coordinator", "session {skills}"},
	{"a session that is over to a coordinator", "coordinator", "session {spring}"},
	{"for whom", "coordinator", "session {skills} yes"},
	{"for somebody", "coordinator", "session {skills} yes {mentor}"},
	{"an event", "mentee", "event"},
	{"coming to an event", "mentee", "event {belgrade} yes"},
	{"an event to a coordinator", "coordinator", "event"},
	{"overview", "coordinator", "overview"},
}

var anyID = regexp.MustCompile(`\b[a-z0-9]{13}\b`)

func TestScreens(t *testing.T) {
	for _, language := range locale.Languages() {
		t.Run(language, func(t *testing.T) {
			h := newHall(t).everyone().speaking(language).underWay()
			name := map[string]string{}
			for slug, id := range h.ids {
				name[id] = "{" + slug + "}"
			}
			named := func(command string) string {
				return anyID.ReplaceAllStringFunc(command, func(id string) string {
					if name[id] == "" && id == h.cycle.ID {
						return "{cycle}"
					}
					return name[id]
				})
			}
			var got strings.Builder
			for _, s := range screens {
				line := s.line
				for slug, id := range h.ids {
					line = strings.ReplaceAll(line, "{"+slug+"}", id)
				}
				said := h.taps(s.who, line)
				fmt.Fprintf(&got, "=== %s\n%s\n", s.name, said.Text)
				for _, b := range said.Buttons {
					fmt.Fprintf(&got, "[%s] %s\n", b.Label, named(b.Command))
				}
				for _, f := range said.Files {
					fmt.Fprintf(&got, "(%s)\n", f.Name)
				}
				fmt.Fprintln(&got)
			}
			golden(t, "testdata/screens."+language+".txt", got.String())
		})
	}
}

// golden compares what was said with a file.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-) isn't what is said (+); read it, then write it anew with -update:\n%s", file, diff)
	}
}
