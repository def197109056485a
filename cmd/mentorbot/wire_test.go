package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/config"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/service"
)

// wireVariable has the address of a network, for the process that serves on it.
const wireVariable = "MENTORBOT_TEST_WIRE"

func init() {
	if address := os.Getenv(wireVariable); address != "" {
		platforms = func(config.Config, *slog.Logger) ([]service.Platform, error) {
			return []service.Platform{{Name: "wire", Bot: "main", Adapter: &wire{address: address, under: map[string]bool{}}}}, nil
		}
	}
}

// A wire is an adapter whose platform is a network in the test's process: it repeats
// every request until it hears that it was handled, as Telegram does.
type wire struct {
	address string
	lanes   chat.Lanes
	mu      sync.Mutex
	under   map[string]bool // requests being handled, or handled: a list may be older than that
}

// Run is chat.Adapter's.
func (w *wire) Run(ctx context.Context, h chat.Handler) error {
	var working sync.WaitGroup
	defer working.Wait()
	for ctx.Err() == nil {
		var waiting []chat.Request
		if err := w.call(ctx, "/updates", nil, &waiting); err != nil {
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
			continue
		}
		for _, r := range waiting {
			if w.enter(r.ID) {
				working.Go(func() { w.lanes.Do(r.ChatID, func() { w.handle(ctx, h, r) }) })
			}
		}
	}
	return nil
}

func (w *wire) enter(id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	entered := !w.under[id]
	w.under[id] = true
	return entered
}

func (w *wire) leave(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.under, id)
}

func (w *wire) handle(ctx context.Context, h chat.Handler, r chat.Request) {
	ctx = context.WithoutCancel(ctx)
	reply, err := h.Handle(ctx, r)
	done := func() error { return w.call(ctx, "/handled", r.ID, nil) }
	say := func() error {
		_, err := w.Send(ctx, r.ChatID, "reply/"+r.ID, reply.Message)
		return err
	}
	switch {
	case err != nil:
	case !reply.Kept:
		if err = say(); err == nil {
			err = done()
		}
	default:
		if err = done(); err == nil && say() == nil {
			_ = h.Sent(ctx, r.ID)
		}
	}
	if err != nil {
		w.leave(r.ID) // it comes again
	}
}

// Send is chat.Adapter's.
func (w *wire) Send(ctx context.Context, chatID, key string, m chat.Message) ([]string, error) {
	err := w.call(ctx, "/send", letter{Chat: chatID, Key: key, Text: string(m.Text)}, nil)
	var said status
	switch errors.As(err, &said); {
	case err == nil:
		return []string{key}, nil
	case said == http.StatusForbidden:
		return nil, &chat.UnreachableError{Reason: "blocked"}
	case said == http.StatusBadRequest:
		return nil, errors.New("the platform doesn't like it")
	default:
		return nil, &chat.LaterError{Cause: err}
	}
}

// A status is what the network answers but success.
type status int

// Error says which.
func (s status) Error() string { return "the network says " + http.StatusText(int(s)) }

func (w *wire) call(ctx context.Context, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.address+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return status(response.StatusCode)
	}
	if out == nil {
		_, err = io.Copy(io.Discard, response.Body)
		return err
	}
	return json.NewDecoder(response.Body).Decode(out)
}

// A letter is what was sent to a chat.
type letter struct{ Chat, Key, Text string }

// A network is what a wire leads to. It outlives the processes on it.
type network struct {
	*httptest.Server
	mu      sync.Mutex
	waiting []chat.Request // not handled yet, in order
	sent    []letter
	refuses map[string]int // by chat, the status of what is sent there
	news    chan struct{}  // closed, and made anew, when something is waiting
}

// patienceOfPoll is how long a poll waits for something.
const patienceOfPoll = 2 * time.Second

func newNetwork(t testing.TB) *network {
	n := &network{news: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("/updates", n.updates)
	mux.HandleFunc("/handled", func(w http.ResponseWriter, r *http.Request) {
		var id string
		if decode(w, r, &id) {
			n.handled(id)
		}
	})
	mux.HandleFunc("/send", func(w http.ResponseWriter, r *http.Request) {
		var l letter
		if decode(w, r, &l) {
			n.mu.Lock()
			defer n.mu.Unlock()
			if refused := n.refuses[l.Chat]; refused != 0 {
				w.WriteHeader(refused)
				return
			}
			n.sent = append(n.sent, l)
		}
	})
	n.Server = httptest.NewServer(mux)
	t.Cleanup(n.Close)
	return n
}

func decode(w http.ResponseWriter, r *http.Request, in any) bool {
	if err := json.NewDecoder(r.Body).Decode(in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

// updates answers with what waits, at once if there is something.
func (n *network) updates(w http.ResponseWriter, r *http.Request) {
	const atOnce = 64
	n.mu.Lock()
	news, empty := n.news, len(n.waiting) == 0
	n.mu.Unlock()
	if empty {
		select {
		case <-news:
		case <-r.Context().Done():
			return
		case <-time.After(patienceOfPoll):
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	_ = json.NewEncoder(w).Encode(n.waiting[:min(atOnce, len(n.waiting))])
}

func (n *network) handled(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for i := range n.waiting {
		if n.waiting[i].ID == id {
			n.waiting = append(n.waiting[:i:i], n.waiting[i+1:]...)
			return
		}
	}
}

// does has somebody do something.
func (n *network) does(r chat.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.waiting = append(n.waiting, r)
	close(n.news)
	n.news = make(chan struct{})
}

// left is how many requests wait to be handled.
func (n *network) left() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.waiting)
}

// letters are what was sent, by key.
func (n *network) letters() map[string][]letter {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := map[string][]letter{}
	for _, l := range n.sent {
		all[l.Key] = append(all[l.Key], l)
	}
	return all
}
