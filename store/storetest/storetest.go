// Package storetest runs tests on a store of each kind: on a SQLite file, and on
// PostgreSQL where there is a server or one can be started.
//
// The server is the one that MENTORBOT_TEST_POSTGRES names, a postgres:// address
// of a database in which schemas may be created, or a private one that lasts as
// long as the test process, if PostgreSQL is installed. With neither a test is
// skipped; where MENTORBOT_TEST_REQUIRE contains the word postgres it fails.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx

	"github.com/kooperativa/mentorbot/store"
)

// An Opener opens the database of a test, the same one each time, so that a test
// may close and reopen it. It sets Options.Database, fails the test on an error,
// and the test closes the store at its end.
type Opener func(o store.Options) *store.Store

// Each runs a test on an empty database of each kind, as the subtests sqlite and
// postgres.
func Each(t *testing.T, test func(t *testing.T, open Opener)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, opener(t, SQLite(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, opener(t, Postgres(t))) })
}

// Open opens a store in memory, for tests to which the engine doesn't matter.
func Open(tb testing.TB, o store.Options) *store.Store {
	tb.Helper()
	return opener(tb, ":memory:")(o)
}

// OpenPostgres opens a store on PostgreSQL, for tests of what is special there; or
// it skips the test.
func OpenPostgres(tb testing.TB, o store.Options) *store.Store {
	tb.Helper()
	return opener(tb, Postgres(tb))(o)
}

func opener(tb testing.TB, database string) Opener {
	return func(o store.Options) *store.Store {
		tb.Helper()
		o.Database = database
		s, err := store.Open(context.Background(), o)
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
}

// SQLite returns the path of a database that doesn't exist yet.
func SQLite(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(tb.TempDir(), "mentorbot.db")
}

// Postgres returns the address of an empty schema, which goes when the test ends;
// or it skips the test.
func Postgres(tb testing.TB) string {
	tb.Helper()
	server := server(tb)
	db, err := sql.Open("pgx", server)
	if err != nil {
		tb.Fatal(err)
	}
	schema := "test_" + strings.ToLower(rand.Text())
	if _, err := db.Exec("CREATE SCHEMA " + schema); err != nil {
		tb.Fatalf("create schema for a test: %v", err)
	}
	tb.Cleanup(func() {
		defer db.Close()
		if _, err := db.Exec("DROP SCHEMA " + schema + " CASCADE"); err != nil {
			tb.Errorf("drop schema of a test: %v", err)
		}
	})
	address, err := url.Parse(server)
	if err != nil {
		tb.Fatal(err)
	}
	q := address.Query()
	q.Set("search_path", schema)
	address.RawQuery = q.Encode()
	return address.String()
}

// private starts this process' own server, once.
var private = sync.OnceValues(startServer)

// server returns the address of the server for tests, or skips the test.
func server(tb testing.TB) string {
	tb.Helper()
	if address := os.Getenv("MENTORBOT_TEST_POSTGRES"); address != "" {
		return address
	}
	address, err := private()
	if err != nil {
		tb.Fatalf("start a PostgreSQL server for tests: %v", err)
	}
	if address == "" {
		skip := tb.Skip
		if strings.Contains(os.Getenv("MENTORBOT_TEST_REQUIRE"), "postgres") {
			skip = tb.Fatal
		}
		skip("needs PostgreSQL: install it (Debian: the package postgresql), or name a server in MENTORBOT_TEST_POSTGRES")
	}
	return address
}
