package chat

import "sync"

// Lanes run functions one after the other within a lane, in the order in which they
// came, and lanes side by side. The zero value is ready. It is what an adapter keeps
// the order of a chat with.
type Lanes struct {
	mu   sync.Mutex
	last map[string]chan struct{} // of each busy lane: closed when its last function has ended
}

// Do runs f when all functions that came to the lane before have ended.
func (l *Lanes) Do(lane string, f func()) {
	before, mine := l.enter(lane)
	defer l.leave(lane, mine)
	if before != nil {
		<-before
	}
	f()
}

func (l *Lanes) enter(lane string) (before, mine chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == nil {
		l.last = map[string]chan struct{}{}
	}
	before, mine = l.last[lane], make(chan struct{})
	l.last[lane] = mine
	return before, mine
}

func (l *Lanes) leave(lane string, mine chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last[lane] == mine {
		delete(l.last, lane)
	}
	close(mine)
}
