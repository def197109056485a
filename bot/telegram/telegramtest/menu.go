package telegramtest

import (
	"fmt"
	"strconv"
	"strings"
)

// scope names the menu that a call is about.
func (s *Server) scope(c *Call) (string, *refusal) {
	scope, _ := c.Params["scope"].(map[string]any)
	if scope == nil {
		scope = map[string]any{"type": "default"}
	}
	if scope["chat_id"] != nil {
		in := Call{Params: scope}
		if s.chats[in.Int("chat_id")] == nil {
			return "", bad("chat not found")
		}
	}
	return menuName(fmt.Sprint(scope["type"]), fmt.Sprint(scope["chat_id"]), fmt.Sprint(scope["user_id"]), c.Str("language_code")), nil
}

func menuName(parts ...string) string { return fmt.Sprintf("%q", parts) }

// A Command is a line of the command menu.
type Command struct{ Name, Description string }

// Menu returns the command menu of the person's app in the chat: of the narrowest scope
// that has one, in the app's language before that of nobody, as
// https://core.telegram.org/bots/api#determining-list-of-commands says.
func (at *Seat) Menu() (all []Command) {
	s := at.server
	s.mu.Lock()
	defer s.mu.Unlock()
	language, _, _ := strings.Cut(at.user.wire.LanguageCode, "-")
	for _, scope := range at.scopes() {
		for _, language := range []string{language, ""} {
			if list, _ := s.menus[menuName(append(scope, language)...)].([]any); len(list) > 0 {
				for _, item := range list {
					params, _ := item.(map[string]any)
					c := Call{Params: params}
					all = append(all, Command{c.Str("command"), c.Str("description")})
				}
				return all
			}
		}
	}
	return nil
}

// scopes are those of the person there, the narrowest first: type, chat, user.
func (at *Seat) scopes() (all [][]string) {
	const none = "<nil>" // what a scope without that field has
	id, user := strconv.FormatInt(at.talk.wire.ID, 10), strconv.FormatInt(at.user.ID, 10)
	if at.talk.private() {
		return [][]string{{"chat", id, none}, {"all_private_chats", none, none}, {"default", none, none}}
	}
	all = append(all, []string{"chat_member", id, user})
	status := at.talk.members[at.user.ID]
	boss := status == "administrator" || status == "creator"
	if boss {
		all = append(all, []string{"chat_administrators", id, none})
	}
	all = append(all, []string{"chat", id, none})
	if boss {
		all = append(all, []string{"all_chat_administrators", none, none})
	}
	return append(all, []string{"all_group_chats", none, none}, []string{"default", none, none})
}

func (s *Server) setCommands(c *Call) (any, *refusal) {
	name, refused := s.scope(c)
	if refused != nil {
		return nil, refused
	}
	s.menus[name] = c.Params["commands"]
	return true, nil
}

func (s *Server) getCommands(c *Call) (any, *refusal) {
	name, refused := s.scope(c)
	if refused != nil {
		return nil, refused
	}
	if list := s.menus[name]; list != nil {
		return list, nil
	}
	return []any{}, nil
}

func (s *Server) deleteCommands(c *Call) (any, *refusal) {
	name, refused := s.scope(c)
	if refused != nil {
		return nil, refused
	}
	delete(s.menus, name)
	return true, nil
}

func (s *Server) getChat(c *Call) (any, *refusal) {
	t, refused := s.talk(c)
	if refused != nil {
		return nil, refused
	}
	return struct {
		wireChat
		Accent    int             `json:"accent_color_id"`
		Reactions int             `json:"max_reaction_count"`
		Gifts     map[string]bool `json:"accepted_gift_types"`
	}{t.wire, 0, 11, map[string]bool{
		"unlimited_gifts": true, "limited_gifts": true, "unique_gifts": true, "premium_subscription": true, "gifts_from_channels": true,
	}}, nil
}

func (s *Server) getChatMember(c *Call) (any, *refusal) {
	t, refused := s.talk(c)
	if refused != nil {
		return nil, refused
	}
	id := c.Int("user_id")
	if id == s.bot.ID {
		return member(s.bot, t.status), nil
	}
	status, is := t.members[id]
	if !is {
		return nil, bad("member not found")
	}
	return member(t.users[id], status), nil
}

func (s *Server) getChatAdministrators(c *Call) (any, *refusal) {
	t, refused := s.talk(c)
	if refused != nil {
		return nil, refused
	}
	if t.private() {
		return nil, bad("there are no administrators in the private chat")
	}
	all := []wireMember{}
	for id, status := range t.members {
		if status == "administrator" || status == "creator" {
			all = append(all, member(t.users[id], status))
		}
	}
	return all, nil
}

func (s *Server) leaveChat(c *Call) (any, *refusal) {
	t, refused := s.talk(c)
	if refused != nil {
		return nil, refused
	}
	s.become(t, s.bot, "left")
	return true, nil
}
