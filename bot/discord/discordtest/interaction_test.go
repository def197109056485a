package discordtest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
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

const logCommand = `[{"name":"log","description":"Log a meeting","options":[
	{"type":3,"name":"date","description":"When","required":true,"autocomplete":true},
	{"type":4,"name":"minutes","description":"How long","min_value":1},
	{"type":3,"name":"mood","description":"How","choices":[{"name":"Good","value":"good"}]}]}]`

// A stage is a server, a bot at its gateway that does nothing by itself, and ana.
type stage struct {
	*discordtest.Server
	*clock
	t   *testing.T
	bot *socket
	ana *discordtest.User
}

func newStage(t *testing.T) *stage {
	t.Helper()
	c := newClock()
	s := discordtest.New(t, discordtest.Options{Now: c.Now})
	if a := call(t, s, http.MethodPut, "applications/"+s.AppID+"/commands", logCommand); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	bot, _ := ready(t, s)
	return &stage{Server: s, clock: c, t: t, bot: bot, ana: s.User("ana")}
}

// answer answers ana's newest interaction with a body.
func (s *stage) answer(body string) answer {
	s.t.Helper()
	i := s.ana.Last()
	return call(s.t, s.Server, http.MethodPost, "interactions/"+i.ID+"/"+i.Token+"/callback", body)
}

// hook calls the webhook of ana's newest interaction.
func (s *stage) hook(method, path, body string) answer {
	s.t.Helper()
	return call(s.t, s.Server, method, "webhooks/"+s.AppID+"/"+s.ana.Last().Token+path, body)
}

func (s *stage) log() {
	s.t.Helper()
	must(s.t, s.ana.Type("/log yesterday"))
}

func (s *stage) is(a answer, status, code int) {
	s.t.Helper()
	if a.Status != status || a.Code != code {
		s.t.Errorf("it is %d with code %d, and not %d with %d: %s", a.Status, a.Code, status, code, a.Body)
	}
}

func TestOptionsAsAPersonFillsThemIn(t *testing.T) {
	for typed, want := range map[string]string{
		"/log yesterday":                  `[{"name":"date","type":3,"value":"yesterday"}]`,
		"/log yesterday 60":               `[{"name":"date","type":3,"value":"yesterday"},{"name":"minutes","type":4,"value":60}]`,
		`/log "12 March" 60 good`:         `[{"name":"date","type":3,"value":"12 March"},{"name":"minutes","type":4,"value":60},{"name":"mood","type":3,"value":"good"}]`,
		"/log mood:Good date:today":       `[{"name":"date","type":3,"value":"today"},{"name":"mood","type":3,"value":"good"}]`,
		"/log":                            "required",
		"/log yesterday soon":             "no number",
		"/log yesterday 0":                "no number",
		"/log yesterday 60 bad":           "choices",
		"/log yesterday 60 good and more": "no option",
	} {
		s := newStage(t)
		err := s.ana.Type(typed)
		if err != nil {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", typed, err)
			}
			continue
		}
		f := s.bot.next()
		var d struct {
			Data struct{ Options json.RawMessage }
		}
		must(t, json.Unmarshal(f.Data, &d))
		if got := string(d.Data.Options); f.Type != "INTERACTION_CREATE" || got != want {
			t.Errorf("%s: %s %s", typed, f.Type, got)
		}
	}
}

func TestWhatIsNoCommandIsSaid(t *testing.T) {
	s := newStage(t)
	must(t, s.ana.Type("/start CODE"))
	if f := s.bot.next(); f.Type != "MESSAGE_CREATE" || !strings.Contains(string(f.Data), "/start CODE") {
		t.Errorf("it is %s %s", f.Type, f.Data)
	}
	if _, err := s.ana.Slash("start", nil); err == nil {
		t.Error("a command that there isn't was used")
	}
	if _, err := s.ana.Slash("log", map[string]string{"date": "today", "day": "x"}); err == nil {
		t.Error("an option that there isn't was filled in")
	}
}

func TestThreeSecondsAndOneAnswer(t *testing.T) {
	s := newStage(t)
	s.log()
	s.turn(3 * time.Second)
	s.is(s.answer(`{"type":4,"data":{"content":"Done"}}`), http.StatusNoContent, 0)
	s.is(s.answer(`{"type":5}`), http.StatusBadRequest, 40060)
	s.log()
	s.turn(3*time.Second + time.Millisecond)
	s.is(s.answer(`{"type":5}`), http.StatusNotFound, 10062)
	s.is(s.hook(http.MethodPost, "", `{"content":"late"}`), http.StatusNotFound, 10015)
	all := s.Interactions()
	if d := all[0].Acked.Sub(all[0].At); len(all) != 2 || d != 3*time.Second || !all[1].Acked.IsZero() {
		t.Errorf("the interactions are %+v", all)
	}
}

