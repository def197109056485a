package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

// Two log the same day at once in a table whose rules don't forbid it, each after
// having looked that nobody did: the isolation alone must keep the second out.
func TestLoggingOneDayTwice(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *store.Store) {
		define(t, s, "CREATE TABLE logged (pair TEXT NOT NULL, day TEXT NOT NULL)")
		for round := range 50 {
			twoLog(t, s, s.Update, round, 1)
		}
	})
}

// What the weaker isolation of claiming does with it shows that the race is one.
func TestLoggingOneDayTwiceWhileClaiming(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		s := open(store.Options{})
		define(t, s, "CREATE TABLE logged (pair TEXT NOT NULL, day TEXT NOT NULL)")
		if s.Postgres() {
			twoLog(t, s, s.Claiming, 0, 2)
		} else {
			twoLog(t, s, s.Claiming, 0, 1)
		}
	})
}

// twoLog lets two log a day. On PostgreSQL each waits, the first time, until the
// other has looked too.
func twoLog(t *testing.T, s *store.Store, do func(context.Context, func(*store.Tx) error) error, round, want int) {
	t.Helper()
	pair := fmt.Sprint("pair-", round)
	var both, ended sync.WaitGroup
	both.Add(2)
	var refused atomic.Int64
	for range 2 {
		ended.Go(func() {
			var once sync.Once
			err := do(t.Context(), func(tx *store.Tx) error {
				var n int
				if err := tx.Row("SELECT COUNT(*) FROM logged WHERE pair = $1 AND day = $2", pair, "2027-01-31").Scan(&n); err != nil {
					return err
				}
				if s.Postgres() {
					once.Do(func() { both.Done(); both.Wait() })
				}
				if n > 0 {
					return errRefused
				}
				_, err := tx.Exec("INSERT INTO logged (pair, day) VALUES ($1, $2)", pair, "2027-01-31")
				return err
			})
			if errors.Is(err, errRefused) {
				refused.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	ended.Wait()
	mustView(t, s, func(tx *store.Tx) error {
		var n int
		err := tx.Row("SELECT COUNT(*) FROM logged WHERE pair = $1", pair).Scan(&n)
		if n != want || int(refused.Load()) != 2-want {
			t.Errorf("the day was logged %d times and refused %d times, want %d and %d", n, refused.Load(), want, 2-want)
		}
		return err
	})
}

// A function that hides that the server couldn't order its transaction is
// repeated all the same.
func TestHiddenSerializationFailure(t *testing.T) {
	s := storetest.OpenPostgres(t, store.Options{})
	prepareLedger(t, s)
	tries := 0
	mustUpdate(t, s, func(tx *store.Tx) error {
		if tries++; tries > 1 {
			return enterFour(tx, 0, 1)
		}
		if err := tx.Row("SELECT version FROM owner WHERE id = 0").Scan(new(int)); err != nil {
			return err
		}
		done := make(chan bool)
		go func() {
			defer close(done)
			if err := s.Update(context.Background(), func(tx *store.Tx) error { return enterFour(tx, 0, 2) }); err != nil {
				t.Error(err)
			}
		}()
		<-done
		_, _ = tx.Exec("UPDATE owner SET version = 100 WHERE id = 0") // can't be: it has changed meanwhile
		return nil
	})
	mustView(t, s, func(tx *store.Tx) error {
		var version int
		err := tx.Row("SELECT version FROM owner WHERE id = 0").Scan(&version)
		if version != 2 || tries != 2 {
			t.Errorf("the version is %d after %d tries, want 2 and 2", version, tries)
		}
		return err
	})
}

// Workers claim side by side: each row goes to one of them, and nobody waits for
// another or is caught in a deadlock.
func TestClaim(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *store.Store) {
		const rows = 1000
		define(t, s, "CREATE TABLE work (id BIGINT PRIMARY KEY, lease_until BIGINT NOT NULL, taken BIGINT NOT NULL)")
		mustUpdate(t, s, func(tx *store.Tx) error {
			for id := range rows {
				if _, err := tx.Exec("INSERT INTO work (id, lease_until, taken) VALUES ($1, 0, 0)", id); err != nil {
					return err
				}
			}
			return nil
		})
		var claimed atomic.Int64
		inParallel(4, 4, func(_, _ int) {
			for {
				n, err := claim(t.Context(), s, 30)
				if err != nil {
					t.Error(err)
				}
				if n == 0 {
					return
				}
				claimed.Add(int64(n))
			}
		})
		mustView(t, s, func(tx *store.Tx) error {
			var once, leased int
			err := tx.Row("SELECT COUNT(*) FROM work WHERE taken = 1").Scan(&once)
			if err == nil {
				err = tx.Row("SELECT COUNT(*) FROM work WHERE lease_until > " + tx.Clock()).Scan(&leased)
			}
			if n := claimed.Load(); n != rows || once != rows || leased != rows {
				t.Errorf("%d claims, %d rows taken once, %d leased; want %d", n, once, leased, rows)
			}
			return err
		})
	})
}

// claim leases up to so many rows for a minute.
func claim(ctx context.Context, s *store.Store, limit int) (n int, err error) {
	err = s.Claiming(ctx, func(tx *store.Tx) error {
		n = 0
		rows, err := tx.Query("UPDATE work SET lease_until = "+tx.Clock()+" + 60000, taken = taken + 1"+
			" WHERE id IN (SELECT id FROM work WHERE lease_until < "+tx.Clock()+" ORDER BY id LIMIT $1"+tx.SkipLocked()+")"+
			" AND lease_until < "+tx.Clock()+" RETURNING id", limit)
		if err != nil {
			return err
		}
		for rows.Next() {
			n++
		}
		return rows.Err()
	})
	return n, err
}
