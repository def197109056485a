package service

import (
	"maps"
	"sync"
)

// Events counts what a platform's adapter tells of. The zero value is ready.
type Events struct {
	mu sync.Mutex
	n  map[string]int
}

// Count counts one event; there is a handful of names.
func (e *Events) Count(event string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.n == nil {
		e.n = map[string]int{}
	}
	e.n[event]++
}

func (e *Events) counted() map[string]int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return maps.Clone(e.n)
}
