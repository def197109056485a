package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

func TestFailingFunctionsAmongGoodOnes(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *store.Store) {
		define(t, s, defineNote)
		var refused atomic.Int64
		inParallel(50, 500, func(_, i int) {
			bad := i%5 == 0
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				if err := note(tx, fmt.Sprintf("%v-%d", bad, i), ""); err != nil || !bad {
					return err
				}
				return errRefused
			})
			switch {
			case bad && errors.Is(err, errRefused):
				refused.Add(1)
			case bad || err != nil:
				t.Errorf("update %d: %v", i, err)
			}
		})
		wantCount(t, s, "true-%", 0)
		wantCount(t, s, "false-%", 400)
		if n := refused.Load(); n != 100 {
			t.Errorf("%d callers heard of the refusal, want 100", n)
		}
	})
}

func TestPanicAndGoexitCostOnlyTheirCaller(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *store.Store) {
		define(t, s, defineNote)
		var panicked, exited atomic.Int64
		inParallel(50, 300, func(_, i int) {
			ended := make(chan struct{})
			go func() { // each on a goroutine of its own, since Goexit ends it
				defer close(ended)
				returned := false
				defer func() {
					if v := recover(); v != nil {
						if v != fmt.Sprint("panic of ", i) {
							t.Errorf("update %d panicked with %v", i, v)
						}
						panicked.Add(1)
					} else if !returned {
						exited.Add(1)
					}
				}()
				err := s.Update(t.Context(), func(tx *store.Tx) error {
					if err := note(tx, fmt.Sprintf("%d-%d", i%3, i), ""); err != nil {
						return err
					}
					if _, err := tx.Query("SELECT id FROM note"); err != nil { // left open
						return err
					}
					switch i % 3 {
					case 1:
						panic(fmt.Sprint("panic of ", i))
					case 2:
						runtime.Goexit()
					}
					return nil
				})
				if returned = true; err != nil {
					t.Errorf("update %d: %v", i, err)
				}
			}()
			<-ended
		})
		wantCount(t, s, "0-%", 100)
		wantCount(t, s, "%", 100)
		if p, e := panicked.Load(), exited.Load(); p != 100 || e != 100 {
			t.Errorf("%d panics and %d exits reached their callers, want 100 of each", p, e)
		}
	})
}

// Read, reckon, write: if two ever saw the same state, the sum would be short.
func TestConcurrentWriters(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *store.Store) {
		prepareLedger(t, s)
		const owners, updates = 5, 1000
		inParallel(50, updates, func(w, i int) {
			err := s.Update(t.Context(), func(tx *store.Tx) error { return enterFour(tx, w%owners, i) })
			if err != nil {
				t.Errorf("update %d: %v", i, err)
			}
		})
		mustView(t, s, func(tx *store.Tx) error {
			var versions, entries, different int
			err := tx.Row("SELECT SUM(version) FROM owner").Scan(&versions)
			if err == nil {
				err = tx.Row("SELECT COUNT(*), COUNT(DISTINCT owner_id * 1000000 + number) FROM entry").Scan(&entries, &different)
			}
			if versions != updates || entries != 2*updates || different != updates {
				t.Errorf("%d versions, %d entries of %d updates, want %d updates", versions, entries, different, updates)
			}
			return err
		})
	})
}

func TestContextThatHasEnded(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		never := func(*store.Tx) error { t.Error("the function ran"); return nil }
		for name, do := range map[string]func(context.Context, func(*store.Tx) error) error{
			"View": s.View, "Update": s.Update, "claiming": s.Claiming,
		} {
			if err := do(ctx, never); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// A context that ends while the function runs has no effect: a statement that it
// reached would roll back the work of others.
func TestContextThatEndsMeanwhile(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *store.Store) {
		define(t, s, defineNote)
		inParallel(20, 200, func(_, i int) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			ran := false
			err := s.Update(ctx, func(tx *store.Tx) error {
				ran = true
				if err := note(tx, fmt.Sprint("before-", i), ""); err != nil {
					return err
				}
				cancel()
				return note(tx, fmt.Sprint("after-", i), "")
			})
			if err != nil && (ran && !s.Postgres() || !errors.Is(err, context.Canceled)) {
				t.Errorf("update %d: %v", i, err) // only a repetition on PostgreSQL may be given up
			}
		})
		before, after := count(t, s, "before-%"), count(t, s, "after-%")
		if before != after || !s.Postgres() && after != 200 {
			t.Errorf("%d and %d notes are there", before, after)
		}
	})
}

