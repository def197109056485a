package discordtest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// A Call is one call of the bot.
type Call struct {
	Method string // as the specification names it, such as create_message; if it has no name, method and path
	At     time.Time
	Path   map[string]string // the parameters of the path
	Query  url.Values
	Body   any // as JSON has it, numbers as json.Number; nil: none
	Files  []*Upload
	Status int    // of the answer; 0: cut without one
	Code   int    // Discord's, of an answer that refuses
	Refuse string // what such an answer says
}

// Str returns a field of the body that is a text, or "".
func (c Call) Str(name string) string {
	s, _ := c.data()[name].(string)
	return s
}

// String returns the call in short, for messages of tests.
func (c Call) String() string {
	return fmt.Sprintf("%s %v %v: %d %s", c.Method, c.Path, c.Body, c.Status, c.Refuse)
}

// A Violation is something that a correct client never does. Its Method is gateway for
// what was said there.
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
		c.Status, c.Code, c.Refuse = refused.Status, refused.Code, refused.Error()
		if refused.broken {
			s.violate(c.Method, c.Refuse)
		}
		s.limits.blame(refused, s.options.Now())
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
// "create_message: 50035: Invalid Form Body: content: Must be 2000 or fewer in length.",
// contain a part. Otherwise the test fails.
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
			tb.Errorf("Discord was misused: %s", text)
		}
	}
	for _, e := range s.expected {
		if !e.seen {
			tb.Errorf("Discord was not misused as expected: %s", e.part)
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

// Forget drops the calls, the messages and the interactions that are done with, so that a
// long run can tell the bot's memory from the server's.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls, s.pings = nil, nil
	clear(s.posts)
	clear(s.nonces)
	for _, c := range s.channels {
		c.posts = nil
	}
	s.order = slices.DeleteFunc(s.order, func(i *interaction) bool {
		done := !i.Acked.IsZero() || i.late(s.options.Now())
		if done {
			delete(s.interactions, i.token)
			delete(s.acts, i.ID)
		}
		return done
	})
}
