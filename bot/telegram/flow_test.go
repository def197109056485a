package telegram_test

import (
	"context"
	"slices"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/telegram"
	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

// What a process has committed and not sent is sent by whoever starts the next one, and
// the update comes again as well: the person reads the answer once.
func TestAnUnsentReplyIsSentOnce(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := prepare(t, tg, &handler{})
	ana := tg.User("ana")
	must(t, ana.Type("hello"))
	sent := make(chan struct{})
	f.set(func(ctx context.Context, r chat.Request) (chat.Reply, error) {
		reply := say("Done")
		reply.Kept = true
		_, err := f.Send(ctx, r.ChatID, "reply/"+r.ID, reply.Message)
		close(sent)
		return reply, err
	})
	f.run(t, f.handler)
	<-sent
	eventually(t, "it is noted", func() bool { return len(f.noted()) == 1 })
	if got := shown(t, ana); !slices.Equal(got, []string{"Done"}) {
		t.Errorf("the screen shows %q", got)
	}
}

func TestNothingToSay(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	f.set(func(_ context.Context, r chat.Request) (chat.Reply, error) {
		if r.Text == "hush" {
			return chat.Reply{Message: chat.Message{Buttons: []chat.Button{{Label: "Help", Command: "help"}}}}, nil
		}
		return say("\u200b", chat.Button{Label: "Help", Command: "help"}), nil // nothing to see, but something to tap
	})
	ana := tg.User("ana")
	must(t, ana.Type("hush"))
	must(t, ana.Type("hello"))
	eventually(t, "both are done with", func() bool { return len(f.noted()) == 2 && tg.Pending() == 0 })
	if got := shown(t, ana); !slices.Equal(got, []string{"…"}) {
		t.Errorf("the screen shows %q", got)
	}
}

func TestAtTelegramsLimits(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{Limits: true})
	f := open(t, tg, func(o *telegram.Options) { o.Limits = telegram.Limits{} })
	ana := tg.User("ana")
	for range 6 {
		must(t, ana.Type("hello"))
	}
	var people []string
	for i := range 60 {
		people = append(people, telegramID(tg.User(string(rune('A'+i))).Begin().ID))
	}
	for i, id := range people {
		if _, err := f.Send(t.Context(), id, id, chat.Message{Text: "News"}); err != nil {
			t.Errorf("message %d: %v", i, err)
		}
	}
	eventually(t, "all are answered", func() bool { return len(shown(t, ana)) == 6 })
	if r := tg.Refused(); r.All > 0 {
		t.Errorf("too fast: %+v", r)
	}
}
