package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx
	"github.com/pressly/goose/v3"
)

var postgresDialect = &dialect{
	skipLocked: " FOR UPDATE SKIP LOCKED",
	clock:      "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
	batch:      64,
	size:       "SELECT pg_database_size(current_database())",
}

// postgres gives each function a transaction of its own, and repeats those that
// the server couldn't put in an order with others.
type postgres struct {
	db  *sql.DB
	now func() time.Time

	mu     sync.Mutex
	closed bool
	busy   sync.WaitGroup // transactions under way
}

// connections is how many a store uses; the server has 100 for everybody.
const connections = 16

func openPostgres(ctx context.Context, address string, now func() time.Time) (engine, error) {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	if err := migrate(ctx, db, goose.DialectPostgres, schema); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &postgres{db: db, now: now}, nil
}

func (e *postgres) view(ctx context.Context, f func(*Tx) error) error {
	return e.run(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, f)
}

func (e *postgres) update(ctx context.Context, f func(*Tx) error) error {
	return e.run(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable}, f)
}

func (e *postgres) claiming(ctx context.Context, f func(*Tx) error) error {
	return e.run(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted}, f)
}

func (e *postgres) reserve(string) (release func(), err error) { return func() {}, nil }

func (e *postgres) close() error {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	e.busy.Wait()
	return e.db.Close()
}

func (e *postgres) enter() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return false
	}
	e.busy.Add(1)
	return true
}

// How often a transaction is tried, and how long it waits in between: at random,
// doubling up to the longest.
const (
	tries       = 30
	firstWait   = 2 * time.Millisecond
	longestWait = 250 * time.Millisecond
)

func (e *postgres) run(ctx context.Context, o *sql.TxOptions, f func(*Tx) error) error {
	if !e.enter() {
		return ErrClosed
	}
	defer e.busy.Done()
	for try, wait := 1, firstWait; ; try++ {
		again, err := e.once(ctx, o, f)
		if !again {
			return err
		}
		if try == tries {
			return fmt.Errorf("tried %d times: %w", try, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rand.N(wait) + time.Millisecond):
		}
		wait = min(2*wait, longestWait)
	}
}

// once tries a transaction; again says that the server couldn't order it.
func (e *postgres) once(ctx context.Context, o *sql.TxOptions, f func(*Tx) error) (again bool, err error) {
	conn, err := e.db.Conn(ctx) // waits for a free one as long as the caller likes
	if err != nil {
		return false, err
	}
	defer conn.Close()
	if err := ctx.Err(); err != nil {
		return false, err
	}
	t, err := conn.BeginTx(everywhere, o)
	if err != nil {
		return false, fmt.Errorf("begin: %w", err)
	}
	defer t.Rollback() // after a panic too; after the commit it does nothing
	on := &attempt{Tx: t}
	tx := &Tx{now: e.now(), on: on, dialect: postgresDialect}
	defer func() { _ = tx.end() }() // after a panic; else it has been done
	err = on.note(call(f, tx))
	if reading := on.note(tx.end()); err == nil {
		err = reading
	}
	if err == nil {
		if err = on.note(t.Commit()); err != nil {
			err = fmt.Errorf("commit: %w", err)
		}
	}
	return err != nil && on.unordered, err
}

// An attempt is a transaction on PostgreSQL that notices when the server couldn't
// order it, even if the function hides the error.
type attempt struct {
	*sql.Tx
	unordered bool
}

func (a *attempt) note(err error) error {
	var e *pgconn.PgError
	const serializationFailure, deadlock = "40001", "40P01"
	if errors.As(err, &e) && (e.Code == serializationFailure || e.Code == deadlock) {
		a.unordered = true
	}
	return err
}

func (a *attempt) exec(query string, args []any) (sql.Result, error) {
	r, err := a.ExecContext(everywhere, query, args...)
	return r, a.note(err)
}

func (a *attempt) query(query string, args []any) (*sql.Rows, error) {
	rows, err := a.QueryContext(everywhere, query, args...)
	return rows, a.note(err)
}

func (a *attempt) row(query string, args []any) *sql.Row {
	row := a.QueryRowContext(everywhere, query, args...)
	_ = a.note(row.Err())
	return row
}
