package store

import (
	"context"
	"database/sql"
	"time"
)

// Tx is a transaction. It is valid until the function that got it returns; using
// it later panics.
type Tx struct {
	now     time.Time
	on      session // nil when the transaction has ended
	dialect *dialect
	rows    []*sql.Rows // all that were opened; who forgets to close them harms nobody
	seals   seals       // the store's
	queue   *queue      // the store's
}

// A session runs statements on a connection that is in a transaction.
type session interface {
	exec(query string, args []any) (sql.Result, error)
	query(query string, args []any) (*sql.Rows, error)
	row(query string, args []any) *sql.Row
}

// A dialect is what the one SQL text leaves to the engine.
type dialect struct {
	skipLocked, clock string
	batch             int    // how many rows an INSERT of many best has
	size              string // asks how many bytes the database has
}

// everywhere is the context of every statement: one that could end would roll a
// whole batch back, the work of other callers included.
var everywhere = context.Background()

// Now is the transaction's instant: fixed once, in UTC, whole milliseconds.
func (tx *Tx) Now() time.Time { return tx.now }

// exec, query and row are what the nouns' SQL uses. Placeholders are $1, $2, …;
// no caller's context reaches them.
func (tx *Tx) exec(query string, args ...any) (affected int64, err error) {
	r, err := tx.on.exec(query, args)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (tx *Tx) query(query string, args ...any) (*sql.Rows, error) {
	rows, err := tx.on.query(query, args)
	if err == nil {
		tx.rows = append(tx.rows, rows)
	}
	return rows, err
}

// row's result must be scanned at once.
func (tx *Tx) row(query string, args ...any) *sql.Row { return tx.on.row(query, args) }

// skipLocked is the suffix of a claim's inner SELECT: FOR UPDATE SKIP LOCKED on
// PostgreSQL, nothing on SQLite.
func (tx *Tx) skipLocked() string { return tx.dialect.skipLocked }

// clock is an SQL expression: the database's own time in Unix milliseconds.
func (tx *Tx) clock() string { return tx.dialect.clock }

// batch is how many rows an INSERT of many best has: on PostgreSQL each statement is
// a journey, SQLite looks up each placeholder among all of them.
func (tx *Tx) batch() int { return tx.dialect.batch }

// end closes what the function left open and makes the Tx useless; it returns the
// first error that reading rows had met.
func (tx *Tx) end() (err error) {
	tx.on = nil
	for _, rows := range tx.rows {
		if e := rows.Close(); err == nil {
			err = e
		}
		if e := rows.Err(); err == nil {
			err = e
		}
	}
	return err
}
