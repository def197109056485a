package telegramtest

import (
	"encoding/json"
	"maps"
	"strconv"
)

func (s *Server) sendMessage(c *Call) (any, *refusal) {
	t, p, refused := s.draft(c)
	if refused != nil {
		return nil, refused
	}
	text, entities, err := formatted(c.Str("text"), c.Params, "text")
	if err != nil {
		return nil, broken(err)
	}
	p.Text, p.Entities = text, merge(entities, find(text))
	s.put(t, p)
	t.force(c, p)
	return p.wireMessage, nil
}

func (s *Server) sendPhoto(c *Call) (any, *refusal)    { return s.sendFile(c, "photo") }
func (s *Server) sendDocument(c *Call) (any, *refusal) { return s.sendFile(c, "document") }

func (s *Server) sendFile(c *Call, kind string) (any, *refusal) {
	t, p, refused := s.draft(c)
	if refused != nil {
		return nil, refused
	}
	if refused := s.fill(p, kind, c.Params[kind], c.Params); refused != nil {
		return nil, refused
	}
	s.put(t, p)
	t.force(c, p)
	return p.wireMessage, nil
}

// fill puts a file and its caption into a message.
func (s *Server) fill(p *post, kind string, file any, values map[string]any) *refusal {
	text, _ := values["caption"].(string)
	caption, entities, err := formatted(text, values, "caption")
	if err != nil {
		return broken(err)
	}
	p.Caption, p.CaptionEntities = caption, merge(entities, find(caption))
	return s.store(p, kind, file)
}

func (s *Server) sendMediaGroup(c *Call) (any, *refusal) {
	t, _, refused := s.draft(c)
	if refused != nil {
		return nil, refused
	}
	var all []*post
	group := strconv.Itoa(len(s.calls) + 1)
	list, _ := c.Params["media"].([]any)
	for _, item := range list {
		values, _ := item.(map[string]any)
		kind, _ := values["type"].(string)
		_, p, _ := s.draft(c) // it was asked
		p.MediaGroupID = group
		if refused := s.fill(p, kind, values["media"], values); refused != nil {
			return nil, refused
		}
		all = append(all, p)
	}
	var sent []wireMessage
	for _, p := range all {
		s.put(t, p)
		sent = append(sent, p.wireMessage)
	}
	return sent, nil
}

// draft begins a message of the bot.
func (s *Server) draft(c *Call) (*talk, *post, *refusal) {
	t, refused := s.talk(c)
	if refused != nil {
		return nil, nil, refused
	}
	p := &post{wireMessage: wireMessage{From: &s.bot}}
	if thread := c.Int("message_thread_id"); thread != 0 {
		if _, is := t.topics[int(thread)]; !is {
			return nil, nil, bad("message thread not found")
		}
		p.Thread, p.InTopic = int(thread), true
	}
	if reply, is := c.Params["reply_parameters"].(map[string]any); is {
		id, _ := reply["message_id"].(json.Number).Int64() // the specification was asked
		to := t.find(id)
		if to == nil && reply["allow_sending_without_reply"] != true {
			return nil, nil, bad("message to be replied not found")
		}
		p.answers(to)
	}
	markup, _ := c.Params["reply_markup"].(map[string]any)
	p.Keyboard, p.locked = inline(markup), markup != nil && markup["inline_keyboard"] == nil
	return t, p, nil
}

// answers makes a message the reply to another; replies within that aren't shown.
func (p *post) answers(to *post) {
	if to == nil {
		return
	}
	quoted := to.wireMessage
	quoted.ReplyTo = nil
	p.ReplyTo = &quoted
}

// inline returns the inline keyboard of a markup, or nil.
func inline(markup map[string]any) *keyboard {
	if markup["inline_keyboard"] == nil {
		return nil
	}
	data, err := json.Marshal(markup)
	if err != nil {
		return nil // it was JSON
	}
	k := &keyboard{}
	if err := json.Unmarshal(data, k); err != nil || len(k.Rows) == 0 {
		return nil // what isn't a button of ours has no more than a label
	}
	return k
}

// force has the apps of those who are meant reply to a message.
func (t *talk) force(c *Call, p *post) {
	markup, _ := c.Params["reply_markup"].(map[string]any)
	if markup["force_reply"] == nil {
		return
	}
	if t.forced == nil {
		t.forced = map[int64]*post{}
	}
	clear(t.forced)
	switch {
	case markup["selective"] != true:
		for user := range maps.Keys(t.members) {
			t.forced[user] = p
		}
	case p.ReplyTo != nil && p.ReplyTo.From != nil:
		t.forced[p.ReplyTo.From.ID] = p
	}
}

func (s *Server) sendChatAction(c *Call) (any, *refusal) {
	if _, refused := s.talk(c); refused != nil {
		return nil, refused
	}
	return true, nil
}
