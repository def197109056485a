package store

import (
	"context"
	"database/sql"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"
)

// What tests may do beyond the package's own API.

func (tx *Tx) Exec(query string, args ...any) (int64, error)      { return tx.exec(query, args...) }
func (tx *Tx) Query(query string, args ...any) (*sql.Rows, error) { return tx.query(query, args...) }
func (tx *Tx) Row(query string, args ...any) *sql.Row             { return tx.row(query, args...) }
func (tx *Tx) SkipLocked() string                                 { return tx.skipLocked() }
func (tx *Tx) Clock() string                                      { return tx.clock() }

func (s *Store) Claiming(ctx context.Context, f func(*Tx) error) error { return s.claiming(ctx, f) }

// What commands ask before anything else.
var (
	SelectKnown, SelectPart, SelectWholePair = selectKnown, selectPart, selectWholePair
	SelectPairsOf                            = selectPairsOf
)

const (
	MaxStatements = maxStatements
	BatchSize     = batchSize
)

// Postgres reports whether a store is on PostgreSQL.
func (s *Store) Postgres() bool { _, ok := s.engine.(*postgres); return ok }

// Break takes the writer's connection away, in the middle of its transaction.
func (s *Store) Break() { s.engine.(*sqlite).link.discard() }

// Statements counts what the writer's connection keeps prepared.
func (s *Store) Statements() int { return len(s.engine.(*sqlite).link.statements) }

// OpenSynchronous opens a SQLite file that is as durable as pragma synchronous
// says.
func OpenSynchronous(tb testing.TB, path, synchronous string) *Store {
	tb.Helper()
	return openWith(tb, path, strings.Replace(forWriting, "_synchronous=FULL", "_synchronous="+synchronous, 1))
}

// OpenSmall opens a SQLite file that has no more than so many pages of 4 kB.
func OpenSmall(tb testing.TB, path string, pages string) *Store {
	tb.Helper()
	return openWith(tb, path, forWriting+"&_pragma=max_page_count("+pages+")")
}

// openWith opens a SQLite file whose writer has these pragmas.
func openWith(tb testing.TB, path, writing string) *Store {
	tb.Helper()
	s, err := Open(context.Background(), Options{Database: path})
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		tb.Fatal(err)
	}
	s = &Store{now: time.Now}
	if s.engine, err = connectSQLite(path, writing, s.instant); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// Migrate brings a database to the schema of other files than the program's, by
// a program of that level.
func Migrate(ctx context.Context, database string, files fs.FS, level int) error {
	driver, name, d := "sqlite", address(database, forSchema), goose.DialectSQLite3
	if isPostgres(database) {
		driver, name, d = "pgx", database, goose.DialectPostgres
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		return err
	}
	defer db.Close()
	return migrate(ctx, db, d, migrations{files, level})
}

// Schema is the program's own.
func Schema() (files fs.FS, programLevel int) { return schema.files, schema.level }
