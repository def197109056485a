package store

import (
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

// makePrivate creates the database file readable by its owner only, whatever the
// umask; SQLite gives what it writes beside it the same mode. Files that are too
// open are closed to others.
func makePrivate(path string) error {
	if err := create(path); err != nil {
		return err
	}
	if runtime.GOOS == "windows" {
		return nil // who may read is inherited from the folder
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && info.Mode().Perm()&^private != 0 {
			err = os.Chmod(name, private)
		}
		if err != nil {
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
