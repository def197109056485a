package discordtest

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// The opcodes of the gateway.
const (
	opDispatch  = 0
	opHeartbeat = 1
	opIdentify  = 2
	opPresence  = 3
	opVoice     = 4
	opResume    = 6
	opReconnect = 7
	opMembers   = 8
	opInvalid   = 9
	opHello     = 10
	opAck       = 11
)

// The intents that this server asks for.
const (
	intentGuilds         = 1 << 0
	intentGuildMessages  = 1 << 9
	intentDirectMessages = 1 << 12
	intentContent        = 1 << 15
	intentEvents         = 1 << 16

	privileged   = 1<<1 | 1<<8 | intentContent
	knownIntents = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
)

const (
	maxPayload = 4096 // bytes that a client may send at once
	maxSends   = 120  // what a client may send in a minute
	identifyIn = 5 * time.Second
	compressAt = 1024
)

// A gateway is where clients connect.
type gateway struct {
	sessions []*session
	conns    map[*conn]bool
	silence  Silence
	refuse   []int // close codes of the next identifications
	left     int   // sessions that may be started
	started  map[int]time.Time
	asked    []time.Time // when clients have identified
	changed  chan struct{}
}

func (g *gateway) begin(o Options) {
	g.conns, g.left, g.started, g.changed = map[*conn]bool{}, o.Starts, map[int]time.Time{}, make(chan struct{})
}

func (g *gateway) wake() {
	close(g.changed)
	g.changed = make(chan struct{})
}

// A conn is one connection of a client.
type conn struct {
	server   *Server
	ws       *websocket.Conn
	out      chan []byte
	gone     chan struct{} // closed when the connection has ended
	session  *session
	compress atomic.Bool
	sends    []time.Time
	pulse    *time.Timer
	once     sync.Once
}

type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
}

func (s *Server) getGateway(*Call) (any, *refusal) {
	return map[string]any{"url": s.socket()}, nil
}

func (s *Server) socket() string { return "ws" + strings.TrimPrefix(s.URL, "http") }

func (s *Server) getBotGateway(*Call) (any, *refusal) {
	return map[string]any{"url": s.socket(), "shards": s.options.Shards, "session_start_limit": map[string]any{
		"total": s.options.Starts, "remaining": s.gateway.left, "reset_after": (24 * time.Hour).Milliseconds(), "max_concurrency": 1,
	}}, nil
}

// openGateway takes a connection.
func (s *Server) openGateway(w http.ResponseWriter, r *http.Request) {
	if s.hushed(NoUpgrade) {
		s.hold(w)
		return
	}
	q := r.URL.Query()
	if v := q.Get("v"); v != "9" && v != "10" || q.Get("encoding") != "json" || q.Has("compress") {
		s.accuse("the gateway is asked for with %q, and this server has v=9 or 10, encoding=json, and no compression of the transport", r.URL.RawQuery)
		http.Error(w, "bad parameters", http.StatusBadRequest)
		return
	}
	ws, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // it has been answered
	}
	c := &conn{server: s, ws: ws, out: make(chan []byte, 1<<14), gone: make(chan struct{})}
	s.mu.Lock()
	s.gateway.conns[c] = true
	s.mu.Unlock()
	ws.SetCloseHandler(c.closed)
	go c.write()
	c.pulse = time.AfterFunc(2*s.options.Heartbeat, func() { c.shut(4009, closeReasons[4009]) })
	if s.hushed(NoHello) {
		c.pulse.Stop()
	} else {
		c.send(opHello, map[string]any{"heartbeat_interval": s.options.Heartbeat.Milliseconds(), "_trace": []string{"discordtest"}})
	}
	c.read()
	c.pulse.Stop()
	c.leave()
}

// accuse notes a violation.
func (s *Server) accuse(format string, values ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violate("gateway", fmt.Sprintf(format, values...))
}

