package store_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

func init() {
	roles["back up"] = func(args []string) error { return backUp(args[0], args[1]) }
	roles["back up without end"] = func(args []string) error {
		for {
			if err := backUp(args[0], args[1]); err != nil {
				return err
			}
			if err := os.Remove(args[1]); err != nil {
				return err
			}
			fmt.Println("done")
		}
	}
	roles["restore without end"] = func(args []string) error {
		for {
			if err := restoreFile(args[0], args[1]); err != nil {
				return err
			}
			if err := os.Remove(args[1]); err != nil {
				return err
			}
			fmt.Println("done")
		}
	}
}

func backUp(database, file string) error {
	s, err := store.Open(context.Background(), store.Options{Database: database})
	if err != nil {
		return err
	}
	_, err = s.Backup(context.Background(), store.BackupTarget{File: file})
	return errors.Join(err, s.Close())
}

func restoreFile(file, database string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = store.Restore(context.Background(), store.Options{Database: database}, f)
	return err
}

// in lists a folder.
func in(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// A backup made while many write holds all that was done before it, and nothing half.
func TestBackupWhileOthersWrite(t *testing.T) {
	path := storetest.SQLite(t)
	s := openAt(t, path)
	define(t, s, defineNote)
	if err := writeNotes(openAt(t, path), "before", 500); err != nil {
		t.Fatal(err)
	}
	writing, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			for i := 0; writing.Err() == nil; i++ {
				mustUpdate(t, s, func(tx *store.Tx) error {
					id := fmt.Sprint("during-", w, ".", i)
					return errors.Join(note(tx, id+"-a", "x"), note(tx, id+"-b", "x"))
				})
			}
		})
	}
	for count(t, s, "during-%") < 20 {
		time.Sleep(time.Millisecond)
	}
	file := filepath.Join(t.TempDir(), "backup.db")
	err := backUp(path, file)
	stop()
	writers.Wait()
	if err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(t.TempDir(), "again.db")
	if err := restoreFile(file, again); err != nil {
		t.Fatal(err)
	}
	if a, b := count(t, openAt(t, again), "during-%-a"), count(t, openAt(t, again), "during-%-b"); a != b || a == 0 {
		t.Errorf("of updates during the backup it has %d beginnings and %d ends", a, b)
	}
	if n := count(t, openAt(t, again), "before-%"); n != 500 {
		t.Errorf("%d of 500 that were done before are in the backup", n)
	}
	if err := backUp(path, file); !errors.Is(err, store.ErrThere) {
		t.Errorf("a backup over another: %v", err)
	}
	if got := in(t, filepath.Dir(file)); !slices.Equal(got, []string{"backup.db"}) {
		t.Errorf("beside the backup there are %v", got)
	}
}

// upper stands for encryption.
type upper struct {
	io.Writer
	closed *bool
}

func (u upper) Close() error { *u.closed = true; return nil }

func TestBackupThatIsEncryptedStaysBesideTheDatabase(t *testing.T) {
	path, out := storetest.SQLite(t), t.TempDir()
	s := openAt(t, path)
	closed := false
	target := store.BackupTarget{File: filepath.Join(out, "copy"), Encrypt: func(w io.Writer) (io.WriteCloser, error) {
		plain := slices.DeleteFunc(in(t, filepath.Dir(path)), func(name string) bool { return !strings.HasSuffix(name, ".unfinished") })
		if len(plain) != 1 {
			t.Errorf("the plain copy is %v", plain)
		} else if info, err := os.Stat(filepath.Join(filepath.Dir(path), plain[0])); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the plain copy: %v, %v", info, err)
		}
		return upper{w, &closed}, nil
	}}
	if _, err := s.Backup(t.Context(), target); err != nil || !closed {
		t.Fatal(err, closed)
	}
	for _, dir := range []string{filepath.Dir(path), out} {
		for _, name := range in(t, dir) {
			if strings.Contains(name, "unfinished") {
				t.Errorf("%s was left", name)
			}
		}
	}
	target.File = filepath.Join(out, "failed")
	target.Encrypt = func(io.Writer) (io.WriteCloser, error) { return nil, errRefused }
	if _, err := s.Backup(t.Context(), target); !errors.Is(err, errRefused) {
		t.Error(err)
	}
	if got := in(t, out); !slices.Equal(got, []string{"copy"}) {
		t.Errorf("after a failure there are %v", got)
	}
}

func TestBackupNeedsAFile(t *testing.T) {
	s := storetest.OpenPostgres(t, store.Options{})
	if _, err := s.Backup(t.Context(), store.BackupTarget{File: filepath.Join(t.TempDir(), "x")}); !errors.Is(err, store.ErrElsewhere) {
		t.Error(err)
	}
}

// A newer program's backup is refused, and what isn't one.
func TestRestoreRefuses(t *testing.T) {
	path := storetest.SQLite(t)
	mustMigrate(t, path, files(t, map[string]string{"09999_new.sql": "CREATE TABLE backup_info (made_at BIGINT);\nUPDATE schema_info SET oldest_binary = 9999;"}), 9999)
	newer, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]error{
		"": store.ErrNoBackup, "SQLite": store.ErrNoBackup, "SQLite format 3\x00": store.ErrDamaged,
		"SQLite format 3\x00" + strings.Repeat("x", 9000): store.ErrDamaged, string(newer): store.ErrNewer,
	} {
		dir := t.TempDir()
		_, err := store.Restore(t.Context(), store.Options{Database: filepath.Join(dir, "db")}, strings.NewReader(text))
		if !errors.Is(err, want) {
			t.Errorf("%.20q: %v, want %v", text, err, want)
		}
		if left := in(t, dir); len(left) > 0 {
			t.Errorf("%.20q left %v", text, left)
		}
	}
}

