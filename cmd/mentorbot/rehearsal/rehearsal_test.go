package rehearsal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/programfile"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/rehearsal"
	"github.com/kooperativa/mentorbot/store"
)

var update = flag.Bool("update", false, "write the transcripts in docs anew")

func applying(tb testing.TB, src []byte) func(*store.Tx) error {
	tb.Helper()
	f, err := programfile.Parse("program.yaml", src, locale.Languages())
	if err != nil {
		tb.Fatal(err)
	}
	return func(tx *store.Tx) error {
		_, err := f.Apply(tx, false)
		return err
	}
}

func rehearse(tb testing.TB, src []byte, manner rehearsal.Manner) (lines []rehearsal.Line) {
	tb.Helper()
	err := rehearsal.Run(tb.Context(), applying(tb, src), manner, func(l rehearsal.Line) error {
		lines = append(lines, l)
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return lines
}

// tally counts the messages of each kind to one person.
func tally(lines []rehearsal.Line, slug string) map[store.Kind]int {
	counts := map[store.Kind]int{}
	for _, l := range lines {
		if l.To.Slug == slug {
			counts[l.Message.Kind]++
		}
	}
	return counts
}

func TestPilot(t *testing.T) {
	for manner, want := range map[rehearsal.Manner]map[store.Role]map[store.Kind]int{
		rehearsal.Silent: {
			store.Mentee:      {store.KindSession: 8, store.KindEvent: 5, store.KindPace: 5},
			store.Coordinator: {store.KindDigest: 25, store.KindAttendance: 4, store.KindTrouble: 6},
		},
		rehearsal.OnPace: {
			store.Mentee:      {store.KindSession: 8, store.KindEvent: 6, store.KindMeeting: 6},
			store.Coordinator: {store.KindDigest: 25, store.KindAttendance: 4},
		},
	} {
		t.Run(string(manner), func(t *testing.T) {
			lines := rehearse(t, programfile.Sample, manner)
			seen := map[string]store.Role{}
			for i, l := range lines {
				seen[l.To.Slug] = l.Role
				if i > 0 && l.At.Before(lines[i-1].At) {
					t.Errorf("%s comes after a later message", l.Message.Key)
				}
			}
			for slug, role := range seen {
				expected := want[role]
				if role == store.Mentor {
					expected = want[store.Mentee]
				}
				if diff := cmp.Diff(expected, tally(lines, slug)); diff != "" {
					t.Errorf("%s: want (-), got (+):\n%s", slug, diff)
				}
			}
			if len(seen) != 14 {
				t.Errorf("%d people heard something, want 14", len(seen))
			}
		})
	}
}

func TestShapes(t *testing.T) {
	const head = "program: P\ncycle: c\ntitle: T\nzone: Europe/Belgrade\n"
	const people = `people:
  - {id: m, name: M, role: mentor, zone: Europe/Lisbon}
  - {id: a, name: A, role: mentee, zone: Asia/Tbilisi}
  - {id: b, name: B, role: mentee}
  - {id: d, name: D, role: mentee}
  - {id: c, name: C, role: coordinator}
pairs:
  - {mentor: m, mentee: a}
  - {mentor: m, mentee: b}
  - {mentor: m, mentee: d}
`
	for name, test := range map[string]struct {
		src    string
		manner rehearsal.Manner
		person string
		want   map[store.Kind]int
	}{
		"no sessions": {
			head + "starts: 2027-01-11\nends: 2027-06-30\nmeetings: {minimum: 6, by: 2027-06-15}\n" + people,
			rehearsal.Silent, "m", map[store.Kind]int{store.KindPace: 15},
		},
		"three pairs, on pace": {
			head + "starts: 2027-01-11\nends: 2027-06-30\nmeetings: {minimum: 6, by: 2027-06-15}\n" + people,
			rehearsal.OnPace, "m", map[store.Kind]int{store.KindMeeting: 18},
		},
		"two events in two zones": {
			head + "starts: 2027-01-11\nends: 2027-06-30\nmeetings: {minimum: 1}\nevents:\n" +
				"  - {id: w, title: W, from: 2027-03-05, to: 2027-03-06, place: Lisbon, zone: Europe/Lisbon}\n" +
				"  - {id: e, title: E, from: 2027-06-18, to: 2027-06-18, place: Tbilisi, zone: Asia/Tbilisi}\n" + people,
			rehearsal.OnPace, "b", map[store.Kind]int{store.KindEvent: 4 + 1 + 4, store.KindMeeting: 1},
		},
		"two weeks": {
			head + "starts: 2027-03-22\nends: 2027-04-04\nmeetings: {minimum: 2}\nsessions:\n" +
				"  - {id: s, title: S, at: 2027-03-31 18:00, length: 1h, where: W}\n" + people,
			rehearsal.Silent, "a", map[store.Kind]int{store.KindSession: 2, store.KindPace: 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			lines := rehearse(t, []byte(test.src), test.manner)
			if diff := cmp.Diff(test.want, tally(lines, test.person)); diff != "" {
				t.Errorf("want (-), got (+):\n%s", diff)
			}
		})
	}
}

func TestJSONLine(t *testing.T) {
	var out bytes.Buffer
	print := rehearsal.JSON(&out)
	lines := rehearse(t, programfile.Sample, rehearsal.Silent)
	for _, l := range lines {
		if err := print(l); err != nil {
			t.Fatal(err)
		}
	}
	printed := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(printed) != len(lines) {
		t.Fatalf("%d messages are %d lines", len(lines), len(printed))
	}
	for i, text := range printed {
		var p rehearsal.Printed
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, p.At)
		if err != nil || !at.Equal(lines[i].At) || p.Text == "" || strings.ContainsAny(p.Text, "{}\\") {
			t.Errorf("line %d is %s", i+1, text)
		}
	}
}

func TestErrorOfTheReaderEndsTheRehearsal(t *testing.T) {
	full := errors.New("disk full")
	told := 0
	err := rehearsal.Run(t.Context(), applying(t, programfile.Sample), rehearsal.Silent, func(rehearsal.Line) error {
		told++
		return full
	})
	if !errors.Is(err, full) || told != 1 {
		t.Errorf("after %d lines: %v", told, err)
	}
}

func TestTranscripts(t *testing.T) {
	for _, manner := range []rehearsal.Manner{rehearsal.Silent, rehearsal.OnPace} {
		var out bytes.Buffer
		print := rehearsal.Timeline(&out)
		for _, l := range rehearse(t, programfile.Sample, manner) {
			if err := print(l); err != nil {
				t.Fatal(err)
			}
		}
		file := fmt.Sprintf("../../../docs/transcript-%s.txt", manner)
		if *update {
			if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(kept), "\n"), strings.Split(out.String(), "\n")); diff != "" {
			t.Errorf("%s (-) isn't what the rehearsal says (+); write it anew with -update:\n%s", file, diff)
		}
	}
}

