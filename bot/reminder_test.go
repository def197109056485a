package bot_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

var update = flag.Bool("update", false, "write the expected words anew")

// A scene is a message about to be sent, and how things stand then.
type scene struct {
	name string
	at   string // in the cycle's zone
	m    store.Message
	set  func(*store.Snapshot)
}

// scenes show every way in which every kind of message is worded.
var scenes = []scene{
	{"session, first", "2027-01-14 18:00", message(store.KindSession, "opening", "7d", "a"), nil},
	{"session, in another zone", "2027-01-14 18:00", message(store.KindSession, "opening", "7d", "b"), nil},
	{"session, asked again", "2027-01-20 18:00", message(store.KindSession, "opening", "1d", "a"), toldOf(store.KindSession, "opening")},
	{"session, asked first at the last moment", "2027-01-21 17:00", message(store.KindSession, "opening", "1h", "a"), nil},
	{"session, moved", "2027-01-14 18:00", message(store.KindSession, "opening", "moved", "a"), nil},
	{"session, coming", "2027-01-21 17:00", message(store.KindSession, "opening", "1h", "a"), comes("s")},
	{"session without an address", "2027-01-21 17:00", message(store.KindSession, "opening", "1h", "a"), all(comes("s"), nowhere)},
	{"session, cancelled", "2027-01-14 18:00", message(store.KindSession, "opening", "cancelled", "a"), comes("s")},
	{"session, cancelled, in another zone", "2027-01-14 18:00", message(store.KindSession, "opening", "cancelled", "b"), comes("s")},
	{"session, another address", "2027-01-21 17:10", message(store.KindChange, "opening", "address-session", "a"), comes("s")},
	{"session, no address any more", "2027-01-21 17:10", message(store.KindChange, "opening", "address-session", "a"), all(comes("s"), nowhere)},
	{"session, takes place after all", "2027-01-14 18:00", message(store.KindChange, "opening", "back-session", "b"), comes("s")},
	{"meeting", "2027-02-03 18:00", message(store.KindMeeting, "mentor-1+mentee-1#1", "1d", "a"), agreed},
	{"pace, first", "2027-02-08 10:00", message(store.KindPace, "mentor-1+mentee-1", "1", "a"), nil},
	{"pace, second", "2027-02-15 10:00", message(store.KindPace, "mentor-1+mentee-1", "2", "a"), toldOf(store.KindPace, "mentor-1+mentee-1")},
	{"pace, one left", "2027-06-01 10:00", message(store.KindPace, "mentor-1+mentee-1", "3", "a"), held(5)},
	{"last call", "2027-06-01 10:00", message(store.KindPace, "mentor-1+mentee-1", "last-14d", "a"), nil},
	{"last call, one left", "2027-06-01 10:00", message(store.KindPace, "mentor-1+mentee-1", "last-14d", "a"), held(5)},
	{"after the last day", "2027-06-21 10:00", message(store.KindPace, "mentor-1+mentee-1", "3", "a"), held(4)},
	{"event, first", "2027-04-19 10:00", message(store.KindEvent, "belgrade", "60d", "a"), nil},
	{"event, asked again", "2027-05-19 10:00", message(store.KindEvent, "belgrade", "30d", "a"), toldOf(store.KindEvent, "belgrade")},
	{"event, moved", "2027-05-19 10:00", message(store.KindEvent, "belgrade", "moved", "a"), nil},
	{"event, coming", "2027-06-17 10:00", message(store.KindEvent, "belgrade", "1d", "a"), comes("e")},
	{"event, coming from another zone", "2027-06-17 10:00", message(store.KindEvent, "belgrade", "1d", "b"), comes("e")},
	{"event without place, agenda and mornings", "2027-06-17 10:00", message(store.KindEvent, "belgrade", "1d", "a"), all(comes("e"), bare)},
	{"event, morning", "2027-06-18 08:00", message(store.KindEvent, "belgrade", "morning-2027-06-18", "a"), comes("e")},
	{"event, morning in another zone", "2027-06-18 08:00", message(store.KindEvent, "belgrade", "morning-2027-06-18", "b"), comes("e")},
	{"event, morning without agenda", "2027-06-19 08:00", message(store.KindEvent, "belgrade", "morning-2027-06-19", "a"), comes("e")},
	{"event, cancelled", "2027-05-19 10:00", message(store.KindEvent, "belgrade", "cancelled", "a"), comes("e")},
	{"event, another place", "2027-05-19 10:00", message(store.KindChange, "belgrade", "place-event", "a"), comes("e")},
	{"event, another agenda", "2027-05-19 10:00", message(store.KindChange, "belgrade", "agenda-event", "b"), comes("e")},
	{"event, no agenda any more", "2027-05-19 10:00", message(store.KindChange, "belgrade", "agenda-event", "a"), all(comes("e"), bare)},
	{"event, takes place after all", "2027-05-19 10:00", message(store.KindChange, "belgrade", "back-event", "a"), comes("e")},
	{"digest, all well", "2027-01-18 09:00", message(store.KindDigest, "pilot", "2027-01-18T09:00", "c"), comes("s")},
	{"digest, trouble", "2027-06-07 09:00", message(store.KindDigest, "pilot", "2027-06-07T09:00", "c"), all(held(1), unjoined, undelivered)},
	{"digest, nothing", "2027-02-01 09:00", message(store.KindDigest, "pilot", "2027-02-01T09:00", "c"), empty},
	{"trouble", "2027-02-22 10:00", message(store.KindTrouble, "mentor-1+mentee-1", "-", "c"), nil},
	{"trouble, some held", "2027-04-12 10:00", message(store.KindTrouble, "mentor-1+mentee-1", "-", "c"), held(2)},
	{"trouble after the last day", "2027-06-21 10:00", message(store.KindTrouble, "mentor-1+mentee-1", "-", "c"), nil},
	{"attendance", "2027-01-21 19:30", message(store.KindAttendance, "opening", "-", "c"), nil},
	{"joined late", "2027-01-15 12:00", message(store.KindNext, "pilot", "-", "a"), nil},
	{"joined late, nothing to come", "2027-06-29 12:00", message(store.KindNext, "pilot", "-", "c"), empty},
	{"confirm", "2027-01-14 19:30", message(store.KindConfirm, "mentor-1+mentee-1#1", "-", "a"), held(1)},
	{"disputed", "2027-01-14 19:30", message(store.KindDispute, "mentor-1+mentee-1#1", "disputed", "b"), held(1)},
	{"taken back", "2027-01-14 19:30", message(store.KindNote, "mentor-1+mentee-1#1", "taken-back", "a"), held(1)},
	{"taken back by a coordinator", "2027-01-14 19:30", message(store.KindNote, "mentor-1+mentee-1#1", "taken-back-for-you", "a"), held(1)},
	{"settled", "2027-01-14 19:30", message(store.KindNote, "mentor-1+mentee-1#1", "settled", "b"), held(1)},
	{"meeting moved", "2027-01-30 19:30", message(store.KindNote, "mentor-1+mentee-1#1", "moved", "b"), agreed},
	{"a new pair", "2027-01-14 19:30", message(store.KindPair, "mentor-1+mentee-1", "new", "a"), nil},
	{"a new pair, from where", "2027-01-14 19:30", message(store.KindPair, "mentor-1+mentee-1", "new", "a"), lives("b", "Tbilisi")},
	{"a pair that has ended", "2027-01-14 19:30", message(store.KindPair, "mentor-1+mentee-1", "ended", "b"), nil},
	{"a pair that goes on", "2027-01-14 19:30", message(store.KindPair, "mentor-1+mentee-1", "reopened", "b"), nil},
	{"a pair by mistake", "2027-01-14 19:30", message(store.KindPair, "mentor-1+mentee-1", "undone", "b"), nil},
	{"a partner who has left", "2027-01-20 12:00", message(store.KindPair, "mentor-1+mentee-1", "left", "a"), nil},
	{"a partner who is back", "2027-01-20 12:00", message(store.KindPair, "mentor-1+mentee-1", "again", "a"), nil},
	{"somebody has left", "2027-01-20 12:00", message(store.KindLeft, "mentor-1", "left", "c"), gone("b")},
	{"somebody is back", "2027-01-20 12:00", message(store.KindLeft, "mentor-1", "back", "c"), nil},
	{"restored", "2027-01-14 10:00", restored, holding(12)},
	{"restored, one held", "2027-01-14 10:00", restored, holding(1)},
	{"restored, nothing held", "2027-01-14 10:00", restored, nil},
	{"nudged, all open", "2027-02-14 10:00", message(store.KindNote, "pilot", "nudge", "a"), nil},
	{"nudged, nothing open", "2027-01-14 10:00", message(store.KindNote, "pilot", "nudge", "a"), all(comes("s"), comes("e"), held(1))},
	{"another app was connected", "2027-01-14 19:30", message(store.KindApp, "account000001", "telegram", "a"), nil},
	{"session in a group", "2027-01-14 18:00", inGroup(store.KindSession, "opening", "7d"), withGroup},
	{"session in a group, the last time", "2027-01-21 17:00", inGroup(store.KindSession, "opening", "1h"), all(withGroup, comes("s"))},
	{"session in a group, moved", "2027-01-14 18:00", inGroup(store.KindSession, "opening", "moved"), withGroup},
	{"session in a group, cancelled", "2027-01-14 18:00", inGroup(store.KindSession, "opening", "cancelled"), withGroup},
	{"event in a group", "2027-04-19 10:00", inGroup(store.KindEvent, "belgrade", "60d"), all(withGroup, comes("e"))},
	{"event in a group, moved", "2027-05-19 10:00", inGroup(store.KindEvent, "belgrade", "moved"), withGroup},
	{"event in a group, cancelled", "2027-05-19 10:00", inGroup(store.KindEvent, "belgrade", "cancelled"), withGroup},
	{"a group is lost", "2027-01-14 18:00", message(store.KindGroup, "group00000000", "-", "c"), withGroup},
	{"a group without a name is lost", "2027-01-14 18:00", message(store.KindGroup, "group00000000", "-", "c"), all(withGroup, untitled)},
	{"confirm the last one", "2027-06-14 19:30", message(store.KindConfirm, "mentor-1+mentee-1#6", "-", "a"), held(6)},
}

