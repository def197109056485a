package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/wire"
)

const (
	batchSize = 100                    // updates that Telegram gives at once
	pollFor   = 30                     // seconds that it waits for one
	peek      = 600 * time.Millisecond // after that it gives more than one again for the same offset
	crowd     = 500                    // chats that may wait for their replies before more is fetched
	finishIn  = 7 * time.Second        // for what is under way at the end
	lastCall  = 2 * time.Second        // for confirming it
	nameless  = 15 * time.Second       // between looks at an update that has no id
	standby   = 20 * time.Second       // between tries while another process fetches
)

// A session is an adapter while it runs.
type session struct {
	*Adapter
	ctx     context.Context // ends when no more is to be begun
	late    context.Context // ends when what was begun must have ended
	handler chat.Handler
	window  *window
	asking  wire.Lines[int64] // requests, by chat
	telling wire.Lines[int64] // replies, by chat
	busy    sync.WaitGroup    // all else
	good    health
}

// connect finds out who the bot is, and says how updates are to come. Its error says that
// the token is wrong.
func (s *session) connect() error {
	for _, step := range []func(context.Context) error{s.introduce, s.choose} {
		if err := s.insist(step); err != nil {
			return err
		}
	}
	s.state.Set(nil)
	return nil
}

// insist tries something until it works, or can't, or the session ends.
func (s *session) insist(try func(context.Context) error) error {
	for n := 0; s.ctx.Err() == nil; n++ {
		err := s.api.do(s.ctx, try)
		f := asFault(err)
		switch {
		case err == nil:
			return nil
		case f.kind == unauthorized, f.kind == missing:
			return errUnauthorized
		case s.ctx.Err() == nil:
			s.fails(n, "connect to telegram", err)
			s.sleep(max(f.wait, wire.RetryIn(n)))
		}
	}
	return nil
}

// choose says how updates are to come. What waits isn't dropped.
func (s *session) choose(ctx context.Context) (err error) {
	if s.hook == "" {
		_, err = s.api.lib.DeleteWebhook(ctx, &tg.DeleteWebhookParams{})
		return err
	}
	_, err = s.api.lib.SetWebhook(ctx, &tg.SetWebhookParams{
		URL: s.o.Webhook.URL, SecretToken: s.o.Webhook.Secret, AllowedUpdates: allowed,
	})
	return err
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

// poll fetches updates until the session ends.
func (s *session) poll() error {
	s.window = newWindow()
	failed := 0
	for s.ctx.Err() == nil {
		batch, err := s.fetch(failed > 0)
		if s.ctx.Err() != nil {
			break
		}
		if err != nil {
			if asFault(err).kind == unauthorized {
				return errUnauthorized
			}
			s.recover(failed, asFault(err))
			failed++
			continue
		}
		if failed > 0 {
			s.log.Info("telegram: updates are fetched again")
			s.state.Set(nil)
		}
		failed = 0
		if s.take(batch) {
			s.pauseFor()
		} else {
			s.sleep(nameless) // it comes again, and nothing can be said against that
		}
	}
	return nil
}

// fetch waits for updates, unless this is to be quick.
func (s *session) fetch(quick bool) ([]json.RawMessage, error) {
	offset, open := s.window.ask()
	q := asked{Offset: offset, Limit: batchSize, Timeout: pollFor, Allowed: allowed}
	if open > 0 || quick {
		q.Timeout = 0
	}
	return s.api.updates(s.ctx, q)
}

// recover waits after updates couldn't be fetched.
func (s *session) recover(failed int, f *fault) {
	wait := max(f.wait, wire.RetryIn(failed))
	if f.kind == conflict {
		s.count("conflict")
		if f.says("webhook") {
			_ = s.api.do(s.ctx, s.choose) // what comes of it shows at the next try
		} else {
			f = &fault{kind: conflict, text: "another process fetches the updates of this bot; this one stands by"}
			wait = standby + rand.N(standby/2)
		}
	}
	s.fails(failed, "fetch updates", f)
	s.sleep(wait)
}

// take begins what a batch asks for. It reports whether asking again may give something
// else: not if nothing in it has an id, by which it could be confirmed.
func (s *session) take(batch []json.RawMessage) bool {
	known := len(batch) == 0
	for _, raw := range batch {
		u, err := readUpdate(raw)
		if u.ID == 0 {
			u.ID = s.window.last() + 1 // else the offset could never move over it
		} else {
			known = true
		}
		if !s.window.add(u.ID) {
			continue
		}
		confirm := sync.OnceFunc(func() { s.window.done(u.ID) })
		if err != nil {
			s.setAside(u.ID, "it can't be read", err)
			confirm()
			continue
		}
		s.begin(&u, confirm, nil)
	}
	return known
}

// pauseFor waits until asking again gives something new. An update that takes its time
// doesn't keep those of other chats waiting: they are looked for meanwhile.
func (s *session) pauseFor() {
	for eased := s.telling.Crowded(crowd); eased != nil && s.ctx.Err() == nil; eased = s.telling.Crowded(crowd) {
		select {
		case <-eased:
		case <-s.ctx.Done():
		}
	}
	timer := time.NewTimer(peek)
	defer timer.Stop()
	for !s.window.worth() {
		select {
		case <-s.window.moved:
		case <-timer.C:
			return
		case <-s.ctx.Done():
			return
		}
	}
}

// finish waits for what is under way, for a while, and confirms what is done with.
func (s *session) finish() {
	ended := make(chan struct{})
	go func() {
		s.busy.Wait() // who brings updates adds to the rest, and that to what comes last
		s.asking.Wait()
		s.telling.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-s.late.Done():
		s.log.Warn("telegram: not all that was under way has ended")
	}
	if s.window == nil {
		return
	}
	offset, _ := s.window.ask()
	if offset == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), lastCall)
	defer cancel()
	if _, err := s.api.updates(ctx, asked{Offset: offset, Limit: 1}); err != nil {
		s.log.Warn("telegram: what was done can't be confirmed; it will be recognised", "error", err)
	}
}

