package playground_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/playground"
)

func TestSomebodySaysSomething(t *testing.T) {
	h := &fakeHandler{}
	f := begin(t, playground.Options{}, h)
	f.do("say", values{"chat": "m", "text": " Hello *there* \x00"})
	s := f.state()
	if diff := cmp.Diff([]string{"Hello *there*", "You said Hello *there*"}, s.texts("m")); diff != "" {
		t.Error(diff)
	}
	if b := s.Chats["m"].Bubbles; !b[0].Mine || b[1].Mine || !b[1].At.Equal(start) {
		t.Errorf("who said it when: %+v", b)
	}
	want := chat.Request{ID: h.requests[0].ID, UserID: "m", ChatID: "m", Language: "en", Text: "Hello *there*"}
	if diff := cmp.Diff(want, h.requests[0]); diff != "" {
		t.Error(diff)
	}
	if len(want.ID) < 20 || !slices.Equal(h.sent, []string{want.ID}) {
		t.Errorf("request %q was answered, noted as sent: %q", want.ID, h.sent)
	}
	if acts := []string{s.News[0].Act, s.News[1].Act}; !slices.Equal(acts, []string{"said", "got"}) {
		t.Errorf("the news are %v", acts)
	}
}

func TestRequestsOfAChatWaitForEachOther(t *testing.T) {
	inside, release := make(chan string, 10), make(chan struct{})
	h := &fakeHandler{handle: func(r chat.Request) (chat.Reply, error) {
		inside <- r.ChatID + " " + r.Text
		if r.ChatID == "m" {
			<-release
		}
		return say("ok"), nil
	}}
	f := begin(t, playground.Options{}, h)
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() { f.do("say", values{"chat": "m", "text": "x"}) })
	}
	if got := <-inside; got != "m x" {
		t.Fatal(got)
	}
	f.do("say", values{"chat": "c", "text": "y"}) // passes while the other chat is busy
	if got := <-inside; got != "c y" {
		t.Fatalf("%s was handled while its chat was busy", got)
	}
	close(release)
	group.Wait()
	if got := f.state().texts("m"); !slices.Equal(got, []string{"x", "ok", "x", "ok", "x", "ok"}) {
		t.Errorf("the conversation is %q", got)
	}
}

func TestAReplyTakesTheTappedMessagesPlace(t *testing.T) {
	h := &fakeHandler{handle: func(r chat.Request) (chat.Reply, error) {
		if !r.Tapped {
			return say("When did you meet?", chat.Button{Label: "Today", Command: "log today"}), nil
		}
		reply := say("Logged: " + chat.Escape(r.Text))
		reply.Update, reply.Ask = true, "Anything else?"
		return reply, nil
	}}
	f := begin(t, playground.Options{}, h)
	f.do("say", values{"chat": "m", "text": "/log"})
	f.do("say", values{"chat": "m", "text": "/log"})
	before := f.state().Chats["m"].Bubbles
	f.stage.set(start.Add(time.Hour))
	f.do("tap", values{"chat": "m", "bubble": before[1].ID, "command": "log today"})
	s := f.state()
	after := s.Chats["m"].Bubbles
	if got := s.texts("m"); !slices.Equal(got, []string{"/log", "Logged: log today", "/log", "When did you meet?"}) {
		t.Errorf("the conversation is %q", got)
	}
	if after[1].ID != before[1].ID || after[1].Rev != 1 || !after[1].At.Equal(start) || len(after[1].Buttons) != 0 {
		t.Errorf("the changed message is %+v", after[1])
	}
	if s.Chats["m"].Ask != "Anything else?" {
		t.Errorf("it asks %q", s.Chats["m"].Ask)
	}
	if n := s.News[len(s.News)-2]; n.Act != "tapped" || n.Text != "Today" {
		t.Errorf("the news of the tap is %+v", n)
	}
	f.do("tap", values{"chat": "m", "bubble": "gone", "command": "log yesterday"}) // a message that isn't there any more
	if got := f.state().texts("m"); got[len(got)-1] != "Logged: log yesterday" {
		t.Errorf("the conversation is %q", got)
	}
}

func TestWhatGoesWrongIsSaidKindly(t *testing.T) {
	h := &fakeHandler{handle: func(r chat.Request) (chat.Reply, error) {
		if r.Text == "panic" {
			panic("secret")
		}
		return chat.Reply{}, errors.New("secret")
	}}
	f := begin(t, playground.Options{}, h)
	for _, text := range []string{"error", "panic"} {
		f.do("say", values{"chat": "m", "text": text})
		all := f.state().Chats["m"].Bubbles
		if b := all[len(all)-1]; !b.Notice || !strings.Contains(b.text(), "nothing was done") || strings.Contains(b.text(), "secret") {
			t.Errorf("after %s the page says %q", text, b.text())
		}
	}
	if len(h.sent) != 0 {
		t.Errorf("replies noted as sent: %q", h.sent)
	}
}

func TestStartUsesAFreshInvitationAndShowsNoCode(t *testing.T) {
	h := &fakeHandler{}
	f := begin(t, playground.Options{}, h)
	h.handle = func(r chat.Request) (chat.Reply, error) {
		f.stage.join(r.UserID)
		return say("Welcome!"), nil
	}
	f.do("start", values{"chat": "e"})
	if h.requests[0].Text != "/start CODEe" {
		t.Errorf("it sent %q", h.requests[0].Text)
	}
	s := f.state()
	if got := s.texts("e"); !slices.Equal(got, []string{"/start", "Welcome!"}) {
		t.Errorf("the conversation is %q", got)
	}
	if !s.Scene.People[2].Joined {
		t.Error("the page doesn't know that she has joined")
	}
}

