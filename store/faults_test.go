package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

func init() {
	roles["write on a bad disk"] = func(args []string) error { return writeOnBadDisk(args[0]) }
}

// writeOnBadDisk writes pairs of notes and prints how each went.
func writeOnBadDisk(path string) error {
	s, err := store.Open(context.Background(), store.Options{Database: path})
	if err != nil {
		return err
	}
	inParallel(10, 300, func(_, i int) {
		err := s.Update(context.Background(), func(tx *store.Tx) error {
			if err := note(tx, fmt.Sprint(i, "-a"), strings.Repeat("x", 500)); err != nil {
				return err
			}
			return note(tx, fmt.Sprint(i, "-b"), strings.Repeat("x", 500))
		})
		fmt.Printf("%d %v\n", i, err)
	})
	return s.Close()
}

// The disk is full, or its sync fails, at chosen system calls of a real process:
// whoever heard of success is in the database, and nobody half.
func TestDiskThatFails(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil || exec.Command(strace, "-o", os.DevNull, "true").Run() != nil {
		skip := t.Skip
		if strings.Contains(os.Getenv("MENTORBOT_TEST_REQUIRE"), "strace") {
			skip = t.Fatal
		}
		skip("needs strace, and the right to trace: install it (Debian: the package strace)")
	}
	for name, inject := range map[string]string{
		"full once":          "pwrite64:error=ENOSPC:when=40",
		"full for a while":   "pwrite64:error=ENOSPC:when=60..90",
		"full now and again": "pwrite64:error=ENOSPC:when=30+37",
		"sync fails":         "fsync,fdatasync:error=EIO:when=8+5",
	} {
		t.Run(name, func(t *testing.T) {
			path := storetest.SQLite(t)
			s := openAt(t, path)
			define(t, s, defineNote)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			child := role(t, "write on a bad disk", path)
			var ledger bytes.Buffer
			child.Stdout = &ledger
			child.Args = []string{strace, "-f", "-qq", "-o", filepath.Join(t.TempDir(), "trace"),
				"-e", "trace=pwrite64,fsync,fdatasync", "-e", "inject=" + inject, child.Path, path}
			child.Path = strace
			_ = child.Run() // closing may meet the fault too
			checkBadDisk(t, path, ledger.String())
		})
	}
}

func checkBadDisk(t *testing.T, path, ledger string) {
	t.Helper()
	s := openAt(t, path)
	succeeded, refused := 0, 0
	mustView(t, s, func(tx *store.Tx) error {
		var integrity string
		if err := tx.Row("PRAGMA integrity_check").Scan(&integrity); err != nil || integrity != "ok" {
			t.Errorf("integrity: %s, %v", integrity, err)
		}
		for _, line := range strings.Split(strings.TrimSpace(ledger), "\n") {
			i, outcome, _ := strings.Cut(line, " ")
			var notes int
			if err := tx.Row("SELECT COUNT(*) FROM note WHERE id IN ($1, $2)", i+"-a", i+"-b").Scan(&notes); err != nil {
				return err
			}
			switch {
			case outcome == "<nil>" && notes == 2:
				succeeded++
			case outcome != "<nil>" && notes == 0:
				refused++
			default:
				t.Errorf("update %s went %s and left %d notes", i, outcome, notes)
			}
		}
		return nil
	})
	if succeeded+refused != 300 || succeeded == 0 {
		t.Errorf("%d updates succeeded, %d didn't, of 300", succeeded, refused)
	}
	t.Logf("%d updates succeeded, %d didn't", succeeded, refused)
}

// Another process holds the lock: updates wait for it, and callers who have no
// more time don't.
func TestLockOfAnother(t *testing.T) {
	path := storetest.SQLite(t)
	s := openAt(t, path)
	define(t, s, defineNote)
	other, err := sql.Open("sqlite", path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	lock, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	patient := make(chan error)
	go func() {
		patient <- s.Update(context.Background(), func(tx *store.Tx) error { return note(tx, "patient", "") })
	}()
	ctx, cancel := context.WithCancel(context.Background())
	hurried := make(chan error)
	go func() {
		hurried <- s.Update(ctx, func(tx *store.Tx) error { return note(tx, "hurried", "") })
	}()
	for range 1000 {
		runtime.Gosched() // both get to their queue
	}
	cancel()
	if err := <-hurried; !errors.Is(err, context.Canceled) {
		t.Errorf("who had no time got %v", err)
	}
	wantCount(t, s, "%", 0) // reading goes on
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-patient; err != nil {
		t.Errorf("who had time got %v", err)
	}
	wantCount(t, s, "patient", 1)
	wantCount(t, s, "hurried", 0)
}
