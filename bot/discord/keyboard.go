package discord

import (
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// What Discord takes of buttons and forms
// (https://docs.discord.com/developers/components/reference).
const (
	rowKeys     = 5
	mostKeys    = 25
	maxLabel    = 80
	maxCustom   = 100
	maxTitle    = 45 // of a form, and of a label in it
	maxHint     = 100
	maxTyped    = 2000 // of an answer: more than a message could have isn't asked for
	answerField = "answer"
)

// The signs that a custom id begins or ends with, if it isn't just a command. No command
// has them.
const (
	askSign  = "\u270e" // the hint of a form that asks for one answer follows
	formSign = "\u2637" // the command follows whose options the form asks for
	twinSign = "\u2016" // what follows tells buttons apart that have the same command
)

// keyboard lays out buttons, five in a row. home is where private buttons lead.
func keyboard(buttons []chat.Button, ask, home string) []discordgo.MessageComponent {
	var keys []discordgo.MessageComponent
	seen := map[string]bool{}
	for i, b := range buttons[:min(len(buttons), mostKeys-1)] {
		k := key(b, home)
		if k.CustomID != "" && seen[k.CustomID] {
			k.CustomID += twinSign + strconv.Itoa(i) // two of the same would be refused
		}
		seen[k.CustomID] = true
		keys = append(keys, k)
	}
	if ask != "" {
		keys = append(keys, discordgo.Button{Label: label(ask), Style: discordgo.PrimaryButton, CustomID: clip(askSign+ask, maxCustom)})
	}
	rows := []discordgo.MessageComponent{}
	for len(keys) > 0 {
		n := min(len(keys), rowKeys)
		rows = append(rows, discordgo.ActionsRow{Components: keys[:n:n]})
		keys = keys[n:]
	}
	return rows
}

func key(b chat.Button, home string) discordgo.Button {
	k := discordgo.Button{Label: label(b.Label), Style: discordgo.SecondaryButton, CustomID: b.Command}
	if b.Private {
		k.Style, k.CustomID, k.URL = discordgo.LinkButton, "", home
	}
	return k
}

func label(words string) string {
	words = clip(strings.Join(strings.Fields(clean(words)), " "), maxLabel)
	if !visible(words) {
		return "…"
	}
	return words
}

// commandOf is the command of a button by its custom id.
func commandOf(customID string) string {
	command, _, _ := strings.Cut(customID, twinSign)
	return command
}

// A form is what is answered to open one.
type form struct {
	ID         string                       `json:"custom_id"`
	Title      string                       `json:"title"`
	Components []discordgo.MessageComponent `json:"components"`
}

// asking is a form for one answer.
func asking(hint string) form {
	f := form{ID: askSign, Title: clip(label(hint), maxTitle)}
	f.add(discordgo.TextInput{
		CustomID: answerField, Label: hint, Placeholder: hint, Style: discordgo.TextInputParagraph, Required: true, MaxLength: maxTyped,
	})
	return f
}

func (f *form) add(in discordgo.TextInput) {
	in.Label, in.Placeholder = clip(label(in.Label), maxTitle), clip(label(in.Placeholder), maxHint)
	f.Components = append(f.Components, discordgo.ActionsRow{Components: []discordgo.MessageComponent{in}})
}
