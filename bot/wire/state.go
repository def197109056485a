package wire

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// A State is how a connection fares. The zero value is a good one.
type State struct {
	mu  sync.Mutex
	err error
}

// Set notes why the platform can't be reached; nil: it can.
func (s *State) Set(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

// Get returns what was noted last.
func (s *State) Get() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

const (
	firstRetry = 200 * time.Millisecond
	lastRetry  = 15 * time.Second
)

// RetryIn is how long to wait after the nth failure in a row, counted from 0: longer each
// time, up to some seconds, and by chance, so that not all come back at once.
func RetryIn(n int) time.Duration {
	d := min(lastRetry, firstRetry<<min(n, 10))
	return d/2 + rand.N(d)
}

// Finishing returns a context that outlives another one by as long as what is under way
// may take.
func Finishing(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(by, cancel) })
	return late, func() { stop(); cancel() }
}
