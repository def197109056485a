package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

var testKey = []byte("0123456789abcdef0123456789abcdef")

// A hall is where the people of a small cycle talk with the bot: two pairs with one
// mentor, a coordinator, a session and an event ahead.
type hall struct {
	*testing.T
	store     *store.Store
	bot       *bot.Bot
	handler   chat.Handler
	scheduler *scheduler.Scheduler
	cycle     store.Cycle
	ids       map[string]string // of the pairs, the session and the event

	mu      sync.Mutex
	now     time.Time
	heard   map[string][]chat.Message // by chat, what was sent there unasked
	edited  map[string][]chat.Message // by chat, what was put in the place of something
	blocked map[string]error          // chats to which nothing can be sent
	fixed   map[string]error          // chats in which nothing can be edited
	menus   []string                  // chats whose menus were to follow, since that was asked
	n       int                       // of requests and messages
}

// inTheMorning is Wednesday 10 February 2027, 10:00 in Belgrade.
var inTheMorning = time.Date(2027, 2, 10, 9, 0, 0, 0, time.UTC)

// newHall opens a hall in which nobody has joined yet.
func newHall(t *testing.T, with ...func(*bot.Options)) *hall {
	t.Helper()
	h := &hall{
		T: t, now: inTheMorning, ids: map[string]string{},
		heard: map[string][]chat.Message{}, edited: map[string][]chat.Message{}, blocked: map[string]error{}, fixed: map[string]error{},
	}
	h.store = storetest.Open(t, store.Options{Key: testKey, Now: h.read})
	var o bot.Options
	for _, set := range with {
		set(&o)
	}
	h.bot = bot.New(h.store, o)
	h.scheduler = scheduler.New(h.store, h.bot, scheduler.Options{})
	h.do(h.furnish)
	handler, err := h.bot.Connect(t.Context(), "hall", "main", h)
	if err != nil {
		t.Fatal(err)
	}
	h.handler = handler
	return h
}