func TestNestedTransactionsAreErrors(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *store.Store) {
		do := map[string]func(context.Context, func(*store.Tx) error) error{
			"View": s.View, "Update": s.Update, "claiming": s.Claiming,
		}
		for outerName, outer := range do {
			for innerName, inner := range do {
				err := outer(t.Context(), func(*store.Tx) error {
					if inner(t.Context(), func(*store.Tx) error { return nil }) == nil {
						t.Errorf("%s inside %s is no error", innerName, outerName)
					}
					return nil
				})
				if err != nil {
					t.Errorf("%s: %v", outerName, err)
				}
			}
		}
	})
}

func TestClose(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *store.Store) {
		define(t, s, defineNote)
		started, release, ended := make(chan bool), make(chan bool), make(chan error)
		go func() {
			ended <- s.Update(context.Background(), func(tx *store.Tx) error {
				started <- true
				<-release
				return note(tx, "last", "")
			})
		}()
		<-started
		closed := make(chan error)
		go func() { closed <- s.Close() }()
		for range 1000 {
			runtime.Gosched() // a Close that doesn't wait gets its chance
		}
		select {
		case <-closed:
			t.Fatal("Close didn't wait for the update under way")
		default:
		}
		release <- true
		if err := <-ended; err != nil {
			t.Errorf("the update under way: %v", err)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
		none := func(*store.Tx) error { return nil }
		if u, v, c := s.Update(t.Context(), none), s.View(t.Context(), none), s.Close(); !errors.Is(u, store.ErrClosed) || !errors.Is(v, store.ErrClosed) || c != nil {
			t.Errorf("after Close: Update %v, View %v, Close %v", u, v, c)
		}
	})
}

func TestNowIsFixed(t *testing.T) {
	zone := time.FixedZone("", 3600)
	clock := time.Date(2027, 1, 31, 18, 0, 0, 123456789, zone)
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		s := open(store.Options{Now: func() time.Time { clock = clock.Add(time.Hour); return clock }})
		for _, do := range []func(context.Context, func(*store.Tx) error) error{s.Update, s.View} {
			err := do(t.Context(), func(tx *store.Tx) error {
				want := clock.UTC().Truncate(time.Millisecond)
				if now := tx.Now(); now != want || tx.Now() != now {
					t.Errorf("now is %v and then %v, want %v", now, tx.Now(), want)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}

func TestViewChangesNothing(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *store.Store) {
		define(t, s, defineNote)
		_ = s.View(t.Context(), func(tx *store.Tx) error {
			_ = note(tx, "one", "") // an error on some engines
			return nil
		})
		wantCount(t, s, "%", 0)
	})
}

func TestViewSeesOneState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		s := open(store.Options{})
		define(t, s, defineNote)
		mustView(t, s, func(tx *store.Tx) error {
			read := func() (n int) {
				if err := tx.Row("SELECT COUNT(*) FROM note").Scan(&n); err != nil {
					t.Error(err)
				}
				return n
			}
			before := read()
			done := make(chan bool)
			go func() {
				defer close(done)
				mustUpdate(t, s, func(tx *store.Tx) error { return note(tx, "new", "") })
			}()
			<-done
			if after := read(); before != 0 || after != 0 {
				t.Errorf("a view saw %d notes, then %d", before, after)
			}
			return nil
		})
		wantCount(t, s, "%", 1)
	})
}

// Rows that a function leaves open, and the same query while its rows are read.
func TestRowsInUse(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *store.Store) {
		if s.Postgres() {
			t.Skip("a connection to PostgreSQL serves one set of rows at a time")
		}
		define(t, s, defineNote)
		mustUpdate(t, s, func(tx *store.Tx) error { return errors.Join(note(tx, "a", ""), note(tx, "b", "")) })
		for range 2 {
			mustUpdate(t, s, func(tx *store.Tx) error {
				var ids []string
				outer, err := tx.Query("SELECT id FROM note ORDER BY id")
				if err != nil {
					return err
				}
				for outer.Next() {
					var id, first string
					if err := outer.Scan(&id); err != nil {
						return err
					}
					if err := tx.Row("SELECT id FROM note ORDER BY id").Scan(&first); err != nil {
						return err
					}
					ids = append(ids, id+first)
				}
				if got := strings.Join(ids, " "); got != "aa ba" {
					t.Errorf("read %s", got)
				}
				left, err := tx.Query("SELECT id FROM note ORDER BY id")
				if err == nil {
					left.Next()
				}
				return err
			})
		}
	})
}

func TestTransactionIsUselessAfterItsEnd(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *store.Store) {
		var kept *store.Tx
		mustUpdate(t, s, func(tx *store.Tx) error { kept = tx; return nil })
		defer func() {
			if recover() == nil {
				t.Error("a statement ran in a transaction that had ended")
			}
		}()
		_, _ = kept.Exec("SELECT 1")
	})
}
