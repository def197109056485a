package telegram

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/wire"
)

const (
	patience  = 10 * time.Second // for a handler
	grace     = time.Second      // for one to notice that its time is over
	sendWait  = 2 * time.Second  // that a reply which isn't kept holds its update
	tellFor   = 5 * time.Minute  // that a reply is tried to be sent
	failFor   = 10 * time.Minute // that an update may fail while others don't
	mostTells = 300              // replies that may wait in a chat
)

// errAside says that trying again would not help.
var errAside = errors.New("it is no use to try again")

// A health says when something that had to be written was written last.
type health struct {
	mu   sync.Mutex
	last time.Time
}

func (h *health) note() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = time.Now()
}

func (h *health) since(t time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last.After(t)
}

// hopeless reports whether what has failed from then on fails by itself: for long, while
// what others asked for was written.
func (s *session) hopeless(first time.Time) bool {
	return time.Since(first) > failFor && s.good.since(first)
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
	select {
	case a := <-answers:
		return a.reply, a.err
	case <-ctx.Done():
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case a := <-answers:
		if a.err == nil || s.late.Err() != nil || !s.storeWorks() {
			return a.reply, a.err
		}
		return reply, fmt.Errorf("%w: it takes longer than %v", errAside, patience)
	case <-timer.C:
		return reply, fmt.Errorf("%w: it takes longer than %v, and doesn't end", errAside, patience)
	}
}

// storeWorks asks the handler for something small: if it answers, it was the update that
// took too long, and else everything does.
func (s *session) storeWorks() bool {
	ctx, cancel := context.WithTimeout(s.late, grace)
	defer cancel()
	_, err := s.handler.Commands(ctx, "", "")
	return err == nil
}

// handle is attempt without a clock. A panic is an error.
func (s *session) handle(ctx context.Context, e *event) (reply chat.Reply, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%w: it panicked: %s", errAside, harmless(cause))
			s.log.Error("a handler panicked", "update", e.update, "cause", harmless(cause), "stack", string(debug.Stack()))
		}
	}()
	if e.change != nil {
		return reply, s.handler.Changed(ctx, *e.change)
	}
	if err := s.fetchFiles(ctx, e); err != nil {
		return reply, fmt.Errorf("get what came with it: %w", err)
	}
	if reply, err = s.handler.Handle(ctx, *e.request); err == nil {
		s.memory.note(e.request)
		if reply.Kept {
			s.good.note()
		}
	}
	return reply, err
}

// harmless tells of a panic what can have nothing personal in it.
func harmless(cause any) string {
	if err, ok := cause.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", cause)
}

// tell sends a reply after those before it in the chat, and notes that. The update is done
// with when the reply is kept, or was sent, or that takes too long. If the session ends
// before, it isn't.
func (s *session) tell(e *event, reply *chat.Reply, confirm, giveUp func()) {
	if e.request == nil || reply.Kept {
		confirm()
	}
	if e.request == nil {
		return
	}
	if s.telling.Length(e.chat) >= mostTells && !reply.Kept {
		s.count("dropped") // nobody reads that many
		confirm()
		return
	}
	timer := time.AfterFunc(sendWait, confirm)
	s.telling.Do(e.chat, func() {
		defer timer.Stop()
		if s.answer(e, reply) || s.ctx.Err() == nil {
			confirm()
		} else if giveUp != nil { // it ends: the next process answers
			giveUp()
		}
	})
}

// answer sends a reply, as often as it takes, and what goes with it. It reports whether
// nothing is left to be done.
func (s *session) answer(e *event, reply *chat.Reply) bool {
	d := &dispatch{to: e.to, reply: true, parts: parts(reply.Message, reply.Ask, s.home())}
	if reply.Update {
		d.edits = e.tapped
	}
	if e.request.Group {
		d.answers = e.typed
	}
	r := s.records.Of(recordKey(e.to, "reply/"+e.request.ID))
	if !reply.Kept {
		r = &wire.Record{} // it was made anew, and may say something else
	}
	if !s.deliver(e, d, r) {
		return false
	}
	if err := s.handler.Sent(s.late, e.request.ID); err != nil {
		s.log.Error("note a reply as sent", "request", e.request.ID, "error", s.api.veil.over(err.Error()))
	}
	if reply.Menu && !e.request.Group {
		s.offerMenu(e.chat, e.request.UserID, e.request.Language)
	}
	return true
}

// deliver sends a reply until it is sent, or refused for good, or that takes too long.
// It reports whether nothing is left to be done.
func (s *session) deliver(e *event, d *dispatch, r *wire.Record) bool {
	begun := time.Now()
	for n := 0; ; n++ {
		_, err := s.send(s.late, d, r)
		var later *chat.LaterError
		switch {
		case err == nil:
			return true
		case !errors.As(err, &later):
			s.log.Warn("a reply can't be sent", "request", e.request.ID, "error", err)
			return true
		case s.ctx.Err() != nil, time.Since(begun) > tellFor:
			s.count("dropped")
			s.log.Warn("a reply can't be sent now", "request", e.request.ID, "error", err)
			return false
		}
		if wait := max(later.Wait, wire.RetryIn(n)); wire.Sleep(s.ctx, wait) != nil {
			return false
		}
	}
}
