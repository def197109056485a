package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/programfile"
)

// typed runs a command line as main does, and returns what it printed.
func typed(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func TestEmbeddedConfigurationIsTheExample(t *testing.T) {
	example, err := os.ReadFile("../../config.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(example, exampleConfig) {
		t.Error("cmd/mentorbot/config.example.yaml isn't config.example.yaml: copy it there")
	}
}

func TestEachConfigurationHasItsOwnKey(t *testing.T) {
	if a, b := withKey(exampleConfig), withKey(exampleConfig); bytes.Equal(a, b) || bytes.Equal(a, exampleConfig) {
		t.Error("no fresh key")
	}
}

// full is a disk, or a pipe, that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestResultsThatCannotBeWritten(t *testing.T) {
	t.Chdir(t.TempDir())
	if code, _, errs := typed(t, "init"); code != exitDone {
		t.Fatal(errs)
	}
	if code, _, errs := typed(t, "apply", programName); code != exitDone {
		t.Fatal(errs)
	}
	for _, args := range [][]string{{"export"}, {"version"}, {"apply", programName}, {"--help"}} {
		var errs bytes.Buffer
		if code := run(t.Context(), args, nil, full{}, &errs); code != exitTrouble {
			t.Errorf("%v ended with %d: %s", args, code, errs.String())
		}
	}
}

// A file of 10,000 people must be applied in under 5 s; this allows a slow machine,
// and the race detector, more.
func TestTenThousandPeople(t *testing.T) {
	const people, limit = 10_000, 60 * time.Second
	dir := t.TempDir()
	t.Chdir(dir)
	var b strings.Builder
	b.WriteString("program: P\ncycle: pilot\ntitle: T\nzone: Europe/Belgrade\n" +
		"starts: 2027-01-11\nends: 2027-06-30\nmeetings: {minimum: 6}\npeople:\n")
	for i := range people / 2 {
		fmt.Fprintf(&b, "  - {id: mentor-%d, name: Mentor %d, role: mentor, city: Čačak, country: RS, zone: Europe/Belgrade}\n", i, i)
		fmt.Fprintf(&b, "  - {id: mentee-%d, name: Mentee %d, role: mentee, city: Skopje, country: MK, language: en}\n", i, i)
	}
	b.WriteString("pairs:\n")
	for i := range people / 2 {
		fmt.Fprintf(&b, "  - {mentor: mentor-%d, mentee: mentee-%d}\n", i, i)
	}
	if err := os.WriteFile(filepath.Join(dir, programName), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nAdded: 15002, changed: 0, removed: 0.\n", "Nothing changes.\n"} {
		start := time.Now()
		code, out, errs := typed(t, "apply", programName)
		took := time.Since(start)
		if code != exitDone || !strings.Contains("\n"+out, want) {
			t.Fatalf("ended with %d: %s", code, errs)
		}
		t.Logf("applied in %v", took)
		if took > limit {
			t.Errorf("took %v, more than %v", took, limit)
		}
	}
}

// Of two who apply a file for the first time at once, both may have looked for a database
// before there was one.
func TestOnlyWhoMadeTheDatabaseSaysSo(t *testing.T) {
	for made, want := range map[bool]string{true: "The database is new: x.db\n", false: ""} {
		var out strings.Builder
		e := &environment{out: bufio.NewWriter(&out)}
		applyCommand{}.tellNew(e, "x.db", &programfile.Changes{New: made})
		if err := e.out.Flush(); err != nil || out.String() != want {
			t.Errorf("said %q, want %q (%v)", out.String(), want, err)
		}
	}
}
