package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrClosed is what View and Update return after Close.
var ErrClosed = errors.New("the store is closed")

// Options say which database to open and how.
type Options struct {
	// Database is the path of a SQLite file, ":memory:" for a private database in
	// memory, or a postgres:// address.
	Database string
	Key      []byte           // 32 bytes that seal secrets at rest; nil: sealing is an error
	Now      func() time.Time // nil: time.Now
}

// Store is an open database. Its methods may be called at once from many goroutines.
type Store struct {
	engine engine
	now    func() time.Time
	queue  queue
	seals
}

// An engine runs functions in transactions of one kind of database. It makes the
// Tx; whatever else differs between databases is its own affair.
type engine interface {
	view(ctx context.Context, f func(*Tx) error) error
	update(ctx context.Context, f func(*Tx) error) error
	claiming(ctx context.Context, f func(*Tx) error) error
	reserve(command string) (release func(), err error)
	examine(ctx context.Context) (damage []string, err error)
	close() error
}

// Open opens the database, creates it where there is none, and brings its schema
// up to date. A SQLite file and what SQLite writes beside it are readable by
// their owner only. Open refuses a database whose schema needs a newer program.
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{now: o.Now}
	if s.now == nil {
		s.now = time.Now
	}
	var err error
	if s.seals, err = newSeals(o.Key); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if isPostgres(o.Database) {
		s.engine, err = openPostgres(ctx, o.Database, s.instant)
	} else {
		s.engine, err = openSQLite(ctx, o.Database, s.instant)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return s, nil
}

func isPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}

// instant is the "now" of a transaction that starts.
func (s *Store) instant() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

// Close waits for the transactions under way and ends the store. Closing twice
// does no harm.
func (s *Store) Close() error {
	if err := s.engine.close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// View runs f in a read transaction: f sees one consistent state, and whatever
// it wrote would be undone. What Update rules for f holds here too.
func (s *Store) View(ctx context.Context, f func(*Tx) error) error {
	if nested() {
		return errNested
	}
	return s.engine.view(ctx, s.equipped(f))
}

// Update runs f in a write transaction. When Update returns nil, what f wrote is
// durable; when it returns an error, nothing of it is there, except that an error
// of the commit itself may come after the database had kept it (the disk or the
// connection broke at that moment). An error of f is returned as it is.
//
// f may run more than once, each time in a new transaction: it must have no
// effect outside tx and not wait for anything; calling View or Update from f is
// an error. f runs on the caller's goroutine: a panic or [runtime.Goexit] in it
// undoes what f wrote, harms no other caller, and goes on through Update.
//
// The context counts until f starts: ended by then, Update returns its error and
// f doesn't run. Later it has no effect.
func (s *Store) Update(ctx context.Context, f func(*Tx) error) error {
	if nested() {
		return errNested
	}
	return s.engine.update(ctx, s.equipped(f))
}

// equipped gives f's transaction what is the store's.
func (s *Store) equipped(f func(*Tx) error) func(*Tx) error {
	return func(tx *Tx) error {
		tx.seals, tx.queue = s.seals, &s.queue
		return f(tx)
	}
}

// claiming runs f as Update does, on PostgreSQL under READ COMMITTED instead of
// SERIALIZABLE: for claim and settle only.
func (s *Store) claiming(ctx context.Context, f func(*Tx) error) error {
	if nested() {
		return errNested
	}
	return s.engine.claiming(ctx, s.equipped(f))
}

// Reserve makes this process the only one that serves the database, until
// release. Another that has reserved it is named in the error, with the command
// that it gave; a process that ends, however it ends, holds nothing. Other
// processes may go on to read and write. On PostgreSQL, where replicas share the
// work, and in memory, Reserve does nothing.
func (s *Store) Reserve(command string) (release func(), err error) {
	return s.engine.reserve(command)
}
