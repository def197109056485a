package discordtest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxReplay    = 2000 // events that are kept to be replayed
	resumeWithin = 5 * time.Minute
)

// A session is what a client has identified for.
type session struct {
	id      string
	shard   int
	shards  int
	intents int
	seq     int
	log     []sent
	conn    *conn // nil: it waits to be resumed
	left    time.Time
}

// An sent is an event that was sent.
type sent struct {
	seq  int
	data []byte
}

// confirm forgets what the client has seen.
func (s *session) confirm(seq int) {
	n := 0
	for n < len(s.log) && s.log[n].seq <= seq {
		n++
	}
	s.log = s.log[n:]
}

// emit sends an event. The caller holds the lock.
func (s *session) emit(name string, d []byte) {
	s.seq++
	data := fmt.Appendf(nil, `{"t":%q,"s":%d,"op":0,"d":%s}`, name, s.seq, d)
	s.log = append(s.log, sent{s.seq, data})
	if len(s.log) > maxReplay {
		s.log = s.log[1:]
	}
	if s.conn != nil && s.conn.server.gateway.silence == Talking {
		s.conn.queue(data)
	}
}

// hears reports whether a session is told of something in a guild; "": a direct chat.
func (s *session) hears(guildID string, intent int) bool {
	shard := 0
	if id, err := strconv.ParseUint(guildID, 10, 64); err == nil && s.shards > 0 {
		shard = int((id >> 22) % uint64(s.shards))
	}
	return shard == s.shard && s.intents&intent == intent
}

// dispatch tells everybody of an event who has asked for it, and returns how many they
// are. The caller holds the lock.
func (s *Server) dispatch(name, guildID string, intent int, d any) (n int) {
	var data []byte
	for _, one := range s.alive() {
		if !one.hears(guildID, intent) {
			continue
		}
		if data == nil {
			data = encode(d)
		}
		one.emit(name, data)
		n++
	}
	return n
}

// alive are the sessions that are connected or can be resumed.
func (s *Server) alive() []*session {
	now := time.Now()
	s.gateway.sessions = slices.DeleteFunc(s.gateway.sessions, func(one *session) bool {
		return one.conn == nil && now.Sub(one.left) > resumeWithin
	})
	return s.gateway.sessions
}

// dispatchTo tells of something in a channel that has to do with messages.
func (s *Server) dispatchTo(c *channel, name string, d any) {
	if c.guild == nil {
		s.dispatch(name, "", intentDirectMessages, d)
		return
	}
	if c.may()&viewChannel != 0 {
		s.dispatch(name, c.guild.ID, intentGuildMessages, d)
	}
}

// dispatchMessage tells of a message; without the privileged intent, what others say in a
// guild without mentioning the bot comes empty.
func (s *Server) dispatchMessage(name string, p *post) {
	if p.only != "" {
		return
	}
	w := struct {
		wireMessage
		GuildID string `json:"guild_id,omitempty"`
	}{p.wireMessage, p.channel.guildID()}
	if p.channel.guild != nil && !p.Author.Bot && !strings.Contains(w.Content, "<@"+s.AppID+">") && !s.options.Privileged {
		w.Content = ""
	}
	s.dispatchTo(p.channel, name, w)
}

// identify starts a session.
func (c *conn) identify(data json.RawMessage) {
	var d struct {
		Token      string          `json:"token"`
		Properties map[string]any  `json:"properties"`
		Compress   bool            `json:"compress"`
		Shard      []int           `json:"shard"`
		Intents    *int            `json:"intents"`
		Presence   json.RawMessage `json:"presence"`
	}
	if json.Unmarshal(data, &d) != nil || d.Properties == nil || d.Intents == nil {
		c.accuse(4002, "Error while decoding payload.")
		return
	}
	if len(d.Shard) == 0 {
		d.Shard = []int{0, 1}
	}
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	g := &s.gateway
	g.asked = append(g.asked, s.options.Now())
	code := s.refusal(c, d.Token, d.Shard, *d.Intents)
	if code != 0 {
		go c.shut(code, closeReasons[code])
		return
	}
	if last, is := g.started[0]; is && s.options.Limits && s.options.Now().Sub(last) < identifyIn {
		c.send(opInvalid, false)
		return
	}
	g.started[0] = s.options.Now()
	if g.left--; g.left < 0 {
		s.violate("gateway", "more sessions were started than may be: the token is reset")
		go c.shut(4004, closeReasons[4004])
		return
	}
	c.compress.Store(d.Compress)
	one := &session{id: "session-" + s.nextID(), shard: d.Shard[0], shards: d.Shard[1], intents: *d.Intents, conn: c}
	c.session = one
	g.sessions = append(g.sessions, one)
	s.greet(one, d.Shard)
	g.wake()
}

