package chattest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// Nasty are values that people can type, and that must be shown as typed wherever
// they stand.
var Nasty = []string{
	`_*[]()~` + "`" + `>#+-=|{}.!\<&;`, `<b>bold</b> &amp; <script>alert(1)</script>`, `*a* _b_ [c](https://example.org)`,
	"\u202eright to left\u202c, \u05d3\u05d9\u05e0\u05d5", "👩🏽‍👩🏽‍👧🏽‍👦🏽 🏴󠁧󠁢󠁷󠁬󠁳󠁿 e\u0301\u0302\u0303", "@everyone <@123> <@&456> @here /start", "- no item", "%s %d {{.Name}} $1",
}

// Suite holds an adapter to what package chat says of adapters. open starts it with a
// handler, on a platform whose users have begun a chat, and ends it with the test.
func Suite(t *testing.T, open func(t *testing.T, h chat.Handler) Platform) {
	for name, test := range map[string]func(*testing.T, *script, Platform){
		"what is typed reaches the handler":       testTyped,
		"a tap says its command, and may replace": testTapped,
		"order within a chat":                     testOrder,
		"chats side by side":                      testSideBySide,
		"what is typed is shown as typed":         testNasty,
		"send, once for a key, and edit":          testSend,
		"a handler that fails harms nobody":       testTrouble,
		"a file has its name":                     testFile,
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{notes: map[string]bool{}, answer: func(chat.Request) (chat.Reply, error) { return chat.Reply{}, nil }}
			test(t, s, open(t, s))
		})
	}
}

// A script is a handler that answers as a test says.
type script struct {
	mu       sync.Mutex
	requests []chat.Request
	notes    map[string]bool // ids of requests whose replies were sent
	answer   func(chat.Request) (chat.Reply, error)
}

func (s *script) Handle(_ context.Context, r chat.Request) (chat.Reply, error) {
	s.mu.Lock()
	s.requests = append(s.requests, r)
	answer := s.answer
	s.mu.Unlock()
	return answer(r)
}

func (s *script) Sent(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes[id] = true
	return nil
}

func (s *script) Commands(context.Context, string, string) ([]chat.Command, error) {
	return []chat.Command{{Name: "log", Description: "Log a meeting"}}, nil
}

func (s *script) Suggest(context.Context, chat.Request, string, string) ([]chat.Choice, error) {
	return nil, nil
}

func (s *script) Changed(context.Context, chat.Change) error { return nil }

