package bot_test

import (
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// TestAStrangersLanguage: of whom nothing is known, the programme's language is the best guess.
func TestAStrangersLanguage(t *testing.T) {
	h := newHall(t)
	h.do(func(tx *store.Tx) error {
		c, err := tx.Cycle(h.cycle.ID)
		must(err)
		c.Language = "sr-Latn"
		return tx.UpdateCycle(c)
	})
	knock := func(id, language string) said {
		return h.asks(chat.Request{ID: id, UserID: "nobody", ChatID: "nobody", Text: "hello", Language: language})
	}
	knock("a", "").says("Zdravo!")
	knock("b", "en").says("Hello!")
}