// refusal says with which code an identification is refused; 0: it isn't.
func (s *Server) refusal(c *conn, token string, shard []int, intents int) int {
	g := &s.gateway
	if len(g.refuse) > 0 {
		code := g.refuse[0]
		g.refuse = g.refuse[1:]
		return code
	}
	switch {
	case c.session != nil:
		s.violate("gateway", "closed with 4005: identified twice")
		return 4005
	case strings.TrimPrefix(token, "Bot ") != s.Token:
		return 4004
	case len(shard) != 2 || shard[0] < 0 || shard[0] >= shard[1]:
		s.violate("gateway", fmt.Sprintf("closed with 4010: shard %v", shard))
		return 4010
	case shard[1] < s.options.Shards:
		return 4011
	case intents&^knownIntents != 0:
		s.violate("gateway", fmt.Sprintf("closed with 4013: intents %d", intents))
		return 4013
	case intents&privileged != 0 && !s.options.Privileged:
		return 4014
	}
	return 0
}

var closeReasons = map[int]string{
	4000: "Unknown error.", 4004: "Authentication failed.", 4005: "Already authenticated.", 4007: "Invalid seq.", 4009: "Session timed out.",
	4010: "Invalid shard.", 4011: "Sharding required.", 4012: "Invalid API version.", 4013: "Invalid intent(s).", 4014: "Disallowed intent(s).",
}

// greet tells a new session where it is.
func (s *Server) greet(one *session, shard []int) {
	unavailable := []any{}
	for id := range s.guilds {
		if one.hears(id, 0) {
			unavailable = append(unavailable, map[string]any{"id": id, "unavailable": true})
		}
	}
	one.emit("READY", encode(map[string]any{
		"v": 10, "user": s.bot, "guilds": unavailable, "session_id": one.id, "resume_gateway_url": s.socket(), "shard": shard,
		"application": map[string]any{"id": s.AppID, "flags": 0}, "session_type": "normal", "private_channels": []any{},
		"relationships": []any{}, "user_settings": map[string]any{}, "presences": []any{}, "guild_join_requests": []any{},
	}))
	for id, g := range s.guilds {
		if one.hears(id, intentGuilds) {
			one.emit("GUILD_CREATE", encode(s.wireGuild(g)))
		}
	}
}

// resume continues a session, and replays what was missed.
func (c *conn) resume(data json.RawMessage) {
	var d struct {
		Token     string `json:"token"`
		SessionID string `json:"session_id"`
		Seq       *int   `json:"seq"`
	}
	if json.Unmarshal(data, &d) != nil || d.Seq == nil {
		c.accuse(4002, "Error while decoding payload.")
		return
	}
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.alive(), func(one *session) bool { return one.id == d.SessionID })
	switch {
	case strings.TrimPrefix(d.Token, "Bot ") != s.Token:
		go c.shut(4004, closeReasons[4004])
	case i < 0:
		c.send(opInvalid, false)
	case *d.Seq > s.gateway.sessions[i].seq:
		s.violate("gateway", "closed with 4007: resumed from what never was")
		go c.shut(4007, closeReasons[4007])
	default:
		s.replay(c, s.gateway.sessions[i], *d.Seq)
	}
}

func (s *Server) replay(c *conn, one *session, seq int) {
	one.confirm(seq)
	if one.seq > seq && (len(one.log) == 0 || one.log[0].seq != seq+1) {
		c.send(opInvalid, false) // too much was missed
		return
	}
	if one.conn != nil {
		go one.conn.shut(4000, closeReasons[4000])
	}
	one.conn, c.session = c, one
	for _, e := range one.log {
		c.queue(e.data)
	}
	one.emit("RESUMED", []byte(`{"_trace":[]}`))
	s.gateway.wake()
}

// closed takes a client's word that it closes the connection. After 1000 and 1001 its
// session has ended; after others it can be resumed.
func (c *conn) closed(code int, _ string) error {
	s := c.server
	s.mu.Lock()
	if code == websocket.CloseNormalClosure || code == websocket.CloseGoingAway {
		s.gateway.sessions = slices.DeleteFunc(s.gateway.sessions, func(one *session) bool { return one == c.session })
	}
	s.mu.Unlock()
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second)) // it may be gone
	return nil
}

// Connected waits until so many sessions are connected at once.
func (s *Server) Connected(ctx context.Context, n int) error {
	return s.until(ctx, func() bool {
		now := 0
		for _, one := range s.gateway.sessions {
			if one.conn != nil {
				now++
			}
		}
		return now >= n
	})
}

// until waits for something of the gateway.
func (s *Server) until(ctx context.Context, is func() bool) error {
	for {
		s.mu.Lock()
		ok, changed := is(), s.gateway.changed
		s.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for the bot at the gateway: %w", ctx.Err())
		}
	}
}

// Identified returns when clients have identified, those that were refused included: after
// opcode 9 they have to wait for one to five seconds.
func (s *Server) Identified() []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.gateway.asked)
}
