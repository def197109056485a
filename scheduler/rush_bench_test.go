package scheduler_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// BenchmarkRush has 100,000 messages due in the same second: one tick plans, enqueues,
// claims, sends, by a sender that takes no time, and settles them.
func BenchmarkRush(b *testing.B) {
	const cycles, pairs, messages = 500, 100, 100_000
	starts := store.NewDate(2027, 1, 11)
	zone, err := store.Zone("Europe/Belgrade")
	if err != nil {
		b.Fatal(err)
	}
	for range b.N {
		b.StopTimer()
		now := starts.Midnight(zone)
		s := openAt(b, filepath.Join(b.TempDir(), "rush.db"), &now)
		for i := range cycles {
			update(b, s, func(tx *store.Tx) error {
				_, err := insertCycle(tx, fmt.Sprint("c", i), starts, pairs)
				return err
			})
		}
		sched := scheduler.New(s, accept{}, scheduler.Options{Parallel: 16})
		tick(b, sched, now)
		now = (starts + 3).At(18 * 60).In(zone) // a week before the first session
		debug.FreeOSMemory()
		ended := make(chan struct{})
		peak := make(chan float64)
		go watchMemory(ended, peak)
		b.StartTimer()
		tick(b, sched, now)
		b.StopTimer()
		close(ended)
		b.ReportMetric(<-peak, "peak-MB")
		err := s.View(b.Context(), func(tx *store.Tx) error {
			sent, err := tx.Tally()
			if n := sent.Messages[store.Sent]; n != messages {
				b.Errorf("%d messages were sent, not %d", n, messages)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func tick(b *testing.B, s *scheduler.Scheduler, now time.Time) {
	b.Helper()
	if _, err := s.Tick(b.Context(), now); err != nil {
		b.Fatal(err)
	}
}

// watchMemory tells the most megabytes that the process has been resident with, looking
// a hundred times a second, until something ended.
func watchMemory(ended <-chan struct{}, peak chan<- float64) {
	most := 0.0
	for {
		most = max(most, resident())
		select {
		case <-ended:
			peak <- most
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// resident is how many megabytes of the process are in memory; 0 where that isn't told.
func resident() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(status, []byte("VmRSS:"))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kB, err := strconv.ParseFloat(string(fields[0]), 64)
	if err != nil {
		return 0
	}
	return kB / 1024
}