func (s *script) set(answer func(chat.Request) (chat.Reply, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func (s *script) seen() []chat.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// addressOfAna returns the ids of a user and of the user's private chat.
func addressOfAna(on Platform) (userID, chatID string) {
	if d, is := on.(Directory); is {
		return d.Address("ana")
	}
	return "ana", "ana"
}

func say(text chat.Text, buttons ...chat.Button) chat.Reply {
	return chat.Reply{Message: chat.Message{Text: text, Buttons: buttons}}
}

// eventually waits for something that a platform takes its time for.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
		<-time.After(5 * time.Millisecond)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// texts returns what the bot has said on a screen.
func texts(t *testing.T, p Phone) (all []string) {
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

func shows(t *testing.T, p Phone, text string) {
	t.Helper()
	eventually(t, fmt.Sprintf("the screen shows %q", text), func() bool { return slices.Contains(texts(t, p), text) })
}

func testTyped(t *testing.T, s *script, on Platform) {
	s.set(func(r chat.Request) (chat.Reply, error) { return say("You said " + chat.Escape(r.Text)), nil })
	must(t, on.Phone("ana").Type("hello there"))
	shows(t, on.Phone("ana"), "You said hello there")
	must(t, on.Phone("ana").Type("hello there"))
	eventually(t, "both are handled", func() bool { return len(s.seen()) == 2 })
	all := s.seen()
	ana, _ := addressOfAna(on)
	for _, r := range all {
		if r.UserID != ana || r.ChatID == "" || r.ID == "" || r.Text != "hello there" || r.Tapped || r.Group {
			t.Errorf("the request is %+v", r)
		}
	}
	if all[0].ID == all[1].ID {
		t.Error("two requests have one id")
	}
	eventually(t, "the replies are noted as sent", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.notes[all[0].ID] && s.notes[all[1].ID]
	})
}

func testTapped(t *testing.T, s *script, on Platform) {
	command := "log " + strings.Repeat("a", chat.MaxCommand-len("log "))
	s.set(func(r chat.Request) (chat.Reply, error) {
		if r.Tapped {
			reply := say("Done", chat.Button{Label: "Again", Command: "+again"})
			reply.Update = r.Text == command
			return reply, nil
		}
		return say("Shall I?", chat.Button{Label: "Yes <&>", Command: command}, chat.Button{Label: "No", Command: "no"}), nil
	})
	p := on.Phone("ana")
	must(t, p.Type("ask"))
	shows(t, p, "Shall I?")
	must(t, p.Tap("Yes <&>"))
	shows(t, p, "Done")
	if all := texts(t, p); len(all) != 1 {
		t.Errorf("the answer doesn't stand in the place of the question: %q", all)
	}
	must(t, p.Tap("Again"))
	eventually(t, "there are two messages", func() bool { return len(texts(t, p)) == 2 })
	all := s.seen()
	if len(all) != 3 || all[1].Text != command || !all[1].Tapped || all[2].Text != "+again" {
		t.Errorf("the requests are %+v", all)
	}
	if err := p.Tap("There is none"); err == nil {
		t.Error("a button that isn't there was tapped")
	}
}

func testOrder(t *testing.T, s *script, on Platform) {
	s.set(func(r chat.Request) (chat.Reply, error) { return say(chat.Text("Got " + r.Text)), nil })
	var want []string
	for i := range 20 {
		must(t, on.Phone("ana").Type(strconv.Itoa(i)))
		want = append(want, fmt.Sprint("Got ", i))
	}
	eventually(t, "all are answered", func() bool { return len(texts(t, on.Phone("ana"))) == len(want) })
	if got := texts(t, on.Phone("ana")); !slices.Equal(got, want) {
		t.Errorf("the answers are %q", got)
	}
}

func testSideBySide(t *testing.T, s *script, on Platform) {
	free := make(chan struct{})
	ana, _ := addressOfAna(on)
	s.set(func(r chat.Request) (chat.Reply, error) {
		if r.UserID == ana {
			<-free
		}
		return say("Hello"), nil
	})
	var group sync.WaitGroup
	group.Go(func() {
		if err := on.Phone("ana").Type("wait"); err != nil {
			t.Error(err)
		}
	})
	eventually(t, "the first is being handled", func() bool { return len(s.seen()) == 1 })
	must(t, on.Phone("borka").Type("hello"))
	shows(t, on.Phone("borka"), "Hello")
	close(free)
	group.Wait()
	shows(t, on.Phone("ana"), "Hello")
}

func testNasty(t *testing.T, s *script, on Platform) {
	for _, value := range append(Nasty, strings.Repeat("ž", 1900)) {
		s.set(func(r chat.Request) (chat.Reply, error) {
			if r.Text != value {
				t.Errorf("%q was typed, and %q reaches the handler", value, r.Text)
			}
			return say("*Bold* " + chat.Escape(value) + " _end_"), nil
		})
		must(t, on.Phone("ana").Type(value))
		shows(t, on.Phone("ana"), "Bold "+value+" end")
	}
}

func testSend(t *testing.T, _ *script, on Platform) {
	ctx := t.Context()
	p := on.Phone("ana")
	_, ana := addressOfAna(on)
	ids, err := on.Send(ctx, ana, "key/1", chat.Message{Text: "One"})
	must(t, err)
	if len(ids) == 0 {
		t.Error("what was sent has no id")
	}
	shows(t, p, "One")
	if _, err := on.Send(ctx, ana, "key/2", chat.Message{Text: "Two"}); err != nil {
		t.Error(err)
	}
	shows(t, p, "Two")
	e, ok := on.(chat.Editor)
	if !ok {
		return
	}
	now, err := e.Edit(ctx, ana, ids, chat.Message{Text: "One, corrected", Buttons: []chat.Button{{Label: "Fine", Command: "fine"}}})
	must(t, err)
	shows(t, p, "One, corrected")
	if all := texts(t, p); len(all) != 2 || len(now) == 0 {
		t.Errorf("after an edit the screen shows %q", all)
	}
}

func testTrouble(t *testing.T, s *script, on Platform) {
	s.set(func(r chat.Request) (chat.Reply, error) {
		if r.Text == "fail" {
			return chat.Reply{}, errors.New("the disk is full")
		}
		return say("Fine"), nil
	})
	_ = on.Phone("ana").Type("fail") // it may say so, or not
	must(t, on.Phone("borka").Type("hello"))
	shows(t, on.Phone("borka"), "Fine")
	for _, text := range texts(t, on.Phone("ana")) {
		if strings.Contains(text, "disk") {
			t.Errorf("a person reads %q", text)
		}
	}
}

func testFile(t *testing.T, _ *script, on Platform) {
	_, ana := addressOfAna(on)
	_, err := on.Send(t.Context(), ana, "file", chat.Message{
		Text: "Here it is", Files: []chat.File{{Name: "spring.ics", Type: "text/calendar", Data: []byte("BEGIN:VCALENDAR\r\n")}},
	})
	must(t, err)
	shows(t, on.Phone("ana"), "Here it is")
	bubbles, err := on.Phone("ana").Screen()
	must(t, err)
	if b := bubbles[len(bubbles)-1]; !slices.Equal(b.Files, []string{"spring.ics"}) {
		t.Errorf("the files are %q", b.Files)
	}
}
