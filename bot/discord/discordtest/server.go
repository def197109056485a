package discordtest

import (
	"crypto/ed25519"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// Options say how a server is to be. The zero value is Discord without limits or delay.
type Options struct {
	Limits     bool             // calls are limited as Discord limits them, and answered with 429; identifying, too
	Latency    time.Duration    // that each call takes
	Now        func() time.Time // nil: time.Now; waiting is always in real time
	Locale     string           // of everybody's app; "": en-US
	Heartbeat  time.Duration    // that the gateway asks for; 0: 41.25 s
	Shards     int              // that the gateway advises; 0: 1
	Starts     int              // sessions that may be started in a day; 0: 1000
	Privileged bool             // the privileged intents are granted
}

// A Server is Discord, with one bot. Its methods may be called at once.
type Server struct {
	URL       string // the root of everything, without a slash at the end: /api/v10 lies below
	Token     string // of the bot, without "Bot "
	AppID     string // of the application, and the bot's user id
	PublicKey ed25519.PublicKey

	options  Options
	key      ed25519.PrivateKey
	bot      wireUser
	ended    chan struct{}
	upgrader websocket.Upgrader

	mu           sync.Mutex
	lastID       int64
	users        map[string]*User        // by name
	members      map[string]*User        // by id
	guilds       map[string]*Guild       // by id
	channels     map[string]*channel     // by id
	posts        map[string]*post        // by id
	nonces       map[string]*post        // by channel and nonce
	interactions map[string]*interaction // by token
	acts         map[string]*interaction // by id
	order        []*interaction
	commands     map[string][]command // by guild; "": everywhere
	overwrites   map[string]int       // how often they were written, by guild
	pings        []Ping
	gateway      gateway
	endpoint     string // that interactions are posted to; "": the gateway
	faults       []*fault
	limits       limiter
	calls        []Call
	broken       []Violation
	expected     []*expectation
}

// New starts a server, and ends it with the test, which fails if there was a violation
// that nobody expected. Other processes can use it as well.
func New(tb testing.TB, o Options) *Server {
	tb.Helper()
	s := &Server{
		AppID: "1122334455667788990", options: o.filled(), ended: make(chan struct{}),
		users: map[string]*User{}, members: map[string]*User{}, guilds: map[string]*Guild{},
		channels: map[string]*channel{}, posts: map[string]*post{}, nonces: map[string]*post{},
		interactions: map[string]*interaction{}, acts: map[string]*interaction{}, commands: map[string][]command{}, overwrites: map[string]int{},
	}
	s.Token = base64.RawStdEncoding.EncodeToString([]byte(s.AppID)) + ".GfAkEt.token-of-the-tests-only_0123456789abc"
	s.key = ed25519.NewKeyFromSeed([]byte("a seed that everybody may know.."))
	s.PublicKey, _ = s.key.Public().(ed25519.PublicKey)
	s.bot = wireUser{ID: s.AppID, Username: "mentor-test", GlobalName: "Mentor", Bot: true, Discriminator: "0000"}
	s.gateway.begin(s.options)
	s.limits.begin()
	server := httptest.NewServer(s)
	s.URL = server.URL
	tb.Cleanup(func() {
		close(s.ended)
		s.closeAll()
		server.CloseClientConnections()
		server.Close()
		s.report(tb)
	})
	return s
}

func (o Options) filled() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Locale == "" {
		o.Locale = "en-US"
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 41250 * time.Millisecond
	}
	if o.Shards == 0 {
		o.Shards = 1
	}
	if o.Starts == 0 {
		o.Starts = 1000
	}
	return o
}

// ServeHTTP answers one call, or opens the gateway.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/" && websocket.IsWebSocketUpgrade(r) {
		s.openGateway(w, r)
		return
	}
	c := &Call{At: s.options.Now(), Path: map[string]string{}, Query: r.URL.Query()}
	refused := s.read(r, c)
	if refused != nil && r.Context().Err() != nil {
		return // who called is gone, and has said only part of it
	}
	if refused == nil && s.banned() {
		refused = &refusal{Status: http.StatusTooManyRequests}
		s.note(c, refused)
		edge(w, r, http.StatusTooManyRequests, "")
		return
	}
	if refused != nil {
		s.settle(w, r, c, nil, refused)
		return
	}
	if f := s.takeFault(*c); f != nil {
		s.fail(w, r, c, f)
		return
	}
	if !s.pause(r, s.options.Latency) {
		return
	}
	body, refused := s.do(w, c)
	s.settle(w, r, c, body, refused)
}

