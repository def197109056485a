package discord_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/discord"
	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

// quick starts an adapter that waits for the gateway no longer than a test can.
func quick(t *testing.T, ds *discordtest.Server, change ...func(*discord.Options)) *fixture {
	t.Helper()
	f := prepare(t, ds, &handler{}, change...)
	f.Hasten()
	f.run(t, f.handler)
	return f
}

// answers has Ana say something, and waits for the answer.
func answers(t *testing.T, ds *discordtest.Server, text string) {
	t.Helper()
	p := ds.Phone("ana")
	must(t, p.Type(text))
	eventually(t, "it answers "+text, func() bool {
		all := shown(t, p)
		return len(all) > 0 && all[len(all)-1] == "You said "+text
	})
}

func TestASilentGateway(t *testing.T) {
	for name, silence := range map[string]discordtest.Silence{
		"no upgrade": discordtest.NoUpgrade, "no hello": discordtest.NoHello, "no ready": discordtest.NoReady,
	} {
		t.Run(name, func(t *testing.T) {
			ds := discordtest.New(t, discordtest.Options{})
			ds.Silence(silence)
			f := quick(t, ds)
			eventually(t, "it notices", func() bool { return strings.Contains(f.log.String(), "connected to anew") })
			if f.Probe() == nil {
				t.Error("it claims to be connected")
			}
			ds.Silence(discordtest.Talking)
			f.connected(t)
			answers(t, ds, "hello")
		})
	}
}

func TestAZombie(t *testing.T) {
	const beat = 200 * time.Millisecond
	ds := discordtest.New(t, discordtest.Options{Heartbeat: beat})
	f := quick(t, ds)
	f.connected(t)
	<-time.After(3 * beat) // it lives as long as it is acknowledged
	if n := f.count("reconnected"); n > 0 {
		t.Errorf("it has reconnected %d times", n)
	}
	ds.Silence(discordtest.NoAcks)
	began := time.Now()
	must(t, ds.Phone("ana").Type("while nobody hears"))
	eventually(t, "it notices", func() bool { return f.count("reconnected") == 1 })
	if took := time.Since(began); took > 2*beat {
		t.Errorf("it notices after %v", took)
	}
	ds.Silence(discordtest.Talking)
	eventually(t, "what was missed is answered", func() bool { return len(shown(t, ds.Phone("ana"))) == 1 })
	if n := len(ds.Identified()); n != 1 {
		t.Errorf("it has begun %d sessions", n)
	}
}

func TestTheGatewayIsResumed(t *testing.T) {
	for name, end := range map[string]func(*discordtest.Server){
		"op 7": (*discordtest.Server).AskToReconnect, "cut": (*discordtest.Server).Drop,
		"closed": func(ds *discordtest.Server) { ds.Hang(4000) }, "op 9": func(ds *discordtest.Server) { ds.Invalidate(true) },
	} {
		t.Run(name, func(t *testing.T) {
			ds := discordtest.New(t, discordtest.Options{})
			f := quick(t, ds)
			f.connected(t)
			answers(t, ds, "one")
			for range 3 {
				n := f.count("reconnected")
				end(ds)
				eventually(t, "it reconnects", func() bool { return f.count("reconnected") > n && f.Probe() == nil })
			}
			answers(t, ds, "two")
			if n := len(ds.Identified()); n != 1 {
				t.Errorf("it has begun %d sessions", n)
			}
			if got := f.texts(); len(got) != 2 {
				t.Errorf("it was asked %q", got)
			}
		})
	}
}

func TestASessionThatHasEnded(t *testing.T) {
	for name, end := range map[string]func(*discordtest.Server){
		"op 9": func(ds *discordtest.Server) { ds.Invalidate(false) }, "4007": func(ds *discordtest.Server) { ds.Hang(4007) },
		"4009": func(ds *discordtest.Server) { ds.Hang(4009) },
	} {
		t.Run(name, func(t *testing.T) {
			ds := discordtest.New(t, discordtest.Options{})
			f := quick(t, ds)
			f.connected(t)
			end(ds)
			eventually(t, "it begins another", func() bool { return len(ds.Identified()) == 2 && f.Probe() == nil })
			answers(t, ds, "hello")
		})
	}
}

