package telegram

import (
	"strconv"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// An event is what an update means.
type event struct {
	update  int64
	chat    int64         // whose order it belongs to
	request *chat.Request // nil: nothing was asked for
	change  *chat.Change  // nil: nothing became of a chat
	tap     string        // the id of the callback query, which wants an answer; "": none
	to      place         // where the reply goes
	tapped  int           // the message whose button was tapped; 0: none
	typed   int           // the message that was typed; 0: none
	edited  bool          // it was changed since
	files   []wireFile    // that came with it
}

// A self is what the bot knows of itself.
type self struct {
	id   int64
	name string // without @
}

// editable is for how long a message that is edited still is a request.
const editable = 24 * time.Hour

// mean finds out what an update means to a bot. Most of what happens in groups means
// nothing.
func (me self) mean(u *wireUpdate) event {
	e := event{update: u.ID}
	switch {
	case u.Message != nil:
		me.message(&e, u.Message)
	case u.Edited != nil:
		if e.edited = true; u.Edited.EditDate-u.Edited.Date < int64(editable/time.Second) {
			me.message(&e, u.Edited)
		}
	case u.Callback != nil:
		me.callback(&e, u.Callback)
	case u.Member != nil:
		member(&e, u.Member)
	}
	return e
}

// message reads what was typed. Its id is the same however often it is edited, so that it
// has its effect once.
func (me self) message(e *event, m *wireMessage) {
	e.chat = m.Chat.ID
	if change := migration(m); change != nil {
		e.change = change
		return
	}
	if m.From == nil || m.From.Bot && m.Sender == nil || !m.Chat.speaks() {
		return
	}
	text, entities, ok := m.Text, m.Entities, true
	if text == "" {
		text, entities = m.Caption, m.Captions
	}
	files := m.attached()
	if text == "" && (m.wireThings == wireThings{} && len(files) == 0 || !m.Chat.private()) {
		return // it tells of something that happened
	}
	if !m.Chat.private() {
		text, ok = me.addressed(text, m.ReplyTo)
	}
	if !ok {
		return
	}
	e.typed = m.ID
	r := chat.Request{ID: hashed("m", m.Chat.ID, " ", m.ID), Text: clean(text)}
	if m.Chat.private() {
		e.files, r.Styled = files, styled(text, entities)
	}
	e.ask(m.From, m, r)
}

// callback reads a tap. Whoever tapped gets an answer even if it means nothing.
func (me self) callback(e *event, c *wireCallback) {
	e.tap, e.chat = c.ID, c.From.ID
	m := c.Message
	if m == nil { // of a message that isn't the bot's own
		return
	}
	e.chat = m.Chat.ID
	if c.Data == "" || !m.Chat.speaks() || m.Chat.private() && m.Chat.ID != c.From.ID {
		return
	}
	e.tapped = m.ID
	e.ask(&c.From, m, chat.Request{ID: hashed("c", c.ID), Text: clean(c.Data), Tapped: true})
}

// ask fills in who asks, and where.
func (e *event) ask(from *wireUser, m *wireMessage, r chat.Request) {
	e.to = place{chat: m.Chat.ID}
	if m.InTopic && !m.Chat.private() {
		e.to.thread = m.Thread
	}
	r.UserID, r.ChatID, r.Language = strconv.FormatInt(from.ID, 10), e.to.String(), from.Language
	if !m.Chat.private() {
		r.Group, r.Title = true, clean(m.Chat.Title)
	}
	e.request = &r
}

func (c wireChat) private() bool { return c.Type == "private" }

// speaks reports whether people speak there.
func (c wireChat) speaks() bool {
	return c.ID != 0 && (c.Type == "private" || c.Type == "group" || c.Type == "supergroup")
}

// migration is what a message tells of a group that has another id; nil: nothing. It is
// told in the old group and in the new one.
func migration(m *wireMessage) *chat.Change {
	from, to := m.Chat.ID, m.MovedTo
	if m.MovedOff != 0 {
		from, to = m.MovedOff, m.Chat.ID
	}
	if to == 0 {
		return nil
	}
	return &chat.Change{Kind: chat.Moved, ChatID: place{chat: from}.String(), To: place{chat: to}.String()}
}

// member reads what the bot has become in a chat.
func member(e *event, m *wireMember) {
	e.chat = m.Chat.ID
	id := strconv.FormatInt(m.Chat.ID, 10)
	c := &chat.Change{Kind: chat.Opened, ChatID: id}
	if m.Chat.private() {
		c.UserID = id
	}
	gone := m.Now.Status == "left" || m.Now.Status == "kicked" || m.Now.Status == "restricted" && !m.Now.Member
	switch {
	case gone && m.Chat.private():
		c.Kind, c.Reason = chat.Closed, "blocked"
	case gone:
		c.Kind, c.Reason = chat.Closed, "left"
	}
	e.change = c
}

// addressed returns what a text in a group says to the bot; not ok: nothing. The bot is
// meant by a command, unless that names another bot, by its own name, and by a reply to it.
func (me self) addressed(text string, to *wireReplied) (string, bool) {
	words := strings.Fields(text)
	if len(words) > 0 && strings.HasPrefix(words[0], "/") {
		_, bot, named := strings.Cut(words[0], "@")
		return text, !named || strings.EqualFold(bot, me.name)
	}
	for i, w := range words { // as in "Hello, /log@MentorBot yesterday"
		if command, bot, named := strings.Cut(w, "@"); named && strings.EqualFold(bot, me.name) {
			if len(command) > 1 && command[0] == '/' {
				return strings.Join(words[i:], " "), true
			}
			if command == "" && me.name != "" {
				return strings.Join(append(words[:i:i], words[i+1:]...), " "), true
			}
		}
	}
	return text, to != nil && to.From != nil && to.From.ID == me.id
}
