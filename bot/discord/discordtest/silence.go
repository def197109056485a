package discordtest

import (
	"bufio"
	"net/http"
)

// A Silence is what the gateway leaves out.
type Silence int

// The silences, each with those before it.
const (
	Talking   Silence = iota
	NoAcks            // heartbeats aren't acknowledged, and no event comes: a zombie connection
	NoReady           // to identify or resume has no answer
	NoHello           // the connection is taken, and nothing is ever said
	NoUpgrade         // not even the request is answered
)

// Silence has the gateway leave something out, also on connections that there are, until
// it is Talking again.
func (s *Server) Silence(what Silence) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.silence = what
}

func (s *Server) hushed(what Silence) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gateway.silence >= what
}

// hold keeps a connection open without a word, until the client or the test ends it.
func (s *Server) hold(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	go func() {
		<-s.ended
		_ = conn.Close() // the test has ended
	}()
	_, _ = bufio.NewReader(conn).ReadByte() // returns when it ends
	_ = conn.Close()
}

// each does something with all connections.
func (s *Server) each(do func(*conn)) {
	s.mu.Lock()
	var all []*conn
	for c := range s.gateway.conns {
		all = append(all, c)
	}
	s.mu.Unlock()
	for _, c := range all {
		do(c)
	}
}

// AskToReconnect sends opcode 7 to everybody.
func (s *Server) AskToReconnect() { s.each(func(c *conn) { c.send(opReconnect, nil) }) }

// Invalidate sends opcode 9 to everybody. Unless their sessions can be resumed, they have
// ended.
func (s *Server) Invalidate(resumable bool) {
	s.mu.Lock()
	if !resumable {
		for c := range s.gateway.conns {
			c.session = nil
		}
		s.gateway.sessions = nil
	}
	s.mu.Unlock()
	s.each(func(c *conn) { c.send(opInvalid, resumable) })
}

// AskForHeartbeat sends opcode 1 to everybody.
func (s *Server) AskForHeartbeat() { s.each(func(c *conn) { c.send(opHeartbeat, nil) }) }

// Hang closes all connections with a code. After 4007, 4009 and the fatal ones, no session
// can be resumed.
func (s *Server) Hang(code int) {
	s.mu.Lock()
	if code >= 4004 && code != 4008 {
		s.gateway.sessions = nil
	}
	s.mu.Unlock()
	s.each(func(c *conn) { c.shut(code, closeReasons[code]) })
}

// Drop cuts all connections without a word.
func (s *Server) Drop() { s.each(func(c *conn) { _ = c.ws.UnderlyingConn().Close() }) }

// RefuseIdentify closes the connections of the next identifications with codes, one each.
func (s *Server) RefuseIdentify(codes ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.refuse = append(s.gateway.refuse, codes...)
}

// Starts sets how many sessions may still be started.
func (s *Server) Starts(left int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.left = left
}

// Say sends a payload to everybody as it stands, odd or broken as it may be.
func (s *Server) Say(payload string) { s.each(func(c *conn) { c.queue([]byte(payload)) }) }
