package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
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
