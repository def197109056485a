package store

import (
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

// ErrElsewhere is what Backup and Restore return for a database that isn't a file: its own
// tools do that.
var ErrElsewhere = errors.New("the database is not a file")

// ErrThere is what Backup and Restore return where they would have to overwrite something.
var ErrThere = errors.New("there is something already, and nothing is overwritten")

// A BackupTarget says where a backup goes.
type BackupTarget struct {
	File    string                                  // a new file; or, if it is "",
	To      io.Writer                               // where it is written
	Encrypt func(io.Writer) (io.WriteCloser, error) // nil: it stays as it is
}

// A Backup is what was backed up.
type Backup struct {
	At    time.Time // all that was committed before is in it
	Bytes int64     // before it was encrypted
}

// Backup copies what the database holds, while others go on to read and write. The copy is
// checked before it gets its name, so that there is never half of a backup. Until then it
// is in a file for its owner only; if it is to be encrypted, or goes elsewhere, beside the
// database, so that nothing leaves that place in the clear.
func (s *Store) Backup(ctx context.Context, to BackupTarget) (b Backup, err error) {
	e, ok := s.engine.(*sqlite)
	if !ok {
		return b, ErrElsewhere
	}
	if to.File != "" {
		if err := absent(to.File); err != nil {
			return b, err
		}
	}
	beside, direct := to.File, to.File != "" && to.Encrypt == nil
	if !direct {
		beside = e.path
	}
	plain, err := newUnfinished(beside)
	if err != nil {
		return b, fmt.Errorf("begin backup: %w", err)
	}
	defer func() { err = errors.Join(err, plain.discard()) }()
	b.At = s.instant()
	stop := steadily(plain)
	err = e.copyTo(ctx, plain.Name(), b.At, s.seals)
	if err = errors.Join(err, stop()); err != nil {
		return b, fmt.Errorf("back up: %w", err)
	}
	info, err := plain.Stat()
	if err != nil {
		return b, err
	}
	b.Bytes = info.Size()
	if direct {
		return b, plain.become()
	}
	return b, to.write(ctx, plain)
}

// syncEach is how often a copy is brought to the disk while it grows.
const syncEach = 25 * time.Millisecond

// steadily brings a file to the disk as it grows, until it is stopped. Synced at its end
// alone, a gigabyte keeps the disk from whoever commits meanwhile.
func steadily(file interface{ Sync() error }) (stop func() error) {
	end, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ticker := time.NewTicker(syncEach)
		defer ticker.Stop()
		for {
			select {
			case <-end:
				ended <- nil
				return
			case <-ticker.C:
			}
			if err := file.Sync(); err != nil {
				ended <- err
				return
			}
		}
	}()
	return func() error { close(end); return <-ended }
}

// write writes a copy where it is wanted.
func (to *BackupTarget) write(ctx context.Context, plain io.Reader) (err error) {
	if to.File == "" {
		return to.encrypt(ctx, to.To, plain)
	}
	out, err := newUnfinished(to.File)
	if err != nil {
		return fmt.Errorf("begin backup: %w", err)
	}
	defer func() { err = errors.Join(err, out.discard()) }()
	if err := to.encrypt(ctx, out, plain); err != nil {
		return err
	}
	return out.become()
}

func (to *BackupTarget) encrypt(ctx context.Context, w io.Writer, plain io.Reader) error {
	out := io.WriteCloser(unclosed{w})
	if to.Encrypt != nil {
		var err error
		if out, err = to.Encrypt(w); err != nil {
			return fmt.Errorf("encrypt backup: %w", err)
		}
	}
	if _, err := io.Copy(out, &interruptible{ctx, plain}); err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	return nil
}

// An unclosed writer stays open when it is closed.
type unclosed struct{ io.Writer }

// Close does nothing.
func (unclosed) Close() error { return nil }

// An interruptible is read until its context ends.
type interruptible struct {
	ctx context.Context
	io.Reader
}

func (r *interruptible) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// absent returns ErrThere if a file is there, whatever it is.
func absent(file string) error {
	_, err := os.Lstat(file)
	switch {
	case err == nil:
		return fmt.Errorf("%s: %w", file, ErrThere)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	}
	return err
}

// What a connection needs that makes a copy: it is synced as a whole when it is done.
const (
	forCopying  = "_journal_mode=WAL&_synchronous=OFF&_busy_timeout=30000"
	forNoting   = "_journal_mode=MEMORY&_synchronous=OFF"
	forChecking = "_query_only=on"
)

// provenPlace is where a backup seals a known text, by which a key is known for the right
// one.
const provenPlace = "backup"

var proven = []byte("mentorbot")

// copyTo writes a copy of the database into an empty file, notes in it when it was made
// and, sealed, by which key, and checks it.
func (e *sqlite) copyTo(ctx context.Context, path string, at time.Time, s seals) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	err = onConnection(e.path, forCopying, func(db *sql.DB) error {
		_, err := db.ExecContext(ctx, "VACUUM INTO $1", path)
		return err
	})
	if err != nil {
		return err
	}
	sealed := []byte{}
	if s.aead != nil {
		if sealed, err = s.Seal(proven, provenPlace); err != nil {
			return err
		}
	}
	err = onConnection(path, forNoting, func(db *sql.DB) error {
		_, err := db.ExecContext(ctx, `CREATE TABLE backup_info (made_at BIGINT NOT NULL, sealed BYTEA NOT NULL);
			INSERT INTO backup_info (made_at, sealed) VALUES ($1, $2)`, ms(at), sealed)
		return err
	})
	if err != nil {
		return err
	}
	return onConnection(path, forChecking, func(db *sql.DB) error { return checkFile(ctx, db) })
}

// onConnection opens a file on one connection of its own.
func onConnection(path, pragmas string, f func(*sql.DB) error) error {
	db, err := sql.Open("sqlite", address(path, pragmas))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	return errors.Join(f(db), db.Close())
}

// checkFile checks that a database is whole, and that this program can use it.
func checkFile(ctx context.Context, db *sql.DB) error {
	damage, err := damageOf(ctx, db)
	if err != nil {
		return fmt.Errorf("check integrity: %w", err)
	}
	if len(damage) > 0 {
		return fmt.Errorf("check integrity: %s", damage[0])
	}
	return schema.refuse(ctx, db, goose.DialectSQLite3)
}
