package discord

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	maxPosted = 1 << 20         // bytes of an interaction that is posted
	maxSkew   = 5 * time.Minute // by which its time may be off
	probeEach = 30 * time.Second
)

// listen lets Discord post interactions until the session ends. Nothing but asking shows
// how the connection fares.
func (s *session) listen() error {
	for s.ctx.Err() == nil {
		if err := s.connect(); err != nil {
			return err
		}
		s.state.Set(nil)
		s.sleep(probeEach)
	}
	return nil
}

// receive takes an interaction that Discord posts. It is answered by a call of its own.
func (a *Adapter) receive(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPosted))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if !signed(a.key, r.Header.Get("X-Signature-Timestamp"), r.Header.Get("X-Signature-Ed25519"), raw, time.Now()) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if i, err := readInteraction(raw); err == nil && i.Kind == kindPing {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"type":1}`) // Discord may be gone
		return
	}
	s, leave := a.enter()
	if s == nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer leave()
	if !s.take(raw) {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// signed reports whether Discord has signed a body, and not long ago
// (https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint).
func signed(key ed25519.PublicKey, timestamp, signature string, body []byte, now time.Time) bool {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return false
	}
	if off := now.Unix() - seconds; off > int64(maxSkew/time.Second) || off < -int64(maxSkew/time.Second) {
		return false
	}
	sig, err := hex.DecodeString(signature)
	return err == nil && len(sig) == ed25519.SignatureSize && ed25519.Verify(key, append([]byte(timestamp), body...), sig)
}

// enter returns the session, which then waits for leave; nil while there is none.
func (a *Adapter) enter() (s *session, leave func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.session == nil || a.closing || a.id() == "" {
		return nil, nil
	}
	a.session.busy.Add(1)
	return a.session, a.session.busy.Done
}
