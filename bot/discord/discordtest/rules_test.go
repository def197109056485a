package discordtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

// times repeats a text, with commas.
func times(n int, of string) string { return strings.TrimSuffix(strings.Repeat(of+",", n), ",") }

func row(components string) string { return `{"type":1,"components":[` + components + `]}` }

func aButton(id string) string {
	return fmt.Sprintf(`{"type":2,"style":1,"label":"Yes","custom_id":%q}`, id)
}

func aSelect(n int) string {
	options := make([]string, n)
	for i := range options {
		options[i] = fmt.Sprintf(`{"label":"%d","value":"%d"}`, i, i)
	}
	return `{"type":3,"custom_id":"s","options":[` + strings.Join(options, ",") + `]}`
}

// wrong are bodies of messages, and a part of what is said against them.
var wrongMessages = map[string]string{
	`{"content":"` + strings.Repeat("a", 2001) + `"}`: "content: Must be 2000 or fewer",
	`{"content":"` + strings.Repeat("👩", 1001) + `"}`: "content: Must be 2000 or fewer",
	`{"contents":"a"}`: "contents: There is no such field",
	`{"content":"a","allowed_mention":{"parse":[]}}`: "allowed_mention: There is no such field",
	`{"content":5}`:     "content: It is number",
	`{"content":" \n"}`: "50006",
	`{}`:                "50006",
	`{"content":"a"`:    "50109",
	`{"content":"a","nonce":"12345678901234567890123456"}`:                               "nonce",
	`{"content":"a","flags":64}`:                                                         "flags: 64",
	`{"content":"a","allowed_mentions":{"parse":["all"]}}`:                               "allowed_mentions.parse.0",
	`{"content":"a","allowed_mentions":{"parse":["users"],"users":["1"]}}`:               "mutually exclusive",
	`{"content":"a","allowed_mentions":{"users":["ana"]}}`:                               "allowed_mentions.users.0",
	`{"embeds":[{"title":"` + strings.Repeat("a", 257) + `"}]}`:                          "embeds.0.title",
	`{"embeds":[{"description":"` + strings.Repeat("a", 4097) + `"}]}`:                   "embeds.0.description",
	`{"embeds":[` + times(2, `{"description":"`+strings.Repeat("a", 3001)+`"}`) + `]}`:   "exceeds maximum size of 6000",
	`{"embeds":[{"fields":[` + times(26, `{"name":"a","value":"b"}`) + `]}]}`:            "embeds.0.fields: It has 26",
	`{"embeds":[{"fields":[{"name":"a","value":"` + strings.Repeat("b", 1025) + `"}]}]}`: "embeds.0.fields.0.value",
	`{"embeds":[{"fields":[{"name":"a","value":" "}]}]}`:                                 "embeds.0.fields.0: This field is required",
	`{"embeds":[{"fields":[{"name":"a"}]}]}`:                                             "embeds.0.fields.0.value: This field is required",
	`{"embeds":[{"footer":{"text":"` + strings.Repeat("a", 2049) + `"}}]}`:               "embeds.0.footer.text",
	`{"embeds":[{"color":16777216,"title":"a"}]}`:                                        "embeds.0.color",
	`{"embeds":[{"timestamp":"tomorrow","title":"a"}]}`:                                  "embeds.0.timestamp",
	`{"embeds":[{"url":"javascript:alert(1)","title":"a"}]}`:                             "embeds.0.url",
	`{"embeds":[{}]}`: "embeds.0: The embed is empty",
	`{"embeds":[` + times(11, `{"title":"a"}`) + `]}`: "embeds: It has 11",
	`{"content":"a","components":[` + row(aButton("1")) + `,` + times(5, row(`{"type":2,"style":5,"label":"L","url":"https://example.org"}`)) + `]}`: "components: Must be between 1 and 5",
	`{"content":"a","components":[` + row(aButton("1")+","+aButton("2")+","+aButton("3")+","+aButton("4")+","+aButton("5")+","+aButton("6")) + `]}`:  "components.0.components: It has 6",
	`{"content":"a","components":[` + row("") + `]}`:                                                                           "components.0.components: It has 0",
	`{"content":"a","components":[` + aButton("1") + `]}`:                                                                      "components.0",
	`{"content":"a","components":[` + row(aButton("1")+","+aButton("1")) + `]}`:                                                "cannot be duplicated",
	`{"content":"a","components":[` + row(aButton(strings.Repeat("1", 101))) + `]}`:                                            "custom_id: Must be 100 or fewer",
	`{"content":"a","components":[` + row(`{"type":2,"style":1,"label":"`+strings.Repeat("a", 81)+`","custom_id":"1"}`) + `]}`: "label: Must be 80 or fewer",
	`{"content":"a","components":[` + row(`{"type":2,"style":1,"label":"a"}`) + `]}`:                                           "A custom id is required",
	`{"content":"a","components":[` + row(`{"type":2,"style":1,"custom_id":"1"}`) + `]}`:                                       "label or an emoji",
	`{"content":"a","components":[` + row(`{"type":2,"style":5,"label":"a"}`) + `]}`:                                           "has a url",
	`{"content":"a","components":[` + row(`{"type":2,"style":9,"label":"a","custom_id":"1"}`) + `]}`:                           "style",
	`{"content":"a","components":[` + row(`{"type":2,"style":1,"lable":"a","custom_id":"1"}`) + `]}`:                           "lable: There is no such field",
	`{"content":"a","components":[` + row(aButton("1")+","+aSelect(2)) + `]}`:                                                  "too wide",
	`{"content":"a","components":[` + row(aSelect(26)) + `]}`:                                                                  "options: It has 26",
	`{"content":"a","components":[` + row(aSelect(0)) + `]}`:                                                                   "options: It has 0",
	`{"content":"a","components":[` + row(strings.Replace(aSelect(2), `"value":"1"`, `"value":"0"`, 1)) + `]}`:                 "already used",
	`{"content":"a","components":[` + row(strings.Replace(aSelect(2), `"options"`, `"max_values":3,"options"`, 1)) + `]}`:      "can't be chosen",
	`{"content":"a","attachments":[{"id":"0"}]}`:                                                                               "There is no file 0",
}

