package telegramtest_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

// An answer is what the server says.
type answer struct {
	Status      int `json:"-"`
	OK          bool
	Result      json.RawMessage
	ErrorCode   int `json:"error_code"`
	Description string
	Parameters  map[string]int64
}

// call calls a method with JSON.
func call(t *testing.T, s *telegramtest.Server, method, params string) answer {
	t.Helper()
	return post(t, s, method, "application/json", params)
}

func post(t *testing.T, s *telegramtest.Server, method, kind, body string) (a answer) {
	t.Helper()
	r, err := http.Post(s.URL+"/bot"+s.Token+"/"+method, kind, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &a); err != nil {
		t.Fatalf("%s: %v: %s", method, err, data)
	}
	a.Status = r.StatusCode
	return a
}

// library returns a client of the library that the bot uses.
func library(t *testing.T, s *telegramtest.Server) *bot.Bot {
	t.Helper()
	b, err := bot.New(s.Token, bot.WithServerURL(s.URL))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheLibrarySpeaksWithIt(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	b, ctx := library(t, s), context.Background()
	ana := s.User("ana")
	if err := ana.Start("CODE"); err != nil {
		t.Fatal(err)
	}
	m, err := b.SendMessage(ctx, &bot.SendMessageParams{
		ChatID: ana.ID, Text: "<b>Hello</b> &amp; <a href=\"https://example.org/x\">more</a>", ParseMode: models.ParseModeHTML,
		ReplyMarkup: models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "Yes", CallbackData: "yes"}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := ana.Tap("Yes"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.EditMessageText(ctx, &bot.EditMessageTextParams{ChatID: ana.ID, MessageID: m.ID, Text: "Done"}); err != nil {
		t.Fatal(err)
	}
	bubbles, err := ana.Screen()
	if err != nil || len(bubbles) != 2 || bubbles[0].Text != "/start CODE" || !bubbles[0].Mine || bubbles[1].Text != "Done" {
		t.Errorf("the screen is %+v, %v", bubbles, err)
	}
}

func TestWhoHasAnotherTokenIsRefused(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	r, err := http.PostForm(s.URL+"/bot123:other/getMe", url.Values{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusUnauthorized {
		t.Errorf("it says %s", r.Status)
	}
}

// into reads the result of a call that went well.
func (a answer) into(t *testing.T, v any) {
	t.Helper()
	if !a.OK {
		t.Fatalf("it says %+v", a)
	}
	if err := json.Unmarshal(a.Result, v); err != nil {
		t.Fatal(err)
	}
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
