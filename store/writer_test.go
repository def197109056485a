package store_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

// A batch makes the writer run functions as one batch: it holds the writer with
// a first function until all others wait in the queue.
type batch struct {
	t       *testing.T
	s       *store.Store
	hold    chan bool
	results []chan error
}

// inBatch prepares a batch on a SQLite file in a bubble, in which "everybody
// waits" is something that a test can wait for.
func inBatch(t *testing.T, open func(t *testing.T) *store.Store, test func(t *testing.T, b *batch)) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t)
		define(t, s, defineNote)
		b := &batch{t: t, s: s, hold: make(chan bool)}
		b.add(context.Background(), func(*store.Tx) error { <-b.hold; return nil })
		synctest.Wait()
		test(t, b)
	})
}

func onFile(t *testing.T) *store.Store { return openAt(t, storetest.SQLite(t)) }

// add queues a function, behind those queued before.
func (b *batch) add(ctx context.Context, f func(*store.Tx) error) (number int) {
	result := make(chan error, 1)
	go func() { result <- b.s.Update(ctx, f) }()
	b.results = append(b.results, result)
	synctest.Wait()
	return len(b.results) - 1
}

// note queues an update that writes one note; runs counts how often it ran.
func (b *batch) note(id, text string, runs *int) (number int) {
	return b.add(context.Background(), func(tx *store.Tx) error { *runs++; return note(tx, id, text) })
}

// run lets the batch run and returns what became of each.
func (b *batch) run() (errs []error) {
	close(b.hold)
	for _, r := range b.results {
		errs = append(errs, <-r)
	}
	return errs
}

func TestContextThatEndsInTheQueue(t *testing.T) {
	inBatch(t, onFile, func(t *testing.T, b *batch) {
		ctx, cancel := context.WithCancel(context.Background())
		left := b.add(ctx, func(*store.Tx) error { t.Error("the function ran"); return nil })
		var runs int
		b.note("other", "", &runs)
		cancel()
		synctest.Wait()
		select {
		case err := <-b.results[left]:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("the caller got %v", err)
			}
			b.results[left] <- err
		default:
			t.Error("the caller waits for a turn that it no longer wants")
		}
		b.run()
		wantCount(t, b.s, "other", 1)
	})
}

func TestContextThatEndsInTheMiddleOfABatch(t *testing.T) {
	inBatch(t, onFile, func(t *testing.T, b *batch) {
		var runs int
		b.note("before", "", &runs)
		ctx, cancel := context.WithCancel(context.Background())
		b.add(ctx, func(tx *store.Tx) error {
			runs++
			cancel()
			return note(tx, "during", "")
		})
		b.note("after", "", &runs)
		for i, err := range b.run() {
			if err != nil {
				t.Errorf("update %d: %v", i, err)
			}
		}
		wantCount(t, b.s, "%", 3)
		if runs != 3 {
			t.Errorf("functions ran %d times, want 3", runs)
		}
	})
}

func TestNobodyHearsBeforeTheCommit(t *testing.T) {
	inBatch(t, onFile, func(t *testing.T, b *batch) {
		var runs int
		first := b.note("first", "", &runs)
		refused := b.add(context.Background(), func(*store.Tx) error { return errRefused })
		started, release := make(chan bool, 1), make(chan bool)
		b.add(context.Background(), func(tx *store.Tx) error { started <- true; <-release; return note(tx, "last", "") })
		close(b.hold)
		<-started
		synctest.Wait()
		if len(b.results[first]) > 0 || len(b.results[refused]) > 0 {
			t.Error("a caller heard before the commit")
		}
		wantCount(t, b.s, "%", 0)
		release <- true
		for i, want := range []error{nil, nil, errRefused, nil} {
			if err := <-b.results[i]; !errors.Is(err, want) {
				t.Errorf("update %d: %v", i, err)
			}
		}
		wantCount(t, b.s, "%", 2)
	})
}

// small is a file in which some notes have room, but not tooMuch.
func small(t *testing.T) *store.Store { return store.OpenSmall(t, storetest.SQLite(t), "150") }

var tooMuch = strings.Repeat("x", 2_000_000)

func TestFullDiskInTheMiddleOfABatch(t *testing.T) {
	inBatch(t, small, func(t *testing.T, b *batch) {
		var runs, runsOfBig int
		b.note("before", "", &runs)
		big := b.note("big", tooMuch, &runsOfBig)
		b.note("after", "", &runs)
		for i, err := range b.run() {
			if (err != nil) != (i == big) {
				t.Errorf("update %d: %v", i, err)
			}
			if i == big && !strings.Contains(err.Error(), "full") {
				t.Errorf("the error is %v", err)
			}
		}
		wantCount(t, b.s, "before", 1)
		wantCount(t, b.s, "after", 1)
		wantCount(t, b.s, "big", 0)
		if runs != 3 || runsOfBig != 2 { // after ran once, the others again
			t.Errorf("good functions ran %d times and the big one %d times, want 3 and 2", runs, runsOfBig)
		}
	})
}

