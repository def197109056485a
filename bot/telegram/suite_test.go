package telegram_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/telegram"
	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

// A platform is the adapter with a fake Telegram on its other side.
type platform struct {
	*telegram.Adapter
	tg *telegramtest.Server
}

func (p platform) Phone(who string) chattest.Phone            { return p.tg.Phone(who) }
func (p platform) Address(who string) (userID, chatID string) { return p.tg.Address(who) }

func TestSuite(t *testing.T) {
	chattest.Suite(t, func(t *testing.T, h chat.Handler) chattest.Platform {
		tg := telegramtest.New(t, telegramtest.Options{})
		tg.User("ana").Begin()
		tg.User("borka").Begin()
		f := prepare(t, tg, nil)
		f.run(t, h)
		return platform{f.Adapter, tg}
	})
}

func TestSuiteByWebhook(t *testing.T) {
	chattest.Suite(t, func(t *testing.T, h chat.Handler) chattest.Platform {
		tg := telegramtest.New(t, telegramtest.Options{})
		tg.User("ana").Begin()
		tg.User("borka").Begin()
		f := byWebhook(t, tg, nil)
		f.run(t, h)
		return platform{f.Adapter, tg}
	})
}

// byWebhook makes an adapter to which updates are brought.
func byWebhook(t *testing.T, tg *telegramtest.Server, h *handler) *fixture {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	f := prepare(t, tg, h, func(o *telegram.Options) {
		o.Webhook = &telegram.Webhook{URL: server.URL + "/telegram", Secret: "a-secret_1"}
	})
	for pattern, route := range f.Routes() {
		mux.Handle(pattern, route)
	}
	return f
}