func TestSendOnceForAKey(t *testing.T) {
	f := begin(t, playground.Options{}, &fakeHandler{})
	ctx := context.Background()
	first, err := f.Send(ctx, "m", "session/1", chat.Message{Text: "a"})
	if err != nil {
		t.Fatal(err)
	}
	again, err := f.Send(ctx, "m", "session/1", chat.Message{Text: "a"})
	if err != nil || !slices.Equal(first, again) {
		t.Errorf("sent again: %v, %v, want %v", again, err, first)
	}
	if _, err := f.Send(ctx, "m", "", chat.Message{Text: "b"}); err != nil {
		t.Error(err)
	}
	now, err := f.Edit(ctx, "m", first, chat.Message{Text: "c"})
	if err != nil || !slices.Equal(now, first) {
		t.Errorf("edited: %v, %v", now, err)
	}
	if got := f.state().texts("m"); !slices.Equal(got, []string{"c", "b"}) {
		t.Errorf("the conversation is %q", got)
	}
	later := new(chat.LaterError)
	if _, err := f.Edit(ctx, "m", []string{"gone"}, chat.Message{}); err == nil || errors.As(err, &later) {
		t.Errorf("editing what isn't there: %v", err)
	}
	f.end()
	if _, err := f.Send(ctx, "m", "x", chat.Message{Text: "late"}); !errors.As(err, &later) {
		t.Errorf("sending after the end: %v", err)
	}
}

func TestWhateverPeopleTypeIsShownAsTyped(t *testing.T) {
	nasty := []string{
		"_*[]<&`", "- not an item", "<script>alert(1)</script>", "a\nb\n\n- c", "\u202eright to left\u202c עמית",
		"👩‍👩‍👧‍👦🏳️‍🌈", strings.Repeat("žđ", 2000), "[x](javascript:alert(1))", "<2027-01-21T17:00:00Z|now>",
	}
	h := &fakeHandler{handle: func(r chat.Request) (chat.Reply, error) { return say(chat.Escape(r.Text)), nil }}
	f := begin(t, playground.Options{}, h)
	for _, text := range nasty {
		f.do("say", values{"chat": "m", "text": text})
		all := f.state().texts("m")
		if all[len(all)-1] != text || all[len(all)-2] != text {
			t.Errorf("%q is shown as %q", text, all[len(all)-2:])
		}
	}
}

func TestWhatIsTooLongOrUnknownIsRefused(t *testing.T) {
	f := begin(t, playground.Options{}, &fakeHandler{})
	for name, c := range map[string]struct {
		what string
		body any
		want int
	}{
		"nothing":             {"say", values{"chat": "m", "text": " \n"}, http.StatusBadRequest},
		"as long as can be":   {"say", values{"chat": "m", "text": strings.Repeat("🎉", 2048)}, http.StatusOK},
		"longer":              {"say", values{"chat": "m", "text": strings.Repeat("🎉", 2049)}, http.StatusRequestEntityTooLarge},
		"far longer":          {"say", values{"chat": "m", "text": strings.Repeat("x", 1<<20)}, http.StatusRequestEntityTooLarge},
		"a long command":      {"tap", values{"chat": "m", "command": strings.Repeat("x", 65)}, http.StatusRequestEntityTooLarge},
		"a stranger":          {"say", values{"chat": "x", "text": "hello"}, http.StatusNotFound},
		"a stranger's start":  {"start", values{"chat": "x"}, http.StatusNotFound},
		"not what it must be": {"say", []int{1}, http.StatusBadRequest},
		"a strange turn":      {"turn", values{"by": "year"}, http.StatusBadRequest},
	} {
		if got, words := f.post(c.what, c.body); got != c.want || got != http.StatusOK && words == "" {
			t.Errorf("%s: %d %q, want %d", name, got, words, c.want)
		}
	}
}

func TestMenuAndSuggestions(t *testing.T) {
	f := begin(t, playground.Options{}, &fakeHandler{})
	var menu []struct {
		Name, Description string
		Options           []string
	}
	if _, err := f.get("/api/commands?chat=c", &menu); err != nil {
		t.Fatal(err)
	}
	if len(menu) != 2 || menu[0].Description != "Log a meeting, c sr-Latn" || menu[1].Options[0] != "audience" {
		t.Errorf("the menu is %+v", menu)
	}
	response, body := f.ask("POST", "/api/suggest", nil) // for the chat m, and a command without a name
	if response.StatusCode != http.StatusOK || !strings.Contains(body, `"label":"Mentors","value":"/||"`) {
		t.Errorf("suggested is %s", body)
	}
}

func TestLongConversationsComeInParts(t *testing.T) {
	f := begin(t, playground.Options{}, &fakeHandler{})
	for range 250 {
		if _, err := f.Send(context.Background(), "m", "", chat.Message{Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	total, more := 0, true
	bubbles := f.state().Chats["m"].Bubbles
	for more {
		total += len(bubbles)
		var earlier struct {
			Bubbles []bubble
			More    bool
		}
		before := bubbles[0].Seq
		if _, err := f.get("/api/earlier?chat=m&before="+itoa(before), &earlier); err != nil {
			t.Fatal(err)
		}
		bubbles, more = earlier.Bubbles, earlier.More
		if bubbles[len(bubbles)-1].Seq != before-1 {
			t.Errorf("before %d comes %d", before, bubbles[len(bubbles)-1].Seq)
		}
	}
	if total += len(bubbles); total != 250 {
		t.Errorf("%d messages in all parts", total)
	}
}