func TestWrongMessagesAreRefused(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	path := "channels/" + s.User("ana").Begin().ChannelID() + "/messages"
	for body, why := range wrongMessages {
		s.Expect(why)
		a := call(t, s, http.MethodPost, path, body)
		if v := s.Violations(); a.Status != http.StatusBadRequest || len(v) == 0 || !strings.Contains(v[len(v)-1].What, why) {
			t.Errorf("%.150s: %d %s, and not %q", body, a.Status, a.Body, why)
		}
	}
	if got := screen(t, s.User("ana").Seat); len(got) != 0 {
		t.Errorf("what was refused is shown: %q", got)
	}
}

func TestMistakesAreToldAsDiscordTellsThem(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	s.Expect("embeds.0.title")
	a := call(t, s, http.MethodPost, "channels/"+s.User("ana").Begin().ChannelID()+"/messages", `{"embeds":[{"title":"`+strings.Repeat("a", 257)+`"}]}`)
	var v struct {
		Code   int
		Errors struct {
			Embeds map[string]struct {
				Title struct {
					Errors []struct{ Code, Message string } `json:"_errors"`
				}
			}
		}
	}
	must(t, json.Unmarshal([]byte(a.Body), &v))
	if e := v.Errors.Embeds["0"].Title.Errors; v.Code != 50035 || len(e) != 1 || e[0].Code != "BASE_TYPE_MAX_LENGTH" {
		t.Errorf("the answer is %s", a.Body)
	}
}

func command(fields string) string {
	return `{"name":"log","description":"Log a meeting"` + fields + `}`
}

func anOption(fields string) string {
	return `{"type":3,"name":"date","description":"When"` + fields + `}`
}

