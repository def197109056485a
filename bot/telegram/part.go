package telegram

import (
	"bytes"
	"image"
	_ "image/jpeg" // what may be shown as a picture
	_ "image/png"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A part is what one call sends: a text, or a file with a caption.
type part struct {
	html    string
	short   bool // it has room below a file
	file    *chat.File
	picture bool
	markup  models.ReplyMarkup
}

// parts are what a message is sent as: files first, the last of which bears a text that is
// short enough, and the buttons with what comes last. ask hints at what may be typed: it
// has no room beside buttons, with which the text asks as well. Without text and files
// there is nothing to say.
func parts(m chat.Message, ask, link string) (all []part) {
	if m.Text == "" && len(m.Files) == 0 {
		return nil
	}
	for i := range m.Files {
		f := m.Files[i]
		f.Name = fileName(f.Name)
		all = append(all, part{file: &f, picture: isPicture(&f), html: caption(f.Alt)})
	}
	texts := pieces(m.Text, maxText)
	short := len(texts) == 1 && len(pieces(m.Text, maxCaption)) == 1
	if len(all) > 0 && short {
		all[len(all)-1].html = texts[0]
		texts = nil
	}
	for _, text := range texts {
		all = append(all, part{html: text, short: short})
	}
	if len(all) == 0 && len(m.Buttons) > 0 {
		all = append(all, part{html: "…"}) // buttons can't be sent alone
	}
	if len(all) == 0 {
		return nil
	}
	last := &all[len(all)-1]
	switch {
	case len(m.Buttons) > 0:
		last.markup = keyboard(m.Buttons, link)
	case ask != "":
		last.markup = &models.ForceReply{ForceReply: true, InputFieldPlaceholder: placeholder(ask), Selective: true}
	}
	return all
}

// caption is what a picture shows, said below it.
func caption(alt string) string {
	if short := pieces(chat.Escape(alt), maxCaption); len(short) > 0 {
		return short[0]
	}
	return ""
}

// isPicture reports whether Telegram shows a file as a picture
// (https://core.telegram.org/bots/api#sendphoto).
func isPicture(f *chat.File) bool {
	const most, sides, ratio = 10 << 20, 10000, 20
	if f.Type != "image/png" && f.Type != "image/jpeg" || len(f.Data) > most {
		return false
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(f.Data))
	return err == nil && c.Width+c.Height <= sides && c.Width <= ratio*c.Height && c.Height <= ratio*c.Width
}

// fileName returns a name that is nothing but a name.
func fileName(name string) string {
	const most = 200 // bytes
	name = strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r == '"' || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	if name = strings.TrimLeft(name, "."); strings.TrimSpace(name) == "" {
		return "file"
	}
	for len(name) > most { // the end tells what it is
		_, n := utf8.DecodeRuneInString(name)
		name = name[n:]
	}
	return name
}
