package discordtest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
)

// A Seat is somebody in a channel.
type Seat struct {
	server  *Server
	user    *User
	channel *channel
}

var _ chattest.Phone = (*Seat)(nil)

// A Choice is a suggestion for an option.
type Choice struct{ Name, Value string }

// ChannelID is the id of the channel.
func (at *Seat) ChannelID() string { return at.channel.id }

// Type types a text. One that begins with a slash and the name of a command that is
// offered there uses it, with the words as its options in order; the last takes all that
// is left, "several words" are one, and name:value names one. While a form is open, the
// text's lines are filled into its fields, and it is submitted. Anything else is said, as
// Discord does with a command that there isn't.
func (at *Seat) Type(text string) error {
	if f, open := at.Form(); open {
		return at.fillLines(f, text)
	}
	s := at.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if rest, slash := strings.CutPrefix(text, "/"); slash {
		name, line, _ := strings.Cut(rest, " ")
		if c, err := at.command(name); err == nil {
			values, err := words(c, line)
			if err != nil {
				return err
			}
			options, err := at.fill(c, values, true)
			if err != nil {
				return err
			}
			_, err = at.use(c, options)
			return err
		}
	}
	return at.say(text)
}

// say sends a message. The caller holds the lock.
func (at *Seat) say(text string) error {
	s := at.server
	text = strings.TrimSpace(text)
	if n := chat.UTF16Len(text); n == 0 || n > 2000 {
		return fmt.Errorf("%s types: no app sends %d characters", at.user.Name, n)
	}
	if err := at.enter(); err != nil {
		return err
	}
	p := s.put(at.channel, at.user.wire)
	p.Content = text
	s.dispatchMessage("MESSAGE_CREATE", p)
	return nil
}

// enter reports whether the person can be there. The caller holds the lock.
func (at *Seat) enter() error {
	if at.channel.guild == nil {
		at.server.begin(at.user)
		return nil
	}
	if at.channel.guild.members[at.user.ID] == nil || at.server.channels[at.channel.id] == nil {
		return fmt.Errorf("%s isn't there", at.user.Name)
	}
	return nil
}

// act begins an interaction. The caller holds the lock.
func (at *Seat) act(kind int, what string) *interaction {
	s := at.server
	id := s.nextID()
	token := "interaction-token-" + stable("token "+id, 700_000_000_000_000_000) + strings.Repeat("x", 60)
	i := &interaction{
		Interaction: Interaction{ID: id, Token: token, Who: at.user.Name, What: what},
		token:       token, kind: kind, user: at.user, channel: at.channel, changed: make(chan struct{}),
	}
	i.payload = map[string]any{
		"id": id, "application_id": s.AppID, "type": kind, "token": token, "version": 1, "channel_id": at.channel.id,
		"channel": s.wireOf(at.channel), "locale": at.user.locale, "app_permissions": strconv.FormatInt(at.channel.may(), 10),
		"entitlements": []any{}, "attachment_size_limit": maxUpload,
	}
	if g := at.channel.guild; g != nil {
		i.payload["guild_id"], i.payload["guild_locale"], i.payload["context"] = g.ID, "en-US", 0
		i.payload["guild"] = map[string]any{"id": g.ID, "locale": "en-US", "features": []any{}}
		i.payload["authorizing_integration_owners"] = map[string]string{"0": g.ID}
		if m := g.members[at.user.ID]; m != nil {
			i.payload["member"] = m.wire(false)
		}
		return i
	}
	i.payload["user"], i.payload["context"] = at.user.wire, 1
	i.payload["authorizing_integration_owners"] = map[string]string{"0": "0"}
	return i
}

// Tap taps the button with a label, or chooses the option with one, of the newest message
// that has it.
func (at *Seat) Tap(label string) error { return at.touch("", []string{label}) }

// TapOn taps a button, or chooses an option, of a certain message.
func (at *Seat) TapOn(messageID, label string) error { return at.touch(messageID, []string{label}) }

// Select chooses options of one select, by their labels.
func (at *Seat) Select(labels ...string) error { return at.touch("", labels) }

func (at *Seat) touch(messageID string, labels []string) error {
	s := at.server
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range slices.Backward(at.channel.posts) {
		if !p.visible(at.user.ID) || messageID != "" && p.ID != messageID {
			continue
		}
		for _, row := range p.touch {
			for _, c := range row.Components {
				if values, ok := c.answers(labels); ok {
					return at.press(p, c, values)
				}
			}
		}
	}
	return fmt.Errorf("%s: there is no button and no choice %q", at.user.Name, strings.Join(labels, ", "))
}

// answers reports whether a component has all of the labels, and their values.
func (c component) answers(labels []string) (values []string, ok bool) {
	if c.Type == button {
		return nil, len(labels) == 1 && c.shown() == labels[0]
	}
	for _, l := range labels {
		i := slices.IndexFunc(c.Options, func(o choice) bool { return o.Label == l })
		if i < 0 {
			return nil, false
		}
		values = append(values, c.Options[i].Value)
	}
	return values, len(values) > 0
}

// shown is a button's label as it is read.
func (c component) shown() string {
	if c.Label == "" && c.Emoji != nil {
		return c.Emoji.Name
	}
	return c.Label
}