// begin begins what an update asks for. confirm is called once it is done with; what fails
// is tried again, unless there is giveUp to be called.
func (s *session) begin(u *wireUpdate, confirm, giveUp func()) {
	e := s.me.Load().mean(u)
	if e.tap != "" {
		s.busy.Go(func() { s.answerTap(e.tap) })
	}
	if e.request == nil && e.change == nil {
		confirm()
		return
	}
	s.asking.Do(e.chat, func() { s.work(&e, confirm, giveUp) })
}

// work does what an event asks for, as often as it takes.
func (s *session) work(e *event, confirm, giveUp func()) {
	if e.edited && e.request != nil && s.memory.has(e.request) {
		confirm()
		return
	}
	first := time.Now()
	for n := 0; ; n++ {
		reply, err := s.attempt(e)
		switch {
		case err == nil:
			s.tell(e, &reply, confirm, giveUp)
			return
		case errors.Is(err, errAside), s.hopeless(first):
			s.setAside(e.update, "its handler fails", err)
			confirm()
			return
		}
		s.log.Error("an update can't be handled now", "update", e.update, "tries", n+1, "error", s.api.veil.over(err.Error()))
		if giveUp != nil {
			giveUp()
			return
		}
		if s.sleep(wire.RetryIn(n)); s.ctx.Err() != nil {
			return // it isn't confirmed, and comes again
		}
	}
}

// setAside gives an update up, so that others aren't held up by it.
func (s *session) setAside(update int64, why string, err error) {
	s.count("set_aside")
	s.log.Error("an update is set aside: "+why, "update", update, "error", s.api.veil.over(err.Error()))
}

// answerTap ends the waiting that an app shows after a tap. Being too late for that is no
// matter.
func (s *session) answerTap(id string) {
	for n := range 3 {
		err := s.api.do(s.late, func(ctx context.Context) error {
			_, err := s.api.lib.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{CallbackQueryID: id})
			return err
		})
		f := asFault(err)
		if f == nil || f.kind == refused {
			return
		}
		if n == 0 {
			s.log.Warn("a tap can't be answered", "error", err)
		}
		s.sleep(max(f.wait, wire.RetryIn(n)))
	}
}
