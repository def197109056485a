package store

import (
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// scanner is one row: *sql.Row or *sql.Rows.
type scanner interface{ Scan(dest ...any) error }

// list reads all rows of a query; its errors begin with the step.
func list[T any](tx *Tx, step string, scan func(scanner, *T) error, query string, args ...any) ([]T, error) {
	return appendRows(tx, nil, step, scan, query, args...)
}

// appendRows reads as list does, into all, whose capacity spares copies of long
// lists.
func appendRows[T any](tx *Tx, all []T, step string, scan func(scanner, *T) error, query string, args ...any) ([]T, error) {
	rows, err := tx.query(query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", step, err)
	}
	defer rows.Close()
	for rows.Next() {
		var zero T
		all = append(all, zero)
		if err := scan(rows, &all[len(all)-1]); err != nil {
			return nil, fmt.Errorf("%s: %w", step, err)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", step, err)
	}
	return all, nil
}

// one reads the only row of a query; without one the error wraps ErrNotFound.
func one[T any](tx *Tx, step string, scan func(scanner, *T) error, query string, args ...any) (v T, err error) {
	err = scan(tx.row(query, args...), &v)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return v, fmt.Errorf("%s: %w", step, err)
	}
	return v, nil
}

// of names the columns of a list as those of one table.
func of(table, columns string) string {
	names := strings.Split(columns, ",")
	for i, name := range names {
		names[i] = table + "." + strings.TrimSpace(name)
	}
	return strings.Join(names, ", ")
}

// column scans a row of one column.
func column[T any](row scanner, v *T) error { return row.Scan(v) }

// run executes a statement of which it doesn't matter how many rows it meets.
func (tx *Tx) run(step, query string, args ...any) error {
	if _, err := tx.exec(query, args...); err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	return nil
}

// write executes a statement that must meet a row, else otherwise is returned.
func (tx *Tx) write(step string, otherwise error, query string, args ...any) error {
	n, err := tx.exec(query, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	if n == 0 {
		return fmt.Errorf("%s: %w", step, otherwise)
	}
	return nil
}

// ms is how an instant is kept: Unix milliseconds, 0 for the zero time.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// instant reads what ms wrote, in UTC.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// kept is t as it will be read back.
func kept(t time.Time) time.Time { return instant(ms(t)) }

// when scans an instant into t.
func when(t *time.Time) *scanInstant { return (*scanInstant)(t) }

type scanInstant time.Time

func (t *scanInstant) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("scan instant: %T is not a number", src)
	}
	*t = scanInstant(instant(n))
	return nil
}

// lasting scans a length of time into d.
func lasting(d *time.Duration) *scanLength { return (*scanLength)(d) }

type scanLength time.Duration

func (d *scanLength) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("scan length: %T is not a number", src)
	}
	*d = scanLength(time.Duration(n) * time.Millisecond)
	return nil
}

// optional is how an id that may be absent is kept where it must be NULL then.
func optional(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// clean makes text that people typed fit for both engines: PostgreSQL takes
// neither NUL nor invalid UTF-8.
func clean(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// placeholders writes $from, $from+1, … for n arguments.
func placeholders(b *strings.Builder, from, n int) {
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
}