func TestWords(t *testing.T) {
	for _, language := range locale.Languages() {
		t.Run(language, func(t *testing.T) {
			var got strings.Builder
			for _, scene := range scenes {
				c := pilot(t, language)
				fmt.Fprintf(&got, "=== %s\n", scene.name)
				said := play(t, scene, c)
				fmt.Fprintln(&got, said.Text)
				for _, b := range said.Buttons {
					fmt.Fprintf(&got, "[%s] %s\n", b.Label, b.Command)
				}
				fmt.Fprintln(&got)
			}
			file := "testdata/reminders." + language + ".txt"
			if *update {
				if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
				t.Errorf("%s (-) isn't what is said (+); read it, then write it anew with -update:\n%s", file, diff)
			}
		})
	}
}

// nasty are names that break what doesn't escape them.
var nasty = []string{
	"*_`[x](https://example.org)<2027-01-21T17:00:00Z|x>",
	"- a\n- b\n\n*c*",
	"@everyone <@1> &lt;b&gt; {{.Title}}",
	"مرحبا \u202eabc 🤸🏽‍♀️ e\u0301",
	strings.Repeat("*", 200),
	strings.Repeat("🤸", 200),
}

func TestNamesAreShownAsTyped(t *testing.T) {
	for _, name := range nasty {
		for _, language := range locale.Languages() {
			for _, scene := range scenes {
				plain := play(t, scene, rename(pilot(t, language), "Plain"))
				said := play(t, scene, rename(pilot(t, language), name))
				if got, want := structure(said.Text), structure(plain.Text); len([]rune(name)) < 60 && got != want &&
					!strings.Contains(name, "\n") {
					t.Errorf("%s: with the name %q the text is built as\n%s\nwithout it as\n%s", scene.name, name, got, want)
				}
				check(t, scene.name, said)
			}
		}
	}
}

