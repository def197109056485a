package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// The kinds of interaction.
const (
	kindPing         = 1
	kindCommand      = 2
	kindComponent    = 3
	kindAutocomplete = 4
	kindForm         = 5
)

// What is read of an interaction; there is far more in it, some of which discordgo's own
// types can't read (https://docs.discord.com/developers/interactions/receiving-and-responding).
type wireInteraction struct {
	ID      string `json:"id"`
	Kind    int    `json:"type"`
	Token   string `json:"token"`
	App     string `json:"application_id"`
	Guild   string `json:"guild_id"`
	Channel string `json:"channel_id"`
	Locale  string `json:"locale"`
	Where   struct {
		Name string `json:"name"`
	} `json:"channel"`
	User   *wireUser `json:"user"` // in a direct chat
	Member *struct {
		User wireUser `json:"user"`
	} `json:"member"` // in a server
	Data wireData `json:"data"`
	From *struct {
		ID string `json:"id"`
	} `json:"message"` // whose button was tapped
}

type wireUser struct {
	ID  string `json:"id"`
	Bot bool   `json:"bot"`
}

type wireData struct {
	Name       string          `json:"name"` // of a command
	Options    []wireOption    `json:"options"`
	CustomID   string          `json:"custom_id"` // of a button or a form
	Values     []string        `json:"values"`    // of a select
	Components []wireComponent `json:"components"`
}

type wireOption struct {
	Name    string `json:"name"`
	Value   any    `json:"value"`
	Focused bool   `json:"focused"`
}

// A wireComponent is a field of a form, or what it lies in.
type wireComponent struct {
	CustomID   string          `json:"custom_id"`
	Value      string          `json:"value"`
	Components []wireComponent `json:"components"`
	Component  *wireComponent  `json:"component"`
}

type wireMessage struct {
	ID      string     `json:"id"`
	Kind    int        `json:"type"`
	Guild   string     `json:"guild_id"`
	Channel string     `json:"channel_id"`
	Author  *wireUser  `json:"author"`
	Content string     `json:"content"`
	Files   []wireFile `json:"attachments"`
}

// An event is what somebody did.
type event struct {
	id      string
	lane    string // whose order it belongs to
	to      place  // where the reply goes
	request *chat.Request
	change  *chat.Change
	act     *wireInteraction // nil: it was typed
	files   []wireFile       // that came with it
	at      time.Time        // when it came
}

// readInteraction reads an interaction.
func readInteraction(raw []byte) (i wireInteraction, err error) {
	if err := json.Unmarshal(raw, &i); err != nil {
		// What json says may quote it; what kind of error it is may be told.
		return i, fmt.Errorf("an interaction can't be read: %T", err)
	}
	if i.Kind != kindPing && (!snowflake(i.ID) || i.Token == "" || i.user() == "") {
		return i, errors.New("an interaction can't be read: it lacks its id, its token or its user")
	}
	return i, nil
}

func (i *wireInteraction) user() string {
	switch {
	case i.Member != nil && snowflake(i.Member.User.ID):
		return i.Member.User.ID
	case i.User != nil && snowflake(i.User.ID):
		return i.User.ID
	}
	return ""
}

// group reports whether others read what is answered, unless it is for one person only.
func (i *wireInteraction) group() bool { return i.Guild != "" }

// place is where it was done.
func (i *wireInteraction) place() place {
	if i.group() {
		return place{channel: i.Channel}
	}
	return place{user: i.user()}
}

// request is what an interaction asks for, without what was done.
func (i *wireInteraction) request() chat.Request {
	r := chat.Request{ID: i.ID, UserID: i.user(), ChatID: i.place().String(), Language: spoken(i.Locale), Group: i.group()}
	if r.Group {
		r.Title = clean(i.Where.Name)
	}
	return r
}

// mean finds out what an interaction asks the handler for.
func (i *wireInteraction) mean() event {
	r := i.request()
	switch i.Kind {
	case kindCommand:
		r.Text, r.Options = "/"+i.Data.Name, i.options()
	case kindComponent:
		r.Text, r.Tapped = clean(commandOf(i.Data.CustomID)), true
		if len(i.Data.Values) == 1 {
			r.Text = clean(i.Data.Values[0])
		}
	case kindForm:
		fields := map[string]string{}
		gather(fields, i.Data.Components)
		if name, is := strings.CutPrefix(i.Data.CustomID, formSign); is {
			r.Text, r.Options = "/"+name, fields
		} else {
			r.Text = fields[answerField]
		}
	}
	return event{id: i.ID, lane: laneOf(i.place(), r.UserID), to: i.place(), request: &r, act: i, at: time.Now()}
}

// laneOf: in a server's channel everybody has an order of their own.
func laneOf(p place, userID string) string {
	if p.private() {
		return p.String()
	}
	return p.String() + " " + userID
}

// options are what was filled in of a command.
func (i *wireInteraction) options() map[string]string {
	all := map[string]string{}
	for _, o := range i.Data.Options {
		if !o.Focused {
			all[o.Name] = clean(fmt.Sprint(o.Value))
		}
	}
	return all
}

// gather finds the fields of a form, at whatever depth they lie.
func gather(fields map[string]string, all []wireComponent) {
	for _, c := range all {
		if c.CustomID != "" && c.Value != "" {
			fields[c.CustomID] = clean(c.Value)
		}
		gather(fields, c.Components)
		if c.Component != nil {
			gather(fields, []wireComponent{*c.Component})
		}
	}
}

// The kinds of message that somebody has written.
const (
	messageUsual = 0
	messageReply = 19
)

// typed reads what was written in a direct chat; nothing else is for the bot.
func typed(raw []byte, me string) (e event, dm string, ok bool) {
	var m wireMessage
	if json.Unmarshal(raw, &m) != nil || m.Guild != "" || m.Author == nil || m.Author.Bot || m.Author.ID == me || !snowflake(m.Author.ID) {
		return e, "", false
	}
	if m.Kind != messageUsual && m.Kind != messageReply || m.Content == "" && len(m.Files) == 0 || m.ID == "" {
		return e, "", false
	}
	p := place{user: m.Author.ID}
	r := chat.Request{ID: m.ID, UserID: m.Author.ID, ChatID: p.String(), Text: clean(m.Content)}
	return event{id: m.ID, lane: p.String(), to: p, request: &r, files: m.Files, at: time.Now()}, m.Channel, true
}

// spoken is what an app's language tells of its person. Discord has no Serbian, Bosnian,
// Macedonian, Albanian or Slovenian: whoever speaks these has it in English, which therefore
// tells nothing.
func spoken(locale string) string {
	if strings.HasPrefix(locale, "en") {
		return ""
	}
	return locale
}
