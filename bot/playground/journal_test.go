package playground_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/playground"
)

func TestAJournalKeepsTheConversations(t *testing.T) {
	path := filepath.Join(t.TempDir(), "conversations.jsonl")
	h := &fakeHandler{handle: func(r chat.Request) (chat.Reply, error) {
		reply := say("Which day?", chat.Button{Label: "Today", Command: "log today"})
		reply.Ask, reply.Update = "A day", r.Tapped
		return reply, nil
	}}
	f := begin(t, playground.Options{Journal: path}, h)
	f.do("say", values{"chat": "m", "text": "/log"})
	f.do("tap", values{"chat": "m", "bubble": f.state().Chats["m"].Bubbles[1].ID, "command": "log today"})
	ids, err := f.Send(context.Background(), "c", "key", chat.Message{
		Text: "*Report*", Files: []chat.File{{Name: "r.png", Type: "image/png", Data: []byte("\x89PNG\x00")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	before := f.state()
	f.end()

	after := begin(t, playground.Options{Journal: path}, h)
	s := after.state()
	if s.Book != before.Book || s.Event == before.Event {
		t.Errorf("book %q and event %q, before %q and %q", s.Book, s.Event, before.Book, before.Event)
	}
	if !slices.Equal(s.texts("m"), before.texts("m")) || s.Chats["m"].Ask != "A day" || s.Chats["m"].Bubbles[1].Rev != 1 {
		t.Errorf("the conversation is %+v", s.Chats["m"])
	}
	if len(s.News) != len(before.News) {
		t.Errorf("%d news, before %d", len(s.News), len(before.News))
	}
	again, err := after.Send(context.Background(), "c", "key", chat.Message{Text: "*Report*"})
	if err != nil || !slices.Equal(again, ids) {
		t.Errorf("a message with a known key: %v, %v", again, err)
	}
	if _, body := after.file(t, s.Chats["c"].Bubbles[0].Files[0].Href); body != "\x89PNG\x00" {
		t.Errorf("the file holds %q", body)
	}
	if _, err := after.Edit(context.Background(), "c", ids, chat.Message{Text: "Corrected"}); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the journal's mode is %v, %v", info.Mode(), err)
	}
}

func TestAJournalMayEndInTheMiddleOfALine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	f := begin(t, playground.Options{Journal: path}, &fakeHandler{})
	send(t, f, "a", "b")
	f.end()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, torn := range []string{string(whole[:len(whole)-10]), string(whole[:len(whole)-1]), string(whole) + "\x00\x00\n"} {
		if err := os.WriteFile(path, []byte(torn), 0o600); err != nil {
			t.Fatal(err)
		}
		f := begin(t, playground.Options{Journal: path}, &fakeHandler{})
		send(t, f, "c")
		f.end()
		f = begin(t, playground.Options{Journal: path}, &fakeHandler{})
		if got := f.state().texts("m"); got[0] != "a" || got[len(got)-1] != "c" {
			t.Errorf("from …%q it read %q", torn[len(torn)-20:], got)
		}
		f.end()
	}
}

func TestAJournalThatIsNoneIsAClearError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	if err := os.WriteFile(path, []byte("{}\nhello\n{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := playground.New(playground.Options{Stage: newStage(), Journal: path})
	if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("the error is %v", err)
	}
}
