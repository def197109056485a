package discordtest_test

import (
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

func TestWhatAPersonReads(t *testing.T) {
	c := newClock()
	s := discordtest.New(t, discordtest.Options{Now: c.Now})
	ana := s.User("ana").Begin().In(time.FixedZone("CET", 3600))
	unix := strconv.FormatInt(c.Now().Unix(), 10)
	for text, want := range map[string]string{
		"**bold** *italic* _too_ __under__ ~~gone~~ ||secret|| ***both***":      "bold italic too under gone secret both",
		`\*\*not bold\*\* \_x\_ \\ \# a`:                                        `**not bold** _x_ \ # a`,
		"snake_case_name 2*3*4 a * b * c":                                       "snake_case_name 234 a * b * c",
		"`code **x**` ``a`b``":                                                  "code **x** a`b",
		"```\n**x**\n- y\n```\nafter":                                           "**x**\n- y\nafter",
		"- one\n- **two**\n  - deeper\n* three":                                 "• one\n• two\n  • deeper\n• three",
		"# Title\n-# small\n> quoted":                                           "Title\nsmall\nquoted",
		`\- no item` + "\n" + `\# no title`:                                     "- no item\n# no title",
		"[words](https://example.org/a) and [more](<https://example.org/b>)":    "words and more",
		"[no](example.org) https://example.org/x.":                              "[no](example.org) https://example.org/x.",
		"<t:" + unix + ":F>":                                                    "Thursday, 21 January 2027 at 18:00",
		"<t:" + unix + ">, <t:" + unix + ":t>, <t:" + unix + ":D>":              "21 January 2027 at 18:00, 18:00, 21 January 2027",
		"<t:" + strconv.FormatInt(c.Now().Add(50*time.Hour).Unix(), 10) + ":R>": "in 2 days",
		"<t:" + strconv.FormatInt(c.Now().Add(-time.Minute).Unix(), 10) + ":R>": "1 minute ago",
		"<@" + ana.ID + "> <@5> </log:5> <@" + s.AppID + ">":                    "@ana @unknown-user /log @Mentor",
		"unclosed **bold and `code":                                             "unclosed **bold and `code",
		`**\*inner\***`:                                                         "*inner*",
	} {
		body := `{"content":` + strconv.Quote(text) + `}`
		if a := call(t, s, http.MethodPost, "channels/"+ana.ChannelID()+"/messages", body); a.Status != http.StatusOK {
			t.Errorf("%q: %s", text, a.Body)
			continue
		}
		if got := screen(t, ana.Seat); got[len(got)-1] != want {
			t.Errorf("%q is read as\n%q, and not\n%q", text, got[len(got)-1], want)
		}
	}
}

func TestLinksAndEmbedsAreSeen(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	ana := s.User("ana").Begin()
	a := call(t, s, http.MethodPost, "channels/"+ana.ChannelID()+"/messages", `{"content":"[a](https://example.org/a)","embeds":[
		{"title":"**Title**","url":"https://example.org/t","description":"- one","author":{"name":"Author"},"footer":{"text":"Foot"},
		"fields":[{"name":"When","value":"today"}]}],"components":[`+aRowOf(aSelect(2))+`]}`)
	if a.Status != http.StatusOK {
		t.Fatal(a.Body)
	}
	b, err := ana.Screen()
	must(t, err)
	if b[0].Text != "a\nAuthor\nTitle\n• one\nWhen: today\nFoot" || !slices.Equal(b[0].Links, []string{"https://example.org/a", "https://example.org/t"}) ||
		!slices.Equal(b[0].Buttons, []string{"0", "1"}) {
		t.Errorf("what is seen is %+v", b[0])
	}
}

func TestWhatCanBeAskedFor(t *testing.T) {
	s := newStage(t)
	g := s.Guild("Mentors")
	g.Join(s.ana)
	g.Role("mentors")
	general := g.Channel("general")
	thread := call(t, s.Server, http.MethodPost, "channels/"+general.ID+"/threads", `{"name":"a","type":12}`).ID
	for _, path := range []string{
		"users/@me", "users/" + s.ana.ID, "users/@me/guilds", "applications/@me", "oauth2/applications/@me", "applications/" + s.AppID, "gateway", "gateway/bot",
		"guilds/" + g.ID, "guilds/" + g.ID + "/channels", "guilds/" + g.ID + "/roles", "guilds/" + g.ID + "/scheduled-events", "channels/" + general.ID,
		"channels/" + thread, "channels/" + thread + "/thread-members", "applications/" + s.AppID + "/commands",
	} {
		if a := call(t, s.Server, http.MethodGet, path, ""); a.Status != http.StatusOK {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	s.log()
	i := s.ana.Last()
	a := call(t, s.Server, http.MethodPost, "interactions/"+i.ID+"/"+i.Token+"/callback?with_response=true", `{"type":4,"data":{"content":"Done"}}`)
	if a.Status != http.StatusOK {
		t.Errorf("with a response: %d %s", a.Status, a.Body)
	}
}