func (h *hall) furnish(tx *store.Tx) error {
	h.cycle = store.Cycle{
		Slug: "pilot", Title: "Pilot cycle", Zone: "Europe/Belgrade", Language: "en",
		Starts: store.NewDate(2027, 1, 11), Ends: store.NewDate(2027, 6, 30), Minimum: 6,
		By: store.NewDate(2027, 6, 15), MeetingLength: 90 * time.Minute, Rules: store.DefaultRules(),
	}
	must(tx.SetProgram(store.Program{Name: "Mentorship"}))
	must(tx.InsertCycle(&h.cycle))
	people := []struct {
		slug, name, language string
		role                 store.Role
	}{
		{"mentor", "Mira", "", store.Mentor}, {"mentee", "Ana", "", store.Mentee}, {"second", "Borka", "sr-Latn", store.Mentee},
		{"coordinator", "Vesna", "", store.Coordinator}, {"other", "Dino", "", store.Mentor},
	}
	id := map[string]string{}
	for _, p := range people {
		person := store.Person{Slug: p.slug, Name: p.name, Language: p.language}
		must(tx.InsertPerson(&person))
		must(tx.PutMember(store.Member{CycleID: h.cycle.ID, PersonID: person.ID, Role: p.role}))
		id[p.slug] = person.ID
		h.ids[p.slug] = person.ID
	}
	for _, mentee := range []string{"mentee", "second"} {
		p := store.Pair{CycleID: h.cycle.ID, MentorID: id["mentor"], MenteeID: id[mentee]}
		must(tx.InsertPair(&p))
		h.ids["pair-"+mentee] = p.ID
	}
	s := store.Session{CycleID: h.cycle.ID, Slug: "spring", Title: "Spring session",
		At: store.NewDate(2027, 3, 4).At(18 * 60), Length: 90 * time.Minute, Where: "https://meet.example.org/spring"}
	must(tx.InsertSession(&s))
	h.ids["spring"] = s.ID
	e := store.Event{CycleID: h.cycle.ID, Slug: "belgrade", Title: "Live event in Belgrade", Place: "Belgrade",
		From: store.NewDate(2027, 6, 18), To: store.NewDate(2027, 6, 20),
		Agenda: []store.AgendaItem{{At: store.NewDate(2027, 6, 18).At(18 * 60), Title: "Arrival and dinner"}}}
	must(tx.InsertEvent(&e))
	h.ids["belgrade"] = e.ID
	return nil
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func (h *hall) read() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// later turns the clock on and does what is due.
func (h *hall) later(d time.Duration) {
	h.Helper()
	h.mu.Lock()
	h.now = h.now.Add(d)
	h.mu.Unlock()
	h.tick()
}

func (h *hall) tick() {
	h.Helper()
	if _, err := h.scheduler.Tick(h.Context(), h.read()); err != nil {
		h.Fatal(err)
	}
}

func (h *hall) do(f func(*store.Tx) error) {
	h.Helper()
	if err := h.store.Update(h.Context(), f); err != nil {
		h.Fatal(err)
	}
}

// Run is chat.Adapter's.
func (h *hall) Run(context.Context, chat.Handler) error { return nil }

// Send is chat.Adapter's.
func (h *hall) Send(_ context.Context, chatID, _ string, m chat.Message) ([]string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.blocked[chatID]; err != nil {
		return nil, err
	}
	h.heard[chatID] = append(h.heard[chatID], m)
	h.n++
	return []string{fmt.Sprint("m", h.n)}, nil
}

// Edit is chat.Editor's.
func (h *hall) Edit(_ context.Context, chatID string, ids []string, m chat.Message) ([]string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, blocked := range []map[string]error{h.blocked, h.fixed} {
		if err := blocked[chatID]; err != nil {
			return nil, err
		}
	}
	h.edited[chatID] = append(h.edited[chatID], m)
	return ids, nil
}

// OfferMenu is chat.Menuer's.
func (h *hall) OfferMenu(chatID, _ string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.menus = append(h.menus, chatID)
}

// everyone joins.
func (h *hall) everyone() *hall {
	h.Helper()
	for _, who := range []string{"mentor", "mentee", "second", "coordinator", "other"} {
		h.joins(who)
	}
	h.tick()
	clear(h.heard)
	return h
}

func (h *hall) joins(who string) said {
	h.Helper()
	return h.types(who, "/start "+h.invite(who))
}

func (h *hall) invite(who string) (code string) {
	h.Helper()
	h.do(func(tx *store.Tx) (err error) {
		code, err = tx.NewInvitation(h.ids[who], h.read().Add(24*time.Hour))
		return err
	})
	return code
}

// A said is a reply, for tests to look at.
type said struct {
	*hall
	who string
	chat.Reply
}

func (h *hall) request(who, text string, tapped bool) said {
	h.Helper()
	h.mu.Lock()
	h.n++
	id := fmt.Sprint("r", h.n)
	h.mu.Unlock()
	return h.asks(chat.Request{ID: id, UserID: who, ChatID: who, Language: "en", Text: text, Tapped: tapped})
}

func (h *hall) asks(r chat.Request) said {
	h.Helper()
	reply, err := h.handler.Handle(h.Context(), r)
	if err != nil {
		h.Fatalf("%s says %q: %v", r.UserID, r.Text, err)
	}
	if reply.Text == "" {
		h.Errorf("%s says %q, and gets no answer", r.UserID, r.Text)
	}
	for _, b := range reply.Buttons {
		if len(b.Command) > chat.MaxCommand || b.Label == "" || chat.UTF16Len(b.Label) > chat.MaxLabel {
			h.Errorf("%s says %q, and gets the button %+v", r.UserID, r.Text, b)
		}
	}
	if len(reply.Buttons) > chat.MaxButtons {
		h.Errorf("%s says %q, and gets %d buttons", r.UserID, r.Text, len(reply.Buttons))
	}
	h.tick()
	return said{h, r.UserID, reply}
}

// types types something as somebody.
func (h *hall) types(who, text string) said { h.Helper(); return h.request(who, text, false) }

// taps says a command line as a button would.
func (h *hall) taps(who, command string) said { h.Helper(); return h.request(who, command, true) }

// tap taps a button of what was said.
func (s said) tap(label string) said {
	s.Helper()
	i := slices.IndexFunc(s.Buttons, func(b chat.Button) bool { return b.Label == label })
	if i < 0 {
		s.Fatalf("there is no button %q below\n%s\n%v", label, s.Text.Plain(), s.Buttons)
	}
	return s.taps(s.who, s.Buttons[i].Command)
}

// says checks that a text has parts in it.
func (s said) says(parts ...string) said {
	s.Helper()
	s.wants(s.Message, parts...)
	return s
}

func (h *hall) wants(m chat.Message, parts ...string) {
	h.Helper()
	for _, part := range parts {
		if !strings.Contains(m.Text.Plain(), part) {
			h.Errorf("want %q in\n%s", part, m.Text.Plain())
		}
	}
}

// buttons checks the labels of all buttons.
func (s said) buttons(labels ...string) said {
	s.Helper()
	var got []string
	for _, b := range s.Buttons {
		got = append(got, b.Label)
	}
	if !slices.Equal(got, labels) {
		s.Errorf("below %q are the buttons %q, want %q", s.Text.Plain(), got, labels)
	}
	return s
}

// hears takes the last message that was sent to somebody unasked.
func (h *hall) hears(who string, parts ...string) said {
	h.Helper()
	h.mu.Lock()
	all := h.heard[who]
	h.heard[who] = nil
	h.mu.Unlock()
	if len(all) == 0 {
		h.Fatalf("%s hears nothing", who)
	}
	m := all[len(all)-1]
	h.wants(m, parts...)
	return said{h, who, chat.Reply{Message: m}}
}

// hearsNothing checks that nothing was sent to somebody.
func (h *hall) hearsNothing(who string) {
	h.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range h.heard[who] {
		h.Errorf("%s hears %q", who, m.Text.Plain())
	}
}