var wrongCommands = map[string]string{
	`[{"name":"Log","description":"a"}]`:                                                                                 "Command name is invalid",
	`[{"name":"log it","description":"a"}]`:                                                                              "Command name is invalid",
	`[{"name":"` + strings.Repeat("a", 33) + `","description":"a"}]`:                                                     "0.name: Must be 32 or fewer",
	`[{"name":"log","description":""}]`:                                                                                  "0.description: Must be between 1 and 100",
	`[{"name":"log","description":"` + strings.Repeat("a", 101) + `"}]`:                                                  "0.description: Must be 100 or fewer",
	`[` + times(2, command("")) + `]`:                                                                                    "must be unique",
	`[` + times(101, command("")) + `]`:                                                                                  "may be 100",
	`[` + command(`,"descriptions":"a"`) + `]`:                                                                           "0.descriptions: There is no such field",
	`[` + command(`,"description_localizations":{"sr":"Upiši"}`) + `]`:                                                   `no locale "sr"`,
	`[` + command(`,"name_localizations":{"sq":"shkruaj"}`) + `]`:                                                        `no locale "sq"`,
	`[` + command(`,"options":[`+anOption("")+`,`+anOption("")+`]`) + `]`:                                                "Option name already exists",
	`[` + command(`,"options":[`+times(26, anOption(""))+`]`) + `]`:                                                      "0.options: It has 26",
	`[` + command(`,"options":[{"type":3,"name":"Date","description":"a"}]`) + `]`:                                       "Command name is invalid",
	`[` + command(`,"options":[{"type":3,"name":"date"}]`) + `]`:                                                         "0.options.0.description",
	`[` + command(`,"options":[{"type":99,"name":"date","description":"a"}]`) + `]`:                                      "0.options.0.type",
	`[` + command(`,"options":[`+anOption("")+`,{"type":3,"name":"b","description":"b","required":true}]`) + `]`:         "before non-required",
	`[` + command(`,"options":[`+anOption(`,"autocomplete":true,"choices":[{"name":"a","value":"a"}]`)+`]`) + `]`:        "beside autocomplete",
	`[` + command(`,"options":[`+anOption(`,"choices":[`+times(26, `{"name":"a","value":"a"}`)+`]`)+`]`) + `]`:           "choices: It has 26",
	`[` + command(`,"options":[`+anOption(`,"choices":[{"name":"a","value":"`+strings.Repeat("a", 101)+`"}]`)+`]`) + `]`: "choices.0: Must be between",
	`[` + command(`,"options":[`+anOption(`,"choices":[{"name":"","value":"a"}]`)+`]`) + `]`:                             "choices.0.name",
	`[` + command(`,"contexts":[7]`) + `]`:                                                                               "contexts.0",
	`[` + command(`,"default_member_permissions":"all"`) + `]`:                                                           "default_member_permissions",
}

func TestWrongCommandsAreRefused(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	for body, why := range wrongCommands {
		s.Expect(why)
		a := call(t, s, http.MethodPut, "applications/"+s.AppID+"/commands", body)
		if v := s.Violations(); a.Status != http.StatusBadRequest || len(v) == 0 || !strings.Contains(v[len(v)-1].What, why) {
			t.Errorf("%.150s: %d %s, and not %q", body, a.Status, a.Body, why)
		}
	}
	if n := s.Overwrites(""); n != 0 {
		t.Errorf("%d lists that were refused have been taken", n)
	}
}

func TestCommandsAreTakenAndGiven(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	path := "applications/" + s.AppID + "/commands"
	body := `[` + command(`,"name_localizations":{"hr":"upiši"},"default_member_permissions":"32","contexts":[0],"options":[`+anOption(`,"channel_types":null,"options":null`)+`]`) + `]`
	if a := call(t, s, http.MethodPut, path, body); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	a := call(t, s, http.MethodGet, path, "")
	for _, part := range []string{`"name":"log"`, `"upiši"`, `"version"`, `"default_member_permissions":"32"`} {
		if !strings.Contains(a.Body, part) {
			t.Errorf("%s isn't in %s", part, a.Body)
		}
	}
	if n := s.Overwrites(""); n != 1 {
		t.Errorf("%d overwrites", n)
	}
}

