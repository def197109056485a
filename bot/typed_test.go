package bot_test

import "testing"

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
