// Package service is the bot at work: the store, the scheduler's heart, the platforms and
// the listener for whoever watches, from their start to their orderly end.
package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// Patience is how long what is under way may take to end.
const Patience = 10 * time.Second

// Options say what is served.
type Options struct {
	Store     *store.Store
	Alone     bool // no other process sends from this database
	Platforms []Platform
	Watch     string       // where whoever watches may ask; "": nowhere
	Public    Public       // what the internet may ask
	Build     string       // the program's version
	Log       *slog.Logger // nil: discard
	// Ready is called once when everything works that does so without the platforms.
	Ready func()
}

// A Platform is one bot on a platform.
type Platform struct {
	Name    string // of the platform
	Bot     string // tells bots of one platform apart
	Adapter chat.Adapter
	Events  *Events // that the adapter counts; nil: none
}

// A Service is the bot at work.
type Service struct {
	o         Options
	bot       *bot.Bot
	heart     *scheduler.Heart
	metrics   *metrics
	platforms []*connected
	watch     *http.Server
	listener  net.Listener // nil: nobody may watch

	public         *http.Server
	publicListener net.Listener // nil: the internet may ask nothing
}

// A connected is a platform that the bot speaks on.
type connected struct {
	Platform
	handler chat.Handler
	state   state
}

// sendsAtOnce is how many messages are being sent at once: platforms answer in a tenth
// of a second, and take some thirty a second.
const sendsAtOnce = 16

// New connects the parts, and takes the addresses for whoever watches and for the
// internet; nothing works yet.
func New(ctx context.Context, o Options) (*Service, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Ready == nil {
		o.Ready = func() {}
	}
	s := &Service{o: o}
	s.bot = bot.New(o.Store, bot.Options{
		Log: o.Log, Wake: func() { s.heart.Wake() }, FeedURL: o.Public.feedURL(),
	})
	s.metrics = newMetrics(s)
	s.heart = scheduler.NewHeart(scheduler.New(o.Store, s.metrics.sender(s.bot), scheduler.Options{
		Build: o.Build, Log: o.Log, Parallel: sendsAtOnce,
	}))
	for _, p := range o.Platforms {
		handler, err := s.bot.Connect(ctx, p.Name, p.Bot, p.Adapter)
		if err != nil {
			return nil, fmt.Errorf("connect %s: %w", p.Name, err)
		}
		s.platforms = append(s.platforms, &connected{Platform: p, handler: s.metrics.handler(p.Name, handler)})
	}
	if err := s.listen(ctx); err != nil {
		return nil, err
	}
	if err := s.listenPublic(ctx); err != nil {
		if s.listener != nil {
			err = errors.Join(err, s.listener.Close())
		}
		return nil, err
	}
	return s, nil
}

// Run serves until ctx ends; then what is under way may end, within Patience. Its error
// says what made it end by itself, or what wouldn't end.
func (s *Service) Run(ctx context.Context) error {
	unsent, err := s.bot.Unsent(ctx)
	if err != nil {
		return fmt.Errorf("look for replies that weren't sent: %w", err)
	}
	if s.o.Alone { // whoever held them is dead
		released, err := s.o.Store.ReleaseAll(ctx)
		if err != nil {
			return fmt.Errorf("release messages: %w", err)
		}
		if released > 0 {
			s.o.Log.Info("messages that a process held which has ended are free again", "messages", released)
		}
	}
	var working group
	working.Go(func() { s.heart.Run(ctx) })
	working.Go(func() { s.housekeep(ctx) })
	working.Go(func() { s.answerUnsent(ctx, unsent) })
	for _, p := range s.platforms {
		working.Go(func() { s.speak(ctx, p) })
	}
	if s.public != nil {
		working.Go(func() { s.servePublic(ctx) })
	}
	if s.listener != nil {
		go s.serveWatch()
	}
	s.o.Ready()
	s.o.Log.Info("ready", "platforms", len(s.platforms), "watch", s.o.Watch, "public", s.o.Public.Listen)
	<-ctx.Done()
	s.o.Log.Info("stopping")
	err = working.ended(Patience)
	return errors.Join(err, s.closeWatch())
}

// speak runs a platform's adapter until ctx ends. One that can't go on is left alone: the
// other platforms do without.
func (s *Service) speak(ctx context.Context, p *connected) {
	err := func() (err error) {
		defer func() {
			if cause := recover(); cause != nil {
				s.o.Log.Error("platform panicked", "platform", p.Name, "stack", string(debug.Stack()))
				err = errors.New("it panicked")
			}
		}()
		return p.Adapter.Run(ctx, p.handler)
	}()
	if ctx.Err() != nil {
		return
	}
	if err == nil {
		err = errors.New("it has ended")
	}
	p.state.fail(err)
	s.o.Log.Error("a platform can't go on: mend what is said here, and start anew", "platform", p.Name, "error", err)
}

// How often the house is kept, and what could not be answered is tried again.
const (
	tidyEach   = time.Hour
	answerEach = time.Minute
)

// housekeep forgets what isn't needed any more.
func (s *Service) housekeep(ctx context.Context) {
	each(ctx, tidyEach, func() bool {
		if err := s.bot.Tidy(ctx); err != nil && ctx.Err() == nil {
			s.o.Log.Error("what isn't needed any more can't be forgotten", "error", err)
		}
		return true
	})
}

// answerUnsent sends the replies that a process had no time to send which has ended. One
// that works beside this one has a minute for its own.
func (s *Service) answerUnsent(ctx context.Context, unsent bot.Unsent) {
	if !s.o.Alone && !wait(ctx, answerEach) {
		return
	}
	each(ctx, answerEach, func() bool {
		err := s.bot.SendUnsent(ctx, unsent)
		if err != nil && ctx.Err() == nil {
			s.o.Log.Warn("replies from before can't be sent yet", "error", err)
		}
		return err != nil
	})
}

// each calls f at once and after each pause, until it returns false or ctx ends.
func each(ctx context.Context, pause time.Duration, f func() bool) {
	for f() && wait(ctx, pause) {
	}
}

// wait waits, or returns false when ctx ends.
func wait(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
