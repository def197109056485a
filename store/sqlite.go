package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
)

var sqliteDialect = &dialect{
	clock: "CAST(unixepoch('subsec') * 1000 AS BIGINT)",
	batch: 1,
	size:  "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
}

// sqlite is a database in a file: one writer, and readers with connections of
// their own that see the last commit, whoever made it.
type sqlite struct {
	*writer
	*readers
	path string
	dbs  []*sql.DB
	once sync.Once
	err  error // of close
}

// What every connection needs. SQLite looks the longest for a lock where a
// connection is opened or the schema changes; the writer waits in its own way. What a
// savepoint may have to put back it keeps in memory, and pages stay in its cache until
// the commit, which writes each of them once.
const (
	durable    = "_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on"
	forLooking = "_query_only=on&_busy_timeout=10000" // changes nothing, not even how it is written
	forReading = durable + "&_query_only=on&_busy_timeout=10000"
	forSchema  = durable + "&_txlock=immediate&_busy_timeout=30000"
	forWriting = durable + "&_busy_timeout=100&_pragma=temp_store(memory)&_pragma=cache_size(-8000)"
)

func openSQLite(ctx context.Context, path string, now func() time.Time) (engine, error) {
	if path == ":memory:" {
		return openMemory(ctx, now)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil { // so that one database has one lock
		path = real
	}
	var e *sqlite
	if err = claimFile(ctx, path); err == nil {
		err = migrateSQLite(ctx, path)
	}
	if err == nil {
		e, err = connectSQLite(path, forWriting, now)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return e, nil
}

// address is the URI of a file, so that no character of its path has a meaning.
func address(path, pragmas string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/…
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: pragmas}).String()
}

func migrateSQLite(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", address(path, forSchema))
	if err != nil {
		return err
	}
	defer db.Close()
	return migrate(ctx, db, goose.DialectSQLite3, schema)
}

func connectSQLite(path, writing string, now func() time.Time) (*sqlite, error) {
	write, err := sql.Open("sqlite", address(path, writing))
	if err != nil {
		return nil, err
	}
	read, err := sql.Open("sqlite", address(path, forReading))
	if err != nil {
		return nil, err
	}
	e := &sqlite{path: path, dbs: []*sql.DB{write, read}}
	e.readers = newReaders(max(4, 2*runtime.GOMAXPROCS(0)), func() (*link, error) { return newLink(read) }, now)
	if e.writer, err = newWriter(func() (*link, error) { return newLink(write) }, now); err != nil {
		return nil, errors.Join(err, write.Close(), read.Close())
	}
	return e, nil
}

// claiming needs nothing special where there is one writer.
func (e *sqlite) claiming(ctx context.Context, f func(*Tx) error) error { return e.update(ctx, f) }

func (e *sqlite) close() error {
	e.once.Do(func() {
		e.err = errors.Join(e.readers.close(), e.writer.close())
		for _, db := range e.dbs {
			e.err = errors.Join(e.err, db.Close())
		}
	})
	return e.err
}

func (e *sqlite) reserve(command string) (release func(), err error) {
	return lockFile(e.path+lockEnd, command)
}