func TestWordsOfALargeCycle(t *testing.T) {
	for _, name := range append(nasty, "Somebody with quite a long name") {
		for _, language := range locale.Languages() {
			for _, scene := range scenes {
				c := pilot(t, language)
				crowd(c, 100)
				check(t, scene.name, play(t, scene, rename(c, name)))
			}
		}
	}
}

// play finds the words of a scene.
func play(t *testing.T, s scene, c *store.Snapshot) chat.Message {
	t.Helper()
	if s.set != nil {
		s.set(c)
	}
	m := s.m
	said, err := bot.Reminder(c, &m, at(t, s.at))
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	return said
}

// check holds a message against the limits that every platform keeps.
func check(t *testing.T, name string, m chat.Message) {
	t.Helper()
	if n := chat.UTF16Len(string(m.Text)); n == 0 || n > chat.MaxText {
		t.Errorf("%s: the text has %d UTF-16 units", name, n)
	}
	for _, b := range m.Buttons {
		if n := chat.UTF16Len(b.Label); n == 0 || n > chat.MaxLabel || strings.Contains(b.Label, "\n") {
			t.Errorf("%s: the label %q", name, b.Label)
		}
		if len(b.Command) > chat.MaxCommand || (b.Command == "") != b.Private {
			t.Errorf("%s: the command %q", name, b.Command)
		}
	}
	if len(m.Buttons) == 0 && !strings.Contains(name, "in a group") {
		t.Errorf("%s has no button", name)
	}
}

