//go:build !windows

package store_test

import (
	"io/fs"
	"os"
	"path/filepath"
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
