package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
)

// memory is a private database in memory. It lives in its one connection, which
// views and the writer use in turn.
type memory struct {
	*writer
	db    *sql.DB
	mu    sync.Mutex // guards the link, and:
	ended bool
	once  sync.Once
	err   error // of close
}

var errMemoryLost = errors.New("the connection broke, and the database in memory with it")

func openMemory(ctx context.Context, now func() time.Time) (engine, error) {
	db, err := sql.Open("sqlite", ":memory:?_foreign_keys=on")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	if err := migrate(ctx, db, goose.DialectSQLite3, schema); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	e := &memory{db: db}
	if e.writer, err = newWriter(func() (*link, error) { return newLink(db) }, now); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	e.exclusive = &e.mu
	e.open = func() (*link, error) { return nil, errMemoryLost } // another would be empty
	return e, nil
}

func (e *memory) view(ctx context.Context, f func(*Tx) error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case e.ended:
		return ErrClosed
	case e.link == nil:
		return errMemoryLost
	}
	defer e.rollback()
	return look(e.link, e.now(), f)
}

func (e *memory) claiming(ctx context.Context, f func(*Tx) error) error { return e.update(ctx, f) }

func (e *memory) reserve(string) (release func(), err error) { return func() {}, nil }

func (e *memory) close() error {
	e.once.Do(func() {
		e.err = e.writer.close()
		e.mu.Lock()
		defer e.mu.Unlock()
		e.ended = true
		e.err = errors.Join(e.err, e.db.Close())
	})
	return e.err
}