// killedAtWork kills a process again and again while it makes a file, and checks that the
// file is whole whenever it is there; the next process removes what was left.
func killedAtWork(t *testing.T, what, from, to string, whole func() error) {
	t.Helper()
	for round := range *killRounds {
		cmd := role(t, what, from, to)
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(7+13*round) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		for _, name := range in(t, filepath.Dir(to)) {
			info, err := os.Stat(filepath.Join(filepath.Dir(to), name))
			if err != nil || info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s: %v, %v", name, info, err)
			}
		}
		if _, err := os.Stat(to); err == nil {
			if err := errors.Join(whole(), os.Remove(to)); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestKilledBackup(t *testing.T) {
	path := storetest.SQLite(t)
	define(t, openAt(t, path), defineNote)
	if err := writeNotes(openAt(t, path), "some", 3000); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "backup.db")
	again := filepath.Join(t.TempDir(), "again.db")
	whole := func() error { return errors.Join(restoreFile(file, again), os.Remove(again)) }
	killedAtWork(t, "back up without end", path, file, whole)
	if err := backUp(path, file); err != nil {
		t.Fatal(err)
	}
	if got := in(t, filepath.Dir(file)); !slices.Equal(got, []string{"backup.db"}) {
		t.Errorf("after all that there are %v", got)
	}
	t.Run("restore", func(t *testing.T) {
		database := filepath.Join(t.TempDir(), "restored.db")
		killedAtWork(t, "restore without end", file, database, func() error {
			s := openAt(t, database)
			if n := count(t, s, "some-%"); n != 3000 {
				return fmt.Errorf("%d notes were restored", n)
			}
			return s.Close() // what stands beside the database would be in the way of the next
		})
		if err := restoreFile(file, database); err != nil {
			t.Fatal(err)
		}
		if got := in(t, filepath.Dir(database)); !slices.Equal(got, []string{"restored.db"}) {
			t.Errorf("after all that there are %v", got)
		}
	})
}

// The backup's key is known from any other, if it had one.
func TestRestoreKnowsTheKey(t *testing.T) {
	path := storetest.SQLite(t)
	s, err := store.Open(t.Context(), store.Options{Database: path, Key: testKey})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var backup bytes.Buffer
	if _, err := s.Backup(t.Context(), store.BackupTarget{To: &backup}); err != nil {
		t.Fatal(err)
	}
	restore := func(key []byte) (store.Restored, error) {
		return store.Restore(t.Context(), store.Options{Database: storetest.SQLite(t), Key: key}, bytes.NewReader(backup.Bytes()))
	}
	if r, err := restore(testKey); err != nil || !r.Proven {
		t.Error(r, err)
	}
	if r, err := restore(nil); err != nil || r.Proven {
		t.Error(r, err)
	}
	if _, err := restore(bytes.Repeat([]byte{7}, 32)); !errors.Is(err, store.ErrOtherKey) {
		t.Error(err)
	}
}

// backupSize is how much BenchmarkBackup backs up; -store.backup 1024 for 1 GB.
var backupSize = flag.Int("store.backup", 64, "MB of the database that BenchmarkBackup backs up")

// BenchmarkBackup measures updates of four statements, 2,000 a second, without a backup and
// while another process makes them, one after the other: how long they take at the 99th
// percentile, from when they were to begin.
func BenchmarkBackup(b *testing.B) {
	const rate = 2000
	path := storetest.SQLite(b)
	s := openAt(b, path)
	prepareLedger(b, s)
	define(b, s, "CREATE TABLE ballast (id BIGINT PRIMARY KEY, text TEXT NOT NULL)")
	filler := strings.Repeat("ballast ", 128)
	for mb := range *backupSize {
		mustUpdate(b, s, func(tx *store.Tx) error {
			for i := range 1000 {
				if _, err := tx.Exec("INSERT INTO ballast (id, text) VALUES ($1, $2)", mb*1000+i, filler); err != nil {
					return err
				}
			}
			return nil
		})
	}
	n := 0
	paced := func(while func() bool) (took []time.Duration) {
		var mu sync.Mutex
		var under sync.WaitGroup
		for start, i := time.Now(), 0; while(); i++ {
			due := start.Add(time.Duration(i) * time.Second / rate)
			time.Sleep(time.Until(due))
			n++
			number := n
			under.Go(func() {
				if err := s.Update(context.Background(), func(tx *store.Tx) error { return enterFour(tx, number%50, number) }); err != nil {
					b.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				took = append(took, time.Since(due))
			})
		}
		under.Wait()
		return took
	}
	var without, during []time.Duration
	var spent time.Duration
	b.ResetTimer()
	for range b.N {
		end := time.Now().Add(3 * time.Second)
		without = append(without, paced(func() bool { return time.Now().Before(end) })...)
		done := make(chan error, 1)
		began := time.Now()
		go func() { done <- role(b, "back up", path, filepath.Join(b.TempDir(), "backup.db")).Run() }()
		during = append(during, paced(func() bool {
			select {
			case err := <-done:
				if err != nil {
					b.Error(err)
				}
				return false
			default:
				return true
			}
		})...)
		spent += time.Since(began)
	}
	p99 := func(took []time.Duration) float64 {
		slices.Sort(took)
		return float64(took[len(took)*99/100].Microseconds()) / 1000
	}
	b.ReportMetric(p99(without), "p99-ms")
	b.ReportMetric(p99(during), "backup-p99-ms")
	b.ReportMetric(p99(during)/p99(without), "ratio")
	b.ReportMetric(spent.Seconds()/float64(b.N), "s/backup")
}
