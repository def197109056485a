package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// An unfinished is a file on its way to become another, when it is whole: beside that, for
// its owner only, under a name that says so, and locked as long as its process lives. What
// a process that was killed has left is removed by the next that wants to make the same.
type unfinished struct {
	*os.File
	target string
}

const unfinishedEnd = ".unfinished"

// besides are the ends of the names of what SQLite keeps beside a database.
var besides = []string{"-wal", "-shm", "-journal"}

func newUnfinished(target string) (*unfinished, error) {
	dir, base := filepath.Dir(target), filepath.Base(target)
	if err := removeLeft(dir, base); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(dir, "."+base+".*"+unfinishedEnd)
	if err != nil {
		return nil, err
	}
	u := &unfinished{f, target}
	if err := lock(f); err != nil {
		return nil, errors.Join(err, u.discard())
	}
	return u, nil
}

// removeLeft removes what processes that have ended left unfinished.
func removeLeft(dir, base string) error {
	left, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range left {
		name := entry.Name()
		if !strings.HasPrefix(name, "."+base+".") || !strings.HasSuffix(name, unfinishedEnd) || !entry.Type().IsRegular() {
			continue
		}
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR, 0)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		u := &unfinished{f, ""}
		if lock(f) != nil { // somebody works on it
			err = f.Close()
		} else {
			err = u.discard()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// discard removes the file, unless it has become another.
func (u *unfinished) discard() error {
	if u.File == nil {
		return nil
	}
	all := []error{u.Close()}
	for _, end := range append([]string{""}, besides...) {
		if err := os.Remove(u.Name() + end); !errors.Is(err, fs.ErrNotExist) {
			all = append(all, err)
		}
	}
	u.File = nil
	return errors.Join(all...)
}

// become gives the file its name, once all of it is on the disk; never in another's place.
func (u *unfinished) become() error {
	if err := u.Sync(); err != nil {
		return fmt.Errorf("write %s to the disk: %w", u.target, err)
	}
	if err := name(u.Name(), u.target); err != nil {
		return err
	}
	if err := u.discard(); err != nil { // its other name
		return err
	}
	return syncDir(filepath.Dir(u.target))
}

// name gives a file a second name, or, where a file can't have two, another one.
func name(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return &fs.PathError{Op: "name", Path: to, Err: fs.ErrExist}
	}
	return os.Rename(from, to)
}

// syncDir writes the names in a folder to the disk; where a folder can't be opened for
// that, the system sees to it.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	return nil
}
