package telegramtest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

// rush sends to a chat until it is refused, and returns how many were taken and how many
// seconds to wait.
func rush(t *testing.T, s *telegramtest.Server, to func(i int) int64) (taken int, wait int64) {
	t.Helper()
	for i := range 100 {
		a := call(t, s, "sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"a"}`, to(i)))
		if !a.OK {
			refused(t, a, 429, "Too Many Requests: retry after")
			return i, a.Parameters["retry_after"]
		}
	}
	return 100, 0
}

func TestLimits(t *testing.T) {
	c := newClock()
	s := telegramtest.New(t, telegramtest.Options{Limits: true, Now: c.Now})
	ana := s.User("ana").Begin()
	g := s.Group("Spring", ana)
	g.Add(ana)
	to := func(id int64) func(int) int64 { return func(int) int64 { return id } }
	anybody := func(i int) int64 { return s.User(fmt.Sprint("user", i)).Begin().ID }
	for _, step := range []struct {
		what        string
		pause       time.Duration
		to          func(int) int64
		taken, wait int
	}{
		{"a burst to one", 0, to(ana.ID), 5, 1},
		{"others meanwhile", 0, anybody, 25, 1},
		{"all wait", 500 * time.Millisecond, anybody, 0, 1},
		{"again", 500 * time.Millisecond, anybody, 30, 1},
		{"one a second", 10 * time.Second, to(ana.ID), 5, 1},
		{"one a second, after one", time.Second, to(ana.ID), 1, 1},
		{"a group, in a burst", 10 * time.Second, to(g.ID()), 5, 1},
		{"a group, more", 10 * time.Second, to(g.ID()), 5, 1},
		{"a group, more", 10 * time.Second, to(g.ID()), 5, 1},
		{"a group, its last", 10 * time.Second, to(g.ID()), 5, 30},
		{"a group, too early", 29 * time.Second, to(g.ID()), 0, 1},
		{"a group, a minute later", time.Second, to(g.ID()), 5, 10},
	} {
		c.turn(step.pause)
		if taken, wait := rush(t, s, step.to); taken != step.taken || wait != int64(step.wait) {
			t.Errorf("%s: %d were taken, and it is to wait for %d s", step.what, taken, wait)
		}
	}
	if n := s.Refused(); n.All != 12 || n.Early != 2 {
		t.Errorf("refused were %+v", n)
	}
	if a := call(t, s, "sendChatAction", fmt.Sprintf(`{"chat_id":%d,"action":"typing"}`, g.ID())); !a.OK {
		t.Errorf("it says %+v", a)
	}
}

func TestAnAlbumCountsAsItsFiles(t *testing.T) {
	c := newClock()
	s := telegramtest.New(t, telegramtest.Options{Limits: true, Now: c.Now})
	ana := s.User("ana").Begin()
	album := map[string]string{"chat_id": decimal(ana.ID), "media": `[{"type":"document","media":"attach://x"},{"type":"document","media":"attach://y"},{"type":"document","media":"attach://z"}]`}
	files := []part{{"x", "x.ics", []byte("a")}, {"y", "y.ics", []byte("a")}, {"z", "z.ics", []byte("a")}}
	if a := upload(t, s, "sendMediaGroup", album, files...); !a.OK {
		t.Errorf("it says %+v", a)
	}
	refused(t, upload(t, s, "sendMediaGroup", album, files...), 429, "retry after 1")
}

func TestWithoutLimits(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ana := s.User("ana").Begin()
	if taken, _ := rush(t, s, func(int) int64 { return ana.ID }); taken != 100 {
		t.Errorf("%d were taken", taken)
	}
}
