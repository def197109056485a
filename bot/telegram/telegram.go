package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/wire"
)

// Options say which bot speaks, and how.
type Options struct {
	Token   string       // from @BotFather; white space around it is taken off
	API     string       // the root of the Bot API; "": TelegramAPI
	Webhook *Webhook     // where Telegram brings updates; nil: they are fetched by long polling
	Limits  Limits       // zero: Telegram's
	Log     *slog.Logger // nil: nothing is logged
	// Languages are those, as tags such as sr-Latn, in which the menu is offered to people
	// whom the handler doesn't know, besides English.
	Languages []string
	// Count is told of what should be seldom: set_aside (an update), conflict (another
	// process fetches updates), too_many_requests, dropped (a reply). nil: nobody is.
	Count func(event string)
}

// An Adapter is a [chat.Adapter], [chat.Editor], [chat.Linker], [chat.Menuer] and
// [chat.Prober] for Telegram.
type Adapter struct {
	o       Options
	api     *api
	log     *slog.Logger
	pace    *pace
	records wire.Records
	memory  memory
	state   wire.State
	hook    string // the pattern of the webhook's route; "": none
	me      atomic.Pointer[self]

	mu      sync.Mutex
	session *session // nil before Run, and after its end
	ran     bool
	closing bool // nothing that is brought is taken any more
}

var (
	_ chat.Adapter = (*Adapter)(nil)
	_ chat.Editor  = (*Adapter)(nil)
	_ chat.Linker  = (*Adapter)(nil)
	_ chat.Menuer  = (*Adapter)(nil)
	_ chat.Prober  = (*Adapter)(nil)
)

// New returns an adapter that is ready to send. It doesn't use the network. Its error says
// which option to change.
func New(o Options) (*Adapter, error) {
	v, err := newVeil(o.Token)
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &Adapter{o: o, log: o.Log, pace: newPace(o.Limits)}
	a.o.Token = "" // it is in the api alone
	if a.api, err = newAPI(o.API, v); err != nil {
		return nil, fmt.Errorf("telegram: %w", err)
	}
	if o.Webhook != nil {
		if a.hook, err = o.Webhook.pattern(); err != nil {
			return nil, err
		}
	}
	a.state.Set(errors.New("telegram: not connected yet"))
	return a, nil
}

// Run hands what people do to h until ctx ends. What is being done then is finished, for
// some seconds, and confirmed to Telegram. An adapter runs once. Its error says that the
// token is wrong.
func (a *Adapter) Run(ctx context.Context, h chat.Handler) error {
	s := &session{Adapter: a, ctx: ctx, handler: h}
	if !a.begin(s) {
		return errors.New("run telegram: it has run already")
	}
	defer a.end()
	var cancel context.CancelFunc
	s.late, cancel = wire.Finishing(ctx, finishIn)
	defer cancel()
	err := s.connect()
	if err == nil {
		s.busy.Go(s.offerMenus)
		if a.hook != "" {
			err = s.listen()
		} else {
			err = s.poll()
		}
	}
	a.close()
	s.finish()
	if err != nil {
		a.state.Set(err)
	}
	return err
}

// Check asks Telegram once who the bot is, and returns its name, with @. Its error says
// that the token is wrong, or that Telegram can't be reached.
func (a *Adapter) Check(ctx context.Context) (name string, err error) {
	err = a.api.do(ctx, a.introduce)
	switch f := asFault(err); {
	case err == nil:
		return "@" + a.me.Load().name, nil
	case f.kind == unauthorized, f.kind == missing:
		return "", errUnauthorized
	}
	return "", err
}

// introduce asks who the bot is.
func (a *Adapter) introduce(ctx context.Context) error {
	user, err := a.api.lib.GetMe(ctx)
	if err == nil {
		a.me.Store(&self{id: user.ID, name: user.Username})
	}
	return err
}

// Link is chat.Linker's. It never waits: until Run or Check has heard from Telegram what the
// bot is called, there is no such address, and it returns "".
func (a *Adapter) Link(code string) string {
	home := a.home()
	if home == "" {
		return ""
	}
	return home + "=" + code
}

// home is the address of the bot's private chat, or "" before its name is known.
func (a *Adapter) home() string {
	me := a.me.Load()
	if me == nil {
		return ""
	}
	return "https://t.me/" + me.name + "?start"
}

// Probe is chat.Prober's.
func (a *Adapter) Probe() error { return a.state.Get() }

func (a *Adapter) count(event string) {
	if a.o.Count != nil {
		a.o.Count(event)
	}
}

func (a *Adapter) begin(s *session) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ran {
		return false
	}
	a.session, a.ran = s, true
	return true
}

func (a *Adapter) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closing = true
}

func (a *Adapter) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.session = nil
}

// current returns the session; nil while there is none.
func (a *Adapter) current() *session {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.session
}

// follow notes that a group has another id.
func (a *Adapter) follow(ctx context.Context, from, to int64) error {
	s := a.current()
	if s == nil {
		return nil // there is nobody to tell; it will be told again
	}
	err := s.handler.Changed(ctx, chat.Change{
		Kind: chat.Moved, ChatID: strconv.FormatInt(from, 10), To: strconv.FormatInt(to, 10),
	})
	if err != nil {
		return &chat.LaterError{Cause: fmt.Errorf("note that a group has moved: %w", err)}
	}
	return nil
}

// A Webhook is where Telegram brings updates.
type Webhook struct {
	URL    string // as Telegram calls it: https://bot.example.org/telegram
	Secret string // that Telegram proves to know: 1 to 256 of A-Z, a-z, 0-9, _ and -
}

// Routes returns the webhook's handler, by its pattern as of http.ServeMux; nil: there is
// none. It answers only while Run does.
func (a *Adapter) Routes() map[string]http.Handler {
	if a.hook == "" {
		return nil
	}
	return map[string]http.Handler{a.hook: http.HandlerFunc(a.receive)}
}

var errUnauthorized = errors.New("telegram: the token is refused: get the bot's token from @BotFather, put it into the configuration, and start anew")