// structure is what markup makes of a text: where it is bold, a list, or a link.
func structure(text chat.Text) string {
	var b strings.Builder
	for _, line := range text.Lines() {
		fmt.Fprintf(&b, "item %v:", line.Item)
		for _, s := range line.Spans {
			fmt.Fprintf(&b, " (bold %v, italic %v, code %v, link %q, moment %v)", s.Bold, s.Italic, s.Code, s.Link, !s.Moment.IsZero())
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestErrors(t *testing.T) {
	for name, m := range map[string]store.Message{
		"no such member":  message(store.KindSession, "opening", "7d", "nobody"),
		"no such kind":    message("song", "opening", "7d", "a"),
		"no such session": message(store.KindSession, "gone", "7d", "a"),
		"no such event":   message(store.KindEvent, "gone", "7d", "a"),
		"no such day":     message(store.KindEvent, "belgrade", "morning-soon", "a"),
		"no such pair":    message(store.KindPace, "a+b", "1", "a"),
		"no such meeting": message(store.KindMeeting, "mentor-1+mentee-1#9", "1d", "a"),
		"no meeting left": message(store.KindConfirm, "mentor-1+mentee-1#9", "-", "a"),
		"no pair left":    message(store.KindTrouble, "a+b", "-", "c"),
		"nothing to take": message(store.KindAttendance, "gone", "-", "c"),
	} {
		m.Key = "the/key"
		said, err := bot.Reminder(pilot(t, "en"), &m, at(t, "2027-01-14 18:00"))
		if err == nil || !strings.HasPrefix(err.Error(), "find words for the/key: ") {
			t.Errorf("%s: %q, %v", name, said.Text, err)
		}
	}
}

func TestEveryKindHasAScene(t *testing.T) {
	played := map[store.Kind]bool{}
	for _, s := range scenes {
		played[s.m.Kind] = true
	}
	for _, kind := range bot.Kinds() {
		if !played[kind] {
			t.Errorf("no scene shows a %s", kind)
		}
	}
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	w, err := store.ParseWall(s)
	if err != nil {
		t.Fatal(err)
	}
	loc, err := store.Zone("Europe/Belgrade")
	if err != nil {
		t.Fatal(err)
	}
	return w.In(loc)
}
