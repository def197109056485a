package discord_test

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/discord"
	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

// A handler answers as a test says, and notes what it is told.
type handler struct {
	mu       sync.Mutex
	requests []chat.Request
	changes  []chat.Change
	sent     []string
	menu     []chat.Command
	answer   func(context.Context, chat.Request) (chat.Reply, error)
	change   func(chat.Change) error
	suggest  func(r chat.Request, option, typed string) ([]chat.Choice, error)
}

func (h *handler) Handle(ctx context.Context, r chat.Request) (chat.Reply, error) {
	h.mu.Lock()
	h.requests = append(h.requests, r)
	answer := h.answer
	h.mu.Unlock()
	if answer == nil {
		return say("You said " + chat.Escape(r.Text)), nil
	}
	return answer(ctx, r)
}

func (h *handler) Sent(_ context.Context, id string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sent = append(h.sent, id)
	return nil
}

func (h *handler) Commands(_ context.Context, user, language string) ([]chat.Command, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.menu != nil {
		return h.menu, nil
	}
	return []chat.Command{{Name: "start", Description: "Begin, in " + language + user}}, nil
}

func (h *handler) Suggest(_ context.Context, r chat.Request, option, typed string) ([]chat.Choice, error) {
	if h.suggest == nil {
		return nil, nil
	}
	return h.suggest(r, option, typed)
}

func (h *handler) Changed(_ context.Context, c chat.Change) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.changes = append(h.changes, c)
	if h.change != nil {
		return h.change(c)
	}
	return nil
}

func (h *handler) set(answer func(context.Context, chat.Request) (chat.Reply, error)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answer = answer
}

func (h *handler) seen() []chat.Request {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]chat.Request(nil), h.requests...)
}

func (h *handler) texts() (all []string) {
	for _, r := range h.seen() {
		all = append(all, r.Text)
	}
	return all
}

func (h *handler) changed() []chat.Change {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]chat.Change(nil), h.changes...)
}

func (h *handler) noted() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.sent...)
}

func say(text chat.Text, buttons ...chat.Button) chat.Reply {
	return chat.Reply{Message: chat.Message{Text: text, Buttons: buttons}}
}

// A fixture is an adapter at work with a fake Discord.
type fixture struct {
	*discord.Adapter
	*handler
	ds    *discordtest.Server
	log   *output
	stop  context.CancelFunc
	ended chan struct{}
	err   error // of Run, once it has ended

	counted struct {
		sync.Mutex
		events map[string]int
	}
}

// An output is a log that may be read while it is written.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

func (f *fixture) count(event string) int {
	f.counted.Lock()
	defer f.counted.Unlock()
	return f.counted.events[event]
}

// prepare makes an adapter that doesn't run yet.
func prepare(t *testing.T, ds *discordtest.Server, h *handler, change ...func(*discord.Options)) *fixture {
	t.Helper()
	f := &fixture{ds: ds, log: &output{}, handler: h, ended: make(chan struct{})}
	f.counted.events = map[string]int{}
	o := discord.Options{
		Token: ds.Token, API: ds.URL, Limits: discord.Limits{Off: true},
		Log: slog.New(slog.NewTextHandler(f.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Count: func(event string) {
			f.counted.Lock()
			defer f.counted.Unlock()
			f.counted.events[event]++
		},
	}
	for _, c := range change {
		c(&o)
	}
	a, err := discord.New(o)
	must(t, err)
	f.Adapter = a
	return f
}

func (f *fixture) run(t *testing.T, h chat.Handler) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	f.stop = stop
	go func() {
		f.err = f.Run(ctx, h)
		close(f.ended)
	}()
	t.Cleanup(func() {
		stop()
		select {
		case <-f.ended:
		case <-time.After(15 * time.Second):
			t.Error("the run doesn't end")
		}
		if t.Failed() {
			t.Log(f.log.String())
		}
	})
}

// end ends the run and waits for that.
func (f *fixture) end(t *testing.T) {
	t.Helper()
	f.stop()
	<-f.ended
	must(t, f.err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually waits for something that comes over the network.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(15 * time.Second); !is(); {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
		<-time.After(2 * time.Millisecond)
	}
}

// shown returns what the bot has said to somebody.
func shown(t *testing.T, p interface {
	Screen() ([]chattest.Bubble, error)
}) (all []string) {
	t.Helper()
	bubbles, err := p.Screen()
	must(t, err)
	for _, b := range bubbles {
		if !b.Mine {
			all = append(all, b.Text)
		}
	}
	return all
}
