package bot_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/bot/chat"
)

func TestWhatWasFormattedIsTyped(t *testing.T) {
	for styled, want := range map[chat.Text]string{
		"plain":                                  "plain",
		"*bold*, _it_ and *_both_*":              "*bold*, _it_ and *_both_*",
		"*bold *and":                             "*bold* and",
		"un*believ*able":                         "unbelievable",
		chat.Escape("*not* [x](https://a)"):      `\*not\* \[x](https://a)`,
		"[words](https://a.org/x_y_)":            "[words](https://a.org/x_y_)",
		"https://a.org/\\_b\\_":                  "https://a.org/_b_",
		"- *one*\n- two":                         "- *one*\n- two",
		"[https://a.org](https://a.org) *and* b": "https://a.org *and* b",
	} {
		if got := bot.Unwritten(styled); got != want {
			t.Errorf("%q is typed %q, want %q", styled, got, want)
		}
	}
}

// TestNothingOfWhatWasFormattedIsLost: a reader sees the words, whatever becomes of the
// formatting.
func TestNothingOfWhatWasFormattedIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SampledFrom([]string{"*", "_", "[", "](", ")", "\\", "- ", "a", " ", "https://a.org/x", "ž", "<", "`"})
		text := chat.Text("")
		for range rapid.IntRange(0, 8).Draw(t, "parts") {
			part := chat.Escape(words.Draw(t, "part"))
			text += rapid.SampledFrom([]chat.Text{part, "*" + part + "*", "_" + part + "_", chat.Link(part.Plain(), "https://b.org")}).Draw(t, "styled")
		}
		plain := func(text chat.Text) string {
			var b strings.Builder
			for _, line := range text.Lines() {
				if line.Item {
					b.WriteString("- ")
				}
				for _, span := range line.Spans {
					b.WriteString(span.Text)
				}
			}
			return b.String()
		}
		typed := bot.Unwritten(text)
		if got := plain(bot.Written(typed)); got != plain(text) && typed != plain(text) {
			t.Fatalf("%q is typed %q, which reads %q", text, typed, got)
		}
	})
}

func TestAnAnnouncementWithAPicture(t *testing.T) {
	h := newHall(t).everyone().linked()
	picture := chat.File{Name: "poster.png", Type: "image/png", Data: []byte("not empty")}
	comes := func(id, text string, styled chat.Text, files ...chat.File) said {
		return h.asks(chat.Request{ID: id, UserID: "coordinator", ChatID: "coordinator", Text: text, Styled: styled, Files: files})
	}
	h.types("coordinator", "/announce").tap("Everyone")
	comes("f1", "Look", "", chat.File{Name: "film.mp4", Type: "video/mp4"}).says("5 MB")
	look := comes("f2", "Look at *this", "Look *at* \\*this", picture).says("Look at *this")
	if len(look.Files) != 1 {
		t.Errorf("the preview has %d files", len(look.Files))
	}
	look.tap("Change the text")
	look = comes("f3", "Look here", "")
	if look.says("Look here"); len(look.Files) != 1 {
		t.Error("another text loses the picture")
	}
	look.tap("Send now")
	got := h.hears("mentee", "Look here")
	if len(got.Files) != 1 || got.Files[0].Name != "poster.png" || string(got.Files[0].Data) != "not empty" {
		t.Errorf("the files are %+v", got.Files)
	}
	if got := h.hears("crowd", "Look here"); len(got.Files) != 1 {
		t.Error("the group doesn't get the picture")
	}
	h.hears("coordinator").tap("Correct the text")
	comes("f4", "Look there", "", picture).says("keeps its pictures")
	h.types("coordinator", "Look there").tap("Correct it for everybody")
	if got := h.sees("mentee", "Look there"); len(got.Files) != 1 {
		t.Error("a correction loses the picture")
	}
	if got := h.sees("crowd", "Look there"); len(got.Files) != 1 {
		t.Error("a correction loses the group's picture")
	}
}
