package telegramtest

import (
	"errors"
	"fmt"
	"hash/fnv"
	"regexp"
	"strconv"

	"github.com/kooperativa/mentorbot/bot/chat/chattest"
)

// A User is somebody with Telegram, sitting in their private chat with the bot.
type User struct {
	*Seat
	ID   int64
	Name string
	wire wireUser
}

// UserID returns the id of a user by name: always the same, and more than 32 bits can hold,
// as Telegram's may be.
func UserID(name string) int64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // it never fails
	return 5<<30 + int64(h.Sum32())
}

// User returns somebody by name. They haven't begun to chat with the bot, which can't write
// to them; to type something begins it, as does Begin.
func (s *Server) User(name string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.users[name]; u != nil {
		return u
	}
	id := UserID(name)
	u := &User{ID: id, Name: name, wire: wireUser{ID: id, FirstName: name, LanguageCode: s.options.Language}}
	t := &talk{
		wire: wireChat{ID: id, Type: "private", FirstName: name}, status: "member",
		members: map[int64]string{id: "member"}, users: map[int64]wireUser{id: u.wire},
	}
	u.Seat = &Seat{server: s, user: u, talk: t}
	s.users[name], s.chats[id] = u, t
	return u
}

// Phone returns the app of a user by name, as [chattest.Platform] has it.
func (s *Server) Phone(name string) chattest.Phone { return s.User(name) }

// Address returns the ids of a user by name, as [chattest.Directory] has it.
func (s *Server) Address(name string) (userID, chatID string) {
	id := strconv.FormatInt(UserID(name), 10)
	return id, id
}

// Begin has the chat with the bot begun at some earlier time.
func (u *User) Begin() *User {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.talk.begun = true
	return u
}

// Speak sets the language of the person's app, such as sr; "" keeps it to themselves.
func (u *User) Speak(language string) *User {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.wire.LanguageCode = language
	return u
}

var payload = regexp.MustCompile(`^[A-Za-z0-9_-]{0,64}$`)

// Start presses Start, as a link t.me/BOT?start=PAYLOAD offers it. It lifts a block.
func (u *User) Start(with string) error {
	if !payload.MatchString(with) {
		return fmt.Errorf("%s starts: Telegram drops the payload %q", u.Name, with)
	}
	u.Unblock()
	u.dismiss()
	text := "/start"
	if with != "" {
		text += " " + with
	}
	return u.Type(text)
}

// dismiss closes the reply that the app has been asked for.
func (at *Seat) dismiss() {
	at.server.mu.Lock()
	defer at.server.mu.Unlock()
	delete(at.talk.forced, at.user.ID)
}

// Block has the user block the bot.
func (u *User) Block() { u.turn("kicked") }

// Unblock ends that.
func (u *User) Unblock() { u.turn("member") }

func (u *User) turn(status string) {
	s := u.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.talk.status != status {
		s.become(u.talk, u.wire, status)
	}
}

// Deactivate ends the user's account.
func (u *User) Deactivate() {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.talk.dead = true
}

// become has somebody change what the bot is in a chat. The caller holds the lock.
func (s *Server) become(t *talk, by wireUser, status string) {
	old := t.status
	t.status = status
	s.push("my_chat_member", t.wire.ID, wireMemberChange{
		Chat: t.wire, From: by, Date: s.options.Now().Unix(), Old: member(s.bot, old), New: member(s.bot, status),
	})
}

var errBlocked = errors.New("the person has blocked the bot, or is gone")
