package telegram_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/telegram"
	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

func TestWhatPeopleSend(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{Language: "sr"})
	f := open(t, tg)
	ana := tg.User("ana")
	long := strings.Repeat("š", 4096)
	must(t, ana.Start("CODE_1-x"))
	must(t, ana.Type("/LOG yesterday 60"))
	must(t, ana.Type("Ћао, /log"))
	must(t, ana.Voice())
	must(t, ana.Sticker())
	must(t, ana.Contact())
	must(t, ana.Photo("a picture"))
	must(t, ana.Type(long))
	eventually(t, "all is handled", func() bool { return len(f.seen()) == 8 })
	want := []string{"/start CODE_1-x", "/LOG yesterday 60", "Ћао, /log", "", "", "", "a picture", long}
	if got := f.texts(); !slices.Equal(got, want) {
		t.Errorf("what reaches the handler is %q", got)
	}
	if r := f.seen()[0]; r.Language != "sr" || r.Group || r.Title != "" {
		t.Errorf("the request is %+v", r)
	}
	eventually(t, "all is answered", func() bool { return len(f.noted()) == 8 })
}

func TestAnEditedMessageActsOnce(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	ana := tg.User("ana")
	must(t, ana.Type("/lgo"))
	must(t, ana.Edit("/log"))
	must(t, ana.Edit("/log")) // as when a preview appears
	must(t, ana.Type("end"))
	eventually(t, "all is handled", func() bool { return slices.Contains(f.texts(), "end") })
	all := f.seen()
	if got := f.texts(); !slices.Equal(got, []string{"/lgo", "/log", "end"}) {
		t.Fatalf("what reaches the handler is %q", got)
	}
	if all[0].ID != all[1].ID {
		t.Error("a message that was edited has another id, and could act again")
	}
}

func TestTapsAreAnsweredAtOnce(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	free := make(chan struct{})
	f.set(func(_ context.Context, r chat.Request) (chat.Reply, error) {
		if r.Tapped {
			<-free
			return say("Done"), nil
		}
		return say("Shall I?", chat.Button{Label: "Yes", Command: "yes"}), nil
	})
	ana := tg.User("ana")
	must(t, ana.Type("ask"))
	eventually(t, "the question", func() bool { return len(shown(t, ana)) == 1 })
	must(t, ana.Tap("Yes"))
	eventually(t, "the tap is answered while it is handled", func() bool {
		taps := tg.Taps()
		return len(taps) == 1 && !taps[0].Answered.IsZero()
	})
	if tap := tg.Taps()[0]; tap.Answered.Sub(tap.At) > time.Second {
		t.Errorf("it took %v", tap.Answered.Sub(tap.At))
	}
	close(free)
	eventually(t, "the answer", func() bool { return len(shown(t, ana)) == 2 })
}

func TestTapsOnWhatIsGone(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	f.set(func(_ context.Context, r chat.Request) (chat.Reply, error) {
		reply := say("Answer to "+chat.Escape(r.Text), chat.Button{Label: "Long", Command: "long"})
		if r.Text == "long" {
			reply.Text = chat.Text(strings.Repeat("word ", 300))
		}
		reply.Update = r.Tapped
		return reply, nil
	})
	ana := tg.User("ana")
	must(t, ana.Type("first"))
	eventually(t, "the message", func() bool { return len(shown(t, ana)) == 1 })
	ids, err := f.Send(t.Context(), telegramID(ana.ID), "k", chat.Message{Text: "x", Files: []chat.File{{Name: "a.txt", Type: "text/plain", Data: []byte("a")}}, Buttons: []chat.Button{{Label: "File", Command: "file"}}})
	must(t, err)
	if len(ids) != 1 {
		t.Fatalf("the ids are %q", ids)
	}
	must(t, ana.Tap("File"))
	eventually(t, "the answer stands below the file", func() bool { return slices.Contains(shown(t, ana), "Answer to file") })
	if bubbles, err := ana.Screen(); err != nil || len(bubbles[len(bubbles)-1].Files) != 1 || len(shown(t, ana)) != 2 {
		t.Errorf("the screen shows %+v, %v", bubbles, err)
	}
	must(t, ana.Tap("Long"))
	eventually(t, "what has no room there is a message of its own", func() bool { return len(shown(t, ana)) == 3 })
}

