package service_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/service"
	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

// A room is a service at work, on a file, and one platform in which people type.
type room struct {
	*testing.T
	store   *store.Store
	file    string
	base    string // of the public listener
	log     syncBuffer
	handler chan chat.Handler
	talk    chat.Handler
	ids     map[string]string
	n       int
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// Run is chat.Adapter's.
func (r *room) Run(ctx context.Context, h chat.Handler) error {
	r.handler <- h
	<-ctx.Done()
	return nil
}

// Send is chat.Adapter's.
func (r *room) Send(context.Context, string, string, chat.Message) ([]string, error) {
	return []string{"1"}, nil
}

func open(t *testing.T, public service.Public) *room {
	t.Helper()
	r := &room{T: t, file: storetest.SQLite(t), handler: make(chan chat.Handler, 1), ids: map[string]string{}}
	var err error
	if r.store, err = store.Open(t.Context(), store.Options{Database: r.file, Key: []byte("0123456789abcdef0123456789abcdef")}); err != nil {
		t.Fatal(err)
	}
	r.do(r.furnish)
	public.Listen = "127.0.0.1:0"
	s, err := service.New(t.Context(), service.Options{
		Store: r.store, Alone: true, Public: public, Platforms: []service.Platform{{Name: "hall", Bot: "main", Adapter: r}},
		Log: slog.New(slog.NewTextHandler(&r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, r.store.Close()); err != nil {
			t.Error(err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	r.base = "http://" + s.PublicAddr().String()
	r.talk = <-r.handler
	for _, who := range []string{"mira", "ana", "vesna"} {
		r.says(who, "/start "+r.ids["code-"+who])
	}
	return r
}

func (r *room) do(f func(*store.Tx) error) {
	r.Helper()
	if err := r.store.Update(r.Context(), f); err != nil {
		r.Fatal(err)
	}
}

// furnish makes a cycle that is under way now.
func (r *room) furnish(tx *store.Tx) (err error) {
	today := store.DateOf(time.Now())
	c := store.Cycle{
		Slug: "pilot", Title: "Pilot cycle", Zone: "Europe/Belgrade", Language: "en", Starts: today - 30, Ends: today + 100,
		By: today + 90, Minimum: 6, MeetingLength: time.Hour, Rules: store.DefaultRules(),
	}
	err = errors.Join(tx.SetProgram(store.Program{Name: "Mentorship"}), tx.InsertCycle(&c))
	r.ids["cycle"] = c.ID
	for slug, role := range map[string]store.Role{"mira": store.Mentor, "ana": store.Mentee, "vesna": store.Coordinator} {
		p := store.Person{Slug: slug, Name: "Zq" + slug}
		err = errors.Join(err, tx.InsertPerson(&p), tx.PutMember(store.Member{CycleID: c.ID, PersonID: p.ID, Role: role}))
		code, failed := tx.NewInvitation(p.ID, time.Now().Add(time.Hour))
		err, r.ids[slug], r.ids["code-"+slug] = errors.Join(err, failed), p.ID, code
	}
	p := store.Pair{CycleID: c.ID, MentorID: r.ids["mira"], MenteeID: r.ids["ana"]}
	s := store.Session{CycleID: c.ID, Slug: "spring", Title: "Spring session", At: (today + 10).At(18 * 60), Length: time.Hour, Where: "https://meet.example.org/zq"}
	err = errors.Join(err, tx.InsertPair(&p), tx.InsertSession(&s))
	r.ids["spring"] = s.ID
	return errors.Join(err, func() error {
		_, err := tx.Agree(p.ID, time.Now().Add(5*24*time.Hour), time.Hour, r.ids["mira"])
		return err
	}())
}

func (r *room) says(who, text string) chat.Reply {
	r.Helper()
	r.n++
	reply, err := r.talk.Handle(r.Context(), chat.Request{
		ID: fmt.Sprint("r", r.n), UserID: who, ChatID: who, Language: "en", Text: text, Tapped: !strings.HasPrefix(text, "/"),
	})
	if err != nil {
		r.Fatal(err)
	}
	return reply
}

var address = regexp.MustCompile(`https://bot\.example\.org\S*/calendar/([a-z2-7]{26})\.ics`)

// address asks for a calendar's address and returns its path.
func (r *room) address(who, line string) string {
	r.Helper()
	m := address.FindStringSubmatch(r.says(who, line).Text.Plain())
	if m == nil {
		r.Fatal("there is no address")
	}
	return "/calendar/" + m[1] + ".ics"
}

type answer struct {
	*http.Response
	body string
}

func (r *room) asks(method, path string, header ...string) answer {
	r.Helper()
	req, err := http.NewRequestWithContext(r.Context(), method, r.base+path, nil)
	if err != nil {
		r.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.Fatal(err)
	}
	for name, want := range map[string]string{"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
		if got := resp.Header.Get(name); got != want {
			r.Errorf("%s %s: %s is %q", method, path, name, got)
		}
	}
	return answer{resp, string(body)}
}

func (r *room) wants(a answer, status int) answer {
	r.Helper()
	if a.StatusCode != status {
		r.Errorf("the answer is %s, want %d: %s", a.Status, status, a.body)
	}
	return a
}

var public = service.Public{URL: &url.URL{Scheme: "https", Host: "bot.example.org"}}

func TestFromSettingsToTheCalendar(t *testing.T) {
	r := open(t, public)
	path := r.address("ana", "settings calendar")
	got := r.wants(r.asks(http.MethodGet, path), http.StatusOK)
	for _, part := range []string{"BEGIN:VCALENDAR\r\n", "SUMMARY:Spring session\r\n", "SUMMARY:Meeting with Zqmira\r\n", "BEGIN:VTIMEZONE\r\n"} {
		if !strings.Contains(got.body, part) {
			t.Errorf("%q isn't in\n%s", part, got.body)
		}
	}
	tag := got.Header.Get("ETag")
	if h := got.Header; h.Get("Content-Type") != "text/calendar; charset=utf-8" || h.Get("Cache-Control") != "private, max-age=300" || tag == "" {
		t.Errorf("the header is %v", h)
	}
	if a := r.wants(r.asks(http.MethodGet, path, "If-None-Match", tag), http.StatusNotModified); a.body != "" {
		t.Error("what hasn't changed is sent")
	}
	if a := r.wants(r.asks(http.MethodHead, path), http.StatusOK); a.body != "" || a.Header.Get("ETag") != tag {
		t.Errorf("HEAD: %v, %q", a.Header, a.body)
	}
	r.do(func(tx *store.Tx) error {
		s, err := tx.Session(r.ids["spring"])
		return errors.Join(err, tx.MoveSession(s.ID, (s.At.Date+1).At(19*60)))
	})
	moved := r.wants(r.asks(http.MethodGet, path, "If-None-Match", tag), http.StatusOK)
	if !strings.Contains(moved.body, "T190000\r\n") || moved.Header.Get("ETag") == tag {
		t.Errorf("moved, it is\n%s", moved.body)
	}
	again := r.address("ana", "settings calendar new")
	r.wants(r.asks(http.MethodGet, path), http.StatusNotFound)
	r.says("ana", "settings calendar stop")
	r.wants(r.asks(http.MethodGet, again), http.StatusNotFound)

	mira := r.address("mira", "settings calendar")
	r.do(func(tx *store.Tx) error { return tx.Leave(r.ids["cycle"], r.ids["mira"]) })
	r.wants(r.asks(http.MethodGet, mira), http.StatusNotFound)
	ana := r.address("ana", "settings calendar")
	r.wants(r.asks(http.MethodGet, ana), http.StatusOK)
	r.do(func(tx *store.Tx) error { return tx.ErasePerson(r.ids["ana"]) })
	r.wants(r.asks(http.MethodGet, ana), http.StatusNotFound)
	r.wants(r.asks(http.MethodGet, ana, "If-None-Match", "*"), http.StatusNotFound)

	cycle := r.address("vesna", "cycle-calendar "+r.ids["cycle"])
	open := r.wants(r.asks(http.MethodGet, cycle), http.StatusOK)
	if !strings.Contains(open.body, "Spring session") || strings.Contains(strings.ToLower(open.body), "zq") || strings.Contains(open.body, "Meeting") {
		t.Errorf("the cycle's calendar is\n%s", open.body)
	}
	r.nothingOf(path, again, mira, ana, cycle)
}

// nothingOf checks that no token stands in the log, or readable in the database.
func (r *room) nothingOf(paths ...string) {
	r.Helper()
	var kept []byte
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(r.file + end)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			r.Fatal(err)
		}
		kept = append(kept, b...)
	}
	if !bytes.Contains(kept, []byte("Spring session")) {
		r.Fatal("the database doesn't hold what was written")
	}
	for _, path := range paths {
		token := strings.TrimSuffix(strings.TrimPrefix(path, "/calendar/"), ".ics")
		if strings.Contains(r.log.String(), token) {
			r.Error("a token is logged")
		}
		if bytes.Contains(kept, []byte(token)) {
			r.Error("a token is in the database")
		}
	}
}

func TestWhatIsntThere(t *testing.T) {
	r := open(t, public)
	path := r.address("ana", "settings calendar")
	void := r.asks(http.MethodGet, "/calendar/"+strings.Repeat("a", 26)+".ics")
	for _, other := range []string{"/", "/calendar/", "/calendar/x", strings.TrimSuffix(path, ".ics"), path + "/", "/metrics", "/calendar/%2e%2e.ics"} {
		if a := r.wants(r.asks(http.MethodGet, other), http.StatusNotFound); a.body != void.body || a.Header.Get("ETag") != "" {
			t.Errorf("%s is answered otherwise than what is void: %q", other, a.body)
		}
	}
	r.wants(void, http.StatusNotFound)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, "PROPFIND"} {
		r.wants(r.asks(method, path), http.StatusMethodNotAllowed)
	}
	long, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	long.Header.Set("X-Long", strings.Repeat("x", 100<<10))
	resp, err := http.DefaultClient.Do(long)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a long header is answered with %s", resp.Status)
	}
}

func TestWhoGuessesIsHeldUp(t *testing.T) {
	r := open(t, public)
	path := r.address("ana", "settings calendar")
	guess := func(from string) int {
		return r.asks(http.MethodGet, "/calendar/"+strings.Repeat("b", 26)+".ics", "X-Forwarded-For", "192.0.2.99, "+from).StatusCode
	}
	n := 0
	for guess("192.0.2.1") == http.StatusNotFound && n < 100 {
		n++
	}
	if n < 20 || n > 40 {
		t.Errorf("held up after %d guesses", n)
	}
	if status := guess("192.0.2.2"); status != http.StatusNotFound {
		t.Errorf("somebody else gets %d", status)
	}
	r.wants(r.asks(http.MethodGet, path, "X-Forwarded-For", "192.0.2.1"), http.StatusTooManyRequests)
	for range 100 { // what is right isn't counted
		r.wants(r.asks(http.MethodGet, path, "X-Forwarded-For", "192.0.2.3"), http.StatusOK)
	}
}

func TestOthersAnswerBesideCalendars(t *testing.T) {
	hook := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hook") })
	r := open(t, service.Public{
		URL: &url.URL{Scheme: "https", Host: "bot.example.org", Path: "/mentoring"},
		Routes: map[string]http.Handler{
			"POST /hook": hook,
			"GET /panic": http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("planted-secret") }),
		},
	})
	path := r.address("ana", "settings calendar")
	for _, before := range []string{"", "/mentoring"} { // as the proxy passes it on
		r.wants(r.asks(http.MethodGet, before+path), http.StatusOK)
		if a := r.wants(r.asks(http.MethodPost, before+"/hook"), http.StatusOK); a.body != "hook" {
			t.Errorf("the hook answers %q", a.body)
		}
	}
	r.wants(r.asks(http.MethodGet, "/hook"), http.StatusMethodNotAllowed)
	if resp, err := http.Get(r.base + "/panic"); err == nil {
		t.Error("a panic is answered", resp.Body.Close())
	}
	if log := r.log.String(); !strings.Contains(log, "public request panicked") || strings.Contains(log, "planted-secret") {
		t.Error(log)
	}
}

func TestAnAddressThatIsTaken(t *testing.T) {
	r := open(t, public)
	_, err := service.New(t.Context(), service.Options{
		Store: r.store, Watch: "127.0.0.1:0", Public: service.Public{Listen: strings.TrimPrefix(r.base, "http://"), URL: public.URL},
	})
	if err == nil || !strings.Contains(err.Error(), "public.listen") {
		t.Errorf("the error is %v", err)
	}
}
