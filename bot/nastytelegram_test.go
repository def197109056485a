package bot_test

import (
	"flag"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/telegram"
	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

var nastyNames = flag.Int("nasty", 2, "how many random names go through every screen to Telegram")

// TestTelegramTakesNastyNames sends each screen with names that break what doesn't escape
// them to a Bot API server that is stricter than Telegram: it refuses none.
func TestTelegramTakesNastyNames(t *testing.T) {
	fake := telegramtest.New(t, telegramtest.Options{})
	adapter, err := telegram.New(telegram.Options{Token: fake.Token, API: fake.URL, Limits: telegram.Limits{Off: true}})
	if err != nil {
		t.Fatal(err)
	}
	fake.User("ana").Begin()
	_, chatID := fake.Address("ana")
	seed := rand.Uint64()
	rng := rand.New(rand.NewPCG(seed, 0))
	t.Log("seed", seed)
	names := append([]string{strings.Repeat("<&_*[", 13_000)}, nasty...)
	for range *nastyNames {
		var name strings.Builder
		for range 1 + rng.IntN(20) {
			name.WriteString(nastyParts[rng.IntN(len(nastyParts))])
		}
		names = append(names, name.String())
	}
	sent := 0
	for _, name := range names {
		for _, m := range shownTo(t, name) {
			sent++
			if _, err := adapter.Send(t.Context(), chatID, strconv.Itoa(sent), m); err != nil {
				t.Fatalf("%q: %v\n%s", name, err, m.Text)
			}
		}
	}
	t.Log(sent, "texts were sent")
}

// nastyParts are what random names are made of.
var nastyParts = []string{
	"_", "*", "[", "](", ")", "~", "`", "```", ">", "#", "+", "-", "=", "|", "{", "}", ".", "!", "\\", "<", "</b>", "<b>", "&", "&lt;", "&#0;",
	";", "\u202e", "\u200f", "\u200b", "\u2066", "👩🏽‍👩🏽‍👧🏽‍👦🏽", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "e\u0301\u0302", "\n", "\n- ", " ", "@everyone", "/start", "https://a.b/_c_", "%s",
	"{{.Name}}", "ž", "Ђ", "𝕬", "\u00a0", "\t", "a",
}
