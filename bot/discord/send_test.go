package discord_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/discord"
	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

const create = "create_message"

func TestWhoCantBeReached(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	general := "c" + s.there.ChannelID()
	gone := s.guild.Channel("gone")
	shut := s.guild.Channel("shut")
	hidden := s.guild.Channel("hidden")
	stranger := s.ds.User("stranger")
	closed := s.ds.User("closed")
	s.guild.Join(closed)
	closed.CloseDMs()
	shut.Deny(1 << 11)   // to send
	hidden.Deny(1 << 10) // to see
	places := map[string]string{
		stranger.ID: "closed", closed.ID: "closed", "c" + gone.Seat(s.ana).ChannelID(): "left", "c" + shut.Seat(s.ana).ChannelID(): "closed",
		"c" + hidden.Seat(s.ana).ChannelID(): "left", "999999999999999999": "closed", general: "",
	}
	gone.Delete()
	for to, want := range places {
		_, err := s.Send(t.Context(), to, "key", chat.Message{Text: "Hello"})
		var unreachable *chat.UnreachableError
		switch {
		case want == "" && err != nil:
			t.Errorf("to %s: %v", to, err)
		case want != "" && (!errors.As(err, &unreachable) || unreachable.Reason != want):
			t.Errorf("to %s: %v, and it should be %s", to, err, want)
		}
	}
	eventually(t, "the channel that is gone is told of", func() bool {
		return slices.ContainsFunc(s.changed(), func(c chat.Change) bool { return c.Kind == chat.Closed && places[c.ChatID] == "left" && c.UserID == "" })
	})
	for _, odd := range []string{"", "c", "x12", "12x", "c0", "-5"} {
		if _, err := s.Send(t.Context(), odd, "key", chat.Message{Text: "Hello"}); err == nil || !strings.Contains(err.Error(), "no chat") {
			t.Errorf("to %q: %v", odd, err)
		}
	}
}

func TestTheBotIsRemoved(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	s.guild.Remove()
	eventually(t, "its channel is told of", func() bool {
		return slices.ContainsFunc(s.changed(), func(c chat.Change) bool { return c.Kind == chat.Closed && c.ChatID == "c"+s.there.ChannelID() })
	})
}

func TestTheBotIsInvited(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	s.ds.Say(`{"op":0,"t":"GUILD_CREATE","s":50,"d":{"id":"77","channels":[{"id":"78"}]}}`)
	s.ds.Say(`{"op":0,"t":"GUILD_CREATE","s":51,"d":{"id":"77","channels":[{"id":"78"},{"id":"79"}]}}`)
	answers(t, s.ds, "hello")
	if got := s.changed(); len(got) != 1 || got[0] != (chat.Change{Kind: chat.Opened, ChatID: "c78"}) {
		t.Errorf("it tells %+v", got)
	}
}

