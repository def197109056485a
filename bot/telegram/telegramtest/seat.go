package telegramtest

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
)

// A Seat is somebody in a chat, or in a topic of it.
type Seat struct {
	server *Server
	user   *User
	talk   *talk
	thread int
}

var _ chattest.Phone = (*Seat)(nil)

// ChatID is the id of the chat.
func (at *Seat) ChatID() int64 { return at.talk.wire.ID }

// Type sends a text. If the bot has asked to reply to a message, it is the reply.
func (at *Seat) Type(text string) error { _, err := at.Say(text); return err }

// Say sends a text as Type does, and returns the message's id.
func (at *Seat) Say(text string) (id int, err error) {
	text, _ = trim(text, nil)
	if n := chat.UTF16Len(text); n == 0 || n > 4096 {
		return 0, fmt.Errorf("%s types: no app sends %d characters", at.user.Name, n)
	}
	return at.post(func(p *post) { p.Text, p.Entities = text, find(text) })
}

// Reply sends a text as the reply to a message.
func (at *Seat) Reply(to int, text string) error {
	_, err := at.post(func(p *post) {
		p.Text, p.Entities = text, find(text)
		p.answers(at.talk.find(int64(to)))
	})
	return err
}

// Voice sends a voice message.
func (at *Seat) Voice() error {
	return at.show(func(p *post) {
		p.Voice = &wireFile{FileID: "voice", UniqueID: "voice", Duration: 3, Type: "audio/ogg"}
	})
}

// Sticker sends a sticker.
func (at *Seat) Sticker() error {
	return at.show(func(p *post) {
		p.Sticker = &wireSticker{FileID: "sticker", UniqueID: "sticker", Type: "regular", Width: 512, Height: 512, Emoji: "👍"}
	})
}

// Contact sends a contact.
func (at *Seat) Contact() error {
	return at.show(func(p *post) { p.Contact = &wireContact{Phone: "+38160000000", FirstName: "Zora"} })
}

// Photo sends a photo with a caption, which may be empty.
func (at *Seat) Photo(caption string) error {
	return at.show(func(p *post) {
		p.Photo = []wireFile{{FileID: "photo", UniqueID: "photo", Width: 90, Height: 60, Size: 1000}}
		p.Caption, p.CaptionEntities = caption, find(caption)
	})
}

// Forward forwards a text of somebody else's.
func (at *Seat) Forward(from *User, text string) error {
	return at.show(func(p *post) {
		p.Text, p.Entities = text, find(text)
		p.ForwardOrigin = &wireOrigin{Type: "user", Date: at.server.options.Now().Unix(), User: from.wire}
	})
}

func (at *Seat) show(fill func(*post)) error { _, err := at.post(fill); return err }

// post shows a message in the chat and tells the bot of it, if it may know.
func (at *Seat) post(fill func(*post)) (id int, err error) {
	s, t := at.server, at.talk
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := at.open(); err != nil {
		return 0, err
	}
	from := at.user.wire
	p := &post{wireMessage: wireMessage{From: &from, Thread: at.thread, InTopic: at.thread != 0}}
	if to := t.forced[at.user.ID]; to != nil {
		delete(t.forced, at.user.ID)
		p.answers(to)
	}
	fill(p)
	t.thread(p)
	s.put(t, p)
	if t.private() || s.sees(t, p) {
		s.push("message", t.wire.ID, p.wireMessage)
	}
	return p.ID, nil
}

// thread gives a message what Telegram gives it by itself: in a topic it replies to the
// message that made the topic, and elsewhere in a supergroup replies make threads.
func (t *talk) thread(p *post) {
	switch {
	case p.InTopic && p.ReplyTo == nil:
		p.answers(t.find(int64(p.Thread)))
	case !p.InTopic && p.ReplyTo != nil && t.wire.Type == "supergroup":
		p.Thread = p.ReplyTo.ID
	}
}

// open reports whether the person can write there. The caller holds the lock.
func (at *Seat) open() error {
	t := at.talk
	switch {
	case t.dead, t.private() && t.status == "kicked":
		return fmt.Errorf("%s: %w", at.user.Name, errBlocked)
	case t.members[at.user.ID] == "" || t.movedTo != 0:
		return fmt.Errorf("%s isn't in the chat", at.user.Name)
	}
	if t.private() {
		t.begun = true
	}
	return nil
}

