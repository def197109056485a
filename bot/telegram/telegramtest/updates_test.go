package telegramtest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

// A clock is turned by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2027, 1, 21, 17, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type update struct {
	ID      int64 `json:"update_id"`
	Message struct {
		Text        string
		MigrateTo   int64 `json:"migrate_to_chat_id"`
		MigrateFrom int64 `json:"migrate_from_chat_id"`
	}
	Edited   *json.RawMessage `json:"edited_message"`
	Callback struct {
		ID, Data string
		Message  struct{ Date int64 }
	} `json:"callback_query"`
	Member struct {
		New struct{ Status string } `json:"new_chat_member"`
	} `json:"my_chat_member"`
}

// poll asks for updates, and checks that they are as the specification has them.
func poll(t *testing.T, s *telegramtest.Server, params string) (all []update) {
	t.Helper()
	var raw []json.RawMessage
	call(t, s, "getUpdates", params).into(t, &raw)
	for _, r := range raw {
		var u update
		if err := json.Unmarshal(r, &u); err != nil {
			t.Fatal(err)
		}
		if err := telegramtest.CheckType("Update", r); err != nil {
			t.Errorf("%s: %v", r, err)
		}
		all = append(all, u)
	}
	return all
}

func from(offset int64) string { return fmt.Sprintf(`{"offset":%d}`, offset) }

// texts says what a batch of updates is, in short.
func texts(all []update) string {
	var words []string
	for _, u := range all {
		words = append(words, u.Message.Text)
	}
	return strings.Join(words, " ")
}

func say(t *testing.T, s *telegramtest.Server, words ...string) {
	t.Helper()
	for _, w := range words {
		if err := s.User("ana").Type(w); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAHigherOffsetConfirms(t *testing.T) {
	c := newClock()
	s := telegramtest.New(t, telegramtest.Options{Now: c.Now})
	say(t, s, "one", "two", "three")
	all := poll(t, s, `{}`)
	if texts(all) != "one two three" || all[1].ID != all[0].ID+1 {
		t.Fatalf("there are %v", all)
	}
	for _, step := range []struct {
		params, want string
		pending      int
	}{
		{from(all[0].ID), "one two three", 3},
		{`{"limit":2}`, "one two", 3},
		{from(all[1].ID), "two three", 2},
		{from(all[0].ID), "two three", 2},
		{`{"offset":-1}`, "three", 1},
		{from(all[2].ID + 1), "", 0},
		{`{}`, "", 0},
	} {
		c.turn(time.Second)
		if got := texts(poll(t, s, step.params)); got != step.want || s.Pending() != step.pending {
			t.Errorf("%s: there are %q, and %d wait", step.params, got, s.Pending())
		}
	}
}

func TestTheSameOffsetInHasteGivesOne(t *testing.T) {
	c := newClock()
	s := telegramtest.New(t, telegramtest.Options{Now: c.Now})
	say(t, s, "one", "two")
	for _, step := range []struct {
		pause time.Duration
		want  string
	}{{0, "one two"}, {499 * time.Millisecond, "one"}, {500 * time.Millisecond, "one two"}} {
		c.turn(step.pause)
		if got := texts(poll(t, s, `{"offset":5}`)); got != step.want {
			t.Errorf("after %s there are %q", step.pause, got)
		}
	}
}

func TestUpdatesAreKeptForADay(t *testing.T) {
	c := newClock()
	s := telegramtest.New(t, telegramtest.Options{Now: c.Now})
	say(t, s, "one")
	c.turn(23 * time.Hour)
	say(t, s, "two")
	c.turn(time.Hour + time.Second)
	if got := texts(poll(t, s, `{}`)); got != "two" {
		t.Errorf("there are %q", got)
	}
}

func TestIDsMayStartAnew(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	say(t, s, "one")
	last := poll(t, s, `{}`)[0].ID
	poll(t, s, from(last+1))
	s.SetNextID(1000)
	say(t, s, "two")
	if all := poll(t, s, from(last+1)); texts(all) != "two" || all[0].ID != 1000 {
		t.Errorf("there are %v", all)
	}
}

func TestALongPollWaits(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	got := make(chan string)
	go func() { got <- texts(poll(t, s, `{"timeout":50}`)) }()
	select {
	case <-got:
		t.Fatal("it didn't wait")
	case <-time.After(30 * time.Millisecond): // nothing else tells that nothing comes
	}
	say(t, s, "one")
	if words := <-got; words != "one" {
		t.Errorf("there are %q", words)
	}
}

func TestOfTwoPollersTheOlderEnds(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	older := make(chan answer)
	go func() { older <- call(t, s, "getUpdates", `{"timeout":50}`) }()
	for { // until the first is there, the second has nobody to end
		call(t, s, "getUpdates", `{}`)
		select {
		case a := <-older:
			if a.Status != 409 || !strings.Contains(a.Description, "terminated by other getUpdates request") {
				t.Errorf("it says %+v", a)
			}
			return
		default:
		}
	}
}

func TestKindsOfUpdateThatComeWhenAskedFor(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	poll(t, s, `{"allowed_updates":["callback_query"]}`)
	say(t, s, "unheard")
	s.User("ana").Block()
	poll(t, s, `{}`) // as before
	s.User("ana").Unblock()
	if n := s.Pending(); n != 0 {
		t.Errorf("%d updates came that nobody asked for", n)
	}
	poll(t, s, `{"allowed_updates":[]}`)
	s.User("ana").Block()
	if all := poll(t, s, `{}`); len(all) != 1 || all[0].Member.New.Status != "kicked" {
		t.Errorf("there are %v", all)
	}
}

func TestOddUpdates(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	id := s.Push(`{"update_id":%ID%,"message":5}`)
	a := call(t, s, "getUpdates", `{}`)
	if want := fmt.Sprintf(`[{"update_id":%d,"message":5}]`, id); string(a.Result) != want {
		t.Errorf("there are %s", a.Result)
	}
	poll(t, s, from(id+1))
	if s.Pending() != 0 {
		t.Error("it isn't confirmed")
	}
}