func TestAKeyIsSentOnce(t *testing.T) {
	for name, f := range map[string]discordtest.Fault{
		"cut after": {Cut: discordtest.CutAfter}, "502 with effect": {Status: 502, Effect: true}, "cut before": {Cut: discordtest.CutBefore}, "502": {Status: 502},
	} {
		t.Run(name, func(t *testing.T) {
			ds := discordtest.New(t, discordtest.Options{})
			a := prepare(t, ds, nil)
			ana := ds.User("ana").Begin()
			long := chat.Message{Text: chat.Text(strings.Repeat("word ", 700))}
			ds.Fault(create, 2, f)
			_, err := a.Send(t.Context(), ana.ID, "key", long)
			if later := new(chat.LaterError); !errors.As(err, &later) {
				t.Fatalf("the error is %v", err)
			}
			again := prepare(t, ds, nil) // as after a restart: nothing is remembered
			for _, by := range []*fixture{a, again, a} {
				if ids, err := by.Send(t.Context(), ana.ID, "key", long); err != nil || len(ids) != 2 {
					t.Errorf("the ids are %q, %v", ids, err)
				}
			}
			if got := shown(t, ana); len(got) != 2 {
				t.Errorf("the screen shows %d messages", len(got))
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	ds := discordtest.New(t, discordtest.Options{})
	f := prepare(t, ds, nil)
	ana := ds.User("ana").Begin()
	for name, one := range map[string]struct {
		fault discordtest.Fault
		wait  time.Duration // -1: never
	}{
		"busy": {discordtest.Fault{RetryAfter: 20 * time.Millisecond}, 20 * time.Millisecond}, "broken": {discordtest.Fault{Status: 500}, 0},
		"the edge": {discordtest.Fault{Status: 502, Page: true}, 0}, "for good": {discordtest.Fault{Status: 400, Code: 50035, Message: "Invalid Form Body"}, -1},
		"unauthorized": {discordtest.Fault{Status: 401}, 0},
	} {
		ds.Fault(create, 1, one.fault)
		_, err := f.Send(t.Context(), ana.ID, name, chat.Message{Text: "Hello"})
		var later *chat.LaterError
		if is := errors.As(err, &later); err == nil || is != (one.wait >= 0) || is && later.Wait < one.wait {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "cloudflare") {
			t.Errorf("%s: a page is repeated: %v", name, err)
		}
	}
	ds.Fault(create, 1, discordtest.Fault{Status: 429, Page: true})
	if _, err := f.Send(t.Context(), ana.ID, "banned", chat.Message{Text: "Hello"}); err == nil {
		t.Error("a page is success")
	}
	n := len(ds.Calls(""))
	_, err := f.Send(t.Context(), ana.ID, "next", chat.Message{Text: "Hello"})
	var later *chat.LaterError
	if !errors.As(err, &later) || later.Wait < 9*time.Minute || len(ds.Calls("")) != n {
		t.Errorf("the edge has asked to wait for ten minutes: %v", err)
	}
}

func TestDirectChatsAreOpenedOnce(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	for _, key := range []string{"1", "2", "3"} {
		if _, err := s.Send(t.Context(), s.ana.ID, key, chat.Message{Text: "Hello"}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.ds.Calls("create_dm")); n != 1 {
		t.Errorf("it was opened %d times", n)
	}
	borka := s.ds.User("borka")
	must(t, borka.Type("hello"))
	eventually(t, "Borka is answered", func() bool { return len(shown(t, borka)) == 1 })
	if n := len(s.ds.Calls("create_dm")); n != 1 {
		t.Errorf("who has written is asked for: %d", n)
	}
	s.ds.Fault("create_dm", 1, discordtest.Fault{Status: 400, Code: 40003})
	c := s.ds.User("c")
	s.guild.Join(c)
	_, err := s.Send(t.Context(), c.ID, "1", chat.Message{Text: "Hello"})
	var later *chat.LaterError
	if !errors.As(err, &later) || later.Wait < 30*time.Second {
		t.Errorf("too fast: %v", err)
	}
	if _, err = s.Send(t.Context(), c.ID, "1", chat.Message{Text: "Hello"}); !errors.As(err, &later) || len(s.ds.Calls("create_dm")) != 2 {
		t.Errorf("too fast again: %v", err)
	}
}

func TestNobodyIsCalled(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	s.guild.Allow(1 << 17)
	role := s.guild.Role("mentors")
	text := chat.Text("@everyone @here <@" + s.ana.ID + "> <@&" + role.ID + ">")
	s.set(func(context.Context, chat.Request) (chat.Reply, error) { return say(text), nil })
	ids, err := s.Send(t.Context(), "c"+s.there.ChannelID(), "key", chat.Message{Text: text})
	must(t, err)
	_, err = s.Edit(t.Context(), "c"+s.there.ChannelID(), ids, chat.Message{Text: text})
	must(t, err)
	s.slash(t, s.ana.Seat, "help", nil)
	if pings := s.ds.Pings(); len(pings) != 0 {
		t.Errorf("it calls %v", pings)
	}
}

func TestEdits(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	general := "c" + s.there.ChannelID()
	long := chat.Message{Text: chat.Text(strings.Repeat("word ", 700)), Buttons: []chat.Button{{Label: "Fine", Command: "fine"}}}
	file := chat.File{Name: "../a/b.png", Type: "image/png", Data: []byte("png"), Alt: "A chart"}
	ids, err := s.Send(t.Context(), general, "key", chat.Message{Text: "Short", Files: []chat.File{file}})
	must(t, err)
	for _, m := range []chat.Message{long, {Text: "Short"}, {Text: "With a file", Files: []chat.File{file}}, {Text: "Without"}} {
		if ids, err = s.Edit(t.Context(), general, ids, m); err != nil {
			t.Fatal(err)
		}
		if got := shown(t, s.there); len(got) != len(ids) || len(m.Text) < 100 && got[0] != string(m.Text) {
			t.Errorf("the screen shows %q", got)
		}
		bubbles, err := s.there.Screen()
		must(t, err)
		if last := bubbles[len(bubbles)-1]; len(last.Files) != len(m.Files) || len(last.Buttons) != len(m.Buttons) {
			t.Errorf("the last message is %+v", last)
		}
	}
	if _, err := s.Edit(t.Context(), general, []string{"1234567890"}, chat.Message{Text: "Gone"}); err == nil {
		t.Error("what isn't there was edited")
	}
}

func TestFiles(t *testing.T) {
	ds := discordtest.New(t, discordtest.Options{})
	f := prepare(t, ds, nil)
	ana := ds.User("ana").Begin()
	m := chat.Message{Text: "Files", Buttons: []chat.Button{{Label: "Fine", Command: "fine"}}}
	for range 12 {
		m.Files = append(m.Files, chat.File{Name: "sub/\"x\".txt", Type: "text/plain", Data: make([]byte, 1<<20), Alt: "Nothing"})
	}
	if _, err := f.Send(t.Context(), ana.ID, "key", m); err != nil {
		t.Fatal(err)
	}
	posts := ana.Posts()
	if len(posts) != 2 || len(posts[0].Files)+len(posts[1].Files) != 12 {
		t.Fatalf("there are %d messages", len(posts))
	}
	if got := posts[0].Files[0]; got.Name != "sub__x_.txt" || got.Description != "Nothing" || got.Type != "text/plain" || len(got.Data) != 1<<20 {
		t.Errorf("a file is %s, %s, %s", got.Name, got.Description, got.Type)
	}
}

func TestLimitsAreKept(t *testing.T) {
	ds := discordtest.New(t, discordtest.Options{Limits: true})
	f := prepare(t, ds, nil, func(o *discord.Options) { o.Limits = discord.Limits{} })
	ana := ds.User("ana").Begin()
	sent := 0
	for sent < 7 {
		_, err := f.Send(t.Context(), ana.ID, "", chat.Message{Text: "News"})
		var later *chat.LaterError
		switch {
		case err == nil:
			sent++
		case errors.As(err, &later):
			<-time.After(later.Wait)
		default:
			t.Fatal(err)
		}
	}
	if _, tooMany := ds.Invalid(); tooMany > 0 {
		t.Errorf("%d calls came too soon", tooMany)
	}
}

func TestShownAsTyped(t *testing.T) {
	ds := discordtest.New(t, discordtest.Options{})
	f := prepare(t, ds, nil)
	ana := ds.User("ana").Begin()
	odd := append([]string{
		"# title", "-# small", "- item", "+ item", "> quote", "1. first", "12) twelfth", "line\n# title\n- item\n3. three", "``` code", "a_b_c", "__x__ ~~y~~ ||z||",
		"https://example.org/a_b*c*", "see (https://example.org/x).", "http://", "steam://run", "<t:1:F>", "<#123>", "</log:1>", "<:smile:1>", "\\", "\\\\x", "***", "a*", "[x](y)",
		"[x](https://example.org)", "x `y", "`", "``", "¯\\_(ツ)_/¯",
	}, chattest.Nasty...)
	for _, value := range odd {
		for name, text := range map[string]chat.Text{
			"alone": chat.Escape(value), "bold": "*" + chat.Escape(value) + "*", "slanted": "x_" + chat.Escape(value) + "_y", "both": "*_" + chat.Escape(value) + "_*", "item": "- " + chat.Escape(value),
			"beside": "*a*" + chat.Escape(value) + "_b_*c*",
		} {
			want := map[string]string{"slanted": "x" + value + "y", "item": "• " + value, "beside": "a" + value + "bc"}[name]
			if want == "" {
				want = value
			}
			if _, err := f.Send(t.Context(), ana.ID, "", chat.Message{Text: text}); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			all := shown(t, ana)
			if got := strings.ReplaceAll(all[len(all)-1], "\u200b", ""); got != strings.TrimSpace(want) {
				t.Errorf("%s %q is sent as %q and shown as %q", name, value, discord.Escaped(text), got)
			}
		}
	}
}

func TestMarkup(t *testing.T) {
	at := time.Date(2027, 1, 21, 17, 0, 0, 0, time.UTC)
	for text, want := range map[chat.Text]string{
		"*bold* _slanted_ `co*de`":              "**bold** *slanted* `co*de`",
		"[words](https://example.org/a_b)":      "[words](<https://example.org/a_b>)",
		"[words](mailto:a)":                     "words (mailto:a)",
		"When: " + chat.Moment(at, "17:00"):     "When: <t:1800550800:F> (<t:1800550800:R>)",
		"- one\n- *two*":                        "- one\n- **two**",
		chat.Escape("https://example.org/a_b."): "<https://example.org/a_b>.",
	} {
		if got := discord.Escaped(text); len(got) != 1 || got[0] != want {
			t.Errorf("%q is %q", text, got)
		}
	}
}
