package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// A Call is one call of the bot.
type Call struct {
	Method      string
	At          time.Time      // when it came
	Params      map[string]any // as JSON has them, numbers as json.Number, files as *Upload
	Status      int            // of the answer, as HTTP has it; 0: cut without one
	Description string         // of an answer other than ok
}

// Str returns a parameter that is a text, or "".
func (c Call) Str(name string) string {
	s, _ := c.Params[name].(string)
	return s
}

// Int returns a parameter that is a number, perhaps written as a text, or 0.
func (c Call) Int(name string) int64 {
	switch v := c.Params[name].(type) {
	case json.Number:
		n, _ := v.Int64() // the specification was asked
		return n
	case string:
		n, _ := json.Number(v).Int64() // @names are 0
		return n
	}
	return 0
}

// A Violation is something that a correct client never does.
type Violation struct{ Method, What string }

type expectation struct {
	part string
	seen bool
}

// note writes a call and what is wrong with it down.
func (s *Server) note(c *Call, refused *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Status = http.StatusOK
	if refused != nil {
		c.Status, c.Description = refused.Status, refused.Description
		if refused.broken {
			s.violate(c.Method, refused.Description)
		}
	}
	s.calls = append(s.calls, *c)
}

func (s *Server) violate(method, what string) {
	s.broken = append(s.broken, Violation{method, what})
	for _, e := range s.expected {
		e.seen = e.seen || strings.Contains(method+": "+what, e.part)
	}
}

// Expect says that there will be a violation, one or more, whose method and text, as in
// "sendMessage: Bad Request: message is too long", contain a part. Otherwise the test fails.
func (s *Server) Expect(part string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expected = append(s.expected, &expectation{part: part})
}

// Violations returns what a correct client wouldn't have done, expected or not.
func (s *Server) Violations() []Violation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.broken)
}

// report fails the test for what wasn't expected, and for what was and didn't happen.
func (s *Server) report(tb testing.TB) {
	tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range s.broken {
		text := v.Method + ": " + v.What
		if !slices.ContainsFunc(s.expected, func(e *expectation) bool { return strings.Contains(text, e.part) }) {
			tb.Errorf("the Bot API was misused: %s", text)
		}
	}
	for _, e := range s.expected {
		if !e.seen {
			tb.Errorf("the Bot API was not misused as expected: %s", e.part)
		}
	}
}

// Calls returns the calls of a method, or of all for "", in the order in which they were
// answered. Those that are still waited for aren't among them.
func (s *Server) Calls(method string) (all []Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			all = append(all, c)
		}
	}
	return all
}

// A Tapped is what became of a tap on a button.
type Tapped struct {
	Who, Data    string
	At, Answered time.Time // Answered: zero if it wasn't yet
	Text         string    // that was shown on top
	Alert        bool      // it had to be closed
}

// Taps returns all taps, oldest first.
func (s *Server) Taps() (all []Tapped) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tapped {
		all = append(all, t.Tapped)
	}
	return all
}

// String returns the call in short, for messages of tests.
func (c Call) String() string {
	return fmt.Sprintf("%s %v: %d %s", c.Method, c.Params, c.Status, c.Description)
}