// read finds out what is called, by whom, and whether it is well-formed.
func (s *Server) read(r *http.Request, c *Call) *refusal {
	rest, found := strings.CutPrefix(r.URL.Path, "/api/v10/")
	if !found {
		rest, found = strings.CutPrefix(r.URL.Path, "/api/v9/")
	}
	c.Method = r.Method + " " + r.URL.Path
	if !found {
		return errNoRoute
	}
	o, values := api().find(r.Method, rest)
	if o == nil {
		return errNoRoute
	}
	c.Method, c.Path = o.id, values
	if !strings.HasPrefix(r.UserAgent(), "DiscordBot (") {
		return broken(http.StatusForbidden, 40333, "internal network error: the user agent isn't DiscordBot (address, version)")
	}
	if !s.knows(r, c) {
		return errUnauthorized
	}
	if p := checkPath(values); p != nil {
		return invalid(p)
	}
	if p := o.checkQuery(c.Query); p != nil {
		return invalid(p)
	}
	return o.readBody(r, c)
}

// knows reports whether a call comes from the bot. A token in the path tells as well.
func (s *Server) knows(r *http.Request, c *Call) bool {
	if c.Path["webhook_token"] != "" || c.Path["interaction_token"] != "" {
		return true
	}
	return subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bot "+s.Token)) == 1
}

// do has the effect of a call, and returns the body of the answer; nil: there is none.
func (s *Server) do(w http.ResponseWriter, c *Call) ([]byte, *refusal) {
	f := methods[c.Method]
	if f == nil {
		return nil, broken(http.StatusNotImplemented, 0, "this server doesn't do that")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if refused := s.limit(w, c); refused != nil {
		return nil, refused
	}
	result, refused := f(s, c)
	if refused != nil || result == nil {
		return nil, refused
	}
	return encode(result), nil // while nobody changes it
}

// settle writes a call down and answers it; nil: 204.
func (s *Server) settle(w http.ResponseWriter, r *http.Request, c *Call, body []byte, refused *refusal) {
	s.note(c, refused)
	if r.Context().Err() != nil {
		return
	}
	switch {
	case refused != nil && refused.Status == http.StatusTooManyRequests:
		answer(w, refused.Status, slow(w, refused.wait, refused.global))
	case refused != nil:
		answer(w, refused.Status, refused.body())
	case body == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		answer(w, http.StatusOK, body)
	}
}

func answer(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // who called may be gone
}

// pause waits, unless who called goes away or the test ends.
func (s *Server) pause(r *http.Request, d time.Duration) bool {
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.ended:
	}
	return false
}

// methods are those that do something here, by the specification's names.
var methods map[string]func(*Server, *Call) (any, *refusal)

func init() {
	methods = map[string]func(*Server, *Call) (any, *refusal){
		"get_gateway":                         (*Server).getGateway,
		"get_bot_gateway":                     (*Server).getBotGateway,
		"get_my_user":                         (*Server).getMe,
		"get_user":                            (*Server).getUser,
		"get_my_application":                  (*Server).getApplication,
		"get_my_oauth2_application":           (*Server).getApplication,
		"get_application":                     (*Server).getApplication,
		"list_my_guilds":                      (*Server).listGuilds,
		"list_application_commands":           (*Server).listCommands,
		"bulk_set_application_commands":       (*Server).setCommands,
		"list_guild_application_commands":     (*Server).listCommands,
		"bulk_set_guild_application_commands": (*Server).setCommands,
		"create_dm":                           (*Server).createDM,
		"get_channel":                         (*Server).getChannel,
		"update_channel":                      (*Server).updateChannel,
		"delete_channel":                      (*Server).deleteChannel,
		"create_message":                      (*Server).createMessage,
		"update_message":                      (*Server).updateMessage,
		"get_message":                         (*Server).getMessage,
		"list_messages":                       (*Server).listMessages,
		"delete_message":                      (*Server).deleteMessage,
		"trigger_typing_indicator":            (*Server).typing,
		"create_interaction_response":         (*Server).callback,
		"execute_webhook":                     (*Server).followUp,
		"get_original_webhook_message":        (*Server).getOriginal,
		"update_original_webhook_message":     (*Server).updateOriginal,
		"delete_original_webhook_message":     (*Server).deleteOriginal,
		"get_webhook_message":                 (*Server).getOriginal,
		"update_webhook_message":              (*Server).updateOriginal,
		"delete_webhook_message":              (*Server).deleteOriginal,
		"create_thread":                       (*Server).createThread,
		"add_thread_member":                   (*Server).addThreadMember,
		"delete_thread_member":                (*Server).deleteThreadMember,
		"list_thread_members":                 (*Server).listThreadMembers,
		"get_guild":                           (*Server).getGuild,
		"list_guild_channels":                 (*Server).listChannels,
		"list_guild_roles":                    (*Server).listRoles,
		"get_guild_member":                    (*Server).getMember,
		"add_guild_member_role":               (*Server).addRole,
		"delete_guild_member_role":            (*Server).removeRole,
		"list_guild_scheduled_events":         (*Server).listEvents,
		"create_guild_scheduled_event":        (*Server).createEvent,
		"get_guild_scheduled_event":           (*Server).getEvent,
		"update_guild_scheduled_event":        (*Server).updateEvent,
		"delete_guild_scheduled_event":        (*Server).deleteEvent,
	}
}
