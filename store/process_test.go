package store_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

// killRounds is how often TestKilledProcess kills; -store.kills 200 for a night.
var killRounds = flag.Int("store.kills", 5, "rounds in which a writing process is killed")

func init() {
	roles["write"] = func(args []string) error { return writeForever(args[0]) }
	roles["write so many"] = func(args []string) error { return writeSoMany(args[0], args[1], args[2]) }
	roles["reserve"] = func(args []string) error { return reserveAndWait(args[0]) }
}

// writeForever writes pairs of notes from many goroutines and prints the number
// of each pair once it is durable: the ledger.
func writeForever(path string) error {
	s, err := store.Open(context.Background(), store.Options{Database: path})
	if err != nil {
		return err
	}
	session := rand.Int64()
	var out sync.Mutex
	inParallel(20, 1<<40, func(_, i int) {
		id := fmt.Sprintf("%d.%d", session, i)
		err := s.Update(context.Background(), func(tx *store.Tx) error {
			if err := note(tx, id+"-a", "text"); err != nil {
				return err
			}
			return note(tx, id+"-b", "text")
		})
		out.Lock()
		defer out.Unlock()
		if err != nil {
			fmt.Println("error", err)
		} else {
			fmt.Println("done", id)
		}
	})
	return nil
}

func writeSoMany(path, name, number string) error {
	n, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	s, err := store.Open(context.Background(), store.Options{Database: path})
	if err != nil {
		return err
	}
	return writeNotes(s, name, n)
}

// writeNotes writes notes from several goroutines and returns the first error.
func writeNotes(s *store.Store, name string, n int) error {
	errs := make(chan error, n)
	inParallel(4, n, func(_, i int) {
		errs <- s.Update(context.Background(), func(tx *store.Tx) error { return note(tx, fmt.Sprint(name, "-", i), "") })
	})
	for range n {
		if err := <-errs; err != nil {
			return err
		}
	}
	return s.Close()
}

// A process that is killed at any moment loses nothing of which it had said that
// it is done, and leaves nothing half done.
func TestKilledProcess(t *testing.T) {
	path := storetest.SQLite(t)
	define(t, openAt(t, path), defineNote)
	var ledger []string
	for range *killRounds {
		cmd := role(t, "write", path)
		ledger = append(ledger, killAfter(t, cmd, 1+rand.IntN(3000))...)
		checkLedger(t, path, ledger)
	}
	if len(ledger) == 0 {
		t.Error("no process did anything")
	}
}