func TestAnswersThatDoNotFit(t *testing.T) {
	s := newStage(t)
	s.Expect("create_interaction_response: 50035")
	s.log()
	for _, body := range []string{
		`{"type":1}`, `{"type":6}`, `{"type":7,"data":{"content":"a"}}`, `{"type":8,"data":{"choices":[]}}`, `{"type":4,"data":{"text":"a"}}`,
		`{"typ":4}`, `{"type":4,"data":{"content":"a","flags":1}}`, `{"type":5,"data":{"flags":4}}`,
		`{"type":4,"data":{"content":"` + strings.Repeat("a", 2001) + `"}}`,
	} {
		s.is(s.answer(body), http.StatusBadRequest, 50035)
	}
	s.Expect("50006")
	s.is(s.answer(`{"type":4,"data":{"content":""}}`), http.StatusBadRequest, 50006)
	s.is(s.answer(`{"type":4,"data":{"content":"fine"}}`), http.StatusNoContent, 0)
	if got := screen(t, s.ana.Seat); !slices.Equal(got, []string{"fine"}) {
		t.Errorf("the screen is %q", got)
	}
}

func TestADeferralAndWhatFollows(t *testing.T) {
	s := newStage(t)
	s.log()
	s.is(s.hook(http.MethodPost, "", `{"content":"too soon"}`), http.StatusNotFound, 10015)
	s.is(s.answer(`{"type":5,"data":{"flags":64}}`), http.StatusNoContent, 0)
	if got := screen(t, s.ana.Seat); len(got) != 0 || !s.Interactions()[0].Done.IsZero() {
		t.Errorf("while it is thought about, the screen is %q", got)
	}
	s.turn(14 * time.Minute)
	s.is(s.hook(http.MethodPatch, "/messages/@original", `{"content":"Thought"}`), http.StatusOK, 0)
	s.is(s.hook(http.MethodPost, "", `{"content":"More"}`), http.StatusOK, 0)
	posts := s.ana.Posts()
	if len(posts) != 2 || posts[0].Content != "Thought" || !posts[0].Private || posts[1].Private {
		t.Errorf("the messages are %+v", posts)
	}
	s.is(call(t, s.Server, http.MethodPatch, "channels/"+s.ana.ChannelID()+"/messages/"+posts[0].ID, `{"content":"x"}`), http.StatusNotFound, 10008)
	s.is(s.hook(http.MethodGet, "/messages/@original", ""), http.StatusOK, 0)
	s.is(s.hook(http.MethodDelete, "/messages/@original", ""), http.StatusNoContent, 0)
	s.is(s.hook(http.MethodGet, "/messages/@original", ""), http.StatusNotFound, 10008)
	s.turn(time.Minute + time.Millisecond)
	s.is(s.hook(http.MethodPost, "", `{"content":"Too late"}`), http.StatusUnauthorized, 50027)
}

func TestTheFirstFollowUpTakesThePlaceOfADeferral(t *testing.T) {
	s := newStage(t)
	s.log()
	s.is(s.answer(`{"type":5,"data":{"flags":64}}`), http.StatusNoContent, 0)
	s.is(s.hook(http.MethodPost, "", `{"content":"Here"}`), http.StatusOK, 0)
	if posts := s.ana.Posts(); len(posts) != 1 || !posts[0].Private {
		t.Errorf("the messages are %+v", posts)
	}
}

func TestOthersDoNotSeeAPrivateAnswer(t *testing.T) {
	s := newStage(t)
	g := s.Guild("Mentors")
	borka := s.User("borka")
	g.Join(s.ana, borka)
	general := g.Channel("general")
	_, err := general.Seat(s.ana).Slash("log", map[string]string{"date": "today"})
	must(t, err)
	s.is(s.answer(`{"type":4,"data":{"content":"Yours","flags":64}}`), http.StatusNoContent, 0)
	if got := screen(t, general.Seat(s.ana)); !slices.Equal(got, []string{"Yours"}) {
		t.Errorf("ana sees %q", got)
	}
	if got := screen(t, general.Seat(borka)); len(got) != 0 {
		t.Errorf("borka sees %q", got)
	}
}

const question = `{"content":"Shall I?","components":[
	{"type":1,"components":[{"type":2,"style":1,"label":"Yes","custom_id":"yes"},{"type":2,"style":2,"label":"No","custom_id":"no","disabled":true},
		{"type":2,"style":5,"label":"More","url":"https://example.org"}]},
	{"type":1,"components":[{"type":3,"custom_id":"days","min_values":1,"max_values":2,"options":[
		{"label":"Monday","value":"1"},{"label":"Tuesday","value":"2"},{"label":"Friday","value":"5"}]}]}]}`

