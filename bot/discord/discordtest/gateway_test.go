package discordtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

// A socket is a client of the gateway.
type socket struct {
	*websocket.Conn
	t *testing.T
}

type frame struct {
	Op   int             `json:"op"`
	Seq  int             `json:"s"`
	Type string          `json:"t"`
	Data json.RawMessage `json:"d"`
}

func dial(t *testing.T, s *discordtest.Server, query string) *socket {
	t.Helper()
	c, w, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.URL, "http")+"/?"+query, nil)
	must(t, err)
	must(t, w.Body.Close())
	t.Cleanup(func() { _ = c.Close() }) // it may have ended
	must(t, c.SetReadDeadline(time.Now().Add(10*time.Second)))
	return &socket{c, t}
}

// greeted returns a client that has been told hello.
func greeted(t *testing.T, s *discordtest.Server) *socket {
	t.Helper()
	c := dial(t, s, "v=10&encoding=json")
	if f := c.next(); f.Op != 10 || !strings.Contains(string(f.Data), "heartbeat_interval") {
		t.Fatalf("the first is %+v", f)
	}
	return c
}

func (c *socket) next() (f frame) {
	c.t.Helper()
	must(c.t, c.ReadJSON(&f))
	return f
}

func (c *socket) say(text string) {
	c.t.Helper()
	must(c.t, c.WriteMessage(websocket.TextMessage, []byte(text)))
}

// closed returns the code with which the server ends the connection.
func (c *socket) closed() int {
	for {
		_, _, err := c.ReadMessage()
		var e *websocket.CloseError
		if errors.As(err, &e) {
			return e.Code
		}
		if err != nil {
			c.t.Errorf("the connection ended without a code: %v", err)
			return 0
		}
	}
}

func identify(token, more string) string {
	return fmt.Sprintf(`{"op":2,"d":{"token":%q,"properties":{"os":"linux"},"intents":4609%s}}`, token, more)
}

// ready returns a client with a session, and its id.
func ready(t *testing.T, s *discordtest.Server) (c *socket, session string) {
	t.Helper()
	c = greeted(t, s)
	c.say(identify(s.Token, ""))
	f := c.next()
	var d struct {
		ID string `json:"session_id"`
	}
	must(t, json.Unmarshal(f.Data, &d))
	if f.Type != "READY" || f.Seq != 1 || d.ID == "" {
		t.Fatalf("the answer is %+v", f)
	}
	return c, d.ID
}

func TestTheGatewayClosesOnMistakes(t *testing.T) {
	for name, one := range map[string]struct {
		say    string
		code   int
		expect string // "": a correct client may meet it
	}{
		"a wrong token":         {identify("x.y.z", ""), 4004, ""},
		"a privileged intent":   {identify("TOKEN", `,"intents":32768`), 4014, ""},
		"an unknown intent":     {identify("TOKEN", `,"intents":8388608`), 4013, "4013"},
		"a shard that isn't":    {identify("TOKEN", `,"shard":[2,2]`), 4010, "4010"},
		"no properties":         {`{"op":2,"d":{"token":"TOKEN","intents":1}}`, 4002, "4002"},
		"before identifying":    {`{"op":3,"d":{}}`, 4003, "4003"},
		"an unknown opcode":     {`{"op":2,"d":{}}`, 4002, "4002"},
		"no JSON":               {`{"op":`, 4002, "4002"},
		"too much at once":      {`{"op":1,"d":null,"x":"` + strings.Repeat("x", 5000) + `"}`, 4002, "too large"},
		"a resume without seq":  {`{"op":6,"d":{"token":"TOKEN","session_id":"x"}}`, 4002, "4002"},
		"a heartbeat of a word": {`{"op":1,"d":"x"}`, 4002, "4002"},
	} {
		t.Run(name, func(t *testing.T) {
			s := discordtest.New(t, discordtest.Options{})
			if one.expect != "" {
				s.Expect(one.expect)
			}
			c := greeted(t, s)
			c.say(strings.ReplaceAll(one.say, "TOKEN", s.Token))
			if code := c.closed(); code != one.code {
				t.Errorf("the code is %d", code)
			}
		})
	}
}

