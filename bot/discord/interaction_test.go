package discord_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/discord"
	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

// menu are commands for tests.
var menu = []chat.Command{
	{Name: "log", Description: "Log a meeting", Options: []chat.Option{{Name: "date", Description: "When it was", Required: true}, {Name: "note", Description: "A note"}}},
	{Name: "edit", Description: "Change details", Form: true, Options: []chat.Option{{Name: "title", Description: "What it is called", Required: true}, {Name: "place", Description: "Where it is"}}},
	{Name: "help", Description: "What there is"},
	{Name: "people", Description: "All people", Coordinators: true},
}

// A stage is an adapter at work, with a server in which Ana is.
type stage struct {
	*fixture
	guild *discordtest.Guild
	ana   *discordtest.User
	there *discordtest.Seat // Ana, in a channel of the server
}

func setUp(t *testing.T, o discordtest.Options) *stage {
	t.Helper()
	ds := discordtest.New(t, o)
	s := &stage{guild: ds.Guild("Mentors"), ana: ds.User("ana")}
	s.guild.Join(s.ana)
	s.there = s.guild.Channel("general").Seat(s.ana)
	h := &handler{menu: menu}
	s.fixture = prepare(t, ds, h, func(o *discord.Options) { o.Guild = s.guild.ID })
	s.Hasten()
	s.run(t, h)
	s.connected(t)
	eventually(t, "the commands are offered", func() bool { return ds.Overwrites("") == 1 && ds.Overwrites(s.guild.ID) == 1 })
	return s
}

// done waits until the interaction is answered.
func (s *stage) done(t *testing.T, id string) discordtest.Interaction {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	i, err := s.ds.Await(ctx, id)
	must(t, err)
	return i
}

func (s *stage) slash(t *testing.T, at *discordtest.Seat, name string, options map[string]string) discordtest.Interaction {
	t.Helper()
	id, err := at.Slash(name, options)
	must(t, err)
	return s.done(t, id)
}

func TestACommand(t *testing.T) {
	s := setUp(t, discordtest.Options{Locale: "sr-Latn"})
	s.ana.Speak("hr")
	i := s.slash(t, s.there, "log", map[string]string{"date": "12 March", "note": "*short*"})
	if i.Answer != 4 || !i.Private {
		t.Errorf("it is answered with %+v", i)
	}
	r := s.seen()[0]
	if r.ID != i.ID || r.UserID != s.ana.ID || r.Text != "/log" || r.Tapped || !r.Group || r.Title != "general" || r.Language != "hr" || r.ChatID != "c"+s.there.ChannelID() {
		t.Errorf("the request is %+v", r)
	}
	if r.Options["date"] != "12 March" || r.Options["note"] != "*short*" || len(r.Options) != 2 {
		t.Errorf("the options are %v", r.Options)
	}
	eventually(t, "the reply is noted", func() bool { return slices.Contains(s.noted(), i.ID) })

	i = s.slash(t, s.ana.Seat, "help", nil)
	if i.Answer != 4 || i.Private {
		t.Errorf("in a direct chat it is answered with %+v", i)
	}
	if r := s.seen()[1]; r.Group || r.ChatID != s.ana.ID {
		t.Errorf("the request is %+v", r)
	}
}

func TestASlowCommand(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	free := make(chan struct{})
	s.set(func(_ context.Context, r chat.Request) (chat.Reply, error) {
		<-free
		return say(chat.Text(strings.Repeat("Long text. ", 300)), chat.Button{Label: "Fine", Command: "fine"}), nil
	})
	for _, at := range []*discordtest.Seat{s.there, s.ana.Seat} {
		id, err := at.Slash("help", nil)
		must(t, err)
		eventually(t, "it is acknowledged", func() bool { return at.Last().Answer == 5 })
		if i := at.Last(); i.Acked.Sub(i.At) > time.Second || i.Private != (at == s.there) {
			t.Errorf("it is acknowledged with %+v", i)
		}
		free <- struct{}{}
		s.done(t, id)
		eventually(t, "all of it is there", func() bool { return len(shown(t, at)) == 2 })
		for _, p := range at.Posts() {
			if p.Private != (at == s.there) {
				t.Errorf("a part is %+v", p)
			}
		}
		bubbles, err := at.Screen()
		must(t, err)
		if len(bubbles[0].Buttons) != 0 || len(bubbles[1].Buttons) != 1 {
			t.Errorf("the buttons are %q and %q", bubbles[0].Buttons, bubbles[1].Buttons)
		}
	}
}

