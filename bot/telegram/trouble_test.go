package telegram_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/telegram"
	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

func hello() chat.Message { return chat.Message{Text: "Hello"} }

func TestWhoCantBeReached(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	ana, borka, vesna := tg.User("ana").Begin(), tg.User("borka").Begin(), tg.User("vesna")
	ana.Block()
	borka.Deactivate()
	g := tg.Group("Us", ana)
	g.Add(ana)
	g.Kick(ana)
	for id, want := range map[int64]string{ana.ID: "blocked", borka.ID: "closed", vesna.ID: "closed", g.ID(): "left", 12345: "closed"} {
		_, err := f.Send(t.Context(), telegramID(id), "k", hello())
		var u *chat.UnreachableError
		if !errors.As(err, &u) || u.Reason != want {
			t.Errorf("%s: the error is %v", want, err)
		}
	}
	if _, err := f.Send(t.Context(), "ana", "k", hello()); err == nil || errors.As(err, new(*chat.UnreachableError)) {
		t.Errorf("no chat's id: %v", err)
	}
}

func TestWhatMayBeSentLater(t *testing.T) {
	for name, fault := range map[string]telegramtest.Fault{
		"429":         {RetryAfter: 7},
		"500":         {Status: http.StatusInternalServerError},
		"a page":      {Status: http.StatusBadGateway, Page: true},
		"a 200 page":  {Page: true},
		"cut before":  {Cut: telegramtest.CutBefore},
		"cut in half": {Cut: telegramtest.CutAfter},
	} {
		t.Run(name, func(t *testing.T) {
			tg := telegramtest.New(t, telegramtest.Options{})
			f := open(t, tg)
			ana, borka := tg.User("ana").Begin(), tg.User("borka").Begin()
			tg.Fault("sendMessage", 1, fault)
			_, err := f.Send(t.Context(), telegramID(ana.ID), "k", hello())
			var later *chat.LaterError
			if !errors.As(err, &later) || later.Wait != time.Duration(fault.RetryAfter)*time.Second {
				t.Fatalf("the error is %v", err)
			}
			_, err = f.Send(t.Context(), telegramID(borka.ID), "k2", hello())
			must(t, err)
			_, err = f.Send(t.Context(), telegramID(ana.ID), "k", hello())
			if wait := fault.RetryAfter > 0; wait != (err != nil) {
				t.Errorf("at once: %v", err)
			}
			if n := len(tg.Calls("sendMessage")); fault.RetryAfter > 0 && n != 2 {
				t.Errorf("it was asked again before its time: %d calls", n)
			}
		})
	}
}

func TestTooLargeIsRefused(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	tg.Fault("sendMessage", 1, telegramtest.Fault{Status: http.StatusRequestEntityTooLarge, Page: true})
	_, err := f.Send(t.Context(), telegramID(tg.User("ana").Begin().ID), "k", hello())
	if err == nil || errors.As(err, new(*chat.LaterError)) {
		t.Errorf("the error is %v", err)
	}
}

func TestAReplySurvivesTrouble(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	for range 3 {
		tg.Fault("sendMessage", 1, telegramtest.Fault{Status: http.StatusBadGateway, Page: true})
	}
	tg.Fault("getUpdates", 2, telegramtest.Fault{Cut: telegramtest.CutAfter})
	tg.Fault("getMe", 1, telegramtest.Fault{Status: http.StatusServiceUnavailable})
	tg.Fault("deleteWebhook", 1, telegramtest.Fault{Cut: telegramtest.CutBefore})
	f := open(t, tg)
	ana := tg.User("ana")
	must(t, ana.Type("hello"))
	eventually(t, "the answer", func() bool { return slices.Equal(shown(t, ana), []string{"You said hello"}) })
	eventually(t, "it is noted", func() bool { return len(f.noted()) == 1 && tg.Pending() == 0 })
	must(t, ana.Type("again"))
	eventually(t, "the next", func() bool { return len(shown(t, ana)) == 2 })
}