func TestAsking(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	f.set(func(_ context.Context, r chat.Request) (chat.Reply, error) {
		reply := say("Which code?")
		reply.Ask = "The code, " + strings.Repeat("as it stands in the letter, ", 5)
		if r.Text == "buttons" {
			reply.Buttons = []chat.Button{{Label: "None", Command: "none"}}
		}
		return reply, nil
	})
	ana := tg.User("ana")
	must(t, ana.Type("plain"))
	must(t, ana.Type("buttons"))
	eventually(t, "both are asked", func() bool { return len(shown(t, ana)) == 2 })
	calls := tg.Calls("sendMessage")
	forced, _ := calls[0].Params["reply_markup"].(map[string]any)
	if hint, _ := forced["input_field_placeholder"].(string); forced["force_reply"] != true || chat.UTF16Len(hint) > 64 || !strings.HasPrefix(hint, "The code") {
		t.Errorf("the box is %v", forced)
	}
	if keys, _ := calls[1].Params["reply_markup"].(map[string]any); keys["inline_keyboard"] == nil {
		t.Errorf("the buttons are %v", keys)
	}
}

func TestInAGroup(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	f.set(func(_ context.Context, r chat.Request) (chat.Reply, error) {
		return say("In private, please", chat.Button{Label: "Open", Private: true}), nil
	})
	eventually(t, "the bot knows its name", func() bool { return f.Link("x") != "" })
	ana, borka := tg.User("ana"), tg.User("borka")
	g := tg.Supergroup("All of us", ana, borka)
	g.Add(ana)
	g.Promote(ana)
	topic, err := g.Topic(ana, "Meetings")
	must(t, err)
	must(t, ana.In(g).Type("hello all"))
	must(t, ana.In(g).Type("/log@other_bot"))
	must(t, ana.In(g).Topic(topic).Type("/log@"+tg.Username+" yesterday"))
	eventually(t, "the answer", func() bool { return len(shown(t, ana.In(g).Topic(topic))) == 1 })
	if all := f.seen(); len(all) != 1 || !all[0].Group || all[0].Title != "All of us" || !strings.Contains(all[0].ChatID, ":") {
		t.Errorf("what reaches the handler is %+v", all)
	}
	must(t, ana.In(g).Topic(topic).Follow("Open"))
	eventually(t, "the private chat is open", func() bool { return slices.Contains(f.texts(), "/start") })

	ids, err := f.Send(t.Context(), f.seen()[0].ChatID, "k", chat.Message{Text: "A reminder"})
	must(t, err)
	if got := shown(t, ana.In(g).Topic(topic)); len(ids) != 1 || !slices.Contains(got, "A reminder") {
		t.Errorf("the topic shows %q", got)
	}
	eventually(t, "the group is noted", func() bool {
		return slices.ContainsFunc(f.changed(), func(c chat.Change) bool { return c.Kind == chat.Opened && c.UserID == "" })
	})
}

func TestAGroupThatMoves(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	ana := tg.User("ana")
	g := tg.Group("Us", ana)
	g.Add(ana)
	old := telegramID(g.ID())
	must(t, ana.In(g).Type("/hello"))
	eventually(t, "the answer", func() bool { return len(shown(t, ana.In(g))) == 1 })
	g.Migrate(ana)
	_, err := f.Send(t.Context(), old, "k", chat.Message{Text: "News"})
	must(t, err)
	if got := shown(t, ana.In(g)); !slices.Equal(got, []string{"News"}) {
		t.Errorf("the supergroup shows %q", got)
	}
	moved := chat.Change{Kind: chat.Moved, ChatID: old, To: telegramID(g.ID())}
	eventually(t, "the move is noted", func() bool { return slices.Contains(f.changed(), moved) })
	g.Kick(ana)
	eventually(t, "its end is noted", func() bool {
		return slices.Contains(f.changed(), chat.Change{Kind: chat.Closed, ChatID: moved.To, Reason: "left"})
	})
}

