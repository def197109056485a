package telegram_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

// TestWhatFollowsComesAfterTheAnswer: a message that is sent because of a request, and
// before that was answered, waits for the answer.
func TestWhatFollowsComesAfterTheAnswer(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	ana := tg.User("ana")
	sent := make(chan struct{})
	f.set(func(_ context.Context, r chat.Request) (chat.Reply, error) {
		go func() {
			defer close(sent)
			if _, err := f.Send(t.Context(), r.ChatID, "key", chat.Message{Text: "what follows"}); err != nil {
				t.Error(err)
			}
		}()
		select { // it has every chance to be first
		case <-sent:
		case <-time.After(100 * time.Millisecond):
		}
		return say("the answer"), nil
	})
	must(t, ana.Type("hello"))
	<-sent
	eventually(t, "both are there", func() bool { return len(shown(t, ana)) == 2 })
	if got := shown(t, ana); !slices.Equal(got, []string{"the answer", "what follows"}) {
		t.Errorf("ana sees %q", got)
	}
}