// write sends what is to be sent, until the connection ends.
func (c *conn) write() {
	for {
		select {
		case <-c.gone:
			return
		case data := <-c.out:
			kind := websocket.TextMessage
			if c.compress.Load() && len(data) > compressAt {
				kind, data = websocket.BinaryMessage, squeeze(data)
			}
			if c.ws.WriteMessage(kind, data) != nil {
				_ = c.ws.Close() // it is broken already
			}
		}
	}
}

func squeeze(data []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(data) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

func (c *conn) send(op int, d any) {
	c.queue(encode(map[string]any{"op": op, "d": d, "s": nil, "t": nil}))
}

// queue has something be sent; who doesn't read for long is cut off.
func (c *conn) queue(data []byte) {
	select {
	case c.out <- data:
	default:
		_ = c.ws.Close() // it reads nothing
	}
}

// read does what the client asks for, until the connection ends.
func (c *conn) read() {
	for {
		_, data, err := c.ws.ReadMessage()
		if err != nil {
			return
		}
		var f frame
		switch {
		case len(data) > maxPayload:
			c.accuse(4002, "Payload too large.")
		case json.Unmarshal(data, &f) != nil:
			c.accuse(4002, "Error while decoding payload.")
		case !c.mayHear():
		case c.tooMany():
			c.accuse(4008, "Rate limited.")
		default:
			c.hear(f)
		}
	}
}

// mayHear reports whether the server listens at all.
func (c *conn) mayHear() bool { return !c.server.hushed(NoHello) }

func (c *conn) tooMany() bool {
	now := time.Now()
	c.sends = append(slices.DeleteFunc(c.sends, func(t time.Time) bool { return now.Sub(t) > time.Minute }), now)
	return len(c.sends) > maxSends
}

// hear takes one message of the client.
func (c *conn) hear(f frame) {
	s := c.server
	if f.Op != opHeartbeat && f.Op != opIdentify && f.Op != opResume && c.session == nil {
		c.accuse(4003, "Not authenticated.")
		return
	}
	switch f.Op {
	case opHeartbeat:
		c.beat(f.Data)
	case opIdentify:
		if !s.hushed(NoReady) {
			c.identify(f.Data)
		}
	case opResume:
		if !s.hushed(NoReady) {
			c.resume(f.Data)
		}
	case opPresence, opVoice, opMembers: // nobody looks
	default:
		c.accuse(4001, "Unknown opcode.")
	}
}

// beat takes a heartbeat, which tells as well what has come so far.
func (c *conn) beat(data json.RawMessage) {
	s := c.server
	c.pulse.Reset(2 * s.options.Heartbeat)
	seq, err := strconv.Atoi(string(data))
	if err != nil && string(data) != "null" {
		c.accuse(4002, "Error while decoding payload.")
		return
	}
	s.mu.Lock()
	if c.session != nil {
		c.session.confirm(seq)
	}
	s.mu.Unlock()
	if !s.hushed(NoAcks) {
		c.send(opAck, nil)
	}
}

// accuse closes the connection for what a correct client doesn't do.
func (c *conn) accuse(code int, reason string) {
	c.server.accuse("closed with %d: %s", code, reason)
	c.shut(code, reason)
}

// shut closes the connection with a code.
func (c *conn) shut(code int, reason string) {
	c.once.Do(func() {
		_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(time.Second))
		// The client reads the code before the connection ends.
		time.AfterFunc(200*time.Millisecond, func() { _ = c.ws.Close() })
	})
}

// leave forgets the connection; its session can be resumed.
func (c *conn) leave() {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.gateway.conns, c)
	if c.session != nil && c.session.conn == c {
		c.session.conn, c.session.left = nil, time.Now()
	}
	close(c.gone)
	_ = c.ws.Close() // it has ended
	s.gateway.wake()
}

// closeAll ends all connections.
func (s *Server) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.gateway.conns {
		_ = c.ws.Close() // the test has ended
	}
}
