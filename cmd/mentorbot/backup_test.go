package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"
)

// shorten copies the first bytes of a file: shorten from to bytes.
func shorten(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: shorten from to bytes")
	}
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	text := ts.ReadFile(args[0])
	if len(text) <= n {
		ts.Fatalf("%s has only %d bytes", args[0], len(text))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text[:n]), 0o600))
}

// scribble copies a file, and writes over a part of its middle: scribble from to.
func scribble(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: scribble from to")
	}
	text := []byte(ts.ReadFile(args[0]))
	copy(text[len(text)/2:], strings.Repeat("scribble", 512))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), text, 0o600))
}

// leftovers looks whether a folder has a database, or what was to become one or a backup:
// leftovers folder.
func leftovers(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: leftovers folder")
	}
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	for _, entry := range entries {
		if strings.Contains(entry.Name(), "unfinished") || strings.HasPrefix(entry.Name(), "pilot.db") {
			ts.Fatalf("%s was left", filepath.Join(args[0], entry.Name()))
		}
	}
}

// keypair writes a secret key of age, and sets PUBLIC to its public key: keypair file.
func keypair(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: keypair file")
	}
	identity, err := age.GenerateX25519Identity()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("# a comment\n"+identity.String()+"\n"), 0o600))
	ts.Setenv("PUBLIC", identity.Recipient().String())
}