func TestIdentifyingTwiceAndTooMuch(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	s.Expect("4005")
	s.Expect("4008")
	c, _ := ready(t, s)
	c.say(identify(s.Token, ""))
	if code := c.closed(); code != 4005 {
		t.Errorf("the code is %d", code)
	}
	c, _ = ready(t, s)
	for range 121 {
		c.say(`{"op":1,"d":null}`)
	}
	if code := c.closed(); code != 4008 {
		t.Errorf("the code is %d", code)
	}
}

func TestSharding(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{Shards: 2})
	c := greeted(t, s)
	c.say(identify(s.Token, ""))
	if code := c.closed(); code != 4011 {
		t.Errorf("without shards the code is %d", code)
	}
	second := greeted(t, s)
	second.say(identify(s.Token, `,"shard":[1,2]`))
	second.next()
	must(t, s.User("ana").Type("hello"))
	first := greeted(t, s)
	first.say(identify(s.Token, `,"shard":[0,2]`))
	first.next()
	must(t, s.User("ana").Type("hello again"))
	if f := first.next(); f.Type != "MESSAGE_CREATE" || !strings.Contains(string(f.Data), "hello again") {
		t.Errorf("shard 0 hears %s %s", f.Type, f.Data)
	}
	second.say(`{"op":1,"d":1}`)
	if f := second.next(); f.Op != 11 {
		t.Errorf("shard 1 hears of direct chats: %+v", f)
	}
}

func TestResumeReplays(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	c, id := ready(t, s)
	must(t, s.User("ana").Type("one"))
	if f := c.next(); f.Type != "MESSAGE_CREATE" || f.Seq != 2 {
		t.Errorf("the event is %+v", f)
	}
	s.Drop()
	must(t, s.User("ana").Type("two"))
	must(t, s.User("ana").Type("three"))
	c = greeted(t, s)
	c.say(fmt.Sprintf(`{"op":6,"d":{"token":%q,"session_id":%q,"seq":2}}`, s.Token, id))
	for n, text := range []string{"two", "three"} {
		if f := c.next(); f.Seq != 3+n || !strings.Contains(string(f.Data), text) {
			t.Errorf("%d: the event is %+v %s", n, f, f.Data)
		}
	}
	if f := c.next(); f.Type != "RESUMED" {
		t.Errorf("at the end comes %+v", f)
	}
	s.Expect("4007")
	c = greeted(t, s)
	c.say(fmt.Sprintf(`{"op":6,"d":{"token":%q,"session_id":%q,"seq":99}}`, s.Token, id))
	if code := c.closed(); code != 4007 {
		t.Errorf("from the future the code is %d", code)
	}
}

func TestWhatEndsASession(t *testing.T) {
	for name, end := range map[string]func(*discordtest.Server, *socket){
		"a close with 1000": func(_ *discordtest.Server, c *socket) {
			must(t, c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(time.Second)))
			c.closed()
		},
		"opcode 9":      func(s *discordtest.Server, _ *socket) { s.Invalidate(false) },
		"the code 4009": func(s *discordtest.Server, _ *socket) { s.Hang(4009) },
	} {
		t.Run(name, func(t *testing.T) {
			s := discordtest.New(t, discordtest.Options{})
			c, id := ready(t, s)
			end(s, c)
			c = greeted(t, s)
			c.say(fmt.Sprintf(`{"op":6,"d":{"token":%q,"session_id":%q,"seq":1}}`, s.Token, id))
			if f := c.next(); f.Op != 9 || string(f.Data) != "false" {
				t.Errorf("the answer is %+v", f)
			}
		})
	}
}

func TestOnDemand(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	c, _ := ready(t, s)
	s.AskToReconnect()
	s.AskForHeartbeat()
	s.Invalidate(true)
	s.Say(`{"op":99}`)
	for _, op := range []int{7, 1, 9, 99} {
		if f := c.next(); f.Op != op {
			t.Errorf("%d: it is %+v", op, f)
		}
	}
	s.Hang(4000)
	if code := c.closed(); code != 4000 {
		t.Errorf("the code is %d", code)
	}
	s.RefuseIdentify(4012, 4014)
	for _, want := range []int{4012, 4014} {
		c = greeted(t, s)
		c.say(identify(s.Token, ""))
		if code := c.closed(); code != want {
			t.Errorf("the code is %d", code)
		}
	}
	ready(t, s)
}