func TestATap(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	wait := make(chan struct{}, 10)
	s.set(func(_ context.Context, r chat.Request) (chat.Reply, error) {
		if strings.Contains(r.Text, "slow") {
			<-wait
		}
		reply := say(chat.Escape("After "+r.Text), chat.Button{Label: "Now", Command: "now"}, chat.Button{Label: "Slow", Command: "slow"},
			chat.Button{Label: "New", Command: "+new"}, chat.Button{Label: "Slow new", Command: "+slow new"}, chat.Button{Label: "Twin", Command: "now"})
		reply.Update = r.Tapped && r.Text[0] != '+'
		return reply, nil
	})
	for _, at := range []*discordtest.Seat{s.there, s.ana.Seat} {
		s.slash(t, at, "help", nil)
		must(t, at.Tap("Now"))
		eventually(t, "it is updated", func() bool { return slices.Equal(shown(t, at), []string{"After now"}) })
		must(t, at.Tap("Slow"))
		eventually(t, "it is acknowledged", func() bool { return at.Last().Answer == 6 })
		wait <- struct{}{}
		eventually(t, "it is updated", func() bool { return slices.Equal(shown(t, at), []string{"After slow"}) })
		must(t, at.Tap("New"))
		eventually(t, "there are two", func() bool { return slices.Equal(shown(t, at), []string{"After slow", "After +new"}) })
		must(t, at.Tap("Slow new"))
		eventually(t, "it is acknowledged", func() bool { return at.Last().Answer == 6 })
		wait <- struct{}{}
		eventually(t, "there are three", func() bool { return len(shown(t, at)) == 3 })
		must(t, at.Tap("Twin"))
		eventually(t, "the last is updated", func() bool { return shown(t, at)[2] == "After now" })
		for _, p := range at.Posts() {
			if p.Private != (at == s.there) {
				t.Errorf("a message is %+v", p)
			}
		}
	}
}

func TestOneEffect(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	i := s.slash(t, s.there, "help", nil)
	must(t, s.there.Again())
	must(t, s.there.Again())
	answers(t, s.ds, "hello")
	if n := len(s.seen()); n != 2 {
		t.Errorf("the handler was asked %d times", n)
	}
	if got := shown(t, s.there); len(got) != 1 {
		t.Errorf("after %s the screen shows %q", i.ID, got)
	}
}

// A process that was killed has acknowledged, and what it has not answered comes again to
// the next one: there is one answer.
func TestOneEffectAfterARestart(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	s.set(func(context.Context, chat.Request) (chat.Reply, error) { return say("Done"), nil })
	s.slash(t, s.there, "help", nil)
	s.end(t)
	next := prepare(t, s.ds, s.handler)
	next.Hasten()
	next.run(t, s.handler)
	next.connected(t)
	must(t, s.there.Again())
	eventually(t, "it is handled again", func() bool { return len(s.seen()) == 2 && len(s.noted()) == 2 })
	if got := shown(t, s.there); !slices.Equal(got, []string{"Done"}) {
		t.Errorf("the screen shows %q", got)
	}
}