func TestTouches(t *testing.T) {
	s := newStage(t)
	path := "channels/" + s.ana.Begin().ChannelID() + "/messages"
	sent := call(t, s.Server, http.MethodPost, path, question)
	s.is(sent, http.StatusOK, 0)
	s.bot.next() // the bot's own message
	for _, label := range []string{"No", "More", "Never"} {
		if err := s.ana.Tap(label); err == nil {
			t.Errorf("%s was tapped", label)
		}
	}
	if err := s.ana.Select("Monday", "Tuesday", "Friday"); err == nil {
		t.Error("three of two were chosen")
	}
	if address, err := s.ana.Link("More"); err != nil || address != "https://example.org" {
		t.Errorf("the address is %q, %v", address, err)
	}
	must(t, s.ana.Tap("Yes"))
	if f := s.bot.next(); !strings.Contains(string(f.Data), `"custom_id":"yes"`) || !strings.Contains(string(f.Data), `"Shall I?"`) {
		t.Errorf("the tap is %s", f.Data)
	}
	s.is(s.answer(`{"type":7,"data":{"content":"Done","components":[]}}`), http.StatusNoContent, 0)
	if got := screen(t, s.ana.Seat); !slices.Equal(got, []string{"Done"}) {
		t.Errorf("the screen is %q", got)
	}
	s.is(call(t, s.Server, http.MethodPatch, path+"/"+sent.ID, question), http.StatusOK, 0)
	s.bot.next() // the bot's own change
	must(t, s.ana.Select("Monday", "Friday"))
	if f := s.bot.next(); !strings.Contains(string(f.Data), `"id":6,"values":["1","5"]`) {
		t.Errorf("the choice is %s", f.Data)
	}
	s.is(s.answer(`{"type":6}`), http.StatusNoContent, 0)
	s.is(s.hook(http.MethodPatch, "/messages/@original", `{"content":"Chosen","components":[]}`), http.StatusOK, 0)
	if got := screen(t, s.ana.Seat); !slices.Equal(got, []string{"Chosen"}) {
		t.Errorf("the screen is %q", got)
	}
}

func input(id, more string) string {
	return fmt.Sprintf(`{"type":1,"components":[{"type":4,"custom_id":%q,"style":1,"label":"Label of %[1]s"%s}]}`, id, more)
}

func aForm(inputs ...string) string {
	return `{"type":9,"data":{"custom_id":"form","title":"Log a meeting","components":[` + strings.Join(inputs, ",") + `]}}`
}

func TestForms(t *testing.T) {
	s := newStage(t)
	s.Expect("create_interaction_response: 50035")
	s.log()
	s.bot.next()
	for _, body := range []string{
		aForm(input("a", ""), input("b", ""), input("c", ""), input("d", ""), input("e", ""), input("f", "")),
		aForm(input("a", ""), input("a", "")), aForm(), aForm(aRowOf(aButton("x"))), aForm(input("a", `,"value":"x","min_length":2`)),
		aForm(input("a", `,"labels":"x"`)), strings.Replace(aForm(input("a", "")), "Log a meeting", strings.Repeat("a", 46), 1),
		strings.Replace(aForm(input("a", "")), "Label of a", strings.Repeat("a", 46), 1),
	} {
		s.is(s.answer(body), http.StatusBadRequest, 50035)
	}
	// So does the library write it: with fields of other answers that say nothing.
	body := strings.Replace(aForm(input("date", ""), input("note", `,"required":false,"max_length":5,"value":"old"`)), `"title"`, `"tts":false,"content":"","embeds":null,"title"`, 1)
	s.is(s.answer(body), http.StatusNoContent, 0)
	if f, open := s.ana.Form(); !open || f.Title != "Log a meeting" || len(f.Fields) != 2 || f.Fields[1].Value != "old" || f.Fields[1].Required {
		t.Errorf("the form is %+v", f)
	}
	for _, values := range []map[string]string{{}, {"date": "x", "other": "y"}, {"date": "x", "note": "too long"}, {"date": "two\nlines"}} {
		if err := s.ana.Fill(values); err == nil {
			t.Errorf("%v was submitted", values)
		}
	}
	must(t, s.ana.Fill(map[string]string{"Label of date": "today"}))
	if f := s.bot.next(); !strings.Contains(string(f.Data), `"custom_id":"date","id":2,"type":4,"value":"today"`) || !strings.Contains(string(f.Data), `"value":"old"`) {
		t.Errorf("what is submitted is %s", f.Data)
	}
	s.is(s.answer(aForm(input("a", ""))), http.StatusBadRequest, 50035)
	s.is(s.answer(`{"type":7,"data":{"content":"in the place of nothing"}}`), http.StatusBadRequest, 50035)
	s.is(s.answer(`{"type":4,"data":{"content":"Logged"}}`), http.StatusNoContent, 0)
	if _, open := s.ana.Form(); open {
		t.Error("the form is still open")
	}
}

