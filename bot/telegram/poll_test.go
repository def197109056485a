package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/telegram"
	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

func TestAHundredFromOneChat(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	ana := tg.User("ana")
	var want, answers []string
	for i := range 250 {
		must(t, ana.Type(strconv.Itoa(i)))
		want = append(want, strconv.Itoa(i))
		answers = append(answers, "You said "+strconv.Itoa(i))
	}
	f := open(t, tg)
	eventually(t, "all are answered", func() bool { return len(shown(t, ana)) == len(want) })
	if !slices.Equal(f.texts(), want) || !slices.Equal(shown(t, ana), answers) {
		t.Errorf("the order is %q", f.texts())
	}
	f.end(t)
	if n := tg.Pending(); n > 0 {
		t.Errorf("%d aren't confirmed", n)
	}
}

func TestAHundredChats(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	var people []*telegramtest.User
	for i := range 100 {
		people = append(people, tg.User(fmt.Sprint("person ", i)))
		must(t, people[i].Type("hello"))
	}
	var inside atomic.Int32
	all := make(chan struct{})
	f := prepare(t, tg, &handler{})
	f.set(func(context.Context, chat.Request) (chat.Reply, error) {
		if inside.Add(1) == 100 {
			close(all)
		}
		<-all // for ever, if one chat waited for another
		return say("Hello"), nil
	})
	f.run(t, f.handler)
	for _, p := range people {
		eventually(t, "all are answered", func() bool { return len(shown(t, p)) == 1 })
	}
}

func TestASlowChatHoldsNobodyUp(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	free := make(chan struct{})
	f.set(func(_ context.Context, r chat.Request) (chat.Reply, error) {
		if r.Text == "slow" {
			<-free
		}
		return say("Done"), nil
	})
	must(t, tg.User("ana").Type("slow"))
	eventually(t, "it is being handled", func() bool { return len(f.seen()) == 1 })
	for i := range 3 {
		p := tg.User(fmt.Sprint("person ", i))
		must(t, p.Type("hello"))
		eventually(t, "another is answered", func() bool { return len(shown(t, p)) == 1 })
	}
	if n := tg.Pending(); n != 4 {
		t.Errorf("%d of 4 are kept by Telegram while the first isn't done", n)
	}
	close(free)
	eventually(t, "all are confirmed", func() bool { return tg.Pending() == 0 })
	if n := len(f.seen()); n != 4 {
		t.Errorf("they were handled %d times", n)
	}
}

func TestWhatFailsIsTriedAgain(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	var tries atomic.Int32
	f.set(func(context.Context, chat.Request) (chat.Reply, error) {
		if tries.Add(1) < 3 {
			return chat.Reply{}, errors.New("the database is gone")
		}
		return say("Done"), nil
	})
	must(t, tg.User("ana").Type("hello"))
	eventually(t, "it was tried", func() bool { return tries.Load() > 0 })
	if tg.Pending() != 1 {
		t.Error("what failed was confirmed")
	}
	eventually(t, "it is done", func() bool { return len(shown(t, tg.User("ana"))) == 1 && tg.Pending() == 0 })
}

func TestAReplyThatIsKeptHoldsNothing(t *testing.T) {
	for _, kept := range []bool{true, false} {
		tg := telegramtest.New(t, telegramtest.Options{Latency: time.Second})
		f := open(t, tg)
		f.set(func(context.Context, chat.Request) (chat.Reply, error) {
			reply := say("Done")
			reply.Kept = kept
			return reply, nil
		})
		must(t, tg.User("ana").Type("hello"))
		if kept {
			eventually(t, "it is confirmed", func() bool { return tg.Pending() == 0 })
			if len(f.noted()) > 0 {
				t.Error("it waited for the sending")
			}
		} else {
			eventually(t, "the reply is noted", func() bool { return len(f.noted()) == 1 })
		}
		if sent := len(shown(t, tg.User("ana"))); !kept && sent == 0 {
			t.Error("what isn't kept was confirmed before it was sent")
		}
		eventually(t, "it is sent and confirmed", func() bool { return tg.Pending() == 0 && len(f.noted()) == 1 })
	}
}

func TestStoppingFinishesAndConfirms(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{Latency: 20 * time.Millisecond})
	f := open(t, tg)
	begun := make(chan struct{})
	f.set(func(_ context.Context, r chat.Request) (chat.Reply, error) {
		if r.Text == "0" {
			close(begun)
		}
		reply := say("Done")
		reply.Kept = true
		return reply, nil
	})
	for i := range 50 {
		must(t, tg.User(fmt.Sprint("person ", i%5)).Type(strconv.Itoa(i)))
	}
	<-begun
	f.end(t)
	if n, handled, noted := tg.Pending(), len(f.seen()), len(f.noted()); n+handled != 50 || noted != handled {
		t.Errorf("%d wait, %d were handled, %d replies noted", n, handled, noted)
	}
	g := openWith(t, tg, f.handler)
	eventually(t, "the rest is done", func() bool { return tg.Pending() == 0 })
	eventually(t, "all replies are noted", func() bool { return len(f.noted()) == 50 })
	if n := len(f.seen()); n != 50 {
		t.Errorf("they were handled %d times", n)
	}
	g.end(t)
}

