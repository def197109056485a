package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
)

// What Restore returns of what it was given.
var (
	ErrNoBackup = errors.New("this is no backup of Mentorbot")
	ErrDamaged  = errors.New("this backup is damaged, or a part of it is missing")
	ErrOtherKey = errors.New("this backup was made with another key for sealing than the configured one")
)

// A Restored is what Restore has made.
type Restored struct {
	At     time.Time // when the backup was made
	Proven bool      // the key is the one of the backup; else neither is known
}

// Restore makes the database of a backup, read in the clear. It overwrites nothing; the
// database gets its name when it is whole and checked. Everything that was due since the
// backup is held then, as [Store.HoldSince] does.
func Restore(ctx context.Context, o Options, from io.Reader) (r Restored, err error) {
	if isPostgres(o.Database) || o.Database == ":memory:" {
		return r, ErrElsewhere
	}
	path, err := filepath.Abs(o.Database)
	if err != nil {
		return r, err
	}
	for _, end := range append([]string{""}, besides...) {
		if err := absent(path + end); err != nil {
			return r, err
		}
	}
	release, err := reserveLeft(path)
	if err != nil {
		return r, err
	}
	defer release()
	keys, err := newSeals(o.Key)
	if err != nil {
		return r, err
	}
	u, err := newUnfinished(path)
	if err != nil {
		return r, fmt.Errorf("begin restoring: %w", err)
	}
	defer func() { err = errors.Join(err, u.discard()) }()
	if err := u.fill(ctx, from); err != nil {
		return r, err
	}
	err = onConnection(u.Name(), forChecking, func(db *sql.DB) error {
		r, err = readBackup(ctx, db, keys)
		return err
	})
	if err != nil {
		return r, err
	}
	o.Database = u.Name()
	if err := r.prepare(ctx, o); err != nil {
		return r, fmt.Errorf("prepare the restored database: %w", err)
	}
	return r, u.become()
}

// reserveLeft reserves a database that was there before, and may still be served though
// its file has been moved away.
func reserveLeft(path string) (release func(), err error) {
	if _, err := os.Stat(path + lockEnd); errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	return lockFile(path+lockEnd, "mentorbot restore")
}

// fill reads a database into the file.
func (u *unfinished) fill(ctx context.Context, from io.Reader) error {
	const header = "SQLite format 3\x00"
	begin := make([]byte, len(header))
	n, err := io.ReadFull(from, begin)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), err == nil && string(begin) != header:
		return ErrNoBackup
	case err != nil:
		return fmt.Errorf("read backup: %w", err)
	}
	if _, err := io.Copy(u, io.MultiReader(bytes.NewReader(begin[:n]), &interruptible{ctx, from})); err != nil {
		return fmt.Errorf("read backup: %w", err)
	}
	return nil
}

// readBackup checks a backup, and reads what it says of itself.
func readBackup(ctx context.Context, db *sql.DB, keys seals) (r Restored, err error) {
	var named int
	err = db.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'backup_info'").Scan(&named)
	if err != nil {
		return r, damaged(ctx, err)
	}
	if named == 0 {
		return r, ErrNoBackup
	}
	if err := schema.refuse(ctx, db, goose.DialectSQLite3); err != nil {
		return r, err
	}
	if err := checkFile(ctx, db); err != nil {
		return r, damaged(ctx, err)
	}
	var sealed []byte
	if err := db.QueryRowContext(ctx, "SELECT made_at, sealed FROM backup_info").Scan(when(&r.At), &sealed); err != nil {
		return r, damaged(ctx, err)
	}
	if len(sealed) == 0 || keys.aead == nil {
		return r, nil
	}
	known, err := keys.Unseal(sealed, provenPlace)
	if err != nil || !bytes.Equal(known, proven) {
		return r, ErrOtherKey
	}
	r.Proven = true
	return r, nil
}

// damaged says of an error of reading a backup that the backup is to blame, unless the
// context has ended.
func damaged(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w (%w)", ErrDamaged, err)
}

// prepare makes a backup's file a database of this program, which holds what was due.
func (r *Restored) prepare(ctx context.Context, o Options) error {
	s, err := Open(ctx, o)
	if err != nil {
		return err
	}
	err = s.Update(ctx, func(tx *Tx) error {
		if err := tx.run("forget the backup", `DROP TABLE backup_info`); err != nil {
			return err
		}
		return tx.HoldSince(r.At)
	})
	return errors.Join(err, s.Close())
}
