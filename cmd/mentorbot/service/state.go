package service

import (
	"errors"
	"sync"
	"time"
)

// A state is whether something goes on; the zero value does.
type state struct {
	mu  sync.Mutex
	err error
}

func (s *state) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

func (s *state) get() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// A group is functions at work, each on its own goroutine.
type group struct{ sync.WaitGroup }

// errSlow says that something didn't end in time.
var errSlow = errors.New("not all that was under way has ended in time")

// ended waits until all have ended, but no longer than that.
func (g *group) ended(patience time.Duration) error {
	done := make(chan struct{})
	go func() { g.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-time.After(patience):
		return errSlow
	}
}
