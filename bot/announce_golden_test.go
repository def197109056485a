package bot_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// A recital writes down a conversation as it is played.
type recital struct {
	*hall
	out  strings.Builder
	last said
}

func (r *recital) write(heading string, m chat.Message) {
	fmt.Fprintf(&r.out, "=== %s\n%s\n", heading, m.Text)
	for _, b := range m.Buttons {
		fmt.Fprintf(&r.out, "[%s] ", b.Label)
	}
	fmt.Fprint(&r.out, "\n\n")
}

func (r *recital) types(text string) {
	r.Helper()
	r.last = r.hall.types("coordinator", text)
	r.write("coordinator types "+text[:min(len(text), 80)], r.last.Message)
	r.meanwhile()
}

// press taps the button that says a command, on the coordinator's last message.
func (r *recital) press(command string) {
	r.Helper()
	i := slices.IndexFunc(r.last.Buttons, func(b chat.Button) bool { return strings.HasPrefix(strings.TrimPrefix(b.Command, "+"), command) })
	if i < 0 {
		r.Fatalf("there is no button for %s: %v", command, r.last.Buttons)
	}
	b := r.last.Buttons[i]
	r.last = r.taps("coordinator", b.Command)
	r.write("coordinator taps "+b.Label, r.last.Message)
	r.meanwhile()
}

// meanwhile writes down what everybody got and saw change.
func (r *recital) meanwhile() {
	for _, who := range []string{"mentor", "mentee", "second", "other", "coordinator"} {
		for _, m := range r.heard[who] {
			r.write(who+" gets", m)
		}
		for _, m := range r.edited[who] {
			r.write(who+" sees instead", m)
		}
	}
	clear(r.heard)
	clear(r.edited)
}

// status goes back to what the coordinator was shown of the announcement.
func (r *recital) status() {
	r.last = r.taps("coordinator", "announcement "+r.announced())
}

func TestTranscriptOfAnAnnouncement(t *testing.T) {
	for _, language := range locale.Languages() {
		t.Run(language, func(t *testing.T) {
			r := &recital{hall: newHall(t).everyone()}
			r.do(func(tx *store.Tx) error {
				var errs []error
				for _, who := range []string{"mentor", "mentee", "second", "coordinator", "other"} {
					errs = append(errs, tx.ChooseLanguage(r.ids[who], language))
				}
				return errors.Join(errs...)
			})
			r.play()
			file := "testdata/announce." + language + ".txt"
			if *update {
				if err := os.WriteFile(file, []byte(r.out.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(r.out.String(), "\n")); diff != "" {
				t.Errorf("%s (-) isn't what is said (+); read it, then write it anew with -update:\n%s", file, diff)
			}
		})
	}
}

func (r *recital) play() {
	r.blocked["mentor"] = errors.New("refused")
	r.fixed["second"] = errors.New("too old")
	r.do(func(tx *store.Tx) error {
		return tx.ChooseQuiet(r.ids["other"], store.Quiet{Start: 9 * 60, End: 11 * 60})
	})
	r.types("/announce")
	r.press("post " + r.cycle.ID + " pair")
	r.types("/announce")
	r.press("post " + r.cycle.ID + " everyone")
	r.types(strings.Repeat("x", 4001))
	r.types("Bring *two* photos, see [the list](https://list.example.org).")
	r.press("when")
	r.types("yesterday 10:00")
	r.types("tomorrow 10:00")
	r.press("withdraw")
	r.press("announcement")
	r.press("send")
	r.last = r.taps("mentee", "read "+r.announced())
	r.write("mentee taps", r.last.Message)
	r.meanwhile()
	r.later(2 * time.Hour)
	r.meanwhile()
	r.status()
	r.press("unread")
	r.press("remind")
	r.status()
	r.press("unread")
	r.status()
	r.press("correct")
	r.types("Bring *one* photo.")
	r.press("corrected")
	r.press("announcement")
	r.press("withdraw")
	r.press("withdraw")
	r.press("announcement")
	r.types("/announce")
	r.press("posts")
	r.press("announcement")
	r.types("/announce")
	r.press("post " + r.cycle.ID + " mentors")
	r.types("An old draft")
	delete(r.blocked, "mentor")
	r.later(8 * 24 * time.Hour)
	clear(r.heard)
	r.press("send")
	r.press("discard")
}