func TestAKeyIsSentOnce(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	ana := tg.User("ana").Begin()
	long := chat.Message{Text: chat.Text(strings.Repeat("A paragraph.\n\n", 700)), Buttons: []chat.Button{{Label: "Fine", Command: "fine"}}}
	tg.Fault("sendMessage", 2, telegramtest.Fault{Status: http.StatusBadGateway})
	_, err := f.Send(t.Context(), telegramID(ana.ID), "k", long)
	if err == nil {
		t.Fatal("there is no error")
	}
	ids, err := f.Send(t.Context(), telegramID(ana.ID), "k", long)
	must(t, err)
	again, err := f.Send(t.Context(), telegramID(ana.ID), "k", long)
	must(t, err)
	bubbles, err := ana.Screen()
	must(t, err)
	if len(bubbles) != len(ids) || len(ids) != 3 || !slices.Equal(ids, again) {
		t.Errorf("%d messages are shown, of %q and %q", len(bubbles), ids, again)
	}
	for i, b := range bubbles {
		if (len(b.Buttons) > 0) != (i == len(bubbles)-1) {
			t.Errorf("message %d has the buttons %q", i, b.Buttons)
		}
	}
}

func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))))
	return b.Bytes()
}

func TestFiles(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	ana := tg.User("ana").Begin()
	send := func(key string, text chat.Text, files ...chat.File) (ids []string) {
		t.Helper()
		ids, err := f.Send(t.Context(), telegramID(ana.ID), key, chat.Message{Text: text, Files: files, Buttons: []chat.Button{{Label: "Fine", Command: "fine"}}})
		must(t, err)
		return ids
	}
	chart := chat.File{Name: "chart.png", Type: "image/png", Data: picture(t, 40, 20), Alt: "A chart"}
	wide := chat.File{Name: "wide.png", Type: "image/png", Data: picture(t, 2100, 100)}
	odd := chat.File{Name: "odd\n/a.png", Type: "image/png", Data: []byte("no picture")}
	notes := chat.File{Name: "белешке.pdf", Type: "application/pdf", Data: []byte("x")}
	ids := send("one", "*A picture*", chart)
	send("several", "All", chart, wide, odd, notes)
	send("long", chat.Text(strings.Repeat("word ", 300)), chart)
	send("none", "", notes)
	var got strings.Builder
	bubbles, err := ana.Screen()
	must(t, err)
	for _, b := range bubbles {
		fmt.Fprintf(&got, "%.9s %q %q\n", b.Text, b.Files, b.Buttons)
	}
	want := `A picture ["chart.png"] ["Fine"]
A chart ["chart.png"] []
 ["wide.png"] []
 ["odd__a.png"] []
All ["белешке.pdf"] ["Fine"]
A chart ["chart.png"] []
word word [] ["Fine"]
 ["белешке.pdf"] ["Fine"]
`
	if got.String() != want {
		t.Errorf("the screen shows\n%s", got.String())
	}
	if n := len(tg.Calls("sendPhoto")); n != 3 {
		t.Errorf("%d pictures were sent as such", n)
	}
	chart.Name = "new.png"
	_, err = f.Edit(t.Context(), telegramID(ana.ID), ids, chat.Message{Text: "Another", Files: []chat.File{chart}})
	must(t, err)
	if got := shown(t, ana); got[0] != "Another" {
		t.Errorf("the screen shows %q", got)
	}
}

