package telegramtest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

// A listener is a webhook that writes down what it is brought.
type listener struct {
	mu     sync.Mutex
	heard  []string
	secret string
	refuse int               // so many first
	hold   func(text string) // before it answers
	more   chan struct{}     // something was brought
}

func listen(t *testing.T, s *telegramtest.Server, l *listener, more string) {
	t.Helper()
	l.more = make(chan struct{}, 100)
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	if a := call(t, s, "setWebhook", fmt.Sprintf(`{"url":%q%s}`, server.URL+"/hook", more)); !a.OK {
		t.Fatalf("it says %+v", a)
	}
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var u update
	_ = json.NewDecoder(r.Body).Decode(&u)
	if l.hold != nil {
		l.hold(u.Message.Text)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.secret = r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
	l.heard = append(l.heard, u.Message.Text)
	if l.refuse--; l.refuse >= 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	l.more <- struct{}{}
}

func (l *listener) all(n int) []string {
	for range n {
		<-l.more
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.heard)
}

func TestAWebhookIsBroughtUpdatesInOrder(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	say(t, s, "one", "two")
	l := &listener{refuse: 2}
	listen(t, s, l, `,"secret_token":"s3cret"`)
	say(t, s, "three")
	if got, want := l.all(5), []string{"one", "one", "one", "two", "three"}; !slices.Equal(got, want) {
		t.Errorf("it was brought %q", got)
	}
	if l.secret != "s3cret" {
		t.Errorf("the secret is %q", l.secret)
	}
	refused(t, call(t, s, "getUpdates", `{}`), 409, "can't use getUpdates method while webhook is active")
	var info struct {
		Pending int `json:"pending_update_count"`
		URL     string
		Error   string `json:"last_error_message"`
	}
	for info.Pending = 1; info.Pending > 0; { // the server has yet to hear that the last was taken
		call(t, s, "getWebhookInfo", `{}`).into(t, &info)
	}
	if info.URL == "" || info.Error == "" {
		t.Errorf("it is %+v", info)
	}
	call(t, s, "deleteWebhook", `{}`)
	say(t, s, "four")
	if got := texts(poll(t, s, `{}`)); got != "four" {
		t.Errorf("there are %q", got)
	}
}

func TestAWebhookServesChatsSideBySide(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	free := make(chan struct{})
	l := &listener{hold: func(text string) {
		if text == "slow" {
			<-free
		}
	}}
	listen(t, s, l, "")
	say(t, s, "slow", "after")
	must(t, s.User("borka").Type("fast"))
	if got := l.all(1); !slices.Equal(got, []string{"fast"}) {
		t.Errorf("it was brought %q", got)
	}
	close(free)
	if got := l.all(2); !slices.Equal(got, []string{"fast", "slow", "after"}) {
		t.Errorf("it was brought %q", got)
	}
}

func TestAWebhookEndsThePoll(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ended := make(chan answer)
	go func() { ended <- call(t, s, "getUpdates", `{"timeout":50}`) }()
	l := &listener{}
	for {
		listen(t, s, l, "")
		select {
		case a := <-ended:
			refused(t, a, 409, "")
			return
		default:
			call(t, s, "deleteWebhook", `{}`)
		}
	}
}