// Whoever starts next sends what wasn't noted as sent, and doesn't know that it was.
func TestAnAnswerThatWasNotNoted(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	i := s.slash(t, s.ana.Seat, "help", nil)
	s.end(t)
	next := prepare(t, s.ds, nil)
	for _, id := range []string{i.ID, i.ID, "777"} { // the last was answered by nobody
		if ids, err := next.Send(t.Context(), s.ana.ID, "reply/"+id, chat.Message{Text: "Again"}); err != nil || len(ids) != 1 {
			t.Errorf("the ids are %q, %v", ids, err)
		}
	}
	if got := shown(t, s.ana); !slices.Equal(got, []string{"You said /help", "Again"}) {
		t.Errorf("the screen shows %q", got)
	}
}

func TestAQuestion(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	s.set(func(_ context.Context, r chat.Request) (chat.Reply, error) {
		if r.Text == "/help" {
			reply := say("When was it?", chat.Button{Label: "Today", Command: "log today"})
			reply.Ask = "A date, such as 12 March, or as many words as it takes to say so " + strings.Repeat("more ", 20)
			return reply, nil
		}
		return say("You said " + chat.Escape(r.Text)), nil
	})
	s.slash(t, s.there, "help", nil)
	bubbles, err := s.there.Screen()
	must(t, err)
	if len(bubbles[0].Buttons) != 2 {
		t.Fatalf("the buttons are %q", bubbles[0].Buttons)
	}
	must(t, s.there.Tap(bubbles[0].Buttons[1]))
	eventually(t, "a form is open", func() bool { _, open := s.there.Form(); return open })
	must(t, s.there.Type("12 March"))
	eventually(t, "it is answered", func() bool { return slices.Contains(shown(t, s.there), "You said 12 March") })
	if r := s.seen()[1]; r.Text != "12 March" || r.Tapped || !r.Group {
		t.Errorf("the request is %+v", r)
	}
	s.slash(t, s.ana.Seat, "help", nil)
	if bubbles, err = s.ana.Screen(); err != nil || len(bubbles[0].Buttons) != 1 {
		t.Errorf("in a direct chat, where typing is enough, the buttons are %q", bubbles[0].Buttons)
	}
}

func TestAForm(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	_, err := s.there.Slash("edit", nil)
	must(t, err)
	eventually(t, "a form is open", func() bool { _, open := s.there.Form(); return open })
	f, _ := s.there.Form()
	if f.Title != "Change details" || len(f.Fields) != 2 || f.Fields[0].Label != "What it is called" || !f.Fields[0].Required || f.Fields[1].Required {
		t.Errorf("the form is %+v", f)
	}
	must(t, s.there.Fill(map[string]string{"title": "Spring"}))
	s.done(t, s.there.Last().ID)
	if r := s.seen()[0]; r.Text != "/edit" || r.Options["title"] != "Spring" || len(r.Options) != 1 {
		t.Errorf("the request is %+v", r)
	}
	s.slash(t, s.there, "edit", map[string]string{"title": "Autumn"}) // who fills it in gets no form
}

func TestSuggestions(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	s.suggest = func(r chat.Request, option, typed string) ([]chat.Choice, error) {
		if option == "date" {
			return nil, errors.New("there are none")
		}
		if r.Text != "/log" || r.UserID != s.ana.ID || r.Options["date"] != "today" || len(r.Options) != 1 {
			t.Errorf("the request is %+v", r)
		}
		all := []chat.Choice{{Label: "", Value: typed + "!"}, {Label: "too long", Value: strings.Repeat("x", 101)}}
		for range 30 {
			all = append(all, chat.Choice{Label: strings.Repeat("ž", 200), Value: "v"})
		}
		return all, nil
	}
	got, err := s.there.Suggest(t.Context(), "log", map[string]string{"date": "today"}, "note", "sh")
	must(t, err)
	if len(got) != 24 || got[0].Name != "sh!" || got[0].Value != "sh!" {
		t.Errorf("the choices are %v", got)
	}
	if got, err := s.there.Suggest(t.Context(), "log", nil, "date", ""); err != nil || len(got) != 0 {
		t.Errorf("the choices are %v, %v", got, err)
	}
	if n := len(s.seen()); n != 0 {
		t.Errorf("%d requests were handled", n)
	}
}

