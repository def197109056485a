package store

import "sync/atomic"

// A queue numbers what is put into the outbox, in the order in which that happens: each
// number is the present in Unix milliseconds, or one more than the last if the clock
// stands or goes back. Other processes number by their own clocks.
type queue struct{ last atomic.Int64 }

func (q *queue) next(now int64) int64 {
	for {
		last := q.last.Load()
		if n := max(now, last+1); q.last.CompareAndSwap(last, n) {
			return n
		}
	}
}
