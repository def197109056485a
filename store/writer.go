package store

import (
	"context"
	"sync"
	"time"
)

// A writer commits many transactions as one. Its goroutine owns the only
// connection that writes and lends it to one function after the other, each
// behind a savepoint; everybody hears how it went after the outer commit, who
// was refused as well: a refusal may rest on what others of the batch wrote.
//
// Functions run on their callers' goroutines, so that a panic keeps its stack
// and Goexit ends the goroutine that it was meant for.
type writer struct {
	open func() (*link, error)
	link *link // nil when the last one broke
	now  func() time.Time
	// exclusive, if not nil, is held while a batch runs: in memory, where views use
	// the same link.
	exclusive *sync.Mutex

	mu     sync.Mutex
	queue  []*job
	closed bool
	wake   chan struct{} // holds a token when there is news in queue or closed

	played chan struct{} // the function whose turn it was has ended
	done   chan struct{} // closed when the goroutine has ended
}

// A job is a call of Update.
type job struct {
	ctx   context.Context
	f     func(*Tx) error
	turns chan turn // of capacity 1: the writer never waits here
	state jobState  // guarded by writer.mu

	// What became of f, set during a turn.
	err  error
	gone bool // it panicked or called Goexit: nobody waits for a verdict
}

type jobState int

const (
	waiting jobState = iota
	taken
	left // its context ended first
)

// A turn lends the connection; without a Tx it is the verdict.
type turn struct {
	tx  *Tx
	err error
}

// What bounds a batch: enough to share the cost of one commit, and little enough
// that the first of it needn't wait long for the last.
const (
	batchSize = 256
	batchTime = 25 * time.Millisecond
)

func newWriter(open func() (*link, error), now func() time.Time) (*writer, error) {
	l, err := open()
	if err != nil {
		return nil, err
	}
	w := &writer{
		open: open, link: l, now: now,
		wake: make(chan struct{}, 1), played: make(chan struct{}), done: make(chan struct{}),
	}
	go w.run()
	return w, nil
}

// update is Store.Update.
func (w *writer) update(ctx context.Context, f func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{ctx: ctx, f: f, turns: make(chan turn, 1)}
	if !w.enqueue(j) {
		return ErrClosed
	}
	for {
		var t turn
		select {
		case t = <-j.turns:
		case <-ctx.Done():
			if w.leave(j) {
				return ctx.Err()
			}
			t = <-j.turns
		}
		if t.tx == nil {
			return t.err
		}
		w.play(j, t.tx)
	}
}

func (w *writer) play(j *job, tx *Tx) {
	j.gone = true // unless f returns
	defer func() { w.played <- struct{}{} }()
	if j.err = j.ctx.Err(); j.err == nil {
		j.err = call(j.f, tx)
	}
	j.gone = false
}

func (w *writer) enqueue(j *job) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.queue = append(w.queue, j)
	w.nudge()
	return true
}

// nudge wakes the writer's goroutine; w.mu is held.
func (w *writer) nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// leave takes a job back whose turn has not come.
func (w *writer) leave(j *job) bool { return w.change(j, waiting, left) }

func (w *writer) change(j *job, from, to jobState) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if j.state != from {
		return false
	}
	j.state = to
	return true
}

// take returns what waits in the queue.
func (w *writer) take() (jobs []*job, closed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	jobs, w.queue = w.queue, nil
	return jobs, w.closed
}

// putBack returns jobs to the front of the queue.
func (w *writer) putBack(jobs []*job) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue = append(jobs, w.queue...)
}

// close ends the writer after the jobs that it has accepted.
func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	w.nudge()
	w.mu.Unlock()
	<-w.done
	if w.link == nil {
		return nil
	}
	return w.link.close()
}

func (w *writer) run() {
	defer close(w.done)
	for {
		jobs, closed := w.take()
		switch {
		case len(jobs) > 0:
			w.locked(func() { w.work(jobs) })
		case closed:
			return
		default:
			<-w.wake
		}
	}
}

func (w *writer) locked(f func()) {
	if w.exclusive != nil {
		w.exclusive.Lock()
		defer w.exclusive.Unlock()
	}
	f()
}
