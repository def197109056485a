package discordtest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

func TestANonceIsTakenOnce(t *testing.T) {
	c := newClock()
	s := discordtest.New(t, discordtest.Options{Now: c.Now})
	path := "channels/" + s.User("ana").Begin().ChannelID() + "/messages"
	body := `{"content":"Hello","nonce":"1234567890123456789012","enforce_nonce":true}`
	first := call(t, s, http.MethodPost, path, body)
	c.turn(time.Minute)
	if again := call(t, s, http.MethodPost, path, body); again.ID != first.ID || again.Status != http.StatusOK {
		t.Errorf("it is %s, and was %s", again.ID, first.ID)
	}
	c.turn(3 * time.Minute)
	if later := call(t, s, http.MethodPost, path, body); later.ID == first.ID {
		t.Error("a nonce is remembered for too long")
	}
	unforced := strings.Replace(body, "true", "false", 1)
	call(t, s, http.MethodPost, path, unforced)
	call(t, s, http.MethodPost, path, unforced)
	if n := len(s.User("ana").Posts()); n != 4 {
		t.Errorf("there are %d messages", n)
	}
}

func TestWhoCanBeWrittenTo(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	g := s.Guild("Mentors")
	ana, borka := s.User("ana"), s.User("borka")
	g.Join(ana)
	is := func(a answer, status, code int) {
		t.Helper()
		if a.Status != status || a.Code != code {
			t.Errorf("it is %d %d: %s", a.Status, a.Code, a.Body)
		}
	}
	write := func(u *discordtest.User) answer {
		return call(t, s, http.MethodPost, "channels/"+u.ChannelID()+"/messages", `{"content":"Hello"}`)
	}
	open := func(u *discordtest.User) answer {
		return call(t, s, http.MethodPost, "users/@me/channels", `{"recipient_id":"`+u.ID+`"}`)
	}
	is(write(ana), 404, 10003) // it isn't open
	if a := open(ana); a.ID != ana.ChannelID() {
		t.Errorf("the direct chat is %s", a.Body)
	}
	is(write(ana), 200, 0)
	is(open(borka), 200, 0) // Discord doesn't tell
	is(write(borka), 403, 50278)
	borka.Begin()
	is(write(borka), 200, 0)
	ana.CloseDMs()
	is(write(ana), 403, 50007)
	ana.OpenDMs()
	is(write(ana), 200, 0)
	ana.Begin()
	g.Leave(ana)
	is(write(ana), 403, 50278)
	is(call(t, s, http.MethodPost, "users/@me/channels", `{"recipient_id":"5"}`), 404, 10013)
}

func TestMessagesOfAChannel(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	s.Expect("50005")
	g := s.Guild("Mentors")
	ana := s.User("ana")
	g.Join(ana)
	general := g.Channel("general")
	path := "channels/" + general.ID + "/messages"
	must(t, general.Seat(ana).Type("hello"))
	theirs := general.Seat(ana).Posts()[0].ID
	mine := call(t, s, http.MethodPost, path, `{"content":"one","embeds":[{"title":"Two","fields":[{"name":"Three","value":"4"}]}]}`).ID
	for _, one := range []struct {
		method, path, body string
		status, code       int
	}{
		{http.MethodGet, path + "/" + mine, "", 200, 0},
		{http.MethodGet, path + "/1", "", 404, 10008},
		{http.MethodPatch, path + "/" + theirs, `{"content":"mine"}`, 403, 50005},
		{http.MethodPatch, path + "/" + mine, `{"content":"five","ID":"` + mine + `","Channel":"` + general.ID + `"}`, 200, 0},
		{http.MethodGet, "channels/5/messages", "", 404, 10003},
		{http.MethodPost, "channels/" + general.ID + "/typing", "", 204, 0},
	} {
		if a := call(t, s, one.method, one.path, one.body); a.Status != one.status || a.Code != one.code {
			t.Errorf("%s %s: %d %s", one.method, one.path, a.Status, a.Body)
		}
	}
	if got := screen(t, general.Seat(ana)); !slices.Equal(got, []string{"hello", "five\nTwo\nThree: 4"}) {
		t.Errorf("the screen is %q", got)
	}
	if a := call(t, s, http.MethodGet, path+"?after="+theirs, ""); strings.Count(a.Body, `"channel_id"`) != 1 {
		t.Errorf("after hers come %s", a.Body)
	}
	call(t, s, http.MethodDelete, path+"/"+mine, "")
	if got := screen(t, general.Seat(ana)); !slices.Equal(got, []string{"hello"}) {
		t.Errorf("the screen is %q", got)
	}
}

