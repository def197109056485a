package playground

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// patience is how long a request may be handled.
const patience = 10 * time.Second

// What the page itself says in a conversation.
const (
	sorry      = "Something went wrong, and nothing was done. Please try again."
	notCertain = "Something went wrong while the answer was being shown."
)

// A deed is what somebody does on the page.
type deed struct {
	chat   string
	text   string // what is asked of the handler
	shown  string // as what it appears; of a tap: the button's label
	act    string
	bubble string // whose button was tapped
}

// do handles a deed after all that were done in its chat before, and shows what is
// answered. It returns an error when nothing can be shown.
func (p *Playground) do(r *run, d deed) (err error) {
	p.lanes.Do(d.chat, func() { err = p.handle(r, d) })
	if err == nil {
		p.look(r.ctx)
	}
	return err
}

func (p *Playground) handle(r *run, d deed) error {
	if err := p.note(d); err != nil {
		return err
	}
	person, _ := p.book.person(d.chat)
	request := chat.Request{
		ID: rand.Text(), UserID: d.chat, ChatID: d.chat, Language: person.Language,
		Text: d.text, Tapped: d.act == tapped,
	}
	ctx, cancel := context.WithTimeout(r.ctx, patience)
	defer cancel()
	reply, err := safely(ctx, r.handler, request)
	if err != nil && r.ctx.Err() != nil {
		return fmt.Errorf("handle a request at the end of the run: %w", err)
	}
	if err != nil {
		p.o.Log.Error("handle a request", "request", request.ID, "error", err)
		return p.notice(d.chat, sorry)
	}
	if err := p.answer(d, reply); err != nil {
		p.o.Log.Error("show a reply", "request", request.ID, "error", err)
		return p.notice(d.chat, notCertain)
	}
	if err := r.handler.Sent(context.WithoutCancel(ctx), request.ID); err != nil {
		p.o.Log.Error("note a reply as sent", "request", request.ID, "error", err)
	}
	return nil
}

// safely hands a request to the handler, whose panic is an error.
func safely(ctx context.Context, h chat.Handler, r chat.Request) (reply chat.Reply, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	return h.Handle(ctx, r)
}

// note writes down what was done: a tap is only news, the rest is a bubble too.
func (p *Playground) note(d deed) error {
	b := p.incoming(chat.Message{Text: chat.Escape(d.shown)})
	b.Mine = true
	r := record{Chat: d.chat, Bubble: b, News: newsOf(b, d.act, d.shown)}
	if d.act == tapped {
		r.Bubble, r.News.ID = nil, d.bubble
	}
	_, err := p.book.post(r)
	return err
}

// answer shows a reply.
func (p *Playground) answer(d deed, reply chat.Reply) error {
	r := record{Chat: d.chat, Ask: &reply.Ask}
	if isEmpty(reply.Message) {
		_, err := p.book.post(r)
		return err
	}
	r.Bubble = p.incoming(reply.Message)
	words := reply.Text.Plain()
	if reply.Update && p.book.find(d.chat, d.bubble) != nil {
		r.Bubble.ID = d.bubble
		r.News = newsOf(r.Bubble, changed, words)
		return p.book.replace(r)
	}
	r.News = newsOf(r.Bubble, got, words)
	_, err := p.book.post(r)
	return err
}

// notice lets the page itself say something in a conversation.
func (p *Playground) notice(chatID, words string) error {
	b := p.incoming(chat.Message{Text: chat.Escape(words)})
	b.Notice = true
	_, err := p.book.post(record{Chat: chatID, Bubble: b, News: newsOf(b, failed, words)})
	return err
}