func TestAMoveThatCantBeNoted(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := openWith(t, tg, &handler{change: func(c chat.Change) error {
		if c.Kind == chat.Moved {
			return errors.New("the disk is full")
		}
		return nil
	}})
	ana := tg.User("ana")
	g := tg.Group("Us", ana)
	g.Add(ana)
	old := telegramID(g.ID())
	g.Migrate(ana)
	_, err := f.Send(t.Context(), old, "k", chat.Message{Text: "News"})
	if later := new(chat.LaterError); !errors.As(err, &later) {
		t.Errorf("the error is %v", err)
	}
	if got := shown(t, ana.In(g)); len(got) > 0 {
		t.Errorf("the supergroup shows %q", got)
	}
}

func TestWhoBlocksAndComesBack(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	ana := tg.User("ana").Begin()
	ana.Block()
	ana.Unblock()
	id := telegramID(ana.ID)
	want := []chat.Change{{Kind: chat.Closed, ChatID: id, UserID: id, Reason: "blocked"}, {Kind: chat.Opened, ChatID: id, UserID: id}}
	eventually(t, "both are noted", func() bool { return slices.Equal(f.changed(), want) })
}

func TestMenusStayAsTheyAre(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	for n := range 20 {
		f := open(t, tg, func(o *telegram.Options) { o.Languages = []string{"en", "sr-Latn", "xyz"} })
		eventually(t, "the menus are looked at", func() bool { return len(tg.Calls("getMyCommands")) == 6*(n+1) })
		f.end(t)
	}
	if n := len(tg.Calls("setMyCommands")); n != 6 {
		t.Errorf("the menus were set %d times", n)
	}
	for scope, want := range map[string]string{"all_private_chats": "start", "all_chat_administrators": "group"} {
		for _, c := range tg.Calls("setMyCommands") {
			if on, _ := c.Params["scope"].(map[string]any); on["type"] == scope {
				list, _ := c.Params["commands"].([]any)
				if first, _ := list[0].(map[string]any); len(list) != 1 || first["command"] != want {
					t.Errorf("the menu of %s is %v", scope, list)
				}
			}
		}
	}
}

func TestAMenuFollowsItsPerson(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := openWith(t, tg, &handler{menu: []chat.Command{{Name: "log", Description: "Log a\nmeeting " + strings.Repeat("x", 300)}}})
	f.set(func(context.Context, chat.Request) (chat.Reply, error) {
		reply := say("Welcome")
		reply.Menu = true
		return reply, nil
	})
	must(t, tg.User("ana").Type("/start"))
	eventually(t, "the menu is set", func() bool {
		return slices.ContainsFunc(tg.Calls("setMyCommands"), func(c telegramtest.Call) bool {
			scope, _ := c.Params["scope"].(map[string]any)
			return scope["type"] == "chat"
		})
	})
}

func TestAMenuFollowsWithoutAnAnswer(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := prepare(t, tg, &handler{})
	ana := telegramID(tg.User("ana").Begin().ID)
	f.OfferMenu(ana, ana) // nobody says yet what is in it
	f.run(t, f.handler)
	eventually(t, "the bot knows its name", func() bool { return f.Link("x") != "" })
	f.OfferMenu("-100123", ana)
	f.OfferMenu(ana, ana)
	offered := func() (n int) {
		for _, c := range tg.Calls("setMyCommands") {
			if scope, _ := c.Params["scope"].(map[string]any); scope["type"] == "chat" {
				n++
			}
		}
		return n
	}
	eventually(t, "the menu is set", func() bool { return offered() == 1 })
	f.end(t)
	if f.OfferMenu(ana, ana); offered() != 1 {
		t.Errorf("it was set %d times", offered())
	}
}