func TestPermissions(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	g := s.Guild("Mentors")
	general := g.Channel("general")
	path := "channels/" + general.ID + "/messages"
	for _, one := range []struct {
		deny   int64
		body   string
		status int
		code   int
	}{
		{0, `{"content":"a"}`, 200, 0},
		{1 << 14, `{"content":"a"}`, 200, 0},
		{1 << 14, `{"embeds":[{"title":"a"}]}`, 403, 50013},
		{1 << 11, `{"content":"a"}`, 403, 50013},
		{1 << 10, `{"content":"a"}`, 403, 50001},
	} {
		general.Deny(one.deny)
		if a := call(t, s, http.MethodPost, path, one.body); a.Status != one.status || a.Code != one.code {
			t.Errorf("%s without %d: %d %s", one.body, one.deny, a.Status, a.Body)
		}
		general.Allow(one.deny)
	}
	general.Delete()
	if a := call(t, s, http.MethodPost, path, `{"content":"a"}`); a.Code != 10003 {
		t.Errorf("in a channel that was deleted: %s", a.Body)
	}
}

func TestPings(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	g := s.Guild("Mentors")
	ana := s.User("ana")
	g.Join(ana)
	role := g.Role("mentors")
	path := "channels/" + g.Channel("general").ID + "/messages"
	text := `{"content":"@everyone <@` + ana.ID + `> <@&` + role.ID + `>"`
	for _, one := range []struct {
		more string
		may  bool
		want string
	}{
		{`}`, false, "ana"},
		{`}`, true, "everyone ana mentors"},
		{`,"allowed_mentions":{"parse":[]}}`, true, ""},
		{`,"allowed_mentions":{"parse":null}}`, true, "everyone ana mentors"},
		{`,"allowed_mentions":{"roles":["` + role.ID + `"]}}`, true, "mentors"},
	} {
		before := len(s.Pings())
		if one.may {
			g.Allow(1 << 17)
		}
		call(t, s, http.MethodPost, path, text+one.more)
		var who []string
		for _, p := range s.Pings()[before:] {
			who = append(who, p.Who)
		}
		if got := strings.Join(who, " "); got != one.want {
			t.Errorf("%s: %q are called, and not %q", one.more, got, one.want)
		}
	}
}

func TestRoles(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	g := s.Guild("Mentors")
	ana := s.User("ana")
	g.Join(ana)
	mentors, admins := g.Role("mentors"), g.HighRole("admins")
	path := "guilds/" + g.ID + "/members/" + ana.ID + "/roles/"
	for _, one := range []struct {
		method, path string
		code         int
	}{
		{http.MethodPut, path + mentors.ID, 0},
		{http.MethodPut, path + admins.ID, 50013},
		{http.MethodPut, path + "5", 10011},
		{http.MethodPut, "guilds/" + g.ID + "/members/5/roles/" + mentors.ID, 10007},
		{http.MethodPut, "guilds/5/members/5/roles/" + mentors.ID, 10004},
	} {
		if a := call(t, s, one.method, one.path, ""); a.Code != one.code {
			t.Errorf("%s %s: %d %s", one.method, one.path, a.Status, a.Body)
		}
	}
	if got := g.RolesOf(ana); !slices.Equal(got, []string{"mentors"}) {
		t.Errorf("ana has %q", got)
	}
	if a := call(t, s, http.MethodGet, "guilds/"+g.ID+"/members/"+ana.ID, ""); !strings.Contains(a.Body, mentors.ID) {
		t.Errorf("the member is %s", a.Body)
	}
	g.Deny(1 << 28)
	if a := call(t, s, http.MethodDelete, path+mentors.ID, ""); a.Code != 50013 {
		t.Errorf("without the permission: %s", a.Body)
	}
	g.Allow(1 << 28)
	if a := call(t, s, http.MethodDelete, path+mentors.ID, ""); a.Status != http.StatusNoContent || len(g.RolesOf(ana)) != 0 {
		t.Errorf("it is %d, and ana has %q", a.Status, g.RolesOf(ana))
	}
}

