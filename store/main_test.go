package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"go.uber.org/goleak"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

// roles are what this binary does when it is started by a test as another
// process, by name; see role.
var roles = map[string]func(args []string) error{}

const roleVariable = "MENTORBOT_TEST_ROLE"

func TestMain(m *testing.M) {
	if name := os.Getenv(roleVariable); name != "" {
		if err := roles[name](os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// role is this binary as another process.
func role(tb testing.TB, name string, args ...string) *exec.Cmd {
	tb.Helper()
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), roleVariable+"="+name)
	cmd.Stderr = os.Stderr
	return cmd
}

// eachEngine runs a test on every kind of database, that in memory included.
func eachEngine(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Run("memory", func(t *testing.T) { test(t, storetest.Open(t, store.Options{})) })
	storetest.Each(t, func(t *testing.T, open storetest.Opener) { test(t, open(store.Options{})) })
}

func openAt(tb testing.TB, path string) *store.Store {
	tb.Helper()
	s, err := store.Open(context.Background(), store.Options{Database: path})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func mustUpdate(tb testing.TB, s *store.Store, f func(tx *store.Tx) error) {
	tb.Helper()
	if err := s.Update(context.Background(), f); err != nil {
		tb.Fatal(err)
	}
}

func mustView(tb testing.TB, s *store.Store, f func(tx *store.Tx) error) {
	tb.Helper()
	if err := s.View(context.Background(), f); err != nil {
		tb.Fatal(err)
	}
}

// define creates tables.
func define(tb testing.TB, s *store.Store, texts ...string) {
	tb.Helper()
	mustUpdate(tb, s, func(tx *store.Tx) error {
		for _, text := range texts {
			if _, err := tx.Exec(text); err != nil {
				return err
			}
		}
		return nil
	})
}

// A note is a row of the table that most tests write to.
const defineNote = "CREATE TABLE note (id TEXT PRIMARY KEY, text TEXT NOT NULL)"

func note(tx *store.Tx, id, text string) error {
	_, err := tx.Exec("INSERT INTO note (id, text) VALUES ($1, $2)", id, text)
	return err
}

// count returns how many notes' ids are LIKE the pattern.
func count(tb testing.TB, s *store.Store, pattern string) (n int) {
	tb.Helper()
	mustView(tb, s, func(tx *store.Tx) error {
		return tx.Row("SELECT COUNT(*) FROM note WHERE id LIKE $1", pattern).Scan(&n)
	})
	return n
}

func wantCount(tb testing.TB, s *store.Store, pattern string, want int) {
	tb.Helper()
	if got := count(tb, s, pattern); got != want {
		tb.Errorf("there are %d notes %q, want %d", got, pattern, want)
	}
}

var errRefused = errors.New("refused")