// BenchmarkRehearse plays a cycle of 200 people.
func BenchmarkRehearse(b *testing.B) {
	src := bytes.NewBufferString(`program: Big
cycle: big
title: Big
zone: Europe/Belgrade
starts: 2027-01-11
ends: 2027-06-30
meetings: {minimum: 6, by: 2027-06-15, length: 90m}
sessions:
  - {id: a, title: A, at: 2027-01-21 18:00, length: 90m, where: https://meet.example.org/a}
  - {id: b, title: B, at: 2027-03-04 18:00, length: 90m, where: https://meet.example.org/b}
  - {id: c, title: C, at: 2027-04-15 18:00, length: 90m, where: https://meet.example.org/c}
  - {id: d, title: D, at: 2027-05-27 18:00, length: 90m, where: https://meet.example.org/d}
events:
  - {id: e, title: E, from: 2027-06-18, to: 2027-06-20, place: Belgrade}
people:
  - {id: coordinator, name: Coordinator, role: coordinator}
`)
	for i := range 100 {
		fmt.Fprintf(src, "  - {id: mentor-%d, name: Mentor %d, role: mentor}\n", i, i)
		fmt.Fprintf(src, "  - {id: mentee-%d, name: Mentee %d, role: mentee}\n", i, i)
	}
	fmt.Fprintln(src, "pairs:")
	for i := range 100 {
		fmt.Fprintf(src, "  - {mentor: mentor-%d, mentee: mentee-%d}\n", i, i)
	}
	for _, manner := range []rehearsal.Manner{rehearsal.Silent, rehearsal.OnPace} {
		b.Run(string(manner), func(b *testing.B) {
			for b.Loop() {
				if n := len(rehearse(b, src.Bytes(), manner)); n < 3000 {
					b.Errorf("only %d messages", n)
				}
			}
		})
	}
}
