package discord

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A body is what Discord takes of a message
// (https://docs.discord.com/developers/resources/message#create-message).
type body struct {
	Content     string                            `json:"content"`
	Components  []discordgo.MessageComponent      `json:"components"`
	Mentions    *discordgo.MessageAllowedMentions `json:"allowed_mentions"`
	Flags       discordgo.MessageFlags            `json:"flags,omitempty"`
	Attachments []attachment                      `json:"attachments"` // of an edit: what isn't among them goes
	Nonce       string                            `json:"nonce,omitempty"`
	Enforce     bool                              `json:"enforce_nonce,omitempty"`
}

// An attachment says something of a file that comes with a body.
type attachment struct {
	ID          string `json:"id"`
	Name        string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// nobody: whatever a text says, it calls nobody.
func nobody() *discordgo.MessageAllowedMentions {
	return &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}
}

// What Discord takes of files.
const (
	maxFiles       = 10
	maxUpload      = 9 << 20 // bytes of all files of a message; Discord takes 10 MiB
	maxDescription = 1024
)

// A part is what one call sends.
type part struct {
	body  body
	files []chat.File
}

// parts are what a message is sent as: the buttons with what comes last. Without text and
// files there is nothing to say. home is where private buttons lead. ask, if not empty,
// becomes a button that opens a form with that hint.
func parts(m chat.Message, ask, home string) (all []part) {
	if m.Text == "" && len(m.Files) == 0 {
		return nil
	}
	for _, text := range pieces(m.Text) {
		all = append(all, part{body: body{Content: text}})
	}
	for i, files := range loads(m.Files) {
		if i > 0 || len(all) == 0 {
			all = append(all, part{})
		}
		all[len(all)-1].carry(files)
	}
	rows := keyboard(m.Buttons, ask, home)
	if len(all) == 0 {
		if len(rows) == 0 {
			return nil
		}
		all = append(all, part{body: body{Content: "…"}}) // buttons can't be sent alone
	}
	for i := range all {
		b := &all[i].body
		b.Mentions, b.Flags, b.Components = nobody(), discordgo.MessageFlagsSuppressEmbeds, []discordgo.MessageComponent{}
		if b.Attachments == nil {
			b.Attachments = []attachment{}
		}
	}
	all[len(all)-1].body.Components = rows
	return all
}

// loads are files in as many messages as it takes.
func loads(files []chat.File) (all [][]chat.File) {
	size := 0
	for _, f := range files {
		n := len(all)
		if n == 0 || len(all[n-1]) == maxFiles || size+len(f.Data) > maxUpload {
			all, size, n = append(all, nil), 0, n+1
		}
		size += len(f.Data)
		all[n-1] = append(all[n-1], f)
	}
	return all
}

func (p *part) carry(files []chat.File) {
	p.files = files
	for i, f := range files {
		p.body.Attachments = append(p.body.Attachments, attachment{ID: strconv.Itoa(i), Name: fileName(f.Name), Description: clip(clean(f.Alt), maxDescription)})
	}
}

// uploads are the files of a part as they are sent, which is once.
func (p *part) uploads() (all []*discordgo.File) {
	for _, f := range p.files {
		all = append(all, &discordgo.File{Name: fileName(f.Name), ContentType: f.Type, Reader: bytes.NewReader(f.Data)})
	}
	return all
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

// clip returns a text of at most so many UTF-16 units.
func clip(s string, most int) string {
	if chat.UTF16Len(s) <= most {
		return s
	}
	n := 0
	for i, r := range s {
		if n += chat.UTF16Len(string(r)); n > most-1 {
			return s[:i] + "…"
		}
	}
	return s
}
