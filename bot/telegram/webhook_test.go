package telegram_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

// call brings a body to the webhook as anybody could, and returns the status.
func call(f *fixture, secret, body string) int {
	r := httptest.NewRequest(http.MethodPost, "/telegram", strings.NewReader(body))
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	w := httptest.NewRecorder()
	for _, route := range f.Routes() {
		route.ServeHTTP(w, r)
	}
	return w.Code
}

func TestWebhookRefuses(t *testing.T) {
	const secret = "a-secret_1"
	tg := telegramtest.New(t, telegramtest.Options{})
	f := byWebhook(t, tg, &handler{})
	if status := call(f, secret, `{"update_id":1}`); status != http.StatusServiceUnavailable {
		t.Errorf("before it runs: %d", status)
	}
	f.run(t, f.handler)
	eventually(t, "the webhook is set", func() bool { return len(tg.Calls("setWebhook")) == 1 })
	for _, c := range []struct {
		secret, body string
		want         int
	}{
		{secret, `{"update_id":1}`, http.StatusOK},
		{secret, `{"update_id":1,"message":5}`, http.StatusOK}, // set aside
		{"", `{"update_id":1}`, http.StatusUnauthorized},
		{secret + "x", `{"update_id":1}`, http.StatusUnauthorized},
		{secret[1:], strings.Repeat(" ", 2<<20), http.StatusUnauthorized},
		{secret, strings.Repeat(" ", 1<<20+1), http.StatusRequestEntityTooLarge},
	} {
		if status := call(f, c.secret, c.body); status != c.want {
			t.Errorf("%q %.20q: %d", c.secret, c.body, status)
		}
	}
	if n := f.count("set_aside"); n != 1 {
		t.Errorf("%d were set aside", n)
	}
	f.end(t)
	if status := call(f, secret, `{"update_id":1}`); status != http.StatusServiceUnavailable {
		t.Errorf("after it ran: %d", status)
	}
}

func TestWebhookAnswersAfterTheCommit(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := byWebhook(t, tg, &handler{})
	f.run(t, f.handler)
	var tries atomic.Int32
	f.set(func(context.Context, chat.Request) (chat.Reply, error) {
		if tries.Add(1) == 1 {
			return chat.Reply{}, errors.New("the database is gone")
		}
		if tg.Pending() == 0 {
			t.Error("it was answered before")
		}
		return say("Done"), nil
	})
	eventually(t, "the webhook is set", func() bool { return len(tg.Calls("setWebhook")) == 1 })
	must(t, tg.User("ana").Type("hello"))
	eventually(t, "it is brought until it is done", func() bool { return tg.Pending() == 0 && len(shown(t, tg.User("ana"))) == 1 })
	if tries.Load() != 2 {
		t.Errorf("it was handled %d times", tries.Load())
	}
}

func TestNothingIsTakenWhileItEnds(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := byWebhook(t, tg, &handler{})
	f.run(t, f.handler)
	inside, free := make(chan struct{}), make(chan struct{})
	f.set(func(context.Context, chat.Request) (chat.Reply, error) {
		close(inside)
		<-free
		return say("Done"), nil
	})
	eventually(t, "the webhook is set", func() bool { return len(tg.Calls("setWebhook")) == 1 })
	must(t, tg.User("ana").Type("hello"))
	<-inside
	f.stop()
	eventually(t, "what is brought is refused", func() bool {
		return call(f, "a-secret_1", `{"update_id":1}`) == http.StatusServiceUnavailable
	})
	close(free)
	eventually(t, "what was under way is finished", func() bool { return len(shown(t, tg.User("ana"))) == 1 && tg.Pending() == 0 })
}

func TestBetweenPollingAndWebhook(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	ana := tg.User("ana")
	must(t, ana.Type("one"))
	f := byWebhook(t, tg, &handler{})
	f.run(t, f.handler)
	eventually(t, "it is answered by webhook", func() bool { return len(shown(t, ana)) == 1 })
	f.end(t)
	must(t, ana.Type("two"))
	g := open(t, tg)
	eventually(t, "it is answered by polling", func() bool { return len(shown(t, ana)) == 2 })
	g.end(t)
	if !slices.Equal(g.texts(), []string{"two"}) {
		t.Errorf("polling brought %q", g.texts())
	}
}

func TestAWebhookThatSomebodySets(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	open(t, tg)
	ana := tg.User("ana")
	must(t, ana.Type("one"))
	eventually(t, "it is answered", func() bool { return len(shown(t, ana)) == 1 })
	other := byWebhook(t, tg, &handler{})
	other.run(t, other.handler)
	eventually(t, "the webhook was set", func() bool { return len(tg.Calls("setWebhook")) == 1 })
	other.end(t)
	must(t, ana.Type("two"))
	eventually(t, "updates are fetched again", func() bool { return len(shown(t, ana)) == 2 })
}
