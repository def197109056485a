package discordtest_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

func TestLimits(t *testing.T) {
	c := newClock()
	s := discordtest.New(t, discordtest.Options{Now: c.Now, Limits: true})
	path := "channels/" + s.User("ana").Begin().ChannelID() + "/messages"
	for n := range 5 {
		a := call(t, s, http.MethodPost, path, `{"content":"a"}`)
		if left := a.Header.Get("X-RateLimit-Remaining"); a.Status != http.StatusOK || left != strconv.Itoa(4-n) {
			t.Errorf("%d: %d, %s left", n, a.Status, left)
		}
	}
	c.turn(2 * time.Second)
	a := call(t, s, http.MethodPost, path, `{"content":"a"}`)
	var v struct {
		RetryAfter float64 `json:"retry_after"`
		Global     bool
	}
	must(t, json.Unmarshal([]byte(a.Body), &v))
	if a.Status != http.StatusTooManyRequests || v.RetryAfter != 3 || v.Global || a.Header.Get("X-RateLimit-Scope") != "user" || a.Header.Get("X-RateLimit-Reset-After") != "3.000" {
		t.Errorf("the sixth is %d %s %v", a.Status, a.Body, a.Header)
	}
	if a := call(t, s, http.MethodPost, "channels/"+s.User("borka").Begin().ChannelID()+"/messages", `{"content":"a"}`); a.Status != http.StatusOK {
		t.Errorf("another channel has another bucket: %d", a.Status)
	}
	c.turn(3 * time.Second)
	if a := call(t, s, http.MethodPost, path, `{"content":"a"}`); a.Status != http.StatusOK {
		t.Errorf("after the wait it is %d", a.Status)
	}
	if all, tooMany := s.Invalid(); all != 1 || tooMany != 1 {
		t.Errorf("%d invalid calls, of them %d too many", all, tooMany)
	}
}

func TestTheGlobalLimit(t *testing.T) {
	c := newClock()
	s := discordtest.New(t, discordtest.Options{Now: c.Now, Limits: true})
	for n := range 50 {
		if a := call(t, s, http.MethodGet, []string{"users/@me", "gateway", "applications/@me"}[n%3], ""); a.Status != http.StatusOK {
			t.Fatalf("%d: %d %s", n, a.Status, a.Body)
		}
	}
	if a := call(t, s, http.MethodGet, "users/@me", ""); a.Status != http.StatusTooManyRequests || a.Header.Get("X-RateLimit-Global") != "true" || !strings.Contains(a.Body, `"global":true`) {
		t.Errorf("the 51st is %d %s", a.Status, a.Body)
	}
	if a := call(t, s, http.MethodPost, "webhooks/"+s.AppID+"/token", `{"content":"a"}`); a.Status != http.StatusUnauthorized {
		t.Errorf("answers don't count: %d", a.Status)
	}
}

func TestDirectChatsAreOpenedSlowly(t *testing.T) {
	c := newClock()
	s := discordtest.New(t, discordtest.Options{Now: c.Now, Limits: true})
	open := func(n int) answer {
		c.turn(2 * time.Second)
		return call(t, s, http.MethodPost, "users/@me/channels", `{"recipient_id":"`+s.User("user"+strconv.Itoa(n)).ID+`"}`)
	}
	for n := range 10 {
		if a := open(n); a.Status != http.StatusOK {
			t.Errorf("%d: %s", n, a.Body)
		}
	}
	if a := open(10); a.Code != 40003 {
		t.Errorf("the eleventh: %s", a.Body)
	}
}

func TestTooManyInvalidCallsAreBanned(t *testing.T) {
	c := newClock()
	s := discordtest.New(t, discordtest.Options{Now: c.Now})
	r := request(t, s, http.MethodGet, "users/@me", "")
	r.Header.Del("Authorization")
	for range 10_000 {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
	}
	a := call(t, s, http.MethodGet, "users/@me", "")
	if a.Status != http.StatusTooManyRequests || !strings.Contains(a.Body, "cloudflare") || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		t.Errorf("it is %d %s", a.Status, a.Body)
	}
	c.turn(11 * time.Minute)
	if a := call(t, s, http.MethodGet, "users/@me", ""); a.Status != http.StatusOK {
		t.Errorf("after a while it is %d", a.Status)
	}
}

