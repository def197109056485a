package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"github.com/kooperativa/mentorbot/bot/wire"
)

// A tempo is how long things of the gateway may take.
type tempo struct {
	dial  time.Duration // to reach it, and then for its first word
	greet time.Duration // from asking for a session to having it
	begin time.Duration // between sessions that are begun
	rest  time.Duration // after one was refused, to which some is added by chance
}

// usual is the tempo that Discord asks for, or leaves to us
// (https://docs.discord.com/developers/events/gateway).
var usual = tempo{dial: 10 * time.Second, greet: 30 * time.Second, begin: 5 * time.Second, rest: time.Second}

const (
	writeFor = 5 * time.Second
	maxFrame = 64 << 20 // bytes: a large server with all its channels

	// intents: of servers the channels, of direct chats the messages. Neither is
	// privileged.
	intents = discordgo.IntentGuilds | discordgo.IntentDirectMessages
)

// The opcodes of the gateway
// (https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway).
const (
	opDispatch  = 0
	opHeartbeat = 1
	opIdentify  = 2
	opResume    = 6
	opReconnect = 7
	opInvalid   = 9
	opHello     = 10
	opAck       = 11
)

// A frame is what goes over the gateway.
type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  int64           `json:"s"`
	Name string          `json:"t"`
}

// starts keep apart the sessions that are begun.
type starts struct {
	mu   sync.Mutex
	last time.Time
}

// A fatal error of the gateway says what to change.
type fatalError struct{ text string }

// Error says it.
func (e *fatalError) Error() string { return "discord: " + e.text }

// fatal are the close codes after which nothing gets better by itself.
var fatal = map[int]string{
	4010: "the gateway refuses the shard: set the number of shards to auto",
	4011: "the bot is in so many servers that it needs more shards: set their number to auto",
	4012: "the gateway doesn't speak version " + version + " any more: a newer mentorbot is needed",
	4013: "the gateway doesn't know the bot's intents: a newer mentorbot is needed",
	4014: "the gateway doesn't permit the bot's intents: look at the bot's page in the developer portal",
}

