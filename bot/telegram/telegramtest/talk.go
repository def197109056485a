package telegramtest

import (
	"slices"

	"github.com/kooperativa/mentorbot/bot/chat/chattest"
)

// A talk is a chat, as it stands.
type talk struct {
	wire     wireChat
	messages []*post
	lastID   int    // of its messages; of a supergroup only, others share theirs
	status   string // the bot's: member, administrator, left, kicked
	begun    bool   // of a private chat: the bot may write there
	dead     bool   // of a private chat: its person is deactivated
	movedTo  int64
	members  map[int64]string // their status, by user
	users    map[int64]wireUser
	topics   map[int]string
	forced   map[int64]*post // what the app asks to reply to, by user; 0: everybody
}

// A post is a message in a chat.
type post struct {
	wireMessage
	names   []string    // of its files, as uploaded
	locked  bool        // it has a markup that can't be edited
	earlier []*keyboard // that it had
	gone    bool        // deleted
	service bool        // it says that something has happened
}

func (t *talk) private() bool { return t.wire.Type == "private" }

// kind is the word that Telegram's errors have for a group.
func (t *talk) kind() string {
	if t.wire.Type == "supergroup" {
		return "supergroup chat"
	}
	return "group chat"
}

// talk returns the chat of a call, if the bot can write there.
func (s *Server) talk(c *Call) (*talk, *refusal) {
	t := s.chats[c.Int("chat_id")]
	switch {
	case t == nil:
		return nil, bad("chat not found")
	case t.movedTo != 0:
		r := bad("group chat was upgraded to a supergroup chat")
		r.Parameters = map[string]int64{"migrate_to_chat_id": t.movedTo}
		return nil, r
	case t.dead:
		return nil, forbidden("user is deactivated")
	case t.private() && t.status == "kicked":
		return nil, forbidden("bot was blocked by the user")
	case t.private() && !t.begun:
		return nil, forbidden("bot can't initiate conversation with a user")
	case t.status == "kicked":
		return nil, forbidden("bot was kicked from the " + t.kind())
	case t.status == "left":
		return nil, forbidden("bot is not a member of the " + t.kind())
	}
	return t, nil
}

// put shows a message at the end of a chat.
func (s *Server) put(t *talk, p *post) {
	counter := &s.lastID
	if t.wire.Type == "supergroup" {
		counter = &t.lastID
	}
	*counter++
	p.ID, p.Chat, p.Date = *counter, t.wire, s.options.Now().Unix()
	t.messages = append(t.messages, p)
}

// topic is the id of the topic that a message is in, or 0. A thread of replies is none.
func (p *post) topic() int {
	if !p.InTopic {
		return 0
	}
	return p.Thread
}

// find returns a message that is still there.
func (t *talk) find(id int64) *post {
	i := slices.IndexFunc(t.messages, func(p *post) bool { return int64(p.ID) == id && !p.gone })
	if i < 0 {
		return nil
	}
	return t.messages[i]
}

// bubble shows a message to a user.
func (p *post) bubble(user int64) chattest.Bubble {
	b := chattest.Bubble{
		Mine: p.From != nil && p.From.ID == user, Text: p.Text + p.Caption, Files: p.names,
		Links: links(p.Text, p.Entities),
	}
	b.Links = append(b.Links, links(p.Caption, p.CaptionEntities)...)
	if p.Keyboard != nil {
		for _, row := range p.Keyboard.Rows {
			for _, button := range row {
				b.Buttons = append(b.Buttons, button.Text)
			}
		}
	}
	return b
}