func TestEdit(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	ana := tg.User("ana").Begin()
	id := telegramID(ana.ID)
	ids, err := f.Send(t.Context(), id, "k", hello())
	must(t, err)
	same, err := f.Edit(t.Context(), id, ids, hello())
	must(t, err)
	long := chat.Message{Text: chat.Text(strings.Repeat("A paragraph.\n\n", 700))}
	more, err := f.Edit(t.Context(), id, ids, long)
	must(t, err)
	if n := len(shown(t, ana)); !slices.Equal(same, ids) || len(more) != 3 || more[0] != ids[0] || n != 3 {
		t.Errorf("%q became %q and %q; %d are shown", ids, same, more, n)
	}
	less, err := f.Edit(t.Context(), id, more, hello())
	must(t, err)
	if got := shown(t, ana); !slices.Equal(less, ids) || !slices.Equal(got, []string{"Hello"}) {
		t.Errorf("it became %q, and %q are shown", less, got)
	}
	for _, gone := range [][]string{{"99999"}, {"x"}, nil} {
		if _, err := f.Edit(t.Context(), id, gone, hello()); err == nil || errors.As(err, new(*chat.LaterError)) {
			t.Errorf("an edit of %q: %v", gone, err)
		}
	}
}

func TestWhatATopicLeavesBehind(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	ana := tg.User("ana")
	g := tg.Supergroup("Us", ana)
	g.Add(ana)
	_, err := f.Send(t.Context(), telegramID(g.ID())+":77", "k", hello())
	must(t, err)
	if got := shown(t, ana.In(g)); !slices.Equal(got, []string{"Hello"}) {
		t.Errorf("the group shows %q", got)
	}
}

func TestNastyTexts(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	id := telegramID(tg.User("ana").Begin().ID)
	values := slices.Concat(chattest.Nasty, []string{
		" ", "\u200f", "\x00", "\x01\x1f", "\xff", strings.Repeat("&", 5000), strings.Repeat("a\n", 3000), strings.Repeat("*a*", 3000),
		strings.Repeat("👩🏽‍👩🏽‍👧🏽‍👦🏽", 600), strings.Repeat("<", 64<<10/8), "\u2028\u2029", "a\r\nb",
	})
	for i, value := range values {
		for j, text := range []chat.Text{
			chat.Escape(value), "*" + chat.Escape(value) + "*", chat.Text(value), chat.Link(value, "https://example.org/"+value), chat.Link("x", value),
			"- `" + chat.Escape(value) + "`", "_*" + chat.Escape(value) + chat.Moment(time.Unix(1, 0), value),
		} {
			m := chat.Message{Text: text, Buttons: []chat.Button{{Label: "A " + string([]rune(value)[:min(20, len([]rune(value)))]), Command: "x"}}}
			if _, err := f.Send(t.Context(), id, fmt.Sprint(i, " ", j), m); err != nil {
				t.Errorf("%.60q: %v", text, err)
			}
		}
	}
}

func TestTheTokenIsNowhere(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	tg.FaultIf(func(c telegramtest.Call) bool { return true }, 1, 12, telegramtest.Fault{Status: http.StatusBadGateway, Page: true})
	tg.FaultIf(func(c telegramtest.Call) bool { return true }, 13, 6, telegramtest.Fault{Cut: telegramtest.CutBefore})
	tg.FaultIf(func(c telegramtest.Call) bool { return true }, 19, 6, telegramtest.Fault{Cut: telegramtest.CutAfter})
	tg.Fault("getUpdates", 1, telegramtest.Fault{Cut: telegramtest.CutBefore})
	f := open(t, tg, func(o *telegram.Options) { o.Token = " " + tg.Token + "\n" })
	ana := tg.User("ana").Begin()
	var all strings.Builder
	note := func(err error) {
		for ; err != nil; err = errors.Unwrap(err) {
			fmt.Fprintf(&all, "%v %+v %#v\n", err, err, err)
		}
	}
	must(t, ana.Type("hello"))
	for i := range 40 {
		_, err := f.Send(t.Context(), telegramID(ana.ID), strconv.Itoa(i), hello())
		note(err)
		_, err = f.Edit(t.Context(), telegramID(ana.ID), []string{"1"}, hello())
		note(err)
		note(f.Probe())
	}
	eventually(t, "the answer", func() bool { return slices.Contains(shown(t, ana), "You said hello") })
	if !strings.Contains(f.log.String(), "fetch updates") {
		t.Error("nothing was said of a poll that was cut")
	}
	dead := open(t, tg, func(o *telegram.Options) { o.API = "http://127.0.0.1:1" })
	eventually(t, "nothing is there", func() bool { return strings.Contains(dead.log.String(), "refused") })
	note(dead.Probe())
	_, err := telegram.New(telegram.Options{Token: tg.Token, API: "http://a b"})
	note(err)
	_, err = telegram.New(telegram.Options{Token: tg.Token + "\nx"})
	note(err)
	all.WriteString(f.log.String() + dead.log.String())
	_, secret, _ := strings.Cut(tg.Token, ":")
	if text := all.String(); strings.Contains(text, secret) || !strings.Contains(text, "telegram") {
		t.Errorf("the token is told: %s", text)
	}
}