func TestWhatCantBeReadIsSetAside(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	ana := tg.User("ana").Begin()
	bad := tg.Push(`{"update_id":%ID%,"message":5}`)
	tg.Push(`{"update_id":"%ID%","message":{}}`)
	tg.Push(`{"update_id":%ID%,"message":{"text":7,"secret":"Zora"}}`)
	must(t, ana.Type("hello"))
	eventually(t, "the next is answered", func() bool { return len(shown(t, ana)) == 1 })
	eventually(t, "all are confirmed", func() bool { return tg.Pending() == 0 })
	if n := f.count("set_aside"); n != 3 {
		t.Errorf("%d are counted", n)
	}
	if log := f.log.String(); !strings.Contains(log, fmt.Sprint("update=", bad)) || strings.Contains(log, "Zora") {
		t.Errorf("the log says %s", log)
	}
}

func TestAPanicIsSetAside(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	f.set(func(_ context.Context, r chat.Request) (chat.Reply, error) {
		if r.Text == "panic" {
			panic("of Zora")
		}
		return say("Fine"), nil
	})
	ana := tg.User("ana")
	must(t, ana.Type("panic"))
	must(t, ana.Type("hello"))
	eventually(t, "the next is answered", func() bool { return len(shown(t, ana)) == 1 && tg.Pending() == 0 })
	if f.count("set_aside") != 1 || strings.Contains(f.log.String(), "Zora") {
		t.Errorf("%d are counted; the log says %s", f.count("set_aside"), f.log)
	}
}

func TestIDsStartAnew(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	ana := tg.User("ana")
	for i, next := range []int64{0, 500_000_000, 17, 40} { // a gap, anew, a gap
		if next > 0 {
			tg.SetNextID(next)
		}
		must(t, ana.Type(strconv.Itoa(i)))
		eventually(t, "it is answered and confirmed", func() bool { return len(shown(t, ana)) == i+1 && tg.Pending() == 0 })
	}
	if got := f.texts(); !slices.Equal(got, []string{"0", "1", "2", "3"}) {
		t.Errorf("handled was %q", got)
	}
}

func TestASecondProcessStandsBy(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	first := open(t, tg)
	eventually(t, "the first works", func() bool { return first.Probe() == nil && len(tg.Calls("getMe")) == 1 })
	must(t, tg.User("ana").Type("hello"))
	eventually(t, "the first has fetched", func() bool { return len(shown(t, tg.User("ana"))) == 1 })
	second := open(t, tg)
	eventually(t, "one stands by", func() bool { return first.count("conflict")+second.count("conflict") == 1 })
	by := first
	if second.count("conflict") == 1 {
		by = second
	}
	eventually(t, "it says so", func() bool { return by.Probe() != nil })
	if err := by.Probe(); !strings.Contains(err.Error(), "another process") {
		t.Errorf("it says %v", err)
	}
	must(t, tg.User("borka").Type("hello"))
	eventually(t, "the other works", func() bool { return len(shown(t, tg.User("borka"))) == 1 })
	if n := strings.Count(by.log.String(), "stands by"); n != 1 {
		t.Errorf("the log says so %d times", n)
	}
}

func TestAWrongToken(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	const token = "12345:wrong_wrong_wrong_wrong_wrong"
	f := open(t, tg, func(o *telegram.Options) { o.Token = token })
	<-f.ended
	if f.err == nil || !strings.Contains(f.err.Error(), "@BotFather") || strings.Contains(f.err.Error(), token) {
		t.Errorf("the error is %v", f.err)
	}
	if f.Probe() == nil {
		t.Error("it can be reached")
	}
}

func TestNewRefuses(t *testing.T) {
	for _, o := range []telegram.Options{
		{}, {Token: "secretsecret"},
		{Token: "1:" + strings.Repeat("a", 35), Webhook: &telegram.Webhook{URL: "bot.example.org/x", Secret: "s"}},
		{Token: "1:" + strings.Repeat("a", 35), Webhook: &telegram.Webhook{URL: "https://bot.example.org", Secret: "s"}},
		{Token: "1:" + strings.Repeat("a", 35), Webhook: &telegram.Webhook{URL: "https://bot.example.org/x", Secret: "secret!"}},
		{Token: "1:" + strings.Repeat("a", 35), Webhook: &telegram.Webhook{URL: "https://bot.example.org/x"}},
	} {
		if _, err := telegram.New(o); err == nil || strings.Contains(err.Error(), "secret!") || strings.Contains(err.Error(), "secretsecret") {
			t.Errorf("%+v: the error is %v", o, err)
		}
	}
}

// TestAReplyThatWaitsWhileItEnds: an answer that is kept nowhere comes from the next process.
func TestAReplyThatWaitsWhileItEnds(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	tg.Fault("sendMessage", 1, telegramtest.Fault{RetryAfter: 1})
	f := open(t, tg)
	ana := tg.User("ana")
	must(t, ana.Type("hello"))
	eventually(t, "it is to be sent later", func() bool { return f.count("too_many_requests") == 1 })
	began := time.Now()
	f.end(t)
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("the end takes %v", took)
	}
	if n := tg.Pending(); n != 1 {
		t.Errorf("%d wait", n)
	}
	tg.Heal()
	open(t, tg)
	eventually(t, "it is answered", func() bool { return slices.Equal(shown(t, ana), []string{"You said hello"}) })
}

// TestWhatHasNoIDIsntAskedForAllTheTime: it can't be confirmed, and Telegram gives it at once.
func TestWhatHasNoIDIsntAskedForAllTheTime(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	tg.Push(`{"update_id":"%ID%","message":{}}`)
	f := open(t, tg)
	eventually(t, "it is set aside", func() bool { return f.count("set_aside") > 0 })
	f.end(t)
	if n := f.count("set_aside"); n > 3 {
		t.Errorf("it was set aside %d times", n)
	}
}
