package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/config"
)

// runs runs a command in a folder with a configuration, and returns what it says.
func runs(t *testing.T, folder string, args ...string) (said string) {
	t.Helper()
	var out, errs bytes.Buffer
	_ = run(t.Context(), append([]string{"--config", filepath.Join(folder, "config.yaml")}, args...), strings.NewReader(""), &out, &errs)
	return out.String() + errs.String()
}

// TestTheBotInTelegramIsFound: doctor says who it is, and invite how to get to it.
func TestTheBotInTelegramIsFound(t *testing.T) {
	fake := telegramtest.New(t, telegramtest.Options{})
	folder := t.TempDir()
	t.Chdir(folder)
	runs(t, folder, "init")
	t.Setenv("MENTORBOT_TELEGRAM_API_URL", fake.URL)
	t.Setenv("MENTORBOT_TELEGRAM_TOKEN", fake.Token)
	if said := runs(t, folder, "apply", "program.yaml"); strings.Contains(said, "mistake") {
		t.Fatal(said)
	}
	if said := runs(t, folder, "doctor"); !strings.Contains(said, "the bot is @"+fake.Username) {
		t.Error(said)
	}
	if said := runs(t, folder, "invite", "coordinator-belgrade"); !strings.Contains(said, "https://t.me/"+fake.Username+"?start=") {
		t.Error(said)
	}
	wrong := "123456:" + strings.Repeat("x", 35)
	t.Setenv("MENTORBOT_TELEGRAM_TOKEN", wrong)
	if said := runs(t, folder, "doctor"); !strings.Contains(said, "the token is refused") || strings.Contains(said, wrong) {
		t.Error(said)
	}
	t.Setenv("MENTORBOT_TELEGRAM_API_URL", "http://127.0.0.1:1")
	t.Setenv("MENTORBOT_TELEGRAM_TOKEN", fake.Token)
	if said := runs(t, folder, "doctor"); !strings.Contains(said, "FAULT    telegram") || strings.Contains(said, fake.Token) {
		t.Error(said)
	}
}

// TestTelegramIsHeardAtThePublicAddress: by one line of the configuration, wherever that
// address leads to.
func TestTelegramIsHeardAtThePublicAddress(t *testing.T) {
	for _, address := range []string{"https://bot.example.org", "https://example.org/bots/mentor"} {
		c := config.Config{Key: bytes.Repeat([]byte("k"), config.KeySize)}
		c.Telegram.Token, c.Telegram.Webhook = "123456:"+strings.Repeat("x", 35), true
		var err error
		if c.Public.URL, err = url.Parse(address); err != nil {
			t.Fatal(err)
		}
		all, err := platforms(c, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		mux := http.NewServeMux()
		for pattern, handler := range routes(c.Public.URL, all) {
			mux.Handle(pattern, handler)
		}
		path, secret := "/telegram/"+derived(c.Key, "telegram webhook path")[:16], derived(c.Key, "telegram webhook secret")
		for _, call := range []struct {
			method, secret string
			want           int
		}{
			{http.MethodPost, "", http.StatusUnauthorized}, {http.MethodPost, path, http.StatusUnauthorized},
			{http.MethodPost, secret, http.StatusServiceUnavailable}, // it doesn't run
			{http.MethodGet, secret, http.StatusMethodNotAllowed},
		} {
			r := httptest.NewRequest(call.method, path, strings.NewReader(`{"update_id":1}`))
			r.Header.Set("X-Telegram-Bot-Api-Secret-Token", call.secret)
			w := httptest.NewRecorder()
			if mux.ServeHTTP(w, r); w.Code != call.want {
				t.Errorf("%s, %s with %.8q: %d", address, call.method, call.secret, w.Code)
			}
		}
	}
}

// TestTheBotInDiscordIsFound: doctor says who it is, or that the token is wrong.
func TestTheBotInDiscordIsFound(t *testing.T) {
	fake := discordtest.New(t, discordtest.Options{})
	folder := t.TempDir()
	t.Chdir(folder)
	runs(t, folder, "init")
	runs(t, folder, "apply", "program.yaml")
	t.Setenv("MENTORBOT_DISCORD_API_URL", fake.URL)
	t.Setenv("MENTORBOT_DISCORD_TOKEN", fake.Token)
	if said := runs(t, folder, "doctor"); !strings.Contains(said, "ok       discord        the bot is ") {
		t.Error(said)
	}
	wrong := "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA.GfAkEt." + strings.Repeat("x", 30)
	t.Setenv("MENTORBOT_DISCORD_TOKEN", wrong)
	if said := runs(t, folder, "doctor"); !strings.Contains(said, "FAULT    discord") || !strings.Contains(said, "the token is refused") || strings.Contains(said, wrong) {
		t.Error(said)
	}
}