func TestTooLate(t *testing.T) {
	var ahead atomic.Int64
	s := setUp(t, discordtest.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	for name, by := range map[string]time.Duration{"the token is over": 16 * time.Minute, "the acknowledgement was too late": 4 * time.Second} {
		n := len(shown(t, s.ana))
		s.set(func(context.Context, chat.Request) (chat.Reply, error) {
			if by > time.Minute {
				eventually(t, "it is acknowledged", func() bool { return s.there.Last().Answer == 5 })
			}
			ahead.Add(int64(by))
			return say(chat.Text(name)), nil
		})
		_, err := s.there.Slash("help", nil)
		must(t, err)
		eventually(t, name, func() bool { return len(shown(t, s.ana)) == n+1 })
		if got := shown(t, s.there); slices.Contains(got, name) {
			t.Errorf("the channel shows %q", got)
		}
	}
}

func TestTroubleWithAnswers(t *testing.T) {
	const callback, acknowledge, original = "create_interaction_response", "create_interaction_response ", "update_original_webhook_message"
	for name, trouble := range map[string]struct {
		method string
		fault  discordtest.Fault
	}{
		"acknowledged, and not known": {acknowledge, discordtest.Fault{Status: 502, Effect: true}},
		"cut before":                  {callback, discordtest.Fault{Cut: discordtest.CutBefore}},
		"cut after":                   {callback, discordtest.Fault{Cut: discordtest.CutAfter}},
		"502":                         {callback, discordtest.Fault{Status: 502}},
		"502 with effect":             {callback, discordtest.Fault{Status: 502, Effect: true}},
		"429":                         {callback, discordtest.Fault{RetryAfter: 50 * time.Millisecond}},
		"a page":                      {callback, discordtest.Fault{Status: 503, Page: true}},
		"edit cut":                    {original, discordtest.Fault{Cut: discordtest.CutAfter}},
		"edit 500":                    {original, discordtest.Fault{Status: 500}},
	} {
		t.Run(name, func(t *testing.T) {
			s := setUp(t, discordtest.Options{})
			s.set(func(context.Context, chat.Request) (chat.Reply, error) {
				if trouble.method != callback {
					eventually(t, "it is acknowledged", func() bool { return s.there.Last().Answer == 5 })
				}
				return say("Done"), nil
			})
			s.ds.Fault(strings.TrimSpace(trouble.method), 1, trouble.fault)
			_, err := s.there.Slash("help", nil)
			must(t, err)
			eventually(t, "it is noted", func() bool { return len(s.noted()) == 1 })
			if got := shown(t, s.there); !slices.Equal(got, []string{"Done"}) {
				t.Errorf("the screen shows %q", got)
			}
		})
	}
}

func TestHandlersThatHarm(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	s.set(func(_ context.Context, r chat.Request) (chat.Reply, error) {
		switch r.Text {
		case "/help":
			panic(r.UserID)
		case "/log":
			return chat.Reply{}, nil // nothing to say
		}
		return say("You said " + chat.Escape(r.Text)), nil
	})
	s.slash(t, s.there, "help", nil)
	if got := shown(t, s.there); !slices.Equal(got, []string{"⚠️"}) {
		t.Errorf("the screen shows %q", got)
	}
	s.slash(t, s.there, "log", map[string]string{"date": "today"})
	answers(t, s.ds, "hello")
	if s.count("set_aside") != 1 {
		t.Errorf("%d requests were set aside", s.count("set_aside"))
	}
}

func TestACommandMayFailOnce(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	var failed atomic.Bool
	s.set(func(context.Context, chat.Request) (chat.Reply, error) {
		if failed.CompareAndSwap(false, true) {
			return chat.Reply{}, errors.New("the database is busy")
		}
		return say("Done"), nil
	})
	s.slash(t, s.there, "help", nil)
	if got := shown(t, s.there); !slices.Equal(got, []string{"Done"}) {
		t.Errorf("the screen shows %q", got)
	}
}
