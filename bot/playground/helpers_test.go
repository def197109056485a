package playground_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/playground"
	"github.com/kooperativa/mentorbot/bot/playground/playgroundtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(playgroundtest.Main{M: m}) }

var start = time.Date(2027, 1, 11, 8, 0, 0, 0, time.UTC)

// A fakeStage has a coordinator, a mentor, and a mentee who hasn't joined.
type fakeStage struct {
	mu     sync.Mutex
	now    time.Time
	people []playground.Person
	turn   func(ctx context.Context, by playground.Turn) error
}

func newStage() *fakeStage {
	return &fakeStage{now: start, people: []playground.Person{
		{ID: "c", Name: "Jovana", Role: "coordinator", City: "Belgrade", Language: "sr-Latn", Joined: true},
		{ID: "m", Name: "Amra", Role: "mentor", City: "Sarajevo", Language: "en", Joined: true},
		{ID: "e", Name: "Lejla", Role: "mentee", City: "Mostar", Language: "en"},
	}}
}

func (s *fakeStage) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *fakeStage) Scene(context.Context) (playground.Scene, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return playground.Scene{
		Title: "Spring 2027", Now: s.now, Zone: "Europe/Belgrade", Start: start, End: start.AddDate(0, 6, 0),
		Next: s.now.Add(time.Hour), People: append([]playground.Person{}, s.people...),
		Milestones: []playground.Milestone{{At: start.AddDate(0, 0, 10), Label: "Opening session", Kind: "session"}},
	}, nil
}

func (s *fakeStage) Invite(_ context.Context, userID string) (string, error) {
	return "CODE" + userID, nil
}

func (s *fakeStage) Turn(ctx context.Context, by playground.Turn) error {
	if s.turn != nil {
		return s.turn(ctx, by)
	}
	s.set(s.Now().Add(time.Hour))
	return nil
}

func (s *fakeStage) set(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

func (s *fakeStage) join(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.people {
		s.people[i].Joined = s.people[i].Joined || s.people[i].ID == id
	}
}

// A fakeHandler answers with a function, and notes what it was asked and told.
type fakeHandler struct {
	handle func(r chat.Request) (chat.Reply, error)

	mu       sync.Mutex
	requests []chat.Request
	sent     []string
}

func (h *fakeHandler) Handle(_ context.Context, r chat.Request) (chat.Reply, error) {
	h.mu.Lock()
	h.requests = append(h.requests, r)
	h.mu.Unlock()
	if h.handle == nil {
		return say("You said " + chat.Escape(r.Text)), nil
	}
	return h.handle(r)
}

func (h *fakeHandler) Sent(_ context.Context, id string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sent = append(h.sent, id)
	return nil
}

func (h *fakeHandler) Commands(_ context.Context, userID, language string) ([]chat.Command, error) {
	return []chat.Command{
		{Name: "log", Description: "Log a meeting, " + userID + " " + language},
		{Name: "announce", Description: "Write to everyone", Options: []chat.Option{{Name: "audience"}}},
	}, nil
}

func (h *fakeHandler) Changed(context.Context, chat.Change) error { return nil }

func (h *fakeHandler) Suggest(_ context.Context, r chat.Request, option, typed string) ([]chat.Choice, error) {
	return []chat.Choice{{Label: "Mentors", Value: r.Text + "|" + option + "|" + typed}}, nil
}

func say(text chat.Text, buttons ...chat.Button) chat.Reply {
	return chat.Reply{Message: chat.Message{Text: text, Buttons: buttons}}
}

// A fixture is a playground that runs behind a server.
type fixture struct {
	*playground.Playground
	tb      testing.TB
	server  *httptest.Server
	stage   *fakeStage
	handler *fakeHandler
	end     func() // ends Run and waits for it
}

func begin(tb testing.TB, o playground.Options, h *fakeHandler) *fixture {
	tb.Helper()
	f := beginWith(tb, o, h)
	f.handler = h
	return f
}

func beginWith(tb testing.TB, o playground.Options, h chat.Handler) *fixture {
	tb.Helper()
	stage, ok := o.Stage.(*fakeStage)
	if !ok {
		stage = newStage()
		o.Stage = stage
	}
	p, err := playground.New(o)
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx, h) }()
	f := &fixture{Playground: p, tb: tb, server: httptest.NewServer(p.Handler()), stage: stage}
	f.end = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			tb.Errorf("run: %v", err)
		}
	})
	tb.Cleanup(func() {
		f.end()
		f.server.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	f.until("the people", func(s state) bool { return len(s.Scene.People) > 0 })
	return f
}

type bubble struct {
	ID, Chat     string
	Seq, Rev     int
	Mine, Notice bool
	At           time.Time
	Lines        []struct {
		Item  bool
		Spans []struct{ Text, Link string }
	}
	Buttons []struct{ Label, Command string }
	Files   []struct {
		Name, Alt, Href string
		Picture         bool
	}
}

func (b bubble) text() string {
	var lines []string
	for _, l := range b.Lines {
		var line strings.Builder
		for _, s := range l.Spans {
			line.WriteString(s.Text)
		}
		lines = append(lines, line.String())
	}
	return strings.Join(lines, "\n")
}

type state struct {
	Book, Event string
	Scene       playground.Scene
	Chats       map[string]struct {
		Ask     string
		Bubbles []bubble
		More    bool
	}
	News []struct{ Chat, Act, Text string }
}

func (s state) texts(chatID string) (texts []string) {
	for _, b := range s.Chats[chatID].Bubbles {
		texts = append(texts, b.text())
	}
	return texts
}

func (f *fixture) state() (s state) {
	f.tb.Helper()
	if status, err := f.get("/api/state", &s); err != nil || status != http.StatusOK {
		f.tb.Fatalf("state: %d, %v", status, err)
	}
	return s
}

func (f *fixture) get(path string, into any) (status int, err error) {
	response, err := http.Get(f.server.URL + path)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	return response.StatusCode, json.NewDecoder(response.Body).Decode(into)
}

// until waits until the state is as it should be: it listens for what is new.
func (f *fixture) until(what string, ok func(state) bool) state {
	f.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		s, status := state{}, 0
		if got, err := f.get("/api/state", &s); err == nil {
			status = got
		}
		if status == http.StatusOK && ok(s) {
			return s
		}
		events := f.listen(ctx, s.Event)
		if !events.next() && ctx.Err() != nil {
			f.tb.Fatalf("%s: it doesn't come", what)
		}
		events.close()
	}
}