func TestThreads(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	s.Expect("create_thread: 50035")
	g := s.Guild("Mentors")
	ana, borka := s.User("ana"), s.User("borka")
	g.Join(ana, borka)
	general := g.Channel("general")
	path := "channels/" + general.ID + "/threads"
	for _, body := range []string{`{"type":12}`, `{"name":"` + strings.Repeat("a", 101) + `","type":12}`, `{"name":"a","type":11}`, `{"name":"a","auto_archive_duration":5}`} {
		if a := call(t, s, http.MethodPost, path, body); a.Code != 50035 {
			t.Errorf("%s: %s", body, a.Body)
		}
	}
	id := call(t, s, http.MethodPost, path, `{"name":"Ana and her mentor","type":12,"invitable":false}`).ID
	if a := call(t, s, http.MethodPut, "channels/"+id+"/thread-members/"+ana.ID, ""); a.Status != http.StatusNoContent {
		t.Errorf("to add ana: %d %s", a.Status, a.Body)
	}
	call(t, s, http.MethodPost, "channels/"+id+"/messages", `{"content":"Among us"}`)
	thread := general.Threads()[0]
	if got := screen(t, thread.Seat(ana)); !slices.Equal(got, []string{"Among us"}) || len(screen(t, thread.Seat(borka))) != 0 {
		t.Errorf("ana sees %q, borka %q", got, screen(t, thread.Seat(borka)))
	}
	if a := call(t, s, http.MethodPatch, "channels/"+id, `{"name":"Ana","archived":true}`); a.Status != http.StatusOK || thread.Name() != "Ana" {
		t.Errorf("to rename: %d %s", a.Status, a.Body)
	}
	if a := call(t, s, http.MethodPatch, "channels/"+general.ID, `{"name":"renamed"}`); a.Code != 50013 {
		t.Errorf("to rename a channel: %d %s", a.Status, a.Body)
	}
	call(t, s, http.MethodDelete, "channels/"+id+"/thread-members/"+ana.ID, "")
	if got := thread.Members(); len(got) != 0 {
		t.Errorf("members are %q", got)
	}
	general.Deny(1 << 36)
	if a := call(t, s, http.MethodPost, path, `{"name":"a","type":12}`); a.Code != 50013 {
		t.Errorf("without the permission: %s", a.Body)
	}
}

func anEvent(more string) string {
	return `{"name":"Opening","privacy_level":2,"entity_type":3,"scheduled_start_time":"2027-01-22T17:00:00Z","entity_metadata":{"location":"Online"}` + more + `}`
}

func TestScheduledEvents(t *testing.T) {
	c := newClock()
	s := discordtest.New(t, discordtest.Options{Now: c.Now})
	s.Expect("50035")
	g := s.Guild("Mentors")
	path := "guilds/" + g.ID + "/scheduled-events"
	end := `,"scheduled_end_time":"2027-01-22T18:00:00Z"`
	for _, body := range []string{
		anEvent(""), anEvent(`,"scheduled_end_time":"2027-01-22T17:00:00Z"`), anEvent(end + `,"channel_id":"5"`), anEvent(end + `,"place":"x"`),
		strings.Replace(anEvent(end), "Online", " ", 1), strings.Replace(anEvent(end), "2027-01-22T17", "2027-01-20T17", 1),
		strings.Replace(anEvent(end), `"entity_metadata":{"location":"Online"},`, "", 1), strings.Replace(anEvent(end), "Opening", strings.Repeat("a", 101), 1),
		strings.Replace(anEvent(end), `"privacy_level":2,`, "", 1),
	} {
		if a := call(t, s, http.MethodPost, path, body); a.Code != 50035 {
			t.Errorf("%s: %d %s", body, a.Status, a.Body)
		}
	}
	id := call(t, s, http.MethodPost, path, anEvent(end)).ID
	if a := call(t, s, http.MethodPatch, path+"/"+id, `{"scheduled_end_time":"2027-01-22T16:00:00Z"}`); a.Code != 50035 {
		t.Errorf("an end before the start: %s", a.Body)
	}
	if a := call(t, s, http.MethodPatch, path+"/"+id, `{"name":"The opening"}`); a.Status != http.StatusOK {
		t.Errorf("to rename: %s", a.Body)
	}
	if a := call(t, s, http.MethodPatch, path+"/"+id, `{"status":3}`); a.Code != 50035 {
		t.Errorf("completed before it began: %s", a.Body)
	}
	call(t, s, http.MethodPatch, path+"/"+id, `{"status":4}`)
	e := g.Events()[0]
	if e.Name != "The opening" || e.Location != "Online" || e.Status != 4 || e.End.Sub(e.Start) != time.Hour {
		t.Errorf("the event is %+v", e)
	}
	if a := call(t, s, http.MethodDelete, path+"/"+id, ""); a.Status != http.StatusNoContent || len(g.Events()) != 0 {
		t.Errorf("to delete: %d", a.Status)
	}
	if a := call(t, s, http.MethodGet, path+"/"+id, ""); a.Code != 10070 {
		t.Errorf("afterwards: %s", a.Body)
	}
	g.Deny(1<<33 | 1<<44)
	if a := call(t, s, http.MethodPost, path, anEvent(end)); a.Code != 50013 {
		t.Errorf("without the permission: %s", a.Body)
	}
}
