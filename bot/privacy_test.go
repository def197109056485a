package bot_test

import (
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/store"
)

// privacy sets the programme's own words.
func (h *hall) privacy(words string) {
	h.Helper()
	h.do(func(tx *store.Tx) error {
		p, err := tx.Program()
		must(err)
		p.Privacy = words
		return tx.SetProgram(p)
	})
}

func TestPrivacy(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/privacy").says("What I send, what I keep, who sees it", "I send reminders", "I keep your name", "Coordinators see", "only if you allow it",
		"as a file, or have it deleted").
		buttons("What you know about me", "Delete my data", "Settings")
	h.types("stranger", "/privacy").says("Whoever takes part can get all of it").buttons()
	h.types("mentee", "/privacy 1").says("What I send, what I keep") // there is no such page
	h.privacy("We are *Kooperativa*.\n- Write to us: info@example.org\n")
	h.types("second", "/privacy").says("Mentorship ima nešto da doda").buttons("Čitaj dalje", "Šta znaš o meni", "Obriši moje podatke", "Podešavanja")
	h.types("stranger", "/privacy").buttons("Read on").tap("Read on").
		says("In the words of Mentorship\n\nWe are *Kooperativa*.\n- Write to us: info@example.org").buttons("Back to the first")
}

func TestTheProgrammesOwnWordsAreReadPageByPage(t *testing.T) {
	h := newHall(t).everyone()
	for name, words := range map[string]string{
		"lines": strings.Repeat(strings.Repeat("word ", 30)+"\n", 100), "words": strings.Repeat("word ", 3000),
		"no space": strings.Repeat("ž", 15000), "escaped": strings.Repeat("*_<[", 3000), "wide": strings.Repeat("👩🏽‍👩🏽‍👧🏽‍👦🏽", 2000),
		"right to left": strings.Repeat("\u202e\u05d3\u05d9 ", 4000),
	} {
		h.privacy(words)
		var read strings.Builder
		page := h.types("stranger", "/privacy")
		for n := 0; len(page.Buttons) > 0 && page.Buttons[0].Label == "Read on"; n++ {
			if page = page.tap("Read on"); n > 50 {
				t.Fatalf("%s: there is no end", name)
			}
			if n := chat.UTF16Len(string(page.Text)); n > chat.MaxText {
				t.Errorf("%s: a page has %d units", name, n)
			}
			_, shown, _ := strings.Cut(page.Text.Plain(), "\n\n")
			read.WriteString(shown)
		}
		together := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if together(read.String()) != together(words) {
			t.Errorf("%s: what is read isn't what was written: %d characters, not %d", name, len(together(read.String())), len(together(words)))
		}
	}
	h.types("stranger", "/privacy 2").says("page 2 of").buttons("Read on", "Back", "Back to the first")
	for _, nonsense := range []string{"0", "-1", "99999999999999999999", "x", "1e3"} {
		h.taps("stranger", "privacy "+nonsense).says("What I send, what I keep")
	}
}

func TestTheProgrammesOwnWordsAreShownAsTyped(t *testing.T) {
	h := newHall(t)
	for _, words := range chattest.Nasty {
		h.privacy(words)
		h.types("stranger", "/privacy 1").says("In the words of Mentorship\n\n" + words)
	}
}
