package wire

import "sync"

// Lines do things one after the other in a chat, in the order in which they were given,
// and chats side by side. Unlike chat.Lanes they don't have who gives them wait. The
// zero value is ready.
type Lines[K comparable] struct {
	mu      sync.Mutex
	waiting map[K][]func()      // of each busy chat: what is still to be done
	left    map[K]chan struct{} // closed when that chat isn't busy any more
	eased   chan struct{}       // closed when any isn't
	working sync.WaitGroup
}

// Do has f done after all that was given for the chat before.
func (l *Lines[K]) Do(chat K, f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting == nil {
		l.waiting = map[K][]func(){}
	}
	rest, busy := l.waiting[chat]
	l.waiting[chat] = append(rest, f)
	if !busy {
		l.working.Go(func() { l.work(chat) })
	}
}

func (l *Lines[K]) work(chat K) {
	for f := l.next(chat); f != nil; f = l.next(chat) {
		f()
	}
}

// next takes what is to be done next; nil: nothing is, and the chat isn't busy any more.
func (l *Lines[K]) next(chat K) func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	rest := l.waiting[chat]
	if len(rest) == 0 {
		delete(l.waiting, chat)
		if left := l.left[chat]; left != nil {
			close(left)
			delete(l.left, chat)
		}
		if l.eased != nil {
			close(l.eased)
			l.eased = nil
		}
		return nil
	}
	l.waiting[chat] = rest[1:]
	return rest[0]
}

// Crowded returns what is closed when fewer chats are busy; nil: no more than most are.
func (l *Lines[K]) Crowded(most int) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) <= most {
		return nil
	}
	if l.eased == nil {
		l.eased = make(chan struct{})
	}
	return l.eased
}

// Free returns what is closed when a chat isn't busy any more; nil: it isn't.
func (l *Lines[K]) Free(chat K) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, busy := l.waiting[chat]; !busy {
		return nil
	}
	if l.left == nil {
		l.left = map[K]chan struct{}{}
	}
	if l.left[chat] == nil {
		l.left[chat] = make(chan struct{})
	}
	return l.left[chat]
}

// Length is how much waits in a chat.
func (l *Lines[K]) Length(chat K) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.waiting[chat])
}

// Wait returns when nothing is being done any more.
func (l *Lines[K]) Wait() { l.working.Wait() }