func TestFaults(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	ana := s.User("ana").Begin()
	path := "channels/" + ana.ChannelID() + "/messages"
	for name, one := range map[string]struct {
		fault   discordtest.Fault
		status  int
		part    string
		effects int
	}{
		"a 502 without an effect": {discordtest.Fault{Status: 502}, 502, "", 0},
		"a 502 with an effect":    {discordtest.Fault{Status: 502, Effect: true}, 502, "", 1},
		"a page of the edge":      {discordtest.Fault{Status: 429, Page: true}, 429, "cloudflare", 0},
		"a 429":                   {discordtest.Fault{RetryAfter: 1500 * time.Millisecond}, 429, `"retry_after":1.5`, 0},
		"a global 429":            {discordtest.Fault{Global: true, RetryAfter: time.Second}, 429, `"global":true`, 0},
		"an error":                {discordtest.Fault{Status: 403, Code: 50007, Message: "Cannot send"}, 403, `"code":50007`, 0},
		"a delay":                 {discordtest.Fault{Delay: 10 * time.Millisecond}, 200, `"id"`, 1},
		"a cut before":            {discordtest.Fault{Cut: discordtest.CutBefore}, 0, "", 0},
		"a cut after":             {discordtest.Fault{Cut: discordtest.CutAfter}, 0, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(ana.Posts())
			s.Fault("create_message", 2, one.fault)
			call(t, s, http.MethodPost, path, `{"content":"fine"}`)
			r := request(t, s, http.MethodPost, path, `{"content":"hit"}`)
			start := time.Now()
			w, err := http.DefaultClient.Do(r)
			status, body := 0, ""
			if err == nil {
				data, e := io.ReadAll(w.Body)
				_ = w.Body.Close() // it was read
				status, body, err = w.StatusCode, string(data), e
			}
			if one.fault.Cut != discordtest.NoCut {
				if err == nil {
					t.Error("the connection isn't cut")
				}
				status = 0
			}
			if status != one.status || !strings.Contains(body, one.part) || time.Since(start) < one.fault.Delay {
				t.Errorf("it is %d %s, %v", status, body, err)
			}
			if got := len(ana.Posts()) - before - 1; got != one.effects {
				t.Errorf("it had %d effects", got)
			}
		})
	}
}

func TestTheLibraryMeetsTheEdge(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	s.Fault("get_my_user", 1, discordtest.Fault{RetryAfter: time.Second})
	d := library(t, s)
	_, err := d.User("@me", discordgo.WithRetryOnRatelimit(false))
	var e *discordgo.RateLimitError
	if !errors.As(err, &e) || e.RetryAfter != time.Second {
		t.Errorf("the error is %v", err)
	}
}

// An endpoint takes interactions over HTTP.
type endpoint struct {
	s     *discordtest.Server
	lax   bool
	reply string
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !e.lax && !discordgo.VerifyInteraction(r, e.s.PublicKey) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "application/json")
	if strings.Contains(string(body), `"type":1`) && !strings.Contains(string(body), `"data"`) {
		_, _ = io.WriteString(w, `{"type":1}`)
		return
	}
	_, _ = io.WriteString(w, e.reply)
}

func TestInteractionsOverHTTP(t *testing.T) {
	s := newStage(t)
	e := &endpoint{s: s.Server, lax: true, reply: `{"type":4,"data":{"content":"Over HTTP"}}`}
	web := httptest.NewServer(e)
	defer web.Close()
	if err := s.Endpoint(web.URL); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("who checks no signature is taken: %v", err)
	}
	e.lax = false
	must(t, s.Endpoint(web.URL))
	s.log()
	did, err := s.Await(t.Context(), s.ana.Last().ID)
	must(t, err)
	if got := screen(t, s.ana.Seat); did.Answer != 4 || len(got) != 1 || got[0] != "Over HTTP" {
		t.Errorf("the screen is %q", got)
	}
	s.Expect("contents: There is no such field")
	e.reply = `{"type":4,"data":{"contents":"Over HTTP"}}`
	s.log()
	for deadline := time.Now().Add(10 * time.Second); len(s.Violations()) == 0; {
		if time.Now().After(deadline) {
			t.Fatal("a wrong answer is taken")
		}
		<-time.After(time.Millisecond) // nothing tells that an answer was refused
	}
}
