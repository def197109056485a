package bot_test

import (
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
)

func TestACommandBehindOtherWords(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "Здраво, /LOG yesterday 60").says("logged")
	h.types("mentee", "see https://example.org/log").says("free text")
	h.types("mentee", "what does /nonsense do").says("free text")
}

// TestACommandInATextThatWasAskedFor: there it is a part of the text.
func TestACommandInATextThatWasAskedFor(t *testing.T) {
	h := newHall(t).everyone()
	h.writes("Please use /log after each meeting").says("Please use /log after each meeting")
}

func TestAnEditedMessageDoesNothing(t *testing.T) {
	h := newHall(t).everyone()
	edited := func(text string) said {
		return h.asks(chat.Request{ID: "edited " + text, UserID: "mentee", ChatID: "mentee", Text: text, Edited: true})
	}
	edited("/log yesterday 60").says("send it once more")
	h.types("mentee", "/log").says("When")
	edited("yesterday").says("send it once more")
	h.types("mentee", "yesterday").says("how long")
	h.hearsNothing("mentor")
}