// post does something, and returns the answer's status and error.
func (f *fixture) post(what string, body any) (status int, words string) {
	f.tb.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		f.tb.Fatal(err)
	}
	response, err := http.Post(f.server.URL+"/api/"+what, "application/json", bytes.NewReader(data))
	if err != nil {
		f.tb.Error(err)
		return 0, ""
	}
	defer response.Body.Close()
	var answer struct{ Error string }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil && !errors.Is(err, io.EOF) {
		f.tb.Error(err)
	}
	return response.StatusCode, answer.Error
}

type values map[string]string

func (f *fixture) do(what string, body values) {
	f.tb.Helper()
	if status, words := f.post(what, body); status != http.StatusOK {
		f.tb.Fatalf("%s %v: %d %s", what, body, status, words)
	}
}

// A listener reads a stream of events.
type listener struct {
	body   io.ReadCloser
	lines  *bufio.Reader
	kind   string // of the last event
	id     string
	events []map[string]json.RawMessage
}

func (f *fixture) listen(ctx context.Context, lastID string) *listener {
	f.tb.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.server.URL+"/api/events", nil)
	if err != nil {
		f.tb.Fatal(err)
	}
	request.Header.Set("Last-Event-ID", lastID)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		f.tb.Fatalf("listen: %v", err)
	}
	return &listener{body: response.Body, lines: bufio.NewReader(response.Body)}
}

// next reads the next event, and reports whether there was one.
func (l *listener) next() bool {
	l.kind, l.events = "message", nil
	for {
		line, err := l.lines.ReadString('\n')
		if err != nil {
			return false
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "event":
			l.kind = value
		case "id":
			l.id = value
		case "data":
			if l.kind == "message" {
				if err := json.Unmarshal([]byte(value), &l.events); err != nil {
					panic(fmt.Sprintf("%v in %s", err, value))
				}
			}
			return true
		}
	}
}

func (l *listener) close() { _ = l.body.Close() }

// serve serves a page that doesn't run.
func serve(t *testing.T, o playground.Options) *httptest.Server {
	t.Helper()
	o.Stage = newStage()
	p, err := playground.New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p.Handler())
	t.Cleanup(func() {
		server.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return server
}