func TestSilence(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	c, _ := ready(t, s)
	s.Silence(discordtest.NoAcks)
	c.say(`{"op":1,"d":1}`)
	must(t, s.User("ana").Type("hello"))
	quiet(t, c.Conn)
	s.Silence(discordtest.NoReady)
	c = greeted(t, s)
	c.say(identify(s.Token, ""))
	quiet(t, c.Conn)
	s.Silence(discordtest.NoHello)
	quiet(t, dial(t, s, "v=10&encoding=json").Conn)
	s.Silence(discordtest.NoUpgrade)
	d := websocket.Dialer{HandshakeTimeout: 200 * time.Millisecond}
	_, w, err := d.Dial("ws"+strings.TrimPrefix(s.URL, "http")+"/?v=10&encoding=json", nil)
	var e net.Error
	if !errors.As(err, &e) || !e.Timeout() {
		t.Errorf("the error is %v", err)
	}
	if w != nil {
		_ = w.Body.Close()
	}
	s.Silence(discordtest.Talking)
	ready(t, s)
}

// quiet checks that nothing comes for a while.
func quiet(t *testing.T, c *websocket.Conn) {
	t.Helper()
	must(t, c.SetReadDeadline(time.Now().Add(100*time.Millisecond)))
	_, data, err := c.ReadMessage()
	var e net.Error
	if !errors.As(err, &e) || !e.Timeout() {
		t.Errorf("it says %s, %v", data, err)
	}
}

func TestWithoutHeartbeatsTheConnectionEnds(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{Heartbeat: 50 * time.Millisecond})
	c, _ := ready(t, s)
	if code := c.closed(); code != 4009 {
		t.Errorf("the code is %d", code)
	}
}

func TestHowOftenSessionsStart(t *testing.T) {
	now := time.Now()
	s := discordtest.New(t, discordtest.Options{Limits: true, Now: func() time.Time { return now }})
	ready(t, s)
	c := greeted(t, s)
	c.say(identify(s.Token, ""))
	if f := c.next(); f.Op != 9 {
		t.Errorf("a second one within 5 s: %+v", f)
	}
	now = now.Add(6 * time.Second)
	s.Starts(0)
	if a := call(t, s, http.MethodGet, "gateway/bot", ""); !strings.Contains(a.Body, `"remaining":0`) {
		t.Errorf("the gateway says %s", a.Body)
	}
	s.Expect("more sessions were started")
	c = greeted(t, s)
	c.say(identify(s.Token, ""))
	if code := c.closed(); code != 4004 {
		t.Errorf("the code is %d", code)
	}
}

func TestWhatTheGatewayTells(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	g := s.Guild("Mentors")
	ana := s.User("ana")
	g.Join(ana)
	general := g.Channel("general")
	c, _ := ready(t, s)
	if f := c.next(); f.Type != "GUILD_CREATE" || !strings.Contains(string(f.Data), "general") {
		t.Errorf("first comes %s", f.Type)
	}
	must(t, general.Seat(ana).Type("among us"))
	if f := c.next(); f.Type != "MESSAGE_CREATE" || strings.Contains(string(f.Data), "among us") {
		t.Errorf("what is said in a guild comes without its content: %s %s", f.Type, f.Data)
	}
	general.Delete()
	if f := c.next(); f.Type != "CHANNEL_DELETE" {
		t.Errorf("then comes %s", f.Type)
	}
	g.Leave(ana)
	must(t, ana.Type("bye"))
	if f := c.next(); f.Type != "MESSAGE_CREATE" {
		t.Errorf("who leaves isn't told of: %s", f.Type)
	}
}

func TestNobodyIsThere(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	call(t, s, http.MethodPut, "applications/"+s.AppID+"/commands", `[`+command("")+`]`)
	if _, err := s.User("ana").Slash("log", nil); err == nil || !strings.Contains(err.Error(), "did not respond") {
		t.Errorf("the error is %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := s.Connected(ctx, 1); err == nil {
		t.Error("nobody is connected")
	}
}