func TestWhoCallsAndWhatIsChecked(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	s.Expect("user agent")
	s.Expect("404: Not Found")
	s.Expect("takes no such parameter")
	s.Expect("snowflake")
	s.Expect("Content-Type")
	s.Expect("doesn't do that")
	for name, one := range map[string]struct {
		path, method, body string
		change             func(*http.Request)
		status             int
	}{
		"no token":             {"users/@me", http.MethodGet, "", func(r *http.Request) { r.Header.Del("Authorization") }, 401},
		"not as a bot":         {"users/@me", http.MethodGet, "", func(r *http.Request) { r.Header.Set("Authorization", s.Token) }, 401},
		"user agent":           {"users/@me", http.MethodGet, "", func(r *http.Request) { r.Header.Set("User-Agent", "curl/8") }, 403},
		"another version":      {"users/@me", http.MethodGet, "", func(r *http.Request) { r.URL.Path = "/api/v8/users/@me" }, 404},
		"no such path":         {"users/@me/friends/best", http.MethodGet, "", nil, 404},
		"a misspelt parameter": {"channels/1/messages?limits=3", http.MethodGet, "", nil, 400},
		"no snowflake":         {"channels/general", http.MethodGet, "", nil, 400},
		"content type":         {"users/@me/channels", http.MethodPost, `{}`, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 400},
		"nobody does it":       {"voice/regions", http.MethodGet, "", nil, 501},
		"fine":                 {"users/@me", http.MethodGet, "", nil, 200},
	} {
		r := request(t, s, one.method, one.path, one.body)
		if one.change != nil {
			one.change(r)
		}
		if a := do(t, r); a.Status != one.status {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	if all, tooMany := s.Invalid(); all != 3 || tooMany != 0 {
		t.Errorf("%d invalid calls, of them %d too many", all, tooMany)
	}
}

// upload posts a message with files, by name.
func upload(t *testing.T, s *discordtest.Server, path, payload string, parts map[string]string) answer {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", `form-data; name="payload_json"`)
	h.Set("Content-Type", "application/json")
	part, err := w.CreatePart(h)
	must(t, err)
	_, err = part.Write([]byte(payload))
	must(t, err)
	for field, name := range parts {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", fmt.Sprintf(`form-data; name=%q; filename=%q`, field, name))
		h.Set("Content-Type", "text/calendar")
		part, err := w.CreatePart(h)
		must(t, err)
		_, err = part.Write([]byte("BEGIN:VCALENDAR"))
		must(t, err)
	}
	must(t, w.Close())
	r := request(t, s, http.MethodPost, path, b.String())
	r.Header.Set("Content-Type", w.FormDataContentType())
	return do(t, r)
}

func TestFiles(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	ana := s.User("ana").Begin()
	path := "channels/" + ana.ChannelID() + "/messages"
	s.Expect("file")
	for field, name := range map[string]string{"files[0]": "../spring.ics", "files[1]": "", "file": "spring.ics", "files[10]": "spring.ics"} {
		if a := upload(t, s, path, `{"content":"Here"}`, map[string]string{field: name}); a.Status != http.StatusBadRequest {
			t.Errorf("%s %q: %d %s", field, name, a.Status, a.Body)
		}
	}
	s.Expect("contents: There is no such field")
	if a := upload(t, s, path, `{"contents":"Here"}`, map[string]string{"files[0]": "spring.ics"}); a.Status != http.StatusBadRequest {
		t.Errorf("what lies beside a file isn't checked: %d", a.Status)
	}
	if a := upload(t, s, path, `{"attachments":[{"id":"0","description":"The spring"}]}`, map[string]string{"files[0]": "spring.ics"}); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	posts := ana.Posts()
	if len(posts) != 1 || posts[0].Files[0].Name != "spring.ics" || posts[0].Files[0].Description != "The spring" || string(posts[0].Files[0].Data) != "BEGIN:VCALENDAR" {
		t.Errorf("the messages are %+v", posts)
	}
}