func TestTheGatewayRefusesForGood(t *testing.T) {
	for code, want := range map[int]string{
		4004: "token", 4010: "shards", 4011: "shards", 4012: "newer", 4013: "intents", 4014: "developer portal",
	} {
		ds := discordtest.New(t, discordtest.Options{})
		ds.RefuseIdentify(code)
		f := quick(t, ds)
		<-f.ended
		if f.err == nil || !strings.Contains(f.err.Error(), want) {
			t.Errorf("after %d: %v", code, f.err)
		}
		if f.Probe() == nil || len(ds.Identified()) != 1 {
			t.Errorf("after %d it goes on", code)
		}
	}
}

func TestAWrongToken(t *testing.T) {
	ds := discordtest.New(t, discordtest.Options{})
	f := quick(t, ds, func(o *discord.Options) { o.Token = strings.ReplaceAll(o.Token, "fAkE", "FaKe") + "x" })
	<-f.ended
	if f.err == nil || !strings.Contains(f.err.Error(), "reset it") {
		t.Errorf("the run ends with %v", f.err)
	}
}

func TestNoSessionIsLeft(t *testing.T) {
	ds := discordtest.New(t, discordtest.Options{})
	ds.Starts(0)
	f := quick(t, ds)
	eventually(t, "it waits", func() bool { return strings.Contains(f.log.String(), "no more sessions") })
	if err := f.Probe(); err == nil || !strings.Contains(err.Error(), "no more sessions") {
		t.Errorf("it is well: %v", err)
	}
	if n := len(ds.Identified()); n != 0 {
		t.Errorf("it has begun %d sessions", n)
	}
}

func TestShards(t *testing.T) {
	ds := discordtest.New(t, discordtest.Options{Shards: 3})
	ana := ds.User("ana")
	var seats []*discordtest.Seat
	for _, name := range []string{"one", "two", "three", "four", "five", "six", "seven", "eight"} { // on all of the shards
		g := ds.Guild(name)
		g.Join(ana)
		seats = append(seats, g.Channel("general").Seat(ana))
	}
	f := quick(t, ds)
	must(t, ds.Connected(t.Context(), 3))
	eventually(t, "all are connected", func() bool { return f.Probe() == nil })
	answers(t, ds, "hello")
	ds.Drop()
	eventually(t, "all reconnect", func() bool { return f.count("reconnected") == 3 && f.Probe() == nil })
	answers(t, ds, "hello again")
	eventually(t, "the commands are offered", func() bool { return ds.Overwrites("") == 1 })
	for _, at := range seats {
		_, err := at.Slash("start", nil)
		must(t, err)
		eventually(t, "it is answered in each server", func() bool { return len(shown(t, at)) == 1 })
	}
}

func TestOddWordsOfTheGateway(t *testing.T) {
	ds := discordtest.New(t, discordtest.Options{})
	f := quick(t, ds)
	f.connected(t)
	for _, odd := range []string{
		`nonsense`, `[]`, `{"op":0}`, `{"op":77,"d":{}}`, `{"op":0,"t":"INTERACTION_CREATE","s":3,"d":"odd"}`, `{"op":0,"t":"MESSAGE_CREATE","s":4,"d":{"id":5}}`,
		`{"op":0,"t":"INTERACTION_CREATE","s":5,"d":{"id":"1","type":3,"token":"t","data":{"component_type":999,"custom_id":"x"}}}`, `{"op":0,"t":"GUILD_CREATE","s":6,"d":null}`,
	} {
		ds.Say(odd)
	}
	ds.AskForHeartbeat()
	answers(t, ds, "hello")
	if n := f.count("reconnected"); n != 0 {
		t.Errorf("it has reconnected %d times", n)
	}
}