// Edit changes what the person has said last.
func (at *Seat) Edit(text string) error {
	s := at.server
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range slices.Backward(at.talk.messages) {
		if p.From == nil || p.From.ID != at.user.ID || p.Text == "" {
			continue
		}
		p.Text, p.Entities, p.EditDate = text, find(text), s.options.Now().Unix()
		if at.talk.private() || s.sees(at.talk, p) {
			s.push("edited_message", at.talk.wire.ID, p.wireMessage)
		}
		return nil
	}
	return fmt.Errorf("%s has said nothing", at.user.Name)
}

// Tap taps the button with a label, of the newest message that has one.
func (at *Seat) Tap(label string) error {
	s := at.server
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range slices.Backward(at.talk.messages) {
		if b := p.button(label); b != nil && !p.gone && p.topic() == at.thread {
			return at.tap(p, b)
		}
	}
	return fmt.Errorf("%s: there is no button %q", at.user.Name, label)
}

// TapOn taps a button of a message as it is or once was: the app shows what it was long
// ago, or has it still on its way.
func (at *Seat) TapOn(message int, label string) error {
	s := at.server
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range at.talk.messages {
		if p.ID != message {
			continue
		}
		for _, k := range append([]*keyboard{p.Keyboard}, p.earlier...) {
			if b := k.button(label); b != nil {
				return at.tap(p, b)
			}
		}
	}
	return fmt.Errorf("%s: message %d never had a button %q", at.user.Name, message, label)
}

// tap makes a callback query. The caller holds the lock.
func (at *Seat) tap(p *post, b *button) error {
	s := at.server
	if b.URL != "" {
		return fmt.Errorf("%s: the button %q leads to %s", at.user.Name, b.Text, b.URL)
	}
	if err := at.open(); err != nil {
		return err
	}
	id := strconv.FormatInt(at.user.ID<<20+int64(len(s.taps)+1), 10)
	s.taps[id] = &tap{Tapped{Who: at.user.Name, Data: b.Data, At: s.options.Now()}}
	s.tapped = append(s.tapped, s.taps[id])
	var on any = p.wireMessage
	if p.gone {
		on = wireGone{Chat: p.Chat, ID: p.ID}
	}
	from := at.user.wire
	s.push("callback_query", at.talk.wire.ID, wireCallback{
		ID: id, From: &from, Message: on, Instance: strconv.FormatInt(at.talk.wire.ID*7, 10), Data: b.Data,
	})
	return nil
}

// Follow taps a button that leads to the bot's own chat, and presses Start there.
func (at *Seat) Follow(label string) error {
	u, err := at.leads(label)
	if err != nil {
		return err
	}
	if (u.Host != "t.me" && u.Host != "telegram.me") || !strings.EqualFold(strings.Trim(u.Path, "/"), at.server.Username) {
		return fmt.Errorf("%s: %s isn't the bot's chat", at.user.Name, u)
	}
	return at.user.Start(u.Query().Get("start"))
}

func (at *Seat) leads(label string) (*url.URL, error) {
	at.server.mu.Lock()
	defer at.server.mu.Unlock()
	for _, p := range slices.Backward(at.talk.messages) {
		if b := p.button(label); b != nil && b.URL != "" && !p.gone {
			return url.Parse(b.URL)
		}
	}
	return nil, errors.New("there is no such button that leads somewhere")
}

func (p *post) button(label string) *button { return p.Keyboard.button(label) }

func (k *keyboard) button(label string) *button {
	if k == nil {
		return nil
	}
	for _, row := range k.Rows {
		for i := range row {
			if row[i].Text == label {
				return &row[i]
			}
		}
	}
	return nil
}

// Screen returns what the chat shows, oldest first.
func (at *Seat) Screen() (all []chattest.Bubble, err error) {
	at.server.mu.Lock()
	defer at.server.mu.Unlock()
	for _, p := range at.talk.messages {
		if !p.gone && !p.service && p.topic() == at.thread {
			all = append(all, p.bubble(at.user.ID))
		}
	}
	return all, nil
}
