//go:build !windows

package store_test

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

func TestModesArePrivate(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0)) // the most generous one
	path := storetest.SQLite(t)
	for _, name := range []string{"new", "too generous"} {
		if name != "new" {
			chmod(t, path, 0o666)
		}
		s := openAt(t, path)
		release, err := s.Reserve("mentorbot serve")
		if err != nil {
			t.Fatal(err)
		}
		mustUpdate(t, s, func(tx *store.Tx) error { return tx.SetProgram(store.Program{Name: name}) })
		seen := 0
		err = filepath.WalkDir(filepath.Dir(path), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			seen++
			info, err := d.Info()
			if err == nil && info.Mode() != 0o600 {
				t.Errorf("%s: %s has mode %v", name, d.Name(), info.Mode())
			}
			return err
		})
		if err != nil || seen != 4 {
			t.Errorf("%s: looked at %d files, want database, WAL, its index and the lock; %v", name, seen, err)
		}
		release()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func chmod(t *testing.T, path string, mode fs.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func TestDatabaseThatCannotBe(t *testing.T) {
	for _, path := range []string{filepath.Join(t.TempDir(), "no such folder", "mentorbot.db"), t.TempDir()} {
		if s, err := store.Open(t.Context(), store.Options{Database: path}); err == nil {
			t.Errorf("opened %s (%v)", path, s.Close())
		} else {
			t.Log(err)
		}
	}
}

// No character of a path has a meaning.
func TestPathsAreTakenAsTheyAre(t *testing.T) {
	for _, name := range []string{"a b.db", "50%25.db", "what?.db", "#1.db", "ćevapi.db", "a&b=c.db", "file:x.db"} {
		path := filepath.Join(t.TempDir(), name)
		s := openAt(t, path)
		mustUpdate(t, s, func(tx *store.Tx) error { return tx.SetProgram(store.Program{Name: name}) })
		if info, err := os.Stat(path); err != nil {
			t.Error(err)
		} else if wal, err := os.Stat(path + "-wal"); err != nil || info.Size()+wal.Size() < 4096 {
			t.Errorf("the database isn't in %s: %v", name, err)
		}
	}
}

// Whatever the configuration names by mistake stays as it is.
func TestOnlyADatabaseOfOursIsTouched(t *testing.T) {
	dir := t.TempDir()
	folder, text, foreign := filepath.Join(dir, "folder"), filepath.Join(dir, "text"), filepath.Join(dir, "foreign")
	if err := errors.Join(os.Mkdir(folder, 0o755), os.WriteFile(text, []byte("a text\n"), 0o644)); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", foreign)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE song (title TEXT); INSERT INTO song VALUES ('One')`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	chmod(t, foreign, 0o644)
	for path, want := range map[string]string{
		folder:  "is not a regular file",
		text:    "not a database",
		foreign: "is another program's",
	} {
		before, mode := content(t, path)
		s, err := store.Open(t.Context(), store.Options{Database: path})
		if err == nil {
			t.Errorf("opened %s (%v)", path, s.Close())
			continue
		}
		if text := err.Error(); !strings.Contains(text, path) || !strings.Contains(text, want) {
			t.Errorf("the error of %s is %v", path, err)
		}
		if after, modeAfter := content(t, path); after != before || modeAfter != mode {
			t.Errorf("%s was changed, its mode from %v to %v", path, mode, modeAfter)
		}
		if _, err := os.Stat(path + "-wal"); err == nil {
			t.Errorf("%s-wal was left", path)
		}
	}
}

// content is what a path holds, and its mode.
func content(t *testing.T, path string) (string, fs.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := os.ReadFile(path) // of a folder: nothing
	return string(b), info.Mode()
}

func TestEmptyFileIsANewDatabase(t *testing.T) {
	path := storetest.SQLite(t)
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, path)
	mustUpdate(t, s, func(tx *store.Tx) error { return tx.SetProgram(store.Program{Name: "x"}) })
	if _, mode := content(t, path); mode != 0o600 {
		t.Errorf("its mode is %v", mode)
	}
}

// What SQLite wrote beside a file that was read-only must not stay so.
func TestModesComeBack(t *testing.T) {
	path := storetest.SQLite(t)
	s := openAt(t, path)
	mustUpdate(t, s, func(tx *store.Tx) error { return tx.SetProgram(store.Program{Name: "x"}) })
	for _, end := range []string{"-wal", "-shm"} {
		chmod(t, path+end, 0o400)
	}
	openAt(t, path)
	for _, end := range []string{"-wal", "-shm"} {
		if _, mode := content(t, path+end); mode != 0o600 {
			t.Errorf("%s has mode %v", end, mode)
		}
	}
}

// A file that is read-only stays so, and what stands beside it is nobody else's to read.
func TestReadOnlyIsPrivateToo(t *testing.T) {
	path := storetest.SQLite(t)
	s := openAt(t, path)
	mustUpdate(t, s, func(tx *store.Tx) error { return tx.SetProgram(store.Program{Name: "x"}) })
	for _, end := range []string{"", "-wal", "-shm"} {
		chmod(t, path+end, 0o444)
	}
	if again, err := store.Open(t.Context(), store.Options{Database: path}); err == nil { // as root
		defer again.Close()
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		if _, mode := content(t, path+end); mode != 0o400 {
			t.Errorf("%s%s has mode %v", filepath.Base(path), end, mode)
		}
	}
}
