package discord

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/wire"
)

const (
	finishIn = 7 * time.Second // for what is under way at the end
)

// A session is an adapter while it runs.
type session struct {
	*Adapter
	ctx     context.Context // ends when no more is to be begun
	late    context.Context // ends when what was begun must have ended
	handler chat.Handler
	asking  wire.Lines[string] // requests, by lane
	telling wire.Lines[string] // replies, by lane
	busy    sync.WaitGroup     // all else
	seen    seen
	guilds  guilds
	forms   forms
	starts  starts
}

// connect finds out who the bot is. Its error says that the token is wrong.
func (s *session) connect() error {
	return s.insist("connect to discord", func() error {
		var app posted
		err := s.ask(s.ctx, call{method: http.MethodGet, path: "/applications/@me"}, true, &app)
		if err == nil {
			s.me.Store(&app.ID)
		}
		return err
	})
}

// insist tries something until it works, or can't, or the session ends.
func (s *session) insist(what string, try func() error) error {
	for n := 0; s.ctx.Err() == nil; n++ {
		err := try()
		if err == nil {
			return nil
		}
		f, later := asFault(err), &chat.LaterError{}
		if f != nil && f.status == http.StatusUnauthorized {
			return errUnauthorized
		}
		if s.ctx.Err() == nil {
			wait := wire.RetryIn(n)
			if errors.As(err, &later) {
				wait = max(wait, later.Wait)
			}
			if f != nil {
				wait = max(wait, f.wait)
			}
			s.fails(n, what, err)
			s.sleep(wait)
		}
	}
	return nil
}

// fails tells of a failed try: the log once, and whoever probes all the time.
func (s *session) fails(n int, what string, err error) {
	s.state.Set(err)
	if n == 0 {
		s.log.Warn(what+": it is tried again", "error", err)
	}
}

// sleep waits, unless the session ends before.
func (s *session) sleep(d time.Duration) {
	_ = wire.Sleep(s.ctx, d) // whoever calls asks the context
}

// finish waits for what is under way, for a while.
func (s *session) finish() {
	ended := make(chan struct{})
	go func() {
		s.busy.Wait() // what comes adds to the rest, and that to what comes last
		s.asking.Wait()
		s.telling.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-s.late.Done():
		s.log.Warn("discord: not all that was under way has ended")
	}
}

// take takes an interaction in, and reports whether it is one. It never waits.
func (s *session) take(raw []byte) bool {
	i, err := readInteraction(raw)
	if err != nil {
		s.setAside("", "it can't be read", err)
		return false
	}
	if i.App == "" {
		i.App = s.id()
	}
	if !i.group() {
		s.direct.note(i.user(), i.Channel)
	}
	if i.Kind == kindAutocomplete {
		s.busy.Go(func() { s.suggest(&i) })
		return true
	}
	if !s.seen.add(i.ID) {
		return true // it is being answered, or was
	}
	e := i.mean()
	if s.opens(&i, &e) {
		return true
	}
	s.queue(&e)
	return true
}

// say takes in what was typed.
func (s *session) say(raw []byte) {
	e, channel, ok := typed(raw, s.id())
	if !ok || !s.seen.add(e.id) {
		return
	}
	s.direct.note(e.to.user, channel)
	s.queue(&e)
}

// changed takes in what became of a chat.
func (s *session) changed(c chat.Change) {
	s.queue(&event{lane: c.ChatID, change: &c, at: time.Now()})
}

// queue has an event be worked on after those of its lane. An interaction's time runs
// while it waits.
func (s *session) queue(e *event) {
	if s.asking.Length(e.lane) >= mostAsked {
		s.setAside(e.id, "there are too many", errAside)
		return
	}
	var a *answering
	if e.act != nil {
		a = s.hold(e)
	}
	s.asking.Do(e.lane, func() { s.work(e, a) })
}

// A seen remembers for a while what has come: it may come again.
type seen struct {
	mu         sync.Mutex
	young, old map[string]bool
}

const mostSeen = 5000 // are remembered at least, and twice as many at most

// add reports whether something is new.
func (s *seen) add(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.young[id] || s.old[id] {
		return false
	}
	if s.young == nil || len(s.young) >= mostSeen {
		s.old, s.young = s.young, map[string]bool{}
	}
	s.young[id] = true
	return true
}
