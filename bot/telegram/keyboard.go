package telegram

import (
	"github.com/go-telegram/bot/models"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// How wide a row of buttons is on a small phone, in UTF-16 units of their labels, and how
// many of them may share it.
const (
	rowWidth = 26
	rowKeys  = 4
	keyWidth = 3 // that a button takes beside its label
)

// keyboard lays out buttons: as many in a row as can be read on a phone. link is where
// private buttons lead.
func keyboard(buttons []chat.Button, link string) *models.InlineKeyboardMarkup {
	var rows [][]models.InlineKeyboardButton
	room := 0
	for _, b := range buttons {
		width := chat.UTF16Len(b.Label) + keyWidth
		n := len(rows)
		if n == 0 || width > room || len(rows[n-1]) == rowKeys {
			rows, room, n = append(rows, nil), rowWidth, n+1
		}
		room -= width
		rows[n-1] = append(rows[n-1], key(b, link))
	}
	return &models.InlineKeyboardMarkup{InlineKeyboard: rows}
}

func key(b chat.Button, link string) models.InlineKeyboardButton {
	k := models.InlineKeyboardButton{Text: clean(b.Label)}
	if !visible(k.Text) {
		k.Text = "…"
	}
	if b.Private {
		k.URL = link
	} else {
		k.CallbackData = b.Command
	}
	return k
}

// placeholder is what an empty box to type in shows, short enough for Telegram.
func placeholder(hint string) string {
	const most = 64 // of https://core.telegram.org/bots/api#forcereply
	hint = clean(hint)
	if chat.UTF16Len(hint) <= most {
		return hint
	}
	n := 0
	for i, r := range hint {
		if n += chat.UTF16Len(string(r)); n > most-1 {
			return hint[:i] + "…"
		}
	}
	return hint
}
