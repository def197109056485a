package chattest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// Memory is a platform without a network: the simplest that there can be. It shows
// what an adapter is asked to do, and is what other adapters are compared with.
type Memory struct {
	handler chat.Handler
	lanes   chat.Lanes

	mu       sync.Mutex
	n        int
	chats    map[string][]*bubble // by user
	keys     map[string][]string  // of messages that were sent, and their ids
	trouble  map[string]error     // of users to whom nothing can be sent
	language string
}

type bubble struct {
	Bubble
	id      string
	buttons []chat.Button
}

var _ chat.Editor = (*Memory)(nil)

// NewMemory returns a platform on which apps are set to a language.
func NewMemory(language string) *Memory {
	return &Memory{
		chats: map[string][]*bubble{}, keys: map[string][]string{}, trouble: map[string]error{}, language: language,
	}
}

// Run takes the handler and returns at once: what phones do reaches it at once, too.
func (m *Memory) Run(_ context.Context, h chat.Handler) error {
	m.handler = h
	return nil
}

// Send is chat.Adapter's.
func (m *Memory) Send(_ context.Context, chatID, key string, message chat.Message) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.trouble[chatID]; err != nil {
		return nil, err
	}
	if ids, known := m.keys[chatID+"\x00"+key]; known && key != "" {
		return ids, nil
	}
	ids := []string{m.put(chatID, message)}
	m.keys[chatID+"\x00"+key] = ids
	return ids, nil
}

// Edit is chat.Editor's.
func (m *Memory) Edit(_ context.Context, chatID string, ids []string, message chat.Message) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, b := range m.chats[chatID] {
		if slices.Contains(ids, b.id) {
			b.show(message)
			return ids, nil
		}
	}
	return nil, errors.New("there is no such message")
}

// Refuse has everything that is sent to a user fail with an error; nil ends it.
func (m *Memory) Refuse(userID string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.trouble[userID] = err
}

// put shows a message at the end of a chat. The caller holds the lock.
func (m *Memory) put(userID string, message chat.Message) (id string) {
	m.n++
	b := &bubble{id: strconv.Itoa(m.n)}
	b.show(message)
	m.chats[userID] = append(m.chats[userID], b)
	return b.id
}

func (b *bubble) show(message chat.Message) {
	b.Bubble = Bubble{Text: message.Text.Plain()}
	b.buttons = message.Buttons
	for _, button := range message.Buttons {
		b.Buttons = append(b.Buttons, button.Label)
	}
	for _, line := range message.Text.Lines() {
		for _, span := range line.Spans {
			if span.Link != "" {
				b.Links = append(b.Links, span.Link)
			}
		}
	}
	for _, f := range message.Files {
		b.Files = append(b.Files, f.Name)
	}
}

// Phone is Platform's.
func (m *Memory) Phone(userID string) Phone { return &memoryPhone{m, userID} }

type memoryPhone struct {
	*Memory
	user string
}

func (p *memoryPhone) Type(text string) error {
	p.mu.Lock()
	p.n++
	p.chats[p.user] = append(p.chats[p.user], &bubble{Bubble: Bubble{Mine: true, Text: text}})
	p.mu.Unlock()
	return p.do(chat.Request{Text: text}, nil)
}

func (p *memoryPhone) Tap(label string) error {
	p.mu.Lock()
	var on *bubble
	var tapped chat.Button
	for _, b := range slices.Backward(p.chats[p.user]) {
		i := slices.IndexFunc(b.buttons, func(button chat.Button) bool { return button.Label == label })
		if i >= 0 {
			on, tapped = b, b.buttons[i]
			break
		}
	}
	p.mu.Unlock()
	if on == nil {
		return fmt.Errorf("there is no button %q", label)
	}
	if tapped.Private {
		return nil // it is their own chat already
	}
	return p.do(chat.Request{Text: tapped.Command, Tapped: true}, on)
}

// do has a request handled, and shows the reply; on is the message whose button was
// tapped.
func (p *memoryPhone) do(r chat.Request, on *bubble) (err error) {
	p.mu.Lock()
	p.n++
	r.ID = "request-" + strconv.Itoa(p.n)
	p.mu.Unlock()
	r.UserID, r.ChatID, r.Language = p.user, p.user, p.language
	ctx := context.Background()
	p.lanes.Do(p.user, func() {
		var reply chat.Reply
		if reply, err = p.handler.Handle(ctx, r); err != nil {
			return
		}
		p.mu.Lock()
		switch {
		case reply.Text == "" && len(reply.Files) == 0: // nothing to say
		case on != nil && reply.Update:
			on.show(reply.Message)
		default:
			p.put(p.user, reply.Message)
		}
		p.mu.Unlock()
		err = p.handler.Sent(ctx, r.ID)
	})
	return err
}

func (p *memoryPhone) Screen() (all []Bubble, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range p.chats[p.user] {
		all = append(all, b.Bubble)
	}
	return all, nil
}
