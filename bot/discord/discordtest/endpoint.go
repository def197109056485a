package discordtest

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// Sign returns the signature that Discord puts beside a body and its timestamp, in
// seconds since 1970.
func (s *Server) Sign(timestamp string, body []byte) string {
	return hex.EncodeToString(ed25519.Sign(s.key, append([]byte(timestamp), body...)))
}

// Endpoint has interactions be posted to an address from now on, rather than sent over the
// gateway. Discord tries an address first: it must answer a ping, and refuse one whose
// signature is wrong with 401.
func (s *Server) Endpoint(url string) error {
	ping := map[string]any{"id": "1", "type": kindPing, "application_id": s.AppID, "token": "ping", "version": 1}
	body := encode(ping)
	now := strconv.FormatInt(s.options.Now().Unix(), 10)
	status, _, err := s.Post(url, now, s.Sign(now, append(body, ' ')), body)
	if err != nil {
		return fmt.Errorf("ping with a wrong signature: %w", err)
	}
	if status != http.StatusUnauthorized {
		return fmt.Errorf("a ping with a wrong signature is answered with %d, and must be with 401", status)
	}
	status, said, err := s.Post(url, now, s.Sign(now, body), body)
	if err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	var pong struct{ Type int }
	if json.Unmarshal(said, &pong) != nil || status != http.StatusOK || pong.Type != 1 {
		return fmt.Errorf("a ping is answered with %d %s, and must be with type 1", status, said)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endpoint = url
	return nil
}

// Post posts a body with a timestamp and a signature, right or wrong, to an address, and
// returns what it answers.
func (s *Server) Post(url, timestamp, signature string, body []byte) (status int, answer []byte, err error) {
	r, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	r.Header.Set("X-Signature-Timestamp", timestamp)
	r.Header.Set("X-Signature-Ed25519", signature)
	client := http.Client{Timeout: answerable}
	w, err := client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer w.Body.Close()
	answer, err = io.ReadAll(w.Body)
	return w.StatusCode, answer, err
}

// post posts an interaction, whose answer is a callback; 202 says that it comes by itself.
func (s *Server) post(payload map[string]any) {
	s.mu.Lock()
	url := s.endpoint
	body := encode(payload)
	s.mu.Unlock()
	now := strconv.FormatInt(s.options.Now().Unix(), 10)
	status, said, err := s.Post(url, now, s.Sign(now, body), body)
	if err != nil || status == http.StatusAccepted {
		return // the person sees that nothing comes
	}
	c := &Call{Method: "create_interaction_response", At: s.options.Now(), Path: map[string]string{
		"interaction_id": as[string](payload["id"]), "interaction_token": as[string](payload["token"]),
	}}
	s.note(c, s.take(c, status, said))
}

// take holds an answer to the rules of a callback, and has its effect.
func (s *Server) take(c *Call, status int, said []byte) *refusal {
	if status != http.StatusOK {
		return broken(status, 0, "an interaction was answered with this status")
	}
	r, err := http.NewRequest(http.MethodPost, "/", bytes.NewReader(said))
	if err != nil {
		return errJSON
	}
	r.Header.Set("Content-Type", "application/json")
	if refused := api().named[c.Method].readBody(r, c); refused != nil {
		return refused
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, refused := s.callback(c)
	return refused
}
