package telegramtest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

// send sends a text without looking at what comes back.
func send(s *telegramtest.Server, to int64, text string) (status int, body string, err error) {
	r, err := http.Post(s.URL+"/bot"+s.Token+"/sendMessage", "application/json",
		strings.NewReader(fmt.Sprintf(`{"chat_id":%d,"text":%q}`, to, text)))
	if err != nil {
		return 0, "", err
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	return r.StatusCode, string(data), err
}

func shown(t *testing.T, u *telegramtest.User) (all []string) {
	t.Helper()
	screen, err := u.Screen()
	must(t, err)
	for _, b := range screen {
		all = append(all, b.Text)
	}
	return all
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  telegramtest.Fault
		status int    // 0: no answer, or not all of it
		body   string // in part
		shown  string
	}{
		{"429", telegramtest.Fault{RetryAfter: 7}, 429, `"parameters":{"retry_after":7}`, "one three"},
		{"500", telegramtest.Fault{Status: 500}, 500, `"description":"Internal Server Error"`, "one three"},
		{"own body", telegramtest.Fault{Status: 200, Body: "{"}, 200, "{", "one three"},
		{"page", telegramtest.Fault{Status: 502, Page: true}, 502, "<h1>Bad Gateway</h1>", "one three"},
		{"cut before", telegramtest.Fault{Cut: telegramtest.CutBefore}, 0, "", "one three"},
		{"cut after", telegramtest.Fault{Cut: telegramtest.CutAfter}, 0, "", "one two three"},
		{"slow", telegramtest.Fault{Delay: 50 * time.Millisecond}, 200, `"ok":true`, "one two three"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := telegramtest.New(t, telegramtest.Options{})
			ana := s.User("ana").Begin()
			s.Fault("sendMessage", 2, c.fault)
			for _, text := range []string{"one", "two", "three"} {
				began := time.Now()
				status, body, err := send(s, ana.ID, text)
				if text != "two" {
					must(t, err)
					continue
				}
				if (err == nil) != (c.status != 0) || err == nil && (status != c.status || !strings.Contains(body, c.body)) {
					t.Errorf("it says %d %s, %v", status, body, err)
				}
				if took := time.Since(began); took < c.fault.Delay {
					t.Errorf("it took %s", took)
				}
			}
			if got := strings.Join(shown(t, ana), " "); got != c.shown {
				t.Errorf("the screen shows %s", got)
			}
		})
	}
}

func TestAPageRepeatsTheToken(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	s.Fault("", 1, telegramtest.Fault{Status: 502, Page: true})
	if _, body, _ := send(s, 5, "a"); !strings.Contains(body, s.Token) {
		t.Errorf("the page is %s", body)
	}
}

func TestFaultsByWhatIsCalled(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ana := s.User("ana").Begin()
	s.FaultIf(func(c telegramtest.Call) bool { return c.Str("text") == "bad" }, 1, 2, telegramtest.Fault{Status: 500})
	var got []int
	for _, text := range []string{"bad", "good", "bad", "bad"} {
		status, _, err := send(s, ana.ID, text)
		must(t, err)
		got = append(got, status)
	}
	if fmt.Sprint(got) != "[500 200 500 200]" {
		t.Errorf("they are answered with %v", got)
	}
	calls := s.Calls("sendMessage")
	if len(calls) != 4 || calls[0].Status != 500 || calls[1].Int("chat_id") != ana.ID || len(s.Calls("getMe")) != 0 || len(s.Calls("")) != 4 {
		t.Errorf("the calls were %v", calls)
	}
}

func TestSendsTakeTheirTime(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{Latency: 50 * time.Millisecond})
	began := time.Now()
	call(t, s, "getMe", `{}`)
	quick := time.Since(began)
	began = time.Now()
	if _, _, err := send(s, s.User("ana").Begin().ID, "a"); err != nil || time.Since(began) < 50*time.Millisecond || quick > 50*time.Millisecond {
		t.Errorf("it took %s, and getMe %s: %v", time.Since(began), quick, err)
	}
}