// killAfter kills a writing process after so many lines, and returns its ledger,
// with what it still got out.
func killAfter(t *testing.T, cmd *exec.Cmd, lines int) (ledger []string) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	for read := bufio.NewScanner(out); read.Scan(); lines-- {
		what, id, _ := strings.Cut(read.Text(), " ")
		if what != "done" {
			t.Errorf("the process said %q", read.Text())
		}
		ledger = append(ledger, id)
		if lines == 0 {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // it was killed
	return ledger
}

func checkLedger(t *testing.T, path string, ledger []string) {
	t.Helper()
	s := openAt(t, path)
	defer s.Close()
	mustView(t, s, func(tx *store.Tx) error {
		var integrity string
		if err := tx.Row("PRAGMA integrity_check").Scan(&integrity); err != nil || integrity != "ok" {
			t.Errorf("integrity: %s, %v", integrity, err)
		}
		var half int
		if err := tx.Row("SELECT COUNT(*) FROM (SELECT 1 FROM note GROUP BY substr(id, 1, length(id) - 2) HAVING COUNT(*) <> 2)").Scan(&half); err != nil || half != 0 {
			t.Errorf("%d updates are half done, %v", half, err)
		}
		for _, id := range ledger {
			var n int
			if err := tx.Row("SELECT COUNT(*) FROM note WHERE id = $1", id+"-b").Scan(&n); err != nil || n != 1 {
				t.Errorf("update %s was done and is lost, %v", id, err)
			}
		}
		return nil
	})
}

func TestTwoProcessesWriteAtOnce(t *testing.T) {
	const each = 2000
	path := storetest.SQLite(t)
	s := openAt(t, path)
	define(t, s, defineNote)
	other := role(t, "write so many", path, "other", strconv.Itoa(each))
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if err := writeNotes(s, "one", each); err != nil {
		t.Error(err)
	}
	if err := other.Wait(); err != nil {
		t.Errorf("the other process: %v", err)
	}
	s = openAt(t, path)
	wantCount(t, s, "one-%", each)
	wantCount(t, s, "other-%", each)
}

// Two that create the same database at the same moment both find it made.
func TestTwoOpenAnEmptyDatabaseAtOnce(t *testing.T) {
	for name, database := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			where := database(t)
			inParallel(4, 4, func(_, _ int) {
				s, err := store.Open(context.Background(), store.Options{Database: where})
				if err != nil {
					t.Error(err)
					return
				}
				err = s.View(context.Background(), func(tx *store.Tx) error {
					return tx.Row("SELECT COUNT(*) FROM program").Scan(new(int))
				})
				if err = errors.Join(err, s.Close()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func reserveAndWait(path string) error {
	s, err := store.Open(context.Background(), store.Options{Database: path})
	if err != nil {
		return err
	}
	if _, err := s.Reserve("mentorbot serve"); err != nil {
		return err
	}
	fmt.Println("reserved")
	_, err = io.Copy(io.Discard, os.Stdin) // until it is killed, or the test has ended
	return err
}

func TestOneProcessServesAFile(t *testing.T) {
	path := storetest.SQLite(t)
	s := openAt(t, path)
	first := role(t, "reserve", path)
	_, err := first.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := first.StdoutPipe()
	if err == nil {
		err = first.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "reserved\n" {
		t.Fatalf("the first process said %q, %v", line, err)
	}
	if _, err := s.Reserve("mentorbot play"); err == nil ||
		!strings.Contains(err.Error(), fmt.Sprintf("already served by process %d (mentorbot serve)", first.Process.Pid)) {
		t.Errorf("the second got %v", err)
	}
	define(t, s, defineNote) // but it may write
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	release, err := s.Reserve("mentorbot play")
	if err != nil {
		t.Fatalf("after the first was killed: %v", err)
	}
	if _, err := openAt(t, path).Reserve("mentorbot serve"); err == nil {
		t.Error("reserved twice in one process")
	}
	release()
	release, err = s.Reserve("mentorbot serve")
	if err != nil {
		t.Fatalf("after the release: %v", err)
	}
	release()
}

// A link to the database is no other database, of which another could be served beside it.
func TestReservedByAnyName(t *testing.T) {
	folder := t.TempDir()
	path, link := filepath.Join(folder, "mentorbot.db"), filepath.Join(folder, "link.db")
	s := openAt(t, path)
	if err := os.Symlink(path, link); err != nil {
		t.Skip("this system has no links:", err)
	}
	release, err := openAt(t, link).Reserve("mentorbot serve")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if _, err := s.Reserve("mentorbot play"); err == nil {
		t.Error("it is reserved twice, under two names")
	}
}

// Whoever moves a database away while it is served would have two processes that send: the
// restored one waits until the old process is gone.
func TestNothingIsRestoredBesideWhoServes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mentorbot.db")
	s := openAt(t, path)
	var backup bytes.Buffer
	if _, err := s.Backup(t.Context(), store.BackupTarget{To: &backup}); err != nil {
		t.Fatal(err)
	}
	release, err := s.Reserve("mentorbot serve")
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(path+end, path+".old"+end); err != nil {
			t.Fatal(err)
		}
	}
	restore := func() error {
		_, err := store.Restore(t.Context(), store.Options{Database: path}, bytes.NewReader(backup.Bytes()))
		return err
	}
	if err := restore(); err == nil || !strings.Contains(err.Error(), "(mentorbot serve)") {
		t.Errorf("restored beside a process that serves: %v", err)
	}
	release()
	if err := restore(); err != nil {
		t.Error(err)
	}
}
