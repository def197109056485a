package telegram

import (
	"slices"
	"sync"
)

// A window is what was received and isn't confirmed to Telegram yet, in the order in
// which it came. Ids need not be without gaps, nor grow: they may start anew.
type window struct {
	mu     sync.Mutex
	open   []received
	offset int64         // that confirms what is done with; 0: nothing was received yet
	left   []int64       // what the offset has moved over since it was asked for
	moved  chan struct{} // receives when something is done with
}

type received struct {
	id   int64
	done bool
}

func newWindow() *window { return &window{moved: make(chan struct{}, 1)} }

// add takes an update in, unless it was already: it is given again until an offset beyond
// it was asked for.
func (w *window) add(id int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.Contains(w.left, id) || slices.ContainsFunc(w.open, func(r received) bool { return r.id == id }) {
		return false
	}
	w.open = append(w.open, received{id: id})
	return true
}

// done notes that an update is done with; the offset moves over those at the front.
func (w *window) done(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.open {
		if w.open[i].id == id {
			w.open[i].done = true
			break
		}
	}
	for len(w.open) > 0 && w.open[0].done {
		w.left = append(w.left, w.open[0].id)
		w.offset = w.open[0].id + 1
		w.open = w.open[1:]
	}
	select {
	case w.moved <- struct{}{}:
	default:
	}
}

// ask returns the offset to ask for, and how many updates are still open.
func (w *window) ask() (offset int64, open int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = w.left[:0]
	return w.offset, len(w.open)
}

// worth reports whether asking again gives more: all that was received is done with, or
// as much as to make room.
func (w *window) worth() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.open) == 0 || len(w.left) >= batchSize/2
}

// last is the id after which the next update comes, as far as is known.
func (w *window) last() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.open); n > 0 {
		return w.open[n-1].id
	}
	return w.offset - 1
}
