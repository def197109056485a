package discord

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/wire"
)

const (
	patience  = 10 * time.Second // for a handler
	grace     = time.Second      // for one to notice that its time is over
	tryFor    = time.Minute      // that a request may fail: nobody delivers it again
	tellFor   = 5 * time.Minute  // that a reply is tried to be sent
	mostAsked = 300              // requests that may wait in a lane
)

// errAside says that trying again would not help.
var errAside = errors.New("it is no use to try again")

// work does what an event asks for, as often as it takes.
func (s *session) work(e *event, a *answering) {
	for n := 0; ; n++ {
		reply, err := s.attempt(e)
		if err == nil {
			if e.request != nil {
				s.telling.Do(e.lane, func() { s.answer(e, a, &reply) })
			}
			return
		}
		if errors.Is(err, errAside) || s.ctx.Err() != nil || time.Since(e.at) > tryFor {
			s.setAside(e.id, "its handler fails", err)
			if a != nil {
				s.giveUp(a)
			}
			return
		}
		s.log.Error("a request can't be handled now", "request", e.id, "tries", n+1, "error", s.api.veil.over(err.Error()))
		s.sleep(wire.RetryIn(n))
	}
}

// setAside gives a request up, so that others aren't held up by it.
func (s *session) setAside(id, why string, err error) {
	s.count("set_aside")
	s.log.Error("a request is set aside: "+why, "request", id, "error", s.api.veil.over(err.Error()))
}

// giveUp shows somebody that nothing comes.
func (s *session) giveUp(a *answering) {
	sorry := parts(chat.Message{Text: "⚠️"}, "", "")
	if err := a.deliver(s.late, sorry, false, "sorry/"+a.i.ID); err != nil {
		s.log.Warn("a request that is set aside can't be answered", "request", a.i.ID, "error", err)
	}
}

// attempt hands an event to the handler, once. After an error other than errAside it may
// be tried again.
func (s *session) attempt(e *event) (reply chat.Reply, err error) {
	ctx, cancel := context.WithTimeout(s.late, patience)
	defer cancel()
	type answer struct {
		reply chat.Reply
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		reply, err := s.handle(ctx, e)
		answers <- answer{reply, err}
	}()
	timer := time.NewTimer(patience + grace)
	defer timer.Stop()
	select {
	case a := <-answers:
		return a.reply, a.err
	case <-timer.C:
		return reply, fmt.Errorf("%w: it takes longer than %v, and doesn't end", errAside, patience)
	}
}

// handle is attempt without a clock. A panic is an error.
func (s *session) handle(ctx context.Context, e *event) (reply chat.Reply, err error) {
	defer s.caught(e.id, &err)
	if e.change != nil {
		return reply, s.handler.Changed(ctx, *e.change)
	}
	if err := s.fetchFiles(ctx, e); err != nil {
		return reply, err
	}
	return s.handler.Handle(ctx, *e.request)
}

// caught makes an error of a panic. It is to be deferred.
func (s *session) caught(id string, err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("%w: it panicked: %s", errAside, harmless(cause))
		s.log.Error("a handler panicked", "request", id, "cause", harmless(cause), "stack", string(debug.Stack()))
	}
}

// harmless tells of a panic what can have nothing personal in it.
func harmless(cause any) string {
	if err, ok := cause.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", cause)
}

// answer sends a reply, and notes that.
func (s *session) answer(e *event, a *answering, reply *chat.Reply) {
	ask := reply.Ask
	if e.to.private() && s.key == nil {
		ask = "" // what is typed there is seen
	}
	key := replyKey + e.request.ID
	all := parts(reply.Message, ask, s.home())
	d := &dispatch{to: e.to, key: key, parts: all, reply: true}
	r := s.records.Of(recordKey(e.to, key))
	done := s.deliver(e.request.ID, func() (err error) {
		if a != nil {
			return a.deliver(s.late, all, reply.Update, key)
		}
		_, err = s.send(s.late, d, r)
		return err
	})
	if !done {
		return
	}
	if err := s.handler.Sent(s.late, e.request.ID); err != nil {
		s.log.Error("note a reply as sent", "request", e.request.ID, "error", s.api.veil.over(err.Error()))
	}
}

// deliver sends a reply until it is sent, or refused for good, or that takes too long.
// It reports whether nothing is left to be done.
func (s *session) deliver(id string, send func() error) bool {
	begun := time.Now()
	for n := 0; ; n++ {
		err := send()
		var later *chat.LaterError
		switch {
		case err == nil:
			return true
		case !errors.As(err, &later):
			s.log.Warn("a reply can't be sent", "request", id, "error", err)
			return true
		case s.ctx.Err() != nil, time.Since(begun) > tellFor:
			s.count("dropped")
			s.log.Warn("a reply can't be sent now", "request", id, "error", err)
			return false
		}
		if wait := max(later.Wait, wire.RetryIn(n)); wire.Sleep(s.ctx, wait) != nil {
			return false
		}
	}
}
