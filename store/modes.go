package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"sync"
)

const private = 0o600

// creating guards the moment in which a new file is open outside SQLite: closing
// it there would take away the locks that another store of this process has
// meanwhile got on it.
var creating sync.Mutex

// claimFile makes a file the database's: it creates it, or makes sure that nobody else's
// file is written, or closed to others, because a configuration names it by mistake.
func claimFile(ctx context.Context, path string) error {
	if err := create(path); err != nil {
		return err
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("it is not a regular file")
	case info.Size() > 0:
		if err := ours(ctx, path); err != nil {
			return err
		}
	}
	return makePrivate(path, info.Mode())
}

// ours refuses a database that has tables but not those that this program begins with.
func ours(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", address(path, forLooking))
	if err != nil {
		return err
	}
	defer db.Close()
	var foreign, known int
	err = db.QueryRowContext(ctx, `SELECT COUNT(*), COUNT(CASE name WHEN 'schema_info' THEN 1 END) FROM sqlite_master
		WHERE name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version'`).Scan(&foreign, &known)
	if err != nil {
		return fmt.Errorf("look whose database it is: %w", err)
	}
	if foreign > 0 && known == 0 {
		return errors.New("it is another program's database: name a file of its own for Mentorbot")
	}
	return nil
}

// makePrivate lets only their owner read the database file, of some mode, whatever the
// umask, and what stands beside it. SQLite gives what it writes beside it the same mode,
// and leaves it so: what a read-only file left must not outlast that.
func makePrivate(path string, mode fs.FileMode) error {
	if runtime.GOOS == "windows" {
		return nil // who may read is inherited from the folder
	}
	perm := mode.Perm() & private // somebody may want it read-only
	if mode.Perm() != perm {
		if err := os.Chmod(path, perm); err != nil {
			return fmt.Errorf("keep the database private: %w", err)
		}
	}
	if perm&0o200 != 0 {
		perm = private
	}
	for _, end := range []string{"-wal", "-shm"} {
		if err := os.Chmod(path+end, perm); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("keep the database private: %w", err)
		}
	}
	return nil
}

func create(path string) error {
	creating.Lock()
	defer creating.Unlock()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, private)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}