// press sends a touch. The caller holds the lock.
func (at *Seat) press(p *post, c component, values []string) error {
	least, most := c.span()
	switch {
	case c.Style == linkButton && c.Type == button:
		return fmt.Errorf("%s: the button %q leads to %s", at.user.Name, c.shown(), c.URL)
	case c.Disabled:
		return fmt.Errorf("%s: %q can't be touched", at.user.Name, c.CustomID)
	case c.Type == stringSelect && (len(values) < least || len(values) > most):
		return fmt.Errorf("%s: of %q one chooses %d to %d", at.user.Name, c.CustomID, least, most)
	}
	if err := at.enter(); err != nil {
		return err
	}
	i := at.act(kindComponent, c.CustomID)
	i.source = p
	i.payload["message"] = p.wireMessage
	data := map[string]any{"custom_id": c.CustomID, "component_type": c.Type, "id": c.ID}
	if c.Type == stringSelect {
		data["values"] = values
	}
	i.payload["data"] = data
	return at.server.deliver(i)
}

// Link returns the address that a button leads to.
func (at *Seat) Link(label string) (string, error) {
	at.server.mu.Lock()
	defer at.server.mu.Unlock()
	for _, p := range slices.Backward(at.channel.posts) {
		for _, row := range p.touch {
			for _, c := range row.Components {
				if c.Style == linkButton && c.shown() == label && p.visible(at.user.ID) {
					return c.URL, nil
				}
			}
		}
	}
	return "", fmt.Errorf("%s: no button %q leads anywhere", at.user.Name, label)
}

// Suggest has the app ask for suggestions while an option of a command is being typed,
// with the options that are filled in so far.
func (at *Seat) Suggest(ctx context.Context, name string, options map[string]string, focused, typed string) ([]Choice, error) {
	id, err := at.ask(name, options, focused, typed)
	if err != nil {
		return nil, err
	}
	if _, err := at.server.Await(ctx, id); err != nil {
		return nil, err
	}
	at.server.mu.Lock()
	defer at.server.mu.Unlock()
	return at.server.acts[id].choices, nil
}

func (at *Seat) ask(name string, options map[string]string, focused, typed string) (id string, err error) {
	s := at.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := at.command(name)
	if err != nil {
		return "", err
	}
	n := slices.IndexFunc(c.Options, func(o commandOption) bool { return o.Name == focused })
	if n < 0 || !c.Options[n].Autocomplete {
		return "", fmt.Errorf("/%s suggests nothing for %q", name, focused)
	}
	filled, err := at.fill(c, options, false)
	if err != nil {
		return "", err
	}
	yes := true
	filled = append(filled, option{Name: focused, Type: c.Options[n].Type, Value: typed, Focused: &yes, focused: true})
	i := at.act(kindAutocomplete, name)
	i.options = filled
	i.payload["data"] = at.commandData(c, filled)
	return i.ID, s.deliver(i)
}

// Last returns the newest interaction of the person.
func (at *Seat) Last() (last Interaction) {
	at.server.mu.Lock()
	defer at.server.mu.Unlock()
	for _, i := range slices.Backward(at.server.order) {
		if i.user == at.user {
			return i.Interaction
		}
	}
	return last
}

// Again delivers the person's newest interaction once more, as a replay of the gateway
// can.
func (at *Seat) Again() error {
	s := at.server
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range slices.Backward(s.order) {
		if i.user == at.user {
			i.Again++
			return s.send(i)
		}
	}
	return fmt.Errorf("%s has done nothing", at.user.Name)
}

// deliver notes an interaction and hands it to the bot. The caller holds the lock.
func (s *Server) deliver(i *interaction) error {
	i.At = s.options.Now()
	if i.channel.recipient != nil {
		s.begin(i.channel.recipient)
	}
	s.interactions[i.token], s.acts[i.ID] = i, i
	s.order = append(s.order, i)
	return s.send(i)
}

func (s *Server) send(i *interaction) error {
	if s.endpoint != "" {
		go s.post(i.payload)
		return nil
	}
	if s.dispatch("INTERACTION_CREATE", i.channel.guildID(), 0, i.payload) == 0 {
		return fmt.Errorf("%s: %w", i.user.Name, errSilent)
	}
	return nil
}

// visible reports whether a user sees a message.
func (p *post) visible(userID string) bool {
	return !p.gone && !p.thinking && (p.only == "" || p.only == userID)
}

// here reports whether the person sees the channel. The caller holds the lock.
func (at *Seat) here() bool {
	c := at.channel
	return c.guild == nil || c.guild.members[at.user.ID] != nil && (c.kind != kindThread || slices.Contains(c.members, at.user.ID))
}

// Screen returns what the channel shows, oldest first, and the form that is open.
func (at *Seat) Screen() (all []chattest.Bubble, err error) {
	at.server.mu.Lock()
	defer at.server.mu.Unlock()
	if !at.here() {
		return nil, nil
	}
	for _, p := range at.channel.posts {
		if p.visible(at.user.ID) {
			all = append(all, at.bubble(p))
		}
	}
	if o := at.user.opened; o != nil && o.from.channel == at.channel {
		all = append(all, chattest.Bubble{Text: o.form.show()})
	}
	return all, nil
}

// A Post is a message as it stands.
type Post struct {
	ID      string
	From    string // the user's name; "": the bot
	Content string // as it was sent
	Private bool   // for one person only
	Edited  bool
	Flags   int
	Nonce   string
	Embeds  int
	Files   []*Upload
	At      time.Time
}

// Posts returns the messages of the channel that the person sees, oldest first.
func (at *Seat) Posts() (all []Post) {
	at.server.mu.Lock()
	defer at.server.mu.Unlock()
	for _, p := range at.channel.posts {
		if !p.visible(at.user.ID) || !at.here() {
			continue
		}
		one := Post{ID: p.ID, Content: p.Content, Private: p.only != "", Edited: p.Edited != nil, Flags: p.Flags, Embeds: len(p.Embeds), Files: p.files, At: p.at}
		if !p.Author.Bot {
			one.From = p.Author.Username
		}
		if p.Nonce != nil {
			one.Nonce = asText(p.Nonce)
		}
		all = append(all, one)
	}
	return all
}
