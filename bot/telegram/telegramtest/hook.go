package telegramtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"
)

const connections = 40 // at once, unless the bot says so

// How often an update that a webhook refuses is brought again. Telegram takes longer.
const (
	firstRetry = 50 * time.Millisecond
	lastRetry  = time.Second
)

// A hook brings updates to an address: those of a chat one after the other, and as many
// chats at once as connections are allowed.
type hook struct {
	url, secret string
	slots       chan struct{}
	stop        context.CancelFunc
	lastError   string
	lastErrorAt time.Time
}

func (s *Server) setWebhook(c *Call) (any, *refusal) {
	u, err := url.Parse(c.Str("url"))
	switch {
	case c.Str("url") == "":
		return s.deleteWebhook(c)
	case err != nil, u.Host == "", u.Scheme != "https" && u.Scheme != "http":
		return nil, bad("bad webhook: An HTTPS URL must be provided for webhook")
	}
	if names, given := c.Params["allowed_updates"].([]any); given {
		s.queue.allow(names)
	}
	if c.Params["drop_pending_updates"] == true {
		s.queue.pending = nil
	}
	s.queue.interrupt("setWebhook request")
	s.unhook()
	n := c.Int("max_connections")
	if n == 0 {
		n = connections
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.hook = &hook{url: c.Str("url"), secret: c.Str("secret_token"), slots: make(chan struct{}, n), stop: cancel}
	h := s.hook
	s.running.Go(func() { s.bring(ctx, h) })
	return true, nil
}

// unhook ends the webhook. The caller holds the lock.
func (s *Server) unhook() {
	if s.hook == nil {
		return
	}
	s.hook.stop()
	s.hook = nil
	for i := range s.queue.pending {
		s.queue.pending[i].posted = false
	}
}

// stopHook ends the webhook, and waits for it.
func (s *Server) stopHook() {
	s.mu.Lock()
	s.unhook()
	s.mu.Unlock()
	s.running.Wait()
	s.client.CloseIdleConnections()
}

func (s *Server) deleteWebhook(c *Call) (any, *refusal) {
	s.unhook()
	if c.Params["drop_pending_updates"] == true {
		s.queue.pending = nil
	}
	return true, nil
}

func (s *Server) getWebhookInfo(*Call) (any, *refusal) {
	info := map[string]any{"url": "", "has_custom_certificate": false, "pending_update_count": len(s.queue.pending)}
	if h := s.hook; h != nil {
		info["url"], info["max_connections"] = h.url, cap(h.slots)
		if h.lastError != "" {
			info["last_error_message"], info["last_error_date"] = h.lastError, h.lastErrorAt.Unix()
		}
	}
	return info, nil
}

// bring brings updates until the webhook ends.
func (s *Server) bring(ctx context.Context, h *hook) {
	for {
		changed := s.dispatch(ctx, h)
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// dispatch sends the first update of each chat that has none under way.
func (s *Server) dispatch(ctx context.Context, h *hook) (changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	busy := map[int64]bool{}
	for i := range s.queue.pending {
		u := &s.queue.pending[i]
		if !u.posted && !busy[u.lane] && ctx.Err() == nil {
			u.posted = true
			next := *u
			s.running.Go(func() { s.deliver(ctx, h, next) })
		}
		busy[u.lane] = true
	}
	return s.queue.changed
}

// deliver brings one update, again and again until it is taken.
func (s *Server) deliver(ctx context.Context, h *hook, u update) {
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		select {
		case h.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		err := s.bringOne(ctx, h, u)
		<-h.slots
		if err == nil {
			break
		}
		s.mu.Lock()
		h.lastError, h.lastErrorAt = err.Error(), s.options.Now()
		s.mu.Unlock()
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook == h {
		s.queue.pending = slices.DeleteFunc(s.queue.pending, func(other update) bool { return other.id == u.id })
		s.queue.wake()
	}
}

func (s *Server) bringOne(ctx context.Context, h *hook, u update) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(u.body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body) // so that the connection is used again
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("wrong response from the webhook: %s", answer.Status)
	}
	return nil
}