// A function that goes on after the error would write without a transaction.
func TestFullDiskThatAFunctionHides(t *testing.T) {
	inBatch(t, small, func(t *testing.T, b *batch) {
		var runs int
		b.note("before", "", &runs)
		hiding := b.add(context.Background(), func(tx *store.Tx) error {
			_ = note(tx, "big", tooMuch)
			if note(tx, "alone", "") == nil {
				t.Error("a statement ran after the transaction was lost")
			}
			if _, err := tx.Query("INSERT INTO note VALUES ('alone', '') RETURNING id"); err == nil {
				t.Error("a query ran after the transaction was lost")
			}
			if tx.Row("INSERT INTO note VALUES ('alone', '') RETURNING id").Scan(new(string)) == nil {
				t.Error("a row was read after the transaction was lost")
			}
			return nil
		})
		for i, err := range b.run() {
			if (err != nil) != (i == hiding) {
				t.Errorf("update %d: %v", i, err)
			}
		}
		wantCount(t, b.s, "%", 1)
	})
}

// A refusal may rest on what another function of the batch wrote; when that is
// rolled back, the refusal is void.
func TestRefusalIsVoidWithItsBatch(t *testing.T) {
	inBatch(t, small, func(t *testing.T, b *batch) {
		tries := 0
		fickle := b.add(context.Background(), func(tx *store.Tx) error {
			if tries++; tries == 2 {
				return errRefused
			}
			return note(tx, "day", "")
		})
		second := b.add(context.Background(), func(tx *store.Tx) error { return note(tx, "day", "") })
		var runs int
		big := b.note("big", tooMuch, &runs)
		errs := b.run()
		if !errors.Is(errs[fickle], errRefused) || errs[second] != nil || errs[big] == nil {
			t.Errorf("the errors are %v", errs)
		}
		wantCount(t, b.s, "day", 1)
	})
}

func TestPanicInTheMiddleOfALostBatch(t *testing.T) {
	inBatch(t, small, func(t *testing.T, b *batch) {
		b.add(context.Background(), func(tx *store.Tx) error { return note(tx, "before", "") })
		panicked := make(chan any, 1)
		go func() {
			defer func() { panicked <- recover() }()
			_ = b.s.Update(context.Background(), func(tx *store.Tx) error {
				_ = note(tx, "panic", "")
				panic("on purpose")
			})
		}()
		synctest.Wait()
		var runs int
		big := b.note("big", tooMuch, &runs)
		for i, err := range b.run() {
			if (err != nil) != (i == big) {
				t.Errorf("update %d: %v", i, err)
			}
		}
		if v := <-panicked; v != "on purpose" {
			t.Errorf("the caller recovered %v", v)
		}
		wantCount(t, b.s, "%", 1)
	})
}

// When the outer commit fails, its functions run again, each alone, and only the
// one that can't be committed hears of it.
func TestCommitThatFails(t *testing.T) {
	open := func(t *testing.T) *store.Store {
		s := onFile(t)
		define(t, s, `CREATE TABLE orphan (
			id TEXT PRIMARY KEY, parent TEXT REFERENCES orphan (id) DEFERRABLE INITIALLY DEFERRED)`)
		return s
	}
	inBatch(t, open, func(t *testing.T, b *batch) {
		var runs int
		b.note("before", "", &runs)
		bad := b.add(context.Background(), func(tx *store.Tx) error {
			_, err := tx.Exec("INSERT INTO orphan (id, parent) VALUES ('one', 'nobody')")
			return err
		})
		b.note("after", "", &runs)
		for i, err := range b.run() {
			if (err != nil) != (i == bad) {
				t.Errorf("update %d: %v", i, err)
			}
			if i == bad && !strings.HasPrefix(err.Error(), "commit: ") {
				t.Errorf("the error is %v", err)
			}
		}
		wantCount(t, b.s, "%", 2)
		if runs != 4 {
			t.Errorf("the good functions ran %d times, want 4", runs)
		}
	})
}

func TestMoreThanABatch(t *testing.T) {
	inBatch(t, onFile, func(t *testing.T, b *batch) {
		const n = 2*store.BatchSize + 1
		var runs int
		for i := range n {
			b.note(strconv.Itoa(i), "", &runs)
		}
		for i, err := range b.run() {
			if err != nil {
				t.Errorf("update %d: %v", i, err)
			}
		}
		wantCount(t, b.s, "%", n)
	})
}

// A connection that breaks costs nobody anything.
func TestBrokenConnection(t *testing.T) {
	inBatch(t, onFile, func(t *testing.T, b *batch) {
		var runs int
		b.note("before", "", &runs)
		b.add(context.Background(), func(tx *store.Tx) error {
			if runs++; runs == 2 {
				b.s.Break()
			}
			return note(tx, "during", "")
		})
		b.note("after", "", &runs)
		for i, err := range b.run() {
			if err != nil {
				t.Errorf("update %d: %v", i, err)
			}
		}
		wantCount(t, b.s, "%", 3)
	})
}

func TestStatementsAreForgotten(t *testing.T) {
	s := onFile(t)
	for i := range store.MaxStatements + 50 {
		mustUpdate(t, s, func(tx *store.Tx) error {
			var n int
			err := tx.Row(fmt.Sprint("SELECT ", i)).Scan(&n)
			if n != i {
				t.Errorf("read %d, want %d", n, i)
			}
			return err
		})
	}
	if n := s.Statements(); n > store.MaxStatements {
		t.Errorf("%d statements are kept", n)
	}
}

func TestFaultyStatement(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *store.Store) {
		err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.Row("SELECT nonsense FROM nowhere").Scan(new(int)) })
		if err == nil || errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "nowhere") {
			t.Errorf("the error is %v", err)
		}
	})
}
