package store

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// errLocked is what lock returns when another holds the file.
var errLocked = errors.New("locked")

// lockEnd is the end of the name of what is locked for a database.
const lockEnd = ".lock"

// lockFile takes the lock of a file, which it creates, and writes into it who
// holds it. The operating system lets go of the lock when the process ends; the
// file stays, since removing it would let two processes lock two files.
func lockFile(path, command string) (release func(), err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, private)
	if err != nil {
		return nil, fmt.Errorf("reserve database: %w", err)
	}
	if err = lock(f); err == nil {
		err = sign(f, command)
	}
	if err != nil {
		if errors.Is(err, errLocked) {
			err = fmt.Errorf("this database is in use, already served by %s: stop that first, or use another one", holder(path))
		} else {
			err = fmt.Errorf("reserve database: %w", err)
		}
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Truncate(0); _ = f.Close() }, nil // closing is what unlocks
}

func sign(f *os.File, command string) error {
	if err := f.Chmod(private); err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := fmt.Fprintf(f, "process %d (%s)\n", os.Getpid(), command)
	return err
}

// holder names who holds the lock, as far as it has said so yet.
func holder(path string) string {
	text, err := os.ReadFile(path)
	if name := strings.TrimSpace(string(text)); err == nil && name != "" {
		return name
	}
	return "another process"
}
