package playground

import (
	"crypto/rand"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A bubble is one message of a conversation.
type bubble struct {
	ID      string
	Mine    bool      `json:",omitempty"` // the person said it, not the bot
	Notice  bool      `json:",omitempty"` // the page itself says it
	At      time.Time // by the cycle's clock
	Message chat.Message

	seq int // counts the bubbles of all conversations
	rev int // counts its changes
}

// newID returns an id that no other bubble has, not even in another run: edits name
// bubbles by what the database remembers.
func newID() string { return rand.Text()[:16] }

// News is something that just happened.
type news struct {
	At   time.Time `json:"at"`
	Chat string    `json:"chat"`
	Act  string    `json:"act"`
	Text string    `json:"text"`
	ID   string    `json:"id,omitempty"` // of the bubble
}

// What people and the bot do.
const (
	said    = "said"
	tapped  = "tapped"
	started = "started"
	got     = "got"
	changed = "changed"
	failed  = "failed"
)

// maxNews is how many runes of a text are told as news.
const maxNews = 160

func newsOf(b *bubble, act, text string) *news {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxNews {
		text = string(runes[:maxNews]) + "…"
	}
	if text == "" && len(b.Message.Files) > 0 {
		text = b.Message.Files[0].Name
	}
	return &news{At: b.At, Act: act, Text: text, ID: b.ID}
}

// isEmpty reports whether there is nothing to show of a message.
func isEmpty(m chat.Message) bool {
	return m.Text == "" && len(m.Buttons) == 0 && len(m.Files) == 0
}
