package telegramtest

import (
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Options say how a server is to be. The zero value is Telegram without limits or delay.
type Options struct {
	Limits   bool             // messages a second and a minute, answered with 429
	Latency  time.Duration    // that each send and edit takes
	Now      func() time.Time // nil: time.Now; waiting is always in real time
	Language string           // of everybody's app; "": en
}

// A Server is Telegram, with one bot. Its methods may be called at once.
type Server struct {
	URL      string // the root of the API, without a slash at the end
	Token    string
	Username string // of the bot, without @

	options Options
	bot     wireUser
	client  *http.Client   // of the webhook
	running sync.WaitGroup // what brings updates to it
	ended   chan struct{}

	mu       sync.Mutex
	queue    queue
	hook     *hook
	users    map[string]*User
	chats    map[int64]*talk
	lastID   int // of messages outside of supergroups
	files    map[string]*Upload
	taps     map[string]*tap
	tapped   []*tap // the same, oldest first
	menus    map[string]any
	faults   []*fault
	limits   limiter
	calls    []Call
	broken   []Violation
	expected []*expectation
}

// New starts a server, and ends it with the test, which fails if there was a violation
// that nobody expected. Other processes can use it as well.
func New(tb testing.TB, o Options) *Server {
	tb.Helper()
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Language == "" {
		o.Language = "en"
	}
	s := &Server{
		Token: "7123456789:AAEhBP0av28_fakeTokenOfTheTestsOnly", Username: "mentor_test_bot", options: o,
		ended: make(chan struct{}), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}, users: map[string]*User{}, chats: map[int64]*talk{},
		files: map[string]*Upload{}, taps: map[string]*tap{}, menus: map[string]any{},
	}
	s.bot = wireUser{ID: 7123456789, IsBot: true, FirstName: "Mentor", Username: s.Username}
	s.queue.begin()
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = server.URL
	tb.Cleanup(func() {
		close(s.ended)
		s.stopHook()
		server.CloseClientConnections()
		server.Close()
		s.report(tb)
	})
	return s
}

// serve answers one call.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/bot")
	token, method, found := strings.Cut(rest, "/")
	if !ok || !found || strings.Contains(method, "/") {
		answer(w, http.StatusNotFound, (&refusal{Status: http.StatusNotFound, Description: "Not Found"}).body())
		return
	}
	if subtle.ConstantTimeCompare([]byte(token), []byte(s.Token)) != 1 {
		answer(w, http.StatusUnauthorized, (&refusal{Status: http.StatusUnauthorized, Description: "Unauthorized"}).body())
		return
	}
	c := Call{Method: method, At: s.options.Now()}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpload))
	if err != nil && !errors.As(err, new(*http.MaxBytesError)) {
		return // who called is gone, and has said only part of it
	}
	if err == nil {
		c.Params, err = readParams(r, body, method)
	}
	if err == nil {
		err = checkCall(method, c.Params)
	}
	if err != nil {
		s.settle(w, r, &c, nil, broken(err))
		return
	}
	if f := s.takeFault(c); f != nil {
		s.fail(w, r, &c, f)
		return
	}
	s.perform(w, r, &c)
}

// perform does what a call asks for, and answers it.
func (s *Server) perform(w http.ResponseWriter, r *http.Request, c *Call) {
	if sends(c.Method) && !s.pause(r, s.options.Latency) {
		return
	}
	body, err := s.do(r, c)
	s.settle(w, r, c, body, err)
}

// pause waits, unless who called goes away or the test ends.
func (s *Server) pause(r *http.Request, d time.Duration) bool {
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.ended:
	}
	return false
}

// do has the effect of a call, and returns the answer.
func (s *Server) do(r *http.Request, c *Call) ([]byte, *refusal) {
	if c.Method == "getUpdates" {
		return s.getUpdates(r, c)
	}
	f := methods[c.Method]
	if f == nil {
		return nil, &refusal{Status: http.StatusNotImplemented, Description: "Not Implemented: " + c.Method + " is unknown to this server", broken: true}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if refused := s.limit(c); refused != nil {
		return nil, refused
	}
	result, refused := f(s, c)
	if refused != nil {
		return nil, refused
	}
	body, err := fine(result)
	if err != nil {
		return nil, broken(err)
	}
	return body, nil
}

// settle writes a call down and answers it.
func (s *Server) settle(w http.ResponseWriter, r *http.Request, c *Call, body []byte, refused *refusal) {
	s.note(c, refused)
	switch {
	case r.Context().Err() != nil: // nobody is there to read it
	case refused != nil:
		answer(w, refused.Status, refused.body())
	default:
		answer(w, http.StatusOK, body)
	}
}

func answer(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // who called may be gone
}

// sends reports whether a method puts a message before people.
func sends(method string) bool {
	return (strings.HasPrefix(method, "send") && method != "sendChatAction") || strings.HasPrefix(method, "editMessage")
}
