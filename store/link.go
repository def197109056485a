package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	sqlitedriver "modernc.org/sqlite"
)

// errRolledBack says that SQLite undid the whole transaction on its own, as it
// does when the disk is full or fails. Statements refuse to run from then on:
// each would be its own transaction, and stay.
var errRolledBack = errors.New("the database rolled the transaction back")

// maxStatements bounds what a link keeps prepared: texts with lists of
// placeholders come in many lengths.
const maxStatements = 256

// A link is one connection to a SQLite database, with its prepared statements.
// Only one goroutine uses it at a time.
type link struct {
	conn       *sql.Conn
	statements map[string]*statement
	rolledBack bool // since begin, by SQLite or by rollback
}

// A statement is prepared once, and can be in use by one set of rows.
type statement struct {
	*sql.Stmt
	rows *sql.Rows
}

func (s *statement) busy() bool {
	if s.rows == nil {
		return false
	}
	if _, err := s.rows.Columns(); err != nil { // they are closed
		s.rows = nil
	}
	return s.rows != nil
}

func newLink(db *sql.DB) (*link, error) {
	conn, err := db.Conn(everywhere)
	if err != nil {
		return nil, err
	}
	l := &link{conn: conn, statements: map[string]*statement{}}
	err = conn.Raw(func(c any) error {
		c.(sqlitedriver.HookRegisterer).RegisterRollbackHook(func() { l.rolledBack = true })
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return l, nil
}

func (l *link) close() error { return errors.Join(l.closeStatements(), l.conn.Close()) }

func (l *link) closeStatements() (err error) {
	for _, s := range l.statements {
		err = errors.Join(err, s.Close())
	}
	return err
}

// discard closes a connection of unknown state for good; close would give it to
// the next link, with its transaction. It broke: there is nothing to hear from it.
func (l *link) discard() {
	_ = l.closeStatements() // else SQLite would keep the connection for them
	_ = l.conn.Raw(func(any) error { return driver.ErrBadConn })
}

// prepared returns the statement of a query, or nil where it can't be had: the
// rows of an earlier use are still being read.
func (l *link) prepared(query string) (*statement, error) {
	if l.rolledBack {
		return nil, errRolledBack
	}
	if s := l.statements[query]; s != nil {
		if s.busy() {
			return nil, nil
		}
		return s, nil
	}
	if len(l.statements) >= maxStatements {
		l.forgetOne()
	}
	stmt, err := l.conn.PrepareContext(everywhere, query)
	if err != nil {
		return nil, err
	}
	s := &statement{Stmt: stmt}
	l.statements[query] = s
	return s, nil
}

// forgetOne closes whichever idle statement the map names first: any will do.
func (l *link) forgetOne() {
	for query, s := range l.statements {
		if !s.busy() {
			delete(l.statements, query)
			_ = s.Close() // it can only tell what the last use had told
			return
		}
	}
}

func (l *link) exec(query string, args []any) (sql.Result, error) {
	s, err := l.prepared(query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return l.conn.ExecContext(everywhere, query, args...)
	}
	return s.ExecContext(everywhere, args...)
}

func (l *link) query(query string, args []any) (*sql.Rows, error) {
	s, err := l.prepared(query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return l.conn.QueryContext(everywhere, query, args...)
	}
	rows, err := s.QueryContext(everywhere, args...)
	if err == nil {
		s.rows = rows
	}
	return rows, err
}

func (l *link) row(query string, args []any) *sql.Row {
	s, err := l.prepared(query)
	if errors.Is(err, errRolledBack) {
		return l.conn.QueryRowContext(ended{everywhere}, query)
	}
	if s == nil { // in use, or faulty: then this says why
		return l.conn.QueryRowContext(everywhere, query, args...)
	}
	return s.QueryRowContext(everywhere, args...)
}

// ended is a context that ended because the transaction was rolled back: with it
// database/sql makes a row of that error, without running anything.
type ended struct{ context.Context }

var closedChannel = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

func (ended) Done() <-chan struct{} { return closedChannel }
func (ended) Err() error            { return errRolledBack }

// begin starts a transaction with one of SQLite's kinds of BEGIN.
func (l *link) begin(kind string) error {
	l.rolledBack = false
	if _, err := l.exec(kind, nil); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	return nil
}

func (l *link) commit() error {
	if _, err := l.exec("COMMIT", nil); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// rollback leaves the transaction, if SQLite hasn't done so. Its error means that
// the state of the connection is unknown.
func (l *link) rollback() error {
	if l.rolledBack {
		return nil
	}
	if _, err := l.exec("ROLLBACK", nil); err != nil {
		return fmt.Errorf("roll back: %w", err)
	}
	return nil
}
