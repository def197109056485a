package store

import (
	"context"
	"errors"
	"sync"
	"time"
)

// readers are the connections on which views run, opened as they are needed.
type readers struct {
	open func() (*link, error)
	now  func() time.Time
	free chan *link // always as many as there may be; nil: not open

	closing sync.Once
	closed  chan struct{}
}

func newReaders(n int, open func() (*link, error), now func() time.Time) *readers {
	r := &readers{open: open, now: now, free: make(chan *link, n), closed: make(chan struct{})}
	for range n {
		r.free <- nil
	}
	return r
}

// view is Store.View.
func (r *readers) view(ctx context.Context, f func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var l *link
	select {
	case <-r.closed:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	case l = <-r.free:
	}
	defer func() { r.free <- l }()
	select {
	case <-r.closed:
		return ErrClosed
	default:
	}
	if l == nil {
		var err error
		if l, err = r.open(); err != nil {
			return err
		}
	}
	defer func() {
		if l.rollback() != nil {
			l.discard()
			l = nil
		}
	}()
	return look(l, r.now(), f)
}

// look runs a function in a transaction that its caller rolls back.
func look(l *link, now time.Time, f func(*Tx) error) (err error) {
	if err := l.begin("BEGIN"); err != nil {
		return err
	}
	tx := &Tx{now: now, on: l, dialect: sqliteDialect}
	defer func() { err = errors.Join(err, tx.end()) }()
	return call(f, tx)
}

// close waits for the views under way.
func (r *readers) close() (err error) {
	r.closing.Do(func() {
		close(r.closed)
		for range cap(r.free) {
			if l := <-r.free; l != nil {
				err = errors.Join(err, l.close())
			}
		}
	})
	return err
}
