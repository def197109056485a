package telegramtest

import (
	"encoding/json"
	"reflect"
	"time"
)

// edit finds the message that a call is to change, and changes it.
func (s *Server) edit(c *Call, change func(*post) *refusal) (any, *refusal) {
	t, refused := s.talk(c)
	if refused != nil {
		return nil, refused
	}
	p := t.find(c.Int("message_id"))
	switch {
	case p == nil:
		return nil, bad("message to edit not found")
	case p.From == nil || p.From.ID != s.bot.ID || p.locked:
		return nil, bad("message can't be edited")
	}
	next := *p
	markup, _ := c.Params["reply_markup"].(map[string]any)
	next.Keyboard = inline(markup)
	if refused := change(&next); refused != nil {
		return nil, refused
	}
	if alike(next.wireMessage, p.wireMessage) {
		return nil, bad("message is not modified: specified new message content and reply markup are " +
			"exactly the same as a current content and reply markup of the message")
	}
	next.EditDate = s.options.Now().Unix()
	next.earlier = append(next.earlier, p.Keyboard)
	*p = next
	return p.wireMessage, nil
}

func alike(a, b wireMessage) bool {
	return a.Text == b.Text && a.Caption == b.Caption && reflect.DeepEqual(a.Entities, b.Entities) &&
		reflect.DeepEqual(a.CaptionEntities, b.CaptionEntities) && reflect.DeepEqual(a.Keyboard, b.Keyboard) &&
		reflect.DeepEqual(a.Photo, b.Photo) && reflect.DeepEqual(a.Document, b.Document)
}

func (s *Server) editText(c *Call) (any, *refusal) {
	return s.edit(c, func(p *post) *refusal {
		if p.Text == "" {
			return bad("there is no text in the message to edit")
		}
		text, entities, err := formatted(c.Str("text"), c.Params, "text")
		if err != nil {
			return broken(err)
		}
		p.Text, p.Entities = text, merge(entities, find(text))
		return nil
	})
}

func (s *Server) editCaption(c *Call) (any, *refusal) {
	return s.edit(c, func(p *post) *refusal {
		if p.Photo == nil && p.Document == nil {
			return bad("there is no caption in the message to edit")
		}
		text, entities, err := formatted(c.Str("caption"), c.Params, "caption")
		if err != nil {
			return broken(err)
		}
		p.Caption, p.CaptionEntities = text, merge(entities, find(text))
		return nil
	})
}

func (s *Server) editMarkup(c *Call) (any, *refusal) {
	return s.edit(c, func(*post) *refusal { return nil })
}

func (s *Server) editMedia(c *Call) (any, *refusal) {
	return s.edit(c, func(p *post) *refusal {
		values, _ := c.Params["media"].(map[string]any)
		kind, _ := values["type"].(string)
		p.Text, p.Entities, p.Photo, p.Document, p.names = "", nil, nil, nil, nil
		return s.fill(p, kind, values["media"], values)
	})
}

// deletable is how old a message may be.
const deletable = 48 * time.Hour

func (s *Server) deleteMessage(c *Call) (any, *refusal) {
	t, refused := s.talk(c)
	if refused != nil {
		return nil, refused
	}
	p := t.find(c.Int("message_id"))
	switch {
	case p == nil:
		return nil, bad("message to delete not found")
	case s.options.Now().Sub(time.Unix(p.Date, 0)) > deletable:
		return nil, bad("message can't be deleted for everyone")
	case p.From.ID != s.bot.ID && !t.private() && t.status != "administrator":
		return nil, bad("message can't be deleted")
	}
	p.gone = true
	return true, nil
}

// A tap is a callback query.
type tap struct{ Tapped }

// answerable is how long after a tap its answer is taken.
const answerable = 150 * time.Second

func (s *Server) answerCallback(c *Call) (any, *refusal) {
	t := s.taps[c.Str("callback_query_id")]
	now := s.options.Now()
	if t == nil || !t.Answered.IsZero() || now.Sub(t.At) > answerable {
		return nil, bad("query is too old and response timeout expired or query ID is invalid")
	}
	t.Answered, t.Text, t.Alert = now, c.Str("text"), c.Params["show_alert"] == true
	return true, nil
}

// number reads a number of a checked object.
func number(v any) int64 {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return i
}
