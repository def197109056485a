package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

// BenchmarkUpdate measures updates of four statements, 50 at once, on two files:
// durable, and with SQLite told not to care. It takes turns between them, since a
// machine has its moods, so that their ratio says what durability costs.
func BenchmarkUpdate(b *testing.B) {
	const round = 2000
	full := store.OpenSynchronous(b, storetest.SQLite(b), "FULL")
	off := store.OpenSynchronous(b, storetest.SQLite(b), "OFF")
	prepareLedger(b, full)
	prepareLedger(b, off)
	b.ResetTimer()
	var tookFull, tookOff time.Duration
	for done := 0; done < b.N; done += round {
		n := min(round, b.N-done)
		tookFull += timeUpdates(b, full, done, n)
		tookOff += timeUpdates(b, off, done, n)
	}
	b.ReportMetric(float64(b.N)/tookFull.Seconds(), "durable/s")
	b.ReportMetric(float64(b.N)/tookOff.Seconds(), "off/s")
	b.ReportMetric(100*tookOff.Seconds()/tookFull.Seconds(), "%ofoff")
}

func timeUpdates(b *testing.B, s *store.Store, from, n int) time.Duration {
	start := time.Now()
	inParallel(50, n, func(worker, i int) {
		err := s.Update(context.Background(), func(tx *store.Tx) error { return enterFour(tx, worker, from+i) })
		if err != nil {
			b.Error(err)
		}
	})
	return time.Since(start)
}

// inParallel calls f with 0 to n-1 from so many goroutines.
func inParallel(workers, n int, f func(worker, i int)) {
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				f(w, i)
			}
		})
	}
	wg.Wait()
}

func prepareLedger(tb testing.TB, s *store.Store) {
	tb.Helper()
	define(tb, s,
		"CREATE TABLE owner (id BIGINT PRIMARY KEY, version BIGINT NOT NULL)",
		"CREATE TABLE entry (id TEXT PRIMARY KEY, owner_id BIGINT NOT NULL, number BIGINT NOT NULL, text TEXT NOT NULL)")
	mustUpdate(tb, s, func(tx *store.Tx) error {
		for id := range 50 {
			if _, err := tx.Exec("INSERT INTO owner (id, version) VALUES ($1, 0)", id); err != nil {
				return err
			}
		}
		return nil
	})
}

// enterFour is an update such as the bot makes: look, write, note the request,
// raise a version.
func enterFour(tx *store.Tx, owner, n int) error {
	var version int64
	if err := tx.Row("SELECT version FROM owner WHERE id = $1", owner).Scan(&version); err != nil {
		return err
	}
	for _, what := range []string{"effect", "request"} {
		_, err := tx.Exec("INSERT INTO entry (id, owner_id, number, text) VALUES ($1, $2, $3, $4)",
			fmt.Sprintf("%s-%d", what, n), owner, version, "an entry of a usual length, with some words in it")
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec("UPDATE owner SET version = $1 WHERE id = $2", version+1, owner)
	return err
}
