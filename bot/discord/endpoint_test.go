package discord_test

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/discord"
	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

// posted starts an adapter to which interactions are posted.
func posted(t *testing.T, ds *discordtest.Server) (f *fixture, url string) {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	f = prepare(t, ds, &handler{menu: menu}, func(o *discord.Options) {
		o.Interactions = &discord.Interactions{PublicKey: hex.EncodeToString(ds.PublicKey)}
	})
	for pattern, route := range f.Routes() {
		mux.Handle(pattern, route)
	}
	return f, server.URL + "/discord"
}

func TestInteractionsByHTTP(t *testing.T) {
	ds := discordtest.New(t, discordtest.Options{})
	f, url := posted(t, ds)
	f.run(t, f.handler)
	eventually(t, "it is connected", func() bool { return f.Probe() == nil && ds.Overwrites("") == 1 })
	must(t, ds.Endpoint(url))
	ana := ds.User("ana")
	f.set(func(_ context.Context, r chat.Request) (chat.Reply, error) {
		reply := say("You said "+chat.Escape(r.Text), chat.Button{Label: "Again", Command: "again"})
		reply.Update, reply.Ask = r.Tapped, "More"
		return reply, nil
	})
	_, err := ana.Slash("help", nil)
	must(t, err)
	eventually(t, "it is answered", func() bool { return len(shown(t, ana)) == 1 })
	must(t, ana.Tap("Again"))
	eventually(t, "it is updated", func() bool { return shown(t, ana)[0] == "You said again" })
	must(t, ana.Tap("More")) // typing would not be seen
	eventually(t, "a form is open", func() bool { _, open := ana.Form(); return open })
	must(t, ana.Type("this"))
	eventually(t, "it is answered", func() bool { return len(shown(t, ana)) == 2 })
	if len(ds.Identified()) != 0 {
		t.Error("it is at the gateway as well")
	}
}

func TestWhoMayPost(t *testing.T) {
	ds := discordtest.New(t, discordtest.Options{})
	f, url := posted(t, ds)
	body := []byte(`{"id":"123","type":3,"token":"t","application_id":"1","channel_id":"5","user":{"id":"7"},"data":{"custom_id":"x"}}`)
	now := strconv.FormatInt(time.Now().Unix(), 10)
	post := func(timestamp, signature string, body []byte) int {
		status, _, err := ds.Post(url, timestamp, signature, body)
		must(t, err)
		return status
	}
	if got := post(now, ds.Sign(now, body), body); got != http.StatusServiceUnavailable {
		t.Errorf("before it runs, it answers %d", got)
	}
	f.run(t, f.handler)
	eventually(t, "it is connected", func() bool { return f.Probe() == nil })
	old, ahead := strconv.FormatInt(time.Now().Add(-6*time.Minute).Unix(), 10), strconv.FormatInt(time.Now().Add(6*time.Minute).Unix(), 10)
	for name, status := range map[string]int{
		"no signature": post(now, "", body), "of another body": post(now, ds.Sign(now, []byte("{}")), body), "of another time": post(now, ds.Sign(old, body), body),
		"old": post(old, ds.Sign(old, body), body), "ahead": post(ahead, ds.Sign(ahead, body), body), "odd": post("now", ds.Sign("now", body), body), "no time": post("", ds.Sign("", body), body),
	} {
		if status != http.StatusUnauthorized {
			t.Errorf("%s: it answers %d", name, status)
		}
	}
	large := []byte(strings.Repeat(" ", 1<<20) + string(body))
	if got := post(now, ds.Sign(now, large), large); got != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body is answered with %d", got)
	}
	for _, odd := range []string{"", "null", "[]", `{"type":3}`, `{"id":"1","type":3,"token":"t","user":{"id":"../x"}}`} {
		if got := post(now, ds.Sign(now, []byte(odd)), []byte(odd)); got != http.StatusBadRequest {
			t.Errorf("%q is answered with %d", odd, got)
		}
	}
	if n := len(f.seen()); n != 0 {
		t.Errorf("%d requests were handled", n)
	}
	f.end(t)
	if got := post(now, ds.Sign(now, body), body); got != http.StatusServiceUnavailable {
		t.Errorf("after its end, it answers %d", got)
	}
}

func FuzzSigned(f *testing.F) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		f.Fatal(err)
	}
	now := time.Unix(1800000000, 0)
	f.Add("1800000000", "00", []byte("{}"), byte(0))
	f.Fuzz(func(t *testing.T, timestamp, signature string, body []byte, flip byte) {
		if discord.Signed(public, timestamp, signature, body, now) {
			t.Error("a signature was made up")
		}
		signed := ed25519.Sign(private, append([]byte(timestamp), body...))
		seconds, err := strconv.ParseInt(timestamp, 10, 64)
		near := err == nil && seconds >= now.Unix()-300 && seconds <= now.Unix()+300
		if got := discord.Signed(public, timestamp, hex.EncodeToString(signed), body, now); got != near {
			t.Errorf("at %q a right signature is taken: %v", timestamp, got)
		}
		signed[int(flip)%len(signed)] ^= 1
		if discord.Signed(public, timestamp, hex.EncodeToString(signed), body, now) {
			t.Error("a wrong signature is taken")
		}
	})
}

func FuzzInteraction(f *testing.F) {
	for _, seed := range []string{
		`{"id":"1","type":2,"token":"t","guild_id":"3","channel_id":"4","member":{"user":{"id":"5"}},"data":{"name":"log","options":[{"name":"date","value":3.5},{"name":"x","value":null,"focused":true}]}}`,
		`{"id":"1","type":3,"token":"t","channel_id":"4","user":{"id":"5"},"data":{"custom_id":"a\u20161","component_type":99,"values":["x"]},"message":{"components":[{"type":17}]}}`,
		`{"id":"1","type":5,"token":"t","user":{"id":"5"},"data":{"custom_id":"\u2637log","components":[{"type":18,"component":{"custom_id":"date","value":"today"}},{"components":[{"custom_id":"x","value":"y"}]}]}}`,
		`{"type":1}`, `null`, `{"id":"1","type":4,"token":"t","user":{"id":"5"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, ok := discord.Meant(raw)
		if !ok {
			return
		}
		if r.UserID == "" || r.ID == "" || strings.Trim(r.UserID+r.ID, "0123456789") != "" || strings.ContainsRune(r.Text, 0) {
			t.Errorf("the request is %+v", r)
		}
		for name, value := range r.Options {
			if strings.ContainsRune(value, 0) {
				t.Errorf("the option %q is %q", name, value)
			}
		}
	})
}
