package discord

import "sync"

// lines do things one after the other in a chat, in the order in which they were given,
// and chats side by side. Unlike chat.Lanes they don't have who gives them wait.
type lines struct {
	mu      sync.Mutex
	waiting map[string][]func()      // of each busy chat: what is still to be done
	left    map[string]chan struct{} // closed when that chat isn't busy any more
	eased   chan struct{}            // closed when any isn't
	working sync.WaitGroup
}

// do has f done after all that was given for the chat before.
func (l *lines) do(chat string, f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting == nil {
		l.waiting = map[string][]func(){}
	}
	rest, busy := l.waiting[chat]
	l.waiting[chat] = append(rest, f)
	if !busy {
		l.working.Go(func() { l.work(chat) })
	}
}

func (l *lines) work(chat string) {
	for f := l.next(chat); f != nil; f = l.next(chat) {
		f()
	}
}

// next takes what is to be done next; nil: nothing is, and the chat isn't busy any more.
func (l *lines) next(chat string) func() {
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

// crowded returns what is closed when fewer chats are busy; nil: no more than most are.
func (l *lines) crowded(most int) <-chan struct{} {
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

// free returns what is closed when a chat isn't busy any more; nil: it isn't.
func (l *lines) free(chat string) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, busy := l.waiting[chat]; !busy {
		return nil
	}
	if l.left == nil {
		l.left = map[string]chan struct{}{}
	}
	if l.left[chat] == nil {
		l.left[chat] = make(chan struct{})
	}
	return l.left[chat]
}

// length is how much waits in a chat.
func (l *lines) length(chat string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.waiting[chat])
}
