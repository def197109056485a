package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/wire"
)

// Options say which bot speaks, and how.
type Options struct {
	Token        string        // from the developer portal; white space around it is taken off
	API          string        // another host than DiscordAPI, and through it another gateway
	Guild        string        // the id of the server in which coordinators' commands are offered; "": none
	Interactions *Interactions // where Discord posts interactions; nil: they come by the gateway
	Shards       int           // connections of the gateway; 0: as many as Discord advises
	Limits       Limits        // zero: Discord's
	Log          *slog.Logger  // nil: nothing is logged
	// Languages are those, as tags such as hr or de, in which commands are described as well
	// as in English, as far as Discord's app has them.
	Languages []string
	// Count is told of what should be seldom: set_aside (a request), too_many_requests,
	// opening_too_fast (direct chats), dropped (a reply), reconnected. nil: nobody is.
	Count func(event string)
}

// Interactions say how Discord posts interactions to us. Without the gateway, what is
// typed in direct chats isn't seen.
type Interactions struct {
	PublicKey string // of the application, in hexadecimal digits
}

// An Adapter is a [chat.Adapter], [chat.Editor] and [chat.Prober] for Discord.
type Adapter struct {
	o       Options
	api     *api
	log     *slog.Logger
	pace    *pace
	records wire.Records
	direct  directs
	state   wire.State
	tempo   tempo
	key     ed25519.PublicKey // nil: interactions come by the gateway
	me      atomic.Pointer[string]

	mu      sync.Mutex
	session *session // nil before Run, and after its end
	ran     bool
	closing bool // nothing that is brought is taken any more
}

var (
	_ chat.Adapter = (*Adapter)(nil)
	_ chat.Editor  = (*Adapter)(nil)
	_ chat.Prober  = (*Adapter)(nil)
)

// New returns an adapter that is ready to send. It doesn't use the network. Its error says
// which option to change.
func New(o Options) (*Adapter, error) {
	v, err := newVeil(o.Token)
	if err != nil {
		return nil, err
	}
	if o.Guild != "" && !snowflake(o.Guild) {
		return nil, errors.New("discord: the server's id isn't one: it has digits only")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &Adapter{o: o, log: o.Log, pace: newPace(o.Limits), tempo: usual, api: newAPI(o.API, v)}
	a.o.Token = "" // it is in the api alone
	if o.Interactions != nil {
		if a.key, err = hex.DecodeString(o.Interactions.PublicKey); err != nil || len(a.key) != ed25519.PublicKeySize {
			return nil, errors.New("discord: the public key isn't one: copy it from the application's page in the developer portal, 64 hexadecimal digits")
		}
	}
	a.state.Set(errors.New("discord: not connected yet"))
	return a, nil
}

// Run hands what people do to h until ctx ends. What is being done then is finished, for
// some seconds. An adapter runs once. Its error says what to change: the token, or what
// the bot may do.
func (a *Adapter) Run(ctx context.Context, h chat.Handler) error {
	s := &session{Adapter: a, ctx: ctx, handler: h}
	if !a.begin(s) {
		return errors.New("run discord: it has run already")
	}
	defer a.end()
	var cancel context.CancelFunc
	s.late, cancel = wire.Finishing(ctx, finishIn)
	defer cancel()
	err := s.connect()
	if err == nil && ctx.Err() == nil {
		s.busy.Go(s.offer)
		if a.key != nil {
			err = s.listen()
		} else {
			err = s.watch()
		}
	}
	a.close()
	s.finish()
	if err != nil {
		a.state.Set(err)
	}
	return err
}

// Check asks Discord once who the bot is, and returns its name. Its error says that the
// token is wrong, or that Discord can't be reached.
func (a *Adapter) Check(ctx context.Context) (name string, err error) {
	var me struct{ Username string }
	err = a.ask(ctx, call{method: http.MethodGet, path: "/users/@me"}, true, &me)
	if f := asFault(err); f != nil && f.status == http.StatusUnauthorized {
		return "", errUnauthorized
	}
	return me.Username, err
}

// Probe is chat.Prober's.
func (a *Adapter) Probe() error { return a.state.Get() }

// home is the address at which somebody finds the bot's direct chat; "" before it is known
// who the bot is.
func (a *Adapter) home() string {
	return "https://discord.com/users/" + a.id()
}

// id is the bot's, and its application's; "" before it is known.
func (a *Adapter) id() string {
	if me := a.me.Load(); me != nil {
		return *me
	}
	return ""
}

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

// Routes returns the handler of posted interactions, by its pattern as of http.ServeMux;
// nil: there is none. It answers only while Run does.
func (a *Adapter) Routes() map[string]http.Handler {
	if a.key == nil {
		return nil
	}
	return map[string]http.Handler{"POST /discord": http.HandlerFunc(a.receive)}
}

var errUnauthorized = errors.New("discord: the token is refused: reset it on the bot's page in the developer portal, put it into the configuration, and start anew")
