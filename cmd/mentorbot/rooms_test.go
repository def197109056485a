package main

import (
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/kooperativa/mentorbot/"

// rooms says which of our own rooms each may import, by the longest prefix of
// its name; docs/architecture.md has the reasons.
var rooms = map[string][]string{
	"store":             {},
	"store/storetest":   {"store"},
	"scheduler":         {"store"},
	"bot/chat":          {},
	"bot/chat/chattest": {"bot/chat"},
	"bot/locale":        {},
	"bot/playground":    {"bot/chat", "bot/chat/chattest"},
	"bot/wire":          {"bot/chat"},
	"bot/telegram":      {"bot/chat", "bot/chat/chattest", "bot/wire"},
	"bot/discord":       {"bot/chat", "bot/chat/chattest", "bot/wire"},
	"bot":               {"bot/chat", "bot/locale", "store", "scheduler"},
	"cmd":               {"cmd", "bot", "bot/chat", "bot/locale", "bot/playground", "bot/telegram", "bot/discord", "scheduler", "store"},
}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	seen := 0
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if strings.HasPrefix(d.Name(), ".") && dir != "." || d.Name() == "testdata" {
			return fs.SkipDir
		}
		pkg, err := build.ImportDir(filepath.Join("../..", dir), 0)
		if err != nil {
			return nil //nolint:nilerr // a folder without Go files
		}
		room, may := allowed(dir)
		if room == "" {
			t.Errorf("package %s is in no room: where does it belong?", dir)
			return nil
		}
		seen++
		for _, path := range pkg.Imports {
			if first, _, _ := strings.Cut(path, "/"); dir == "bot/chat" && strings.Contains(first, ".") {
				t.Errorf("%s imports %s, and stands on the standard library alone", dir, path)
			}
			own, ok := strings.CutPrefix(path, module)
			if ok && !slices.ContainsFunc(may, func(m string) bool { return own == m || m == "cmd" && strings.HasPrefix(own, "cmd/") }) {
				t.Errorf("%s imports %s, which %s may not", dir, own, room)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < len(rooms) {
		t.Errorf("looked at %d packages only", seen)
	}
}

func allowed(dir string) (room string, may []string) {
	dir = filepath.ToSlash(dir)
	for name, imports := range rooms {
		if (dir == name || strings.HasPrefix(dir, name+"/")) && len(name) > len(room) {
			room, may = name, imports
		}
	}
	return room, may
}

func TestTopHoldsOnlyWhatTheDesignNames(t *testing.T) {
	known := []string{
		"README.md", "LICENSE", "CHANGELOG.md", "go.mod", "go.sum", "config.example.yaml", "Makefile",
		"cmd", "bot", "scheduler", "store", "docs", "deploy",
	}
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	ignored, err := os.ReadFile("../../.gitignore")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		leftover := strings.Contains(string(ignored), "/"+e.Name()) || strings.HasPrefix(e.Name(), "mentorbot.db")
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(known, e.Name()) && !leftover {
			t.Errorf("%s stands at the top: which room does it belong to?", e.Name())
		}
	}
}