// TestNobodyIsFollowed: who redirects a call would hear of the token, as where it comes from.
func TestNobodyIsFollowed(t *testing.T) {
	var mu sync.Mutex
	var heard []string
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		heard = append(heard, r.Method+" "+r.URL.String()+" "+r.Referer())
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"x","username":"other_bot"}}`))
	}))
	defer elsewhere.Close()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Location", elsewhere.URL+"/login")
		w.WriteHeader(http.StatusFound)
	}))
	defer proxy.Close()
	tg := telegramtest.New(t, telegramtest.Options{})
	f := prepare(t, tg, &handler{}, func(o *telegram.Options) { o.API = proxy.URL })
	if name, err := f.Check(t.Context()); err == nil {
		t.Errorf("somebody else says that the bot is %s", name)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(heard) > 0 {
		t.Errorf("elsewhere hears %q", heard)
	}
}

// TestATextInThePlaceOfAFile: what was withdrawn is gone with its picture.
func TestATextInThePlaceOfAFile(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	ana := tg.User("ana").Begin()
	id := telegramID(ana.ID)
	poster := chat.File{Name: "poster.png", Type: "image/png", Data: picture(t, 40, 20)}
	plan := chat.File{Name: "plan.pdf", Type: "application/pdf", Data: []byte("x")}
	for key, files := range map[string][]chat.File{"one": {poster}, "two": {poster, plan}} {
		ids, err := f.Send(t.Context(), id, key, chat.Message{Text: "Come", Files: files})
		must(t, err)
		now, err := f.Edit(t.Context(), id, ids, chat.Message{Text: "Withdrawn " + chat.Text(key)})
		must(t, err)
		bubbles, err := ana.Screen()
		must(t, err)
		last := bubbles[len(bubbles)-1]
		if last.Text != "Withdrawn "+key || len(now) != 1 || slices.ContainsFunc(bubbles, func(b chattest.Bubble) bool { return len(b.Files) > 0 || b.Text == "Come" }) {
			t.Errorf("%s: %q stands there: %+v", key, now, bubbles)
		}
		same, err := f.Edit(t.Context(), id, now, chat.Message{Text: "Withdrawn " + chat.Text(key)})
		must(t, err)
		if !slices.Equal(same, now) {
			t.Errorf("edited again, it is %q and was %q", same, now)
		}
	}
}

// TestATextInThePlaceOfAnOldFile: Telegram deletes nothing that is older than two days.
func TestATextInThePlaceOfAnOldFile(t *testing.T) {
	var days atomic.Int64
	tg := telegramtest.New(t, telegramtest.Options{Now: func() time.Time { return time.Now().AddDate(0, 0, int(days.Load())) }})
	f := open(t, tg)
	ana := tg.User("ana").Begin()
	ids, err := f.Send(t.Context(), telegramID(ana.ID), "k", chat.Message{Text: "Come", Files: []chat.File{{Name: "plan.pdf", Data: []byte("x")}}})
	must(t, err)
	days.Store(3)
	now, err := f.Edit(t.Context(), telegramID(ana.ID), ids, chat.Message{Text: "Withdrawn"})
	must(t, err)
	if got := shown(t, ana); !slices.Equal(now, ids) || !slices.Equal(got, []string{"Withdrawn"}) {
		t.Errorf("%q became %q, and there stands %q", ids, now, got)
	}
}
