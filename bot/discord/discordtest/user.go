package discordtest

import (
	"encoding/hex"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat/chattest"
)

// A User is somebody with Discord, sitting in their direct chat with the bot.
type User struct {
	*Seat
	ID   string
	Name string

	wire   wireUser
	direct *channel
	locale string
	zone   *time.Location
	closed bool
	left   bool
	opened *openForm
}

// UserID returns the id of a user by name: always the same.
func UserID(name string) string { return stable(name, 200_000_000_000_000_000) }

// stable returns an id that is always the same for a name, as long as Discord's are.
func stable(name string, base uint64) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // it never fails
	return strconv.FormatUint(base+h.Sum64()%(1<<56), 10)
}

// User returns somebody by name. The bot can write to them once they share a guild with
// it, see [Guild.Join], or have begun to chat with it: to type something or to use a
// command there begins it, as does Begin.
func (s *Server) User(name string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.user(name)
}

func (s *Server) user(name string) *User {
	if u := s.users[name]; u != nil {
		return u
	}
	id := UserID(name)
	u := &User{
		ID: id, Name: name, locale: s.options.Locale, zone: time.UTC,
		wire: wireUser{ID: id, Username: name, GlobalName: name, Discriminator: "0"},
	}
	u.direct = &channel{id: stable(name, 900_000_000_000_000_000), kind: kindDirect, recipient: u}
	u.Seat = &Seat{server: s, user: u, channel: u.direct}
	s.users[name], s.members[id] = u, u
	return u
}

// Phone returns the app of a user by name, as [chattest.Platform] has it. The chat is
// begun.
func (s *Server) Phone(name string) chattest.Phone { return s.User(name).Begin() }

// Address returns the ids of a user by name and of the direct chat, as
// [chattest.Directory] has it. The chat is begun.
func (s *Server) Address(name string) (userID, chatID string) {
	u := s.User(name).Begin()
	return u.ID, u.direct.id
}

// Begin has the direct chat with the bot begun at some earlier time.
func (u *User) Begin() *User {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.server.begin(u)
	return u
}

// begin makes a direct chat known. The caller holds the lock.
func (s *Server) begin(u *User) {
	u.direct.begun = true
	s.channels[u.direct.id] = u.direct
}

// Speak sets the locale of the person's app, such as sr-Latn or de.
func (u *User) Speak(locale string) *User {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.locale = locale
	return u
}

// In sets the time zone of the person's app, which is UTC otherwise.
func (u *User) In(zone *time.Location) *User {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.zone = zone
	return u
}

// CloseDMs has the user take no direct messages: the bot's are refused with 50007.
// Answers to what the person does are still shown.
func (u *User) CloseDMs() { u.close(true) }

// OpenDMs ends that.
func (u *User) OpenDMs() { u.close(false) }

func (u *User) close(closed bool) {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.closed = closed
}

// reach says why the bot can't write to somebody. The caller holds the lock.
func (s *Server) reach(u *User) *refusal {
	if u.closed {
		return errClosed
	}
	for _, g := range s.guilds {
		if g.members[u.ID] != nil {
			return nil
		}
	}
	if u.direct.begun && !u.left {
		return nil
	}
	return errNoGuild
}

func (s *Server) getMe(*Call) (any, *refusal) {
	return struct {
		wireUser
		MFA    bool   `json:"mfa_enabled"`
		Locale string `json:"locale"`
	}{s.bot, true, "en-US"}, nil
}

func (s *Server) getUser(c *Call) (any, *refusal) {
	if u := s.members[c.Path["user_id"]]; u != nil {
		return u.wire, nil
	}
	if c.Path["user_id"] == s.AppID {
		return s.bot, nil
	}
	return nil, errUser
}

func (s *Server) getApplication(c *Call) (any, *refusal) {
	if id := c.Path["application_id"]; id != "" && id != s.AppID {
		return nil, errAccess
	}
	var endpoint any
	if s.endpoint != "" {
		endpoint = s.endpoint
	}
	return map[string]any{
		"id": s.AppID, "name": "Mentor", "icon": nil, "description": "", "type": nil, "verify_key": hex.EncodeToString(s.PublicKey), "flags": 0, "flags_new": "0",
		"bot": s.bot, "interactions_endpoint_url": endpoint, "redirect_uris": []any{}, "role_connections_verification_url": nil, "owner": s.bot,
		"approximate_guild_count": len(s.guilds), "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
		"explicit_content_filter": 0, "team": nil, "eligible_oauth2_scopes": []any{},
	}, nil
}

// createDM opens a direct chat, or finds it. It doesn't tell whether messages are taken.
func (s *Server) createDM(c *Call) (any, *refusal) {
	u := s.members[c.Str("recipient_id")]
	if u == nil {
		return nil, errUser
	}
	if s.options.Limits && !u.direct.begun {
		now := s.options.Now()
		if refused := s.limits.opening(now); refused != nil {
			return nil, refused
		}
		s.limits.opened[u.ID] = now
	}
	u.direct.opened = true
	s.channels[u.direct.id] = u.direct
	return s.wireOf(u.direct), nil
}
