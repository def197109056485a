package telegramtest

import (
	"fmt"
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