// watch listens to the gateway until the session ends, by as many connections as Discord
// advises. Its error says what to change.
func (s *session) watch() error {
	var info discordgo.GatewayBotResponse
	err := s.insist("ask for the gateway", func() (err error) {
		info, err = s.gateway()
		return err
	})
	if err != nil || s.ctx.Err() != nil {
		return err
	}
	n := s.o.Shards
	if n <= 0 {
		n = max(1, info.Shards)
	}
	ctx, cancel := context.WithCancelCause(s.ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	ready := &readiness{open: n, state: &s.state}
	for i := range n {
		shard := &shard{session: s, ctx: ctx, number: i, of: n, ready: ready}
		group.Go(func() {
			if err := shard.run(); err != nil {
				cancel(err)
			}
		})
	}
	group.Wait()
	if cause := context.Cause(ctx); s.ctx.Err() == nil {
		return cause
	}
	return nil
}

func (s *session) gateway() (info discordgo.GatewayBotResponse, err error) {
	err = s.ask(s.ctx, call{method: http.MethodGet, path: "/gateway/bot"}, true, &info)
	return info, err
}

// A readiness tells how the connection fares as a whole: it does when all shards do.
type readiness struct {
	mu    sync.Mutex
	open  int // shards that aren't connected
	state *wire.State
}

func (r *readiness) set(was, is bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if was && !is {
		r.open++
	}
	if !was && is {
		r.open--
	}
	if r.open == 0 {
		r.state.Set(nil)
	} else if err != nil {
		r.state.Set(err)
	}
}

// A shard is one connection of the gateway, made anew whenever it ends.
type shard struct {
	*session
	ctx    context.Context
	number int
	of     int
	ready  *readiness
	up     bool

	id     string // of Discord's session, which can be resumed; "": none
	resume string // where to
	seq    int64  // of what came last
}

// run keeps the connection. Its error says what to change.
func (g *shard) run() error {
	failed := 0
	for g.ctx.Err() == nil {
		err := g.connect()
		was := g.up
		g.up = false
		if g.ctx.Err() != nil {
			break
		}
		g.ready.set(was, false, err)
		var wrong *fatalError
		if errors.As(err, &wrong) || errors.Is(err, errUnauthorized) {
			return err
		}
		if was {
			failed = 0
			g.count("reconnected")
		}
		if failed <= 1 {
			g.log.Info("discord: the gateway is connected to anew", "shard", g.number, "cause", err)
		}
		if !was || !errors.Is(err, errAsked) {
			_ = wire.Sleep(g.ctx, wire.RetryIn(failed))
		}
		failed++
	}
	return nil
}

var (
	errAsked  = errors.New("the gateway asks for that")
	errSilent = errors.New("the gateway is silent")
)

// connect connects, and listens until the connection ends.
func (g *shard) connect() error {
	address, err := g.address()
	if err != nil {
		return err
	}
	if g.id == "" {
		if err := g.starts.turn(g.ctx, g.tempo.begin); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(g.ctx, g.tempo.dial)
	defer cancel()
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: g.tempo.dial}
	ws, response, err := dialer.DialContext(ctx, address, http.Header{"User-Agent": {agent}})
	if response != nil && response.Body != nil {
		_ = response.Body.Close() // nobody reads it
	}
	if err != nil {
		g.resume = "" // perhaps it is only there that nobody answers
		return g.api.veil.brokenOff(fmt.Errorf("reach the gateway: %w", err), "")
	}
	ws.SetReadLimit(maxFrame)
	l := &link{shard: g, ws: ws, frames: make(chan frame), broken: make(chan error, 1), ended: make(chan struct{})}
	go l.read()
	defer func() {
		close(l.ended)
		_ = ws.Close() // it has ended
	}()
	return l.listen()
}

// address is where to connect: where the session can be resumed, or where Discord says,
// unless too many sessions were begun.
func (g *shard) address() (string, error) {
	const query = "/?v=" + version + "&encoding=json"
	if g.id != "" && g.resume != "" && g.o.API == "" {
		return strings.TrimRight(g.resume, "/") + query, nil
	}
	info, err := g.gateway()
	if f := asFault(err); f != nil && f.status == http.StatusUnauthorized {
		return "", errUnauthorized
	}
	if err != nil {
		return "", err
	}
	if limit := info.SessionStartLimit; g.id == "" && limit.Total > 0 && limit.Remaining <= 0 {
		wait := time.Duration(limit.ResetAfter) * time.Millisecond
		err := fmt.Errorf("discord permits no more sessions for %v, and would reset the token: it is waited", wait)
		g.ready.set(false, false, err)
		g.log.Error(err.Error())
		if err := wire.Sleep(g.ctx, wait); err != nil {
			return "", err
		}
	}
	return strings.TrimRight(info.URL, "/") + query, nil
}

// turn waits until another session may be begun.
func (s *starts) turn(ctx context.Context, each time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := wire.Sleep(ctx, time.Until(s.last.Add(each))); err != nil {
		return err
	}
	s.last = time.Now()
	return nil
}

// A link is one connection. All that is sent and decided is in one goroutine; another one
// only reads.
type link struct {
	*shard
	ws     *websocket.Conn
	frames chan frame
	broken chan error
	ended  chan struct{} // closed when nobody listens any more

	interval time.Duration
	beat     *time.Timer // when the next heartbeat is due
	silence  *time.Timer // when the gateway has been silent for too long
	unheard  bool        // a heartbeat wasn't acknowledged yet
}

// read hands on what comes.
func (l *link) read() {
	for {
		_, data, err := l.ws.ReadMessage()
		if err != nil {
			l.broken <- err
			return
		}
		var f frame
		if err := json.Unmarshal(data, &f); err != nil {
			l.log.Warn("discord: the gateway says something that can't be read", "bytes", len(data), "kind", fmt.Sprintf("%T", err))
			continue
		}
		select {
		case l.frames <- f:
		case <-l.ended:
			return
		}
	}
}

// listen lives through one connection, and returns why it has ended.
func (l *link) listen() error {
	l.beat, l.silence = time.NewTimer(time.Hour), time.NewTimer(l.tempo.dial)
	defer l.beat.Stop()
	defer l.silence.Stop()
	greeted := time.NewTimer(l.tempo.dial + l.tempo.greet)
	defer greeted.Stop()
	for {
		var err error
		select {
		case <-l.ctx.Done():
			l.bye(websocket.CloseNormalClosure)
			return nil
		case err = <-l.broken:
			return l.closed(err)
		case f := <-l.frames:
			err = l.hear(f)
		case <-l.beat.C:
			err = l.heartbeat()
			l.beat.Reset(l.interval)
		case <-l.silence.C:
			err = errSilent
		case <-greeted.C:
			if !l.up {
				err = errSilent
			}
		}
		if err != nil {
			l.bye(4000) // not 1000, so that the session can be resumed
			return err
		}
	}
}

// hear takes what the gateway says. Its error ends the connection.
func (l *link) hear(f frame) error {
	switch f.Op {
	case opHello:
		return l.hello(f.Data)
	case opAck:
		l.unheard = false
		l.silence.Stop()
	case opHeartbeat:
		return l.heartbeat()
	case opReconnect:
		return fmt.Errorf("%w: it asks to reconnect", errAsked)
	case opInvalid:
		return l.invalid(f.Data)
	case opDispatch:
		l.seq = max(l.seq, f.Seq)
		l.dispatch(f.Name, f.Data)
	}
	return nil
}

// hello begins or resumes the session.
func (l *link) hello(data json.RawMessage) error {
	var d struct {
		Interval int `json:"heartbeat_interval"` // milliseconds
	}
	if json.Unmarshal(data, &d) != nil || d.Interval <= 0 {
		return errors.New("the gateway says hello without a heartbeat")
	}
	l.interval = time.Duration(d.Interval) * time.Millisecond
	l.beat.Reset(rand.N(l.interval)) // so that not all begin at once
	l.silence.Stop()
	if l.id != "" {
		return l.send(opResume, map[string]any{"token": l.api.veil.token, "session_id": l.id, "seq": l.seq})
	}
	l.seq = 0
	return l.send(opIdentify, map[string]any{
		"token": l.api.veil.token, "intents": intents, "shard": [2]int{l.number, l.of},
		"properties": map[string]string{"os": "linux", "browser": "mentorbot", "device": "mentorbot"},
	})
}

// invalid waits as asked for after a session that has ended.
func (l *link) invalid(data json.RawMessage) error {
	var resumable bool
	if json.Unmarshal(data, &resumable) != nil || !resumable {
		l.id = ""
	}
	if err := wire.Sleep(l.ctx, l.tempo.rest+rand.N(4*l.tempo.rest)); err != nil {
		return err
	}
	return fmt.Errorf("%w: the session has ended", errAsked)
}

// heartbeat shows the gateway that we are there. It must show the same within half an
// interval.
func (l *link) heartbeat() error {
	var seq any
	if l.seq > 0 {
		seq = l.seq
	}
	if !l.unheard {
		l.unheard = true
		l.silence.Reset(l.interval / 2)
	}
	return l.send(opHeartbeat, seq)
}

func (l *link) send(op int, d any) error {
	if err := l.ws.SetWriteDeadline(time.Now().Add(writeFor)); err != nil {
		return err
	}
	return l.ws.WriteJSON(map[string]any{"op": op, "d": d})
}

// bye closes the connection.
func (l *link) bye(code int) {
	_ = l.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second)) // it may be gone
}

// closed reads why the gateway has closed the connection.
func (l *link) closed(err error) error {
	var c *websocket.CloseError
	if !errors.As(err, &c) {
		return l.api.veil.brokenOff(fmt.Errorf("the gateway breaks off: %w", err), "")
	}
	if c.Code == 4004 {
		return errUnauthorized
	}
	if text, is := fatal[c.Code]; is {
		return &fatalError{fmt.Sprintf("%s (%d)", text, c.Code)}
	}
	if c.Code == 4003 || c.Code == 4007 || c.Code == 4009 || c.Code == websocket.CloseNormalClosure || c.Code == websocket.CloseGoingAway {
		l.id = "" // it can't be resumed
	}
	return fmt.Errorf("the gateway closes the connection: %d %s", c.Code, l.api.veil.over(c.Text))
}
