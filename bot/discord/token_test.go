package discord_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/discord"
	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

func TestNoTokenIsTold(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	var told []string
	tell := func(err error) { told = append(told, fmt.Sprintf("%v %+v %#v", err, err, err)) }
	token := s.ds.Token
	faults := []discordtest.Fault{
		{Cut: discordtest.CutBefore}, {Cut: discordtest.CutAfter}, {Status: 503, Page: true}, {Status: 400, Code: 50035, Message: "Bad " + token}, {Status: 401, Message: "Bot " + token},
		{RetryAfter: time.Millisecond}, {Status: 500, Message: token[strings.LastIndex(token, ".")+1:]},
	}
	for i, f := range faults {
		s.ds.Fault("create_message", 1, f)
		_, err := s.Send(t.Context(), "c"+s.there.ChannelID(), strconv.Itoa(i), chat.Message{Text: "Hello"})
		tell(err)
		f.Message += " interaction-token-" // its token is in the address, and so in what the network says
		s.ds.Fault("create_interaction_response", 1, f)
		n := len(s.noted())
		_, err = s.there.Slash("help", nil)
		must(t, err)
		eventually(t, "it is done with", func() bool { return len(s.noted()) > n })
	}
	s.ds.Drop()
	eventually(t, "it reconnects", func() bool { return s.count("reconnected") == 1 && s.Probe() == nil })
	s.set(func(context.Context, chat.Request) (chat.Reply, error) { panic(token) })
	_, err := s.there.Slash("help", nil)
	must(t, err)
	eventually(t, "it is set aside", func() bool { return s.count("set_aside") == 1 })
	s.end(t)
	dead := prepare(t, s.ds, nil, func(o *discord.Options) { o.API = "http://127.0.0.1:1" })
	_, err = dead.Send(t.Context(), s.ana.ID, "key", chat.Message{Text: "Hello"})
	tell(err)
	for _, wrong := range []string{token + " x", "Bot", token[:20], strings.Replace(token, ".", "", 1)} {
		_, err := discord.New(discord.Options{Token: wrong})
		tell(err)
	}
	told = append(told, s.log.String(), dead.log.String(), fmt.Sprintf("%v %+v", s.Probe(), dead.Probe()))
	secrets := []string{token, token[strings.LastIndex(token, ".")+1:]}
	for _, i := range s.ds.Interactions() {
		secrets = append(secrets, i.Token)
	}
	for _, text := range told {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("it tells a token: %.300s", text)
			}
		}
	}
	if !strings.Contains(s.log.String(), "can't be") {
		t.Errorf("nothing has gone wrong:\n%s", s.log.String())
	}
}

func TestOptions(t *testing.T) {
	ds := discordtest.New(t, discordtest.Options{})
	for name, change := range map[string]func(*discord.Options){
		"no token": func(o *discord.Options) { o.Token = "" }, "a telegram token": func(o *discord.Options) { o.Token = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
		"guild": func(o *discord.Options) { o.Guild = "Mentors" }, "key": func(o *discord.Options) { o.Interactions = &discord.Interactions{PublicKey: "abc"} },
		"short key": func(o *discord.Options) { o.Interactions = &discord.Interactions{PublicKey: "abcd"} },
	} {
		o := discord.Options{Token: ds.Token}
		change(&o)
		if _, err := discord.New(o); err == nil || !strings.HasPrefix(err.Error(), "discord: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	a, err := discord.New(discord.Options{Token: " Bot " + ds.Token + "\n", API: ds.URL + "/"})
	must(t, err)
	if _, err := a.Send(t.Context(), ds.User("ana").Begin().ID, "", chat.Message{Text: "Hello"}); err != nil {
		t.Error(err)
	}
	if a.Routes() != nil || a.Probe() == nil {
		t.Error("it listens before it runs")
	}
}