func aRowOf(c string) string { return `{"type":1,"components":[` + c + `]}` }

func TestAFormIsFilledInByTyping(t *testing.T) {
	s := newStage(t)
	s.log()
	s.bot.next()
	s.is(s.answer(aForm(input("date", ""), input("note", `,"required":false`))), http.StatusNoContent, 0)
	if got := screen(t, s.ana.Seat); !slices.Equal(got, []string{"Log a meeting\nLabel of date:\nLabel of note:"}) {
		t.Errorf("the screen is %q", got)
	}
	must(t, s.ana.Type("today\nit was good"))
	if f := s.bot.next(); f.Type != "INTERACTION_CREATE" || !strings.Contains(string(f.Data), "it was good") {
		t.Errorf("what is submitted is %s", f.Data)
	}
}

func TestSuggestions(t *testing.T) {
	s := newStage(t)
	s.Expect("create_interaction_response: 50035")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	got := make(chan []discordtest.Choice)
	go func() {
		choices, err := s.ana.Suggest(ctx, "log", nil, "date", "yes")
		if err != nil {
			t.Error(err)
		}
		got <- choices
	}()
	if f := s.bot.next(); !strings.Contains(string(f.Data), `"focused":true`) || !strings.Contains(string(f.Data), `"value":"yes"`) {
		t.Errorf("it is asked %s", f.Data)
	}
	for _, body := range []string{
		`{"type":5}`, `{"type":8,"data":{"choices":[{"name":"a","value":5}]}}`, `{"type":8,"data":{"choices":[{"name":"","value":"a"}]}}`,
		`{"type":8,"data":{"choices":[` + times(26, `{"name":"a","value":"a"}`) + `]}}`,
		`{"type":8,"data":{"choices":[{"name":"a","value":"` + strings.Repeat("a", 101) + `"}]}}`,
	} {
		s.is(s.answer(body), http.StatusBadRequest, 50035)
	}
	s.is(s.answer(`{"type":8,"data":{"choices":[{"name":"Yesterday","value":"2027-01-20"}]}}`), http.StatusNoContent, 0)
	if c := <-got; len(c) != 1 || c[0] != (discordtest.Choice{Name: "Yesterday", Value: "2027-01-20"}) {
		t.Errorf("the choices are %v", c)
	}
	if _, err := s.ana.Suggest(ctx, "log", nil, "mood", "g"); err == nil {
		t.Error("an option without autocomplete has suggestions")
	}
}

func TestTheSameInteractionTwice(t *testing.T) {
	s := newStage(t)
	s.log()
	must(t, s.ana.Again())
	var first, second struct{ ID, Token string }
	must(t, json.Unmarshal(s.bot.next().Data, &first))
	must(t, json.Unmarshal(s.bot.next().Data, &second))
	if first != second || first.ID == "" {
		t.Errorf("they are %v and %v", first, second)
	}
}

func TestWhoIsOfferedACommand(t *testing.T) {
	s := newStage(t)
	a := call(t, s.Server, http.MethodPut, "applications/"+s.AppID+"/commands", `[
		{"name":"everywhere","description":"a"},{"name":"guild","description":"a","contexts":[0]},{"name":"direct","description":"a","contexts":[1]},
		{"name":"managers","description":"a","contexts":[0],"default_member_permissions":"32"},{"name":"admins","description":"a","default_member_permissions":"0"}]`)
	s.is(a, http.StatusOK, 0)
	g := s.Guild("Mentors")
	borka := s.User("borka")
	g.Join(s.ana, borka)
	g.Permit(borka, 32)
	s.is(call(t, s.Server, http.MethodPut, "applications/"+s.AppID+"/guilds/"+g.ID+"/commands", `[{"name":"local","description":"a"}]`), http.StatusOK, 0)
	general := g.Channel("general")
	for who, want := range map[*discordtest.Seat]string{
		s.ana.Seat:                  "everywhere direct admins",
		general.Seat(s.ana):         "local everywhere guild",
		general.Seat(borka):         "local everywhere guild managers",
		general.Seat(s.User("vuk")): "",
	} {
		if got := strings.Join(who.Commands(), " "); got != want {
			t.Errorf("offered are %q, and not %q", got, want)
		}
	}
	s.is(call(t, s.Server, http.MethodGet, "applications/"+s.AppID+"/guilds/1/commands", ""), http.StatusForbidden, 50001)
}
