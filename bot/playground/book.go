package playground

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"slices"
	"sync"
)

const (
	keptEvents = 4096 // for who catches up
	keptNews   = 60
	pageOf     = 100 // bubbles that the page gets of a conversation at a time
)

var errNoBubble = errors.New("the message isn't there")

// A book holds all conversations, and tells the page's streams what is new.
type book struct {
	mu      sync.Mutex
	run     string        // names this run of the program in the ids of events
	n       int           // of the last event
	events  []told        // the last ones, in order
	news    []news        // the last ones, in order
	grown   chan struct{} // closed when an event comes
	chats   map[string]*conversation
	seq     int // of the last bubble
	scene   Scene
	people  map[string]Person // all who were ever on the scene
	turn    Turn              // under way; "": none
	journal *journal
}

// A conversation is what was said in one chat.
type conversation struct {
	bubbles []*bubble
	byID    map[string]*bubble
	byKey   map[string]string // ids of bubbles, by the keys of their messages
	ask     string            // what may be typed now
}

// A told is an event as it was told to the streams.
type told struct {
	n    int
	data json.RawMessage
}

func openBook(path string) (*book, error) {
	b := &book{run: rand.Text(), grown: make(chan struct{}), chats: map[string]*conversation{}, people: map[string]Person{}}
	j, records, err := openJournal(path)
	if err != nil {
		return nil, err
	}
	b.journal = j
	for _, r := range records {
		b.apply(r)
	}
	return b, nil
}

func (b *book) close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.journal.close()
}

// post adds what happened in a chat, once for a key, and returns the bubble's id.
func (b *book) post(r record) (id string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c := b.chats[r.Chat]; c != nil && r.Key != "" && c.byKey[r.Key] != "" {
		return c.byKey[r.Key], nil
	}
	if err := b.write(r); err != nil || r.Bubble == nil {
		return "", err
	}
	return r.Bubble.ID, nil
}

// replace puts a bubble in the place of the one with its id, at whose time it stays.
func (b *book) replace(r record) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	old := b.bubble(r.Chat, r.Bubble.ID)
	if old == nil {
		return errNoBubble
	}
	r.Bubble.At = old.At
	return b.write(r)
}

// write makes a record last, and then tells it. The caller holds the lock.
func (b *book) write(r record) error {
	if err := b.journal.write(r); err != nil {
		return err
	}
	b.apply(r)
	e := event{Chat: r.Chat, Ask: r.Ask, News: r.News}
	if r.Bubble != nil {
		e.Bubble = r.Bubble.view(r.Chat)
	}
	b.tell(e)
	return nil
}

// apply changes the book as a record says.
func (b *book) apply(r record) {
	if r.Chat == "" {
		return // the journal's name
	}
	c := b.chats[r.Chat]
	if c == nil {
		c = &conversation{byID: map[string]*bubble{}, byKey: map[string]string{}}
		b.chats[r.Chat] = c
	}
	if r.Bubble != nil {
		b.place(c, r.Bubble)
		if r.Key != "" {
			c.byKey[r.Key] = r.Bubble.ID
		}
	}
	if r.Ask != nil {
		c.ask = *r.Ask
	}
	if r.News != nil {
		r.News.Chat = r.Chat
		b.news = last(append(b.news, *r.News), keptNews)
	}
}

// place puts a bubble at the end, or in the place of the one with its id.
func (b *book) place(c *conversation, bub *bubble) {
	if old := c.byID[bub.ID]; old != nil {
		bub.seq, bub.rev = old.seq, old.rev+1
		c.bubbles[slices.Index(c.bubbles, old)] = bub
	} else {
		b.seq++
		bub.seq = b.seq
		c.bubbles = append(c.bubbles, bub)
	}
	c.byID[bub.ID] = bub
}

// bubble returns a bubble; nil if there is none. The caller holds the lock.
func (b *book) bubble(chatID, id string) *bubble {
	if c := b.chats[chatID]; c != nil {
		return c.byID[id]
	}
	return nil
}

// find returns a bubble; nil if there is none. What it points to never changes.
func (b *book) find(chatID, id string) *bubble {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bubble(chatID, id)
}

// person returns who has a chat, perhaps somebody who has left the scene.
func (b *book) person(chatID string) (Person, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, ok := b.people[chatID]
	return p, ok
}

// last returns the last n of a list.
func last[T any](list []T, n int) []T { return list[max(0, len(list)-n):] }
