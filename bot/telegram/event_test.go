package telegram

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kooperativa/mentorbot/bot/chat"
)

var me = self{id: 99, name: "Mentor_bot"}

// meant reads an update, and leaves its request's id out, if it has one.
func meant(t *testing.T, body string) event {
	t.Helper()
	u, err := readUpdate([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	e := me.mean(&u)
	if e.request != nil {
		if e.request.ID == "" {
			t.Error("a request has no id")
		}
		e.request.ID = ""
	}
	return e
}

const (
	ana   = `"from":{"id":5,"language_code":"sr"},"chat":{"id":5,"type":"private"}`
	group = `"from":{"id":5},"chat":{"id":-7,"type":"supergroup","title":"All of us"}`
)

func TestMean(t *testing.T) {
	private := func(text string) event {
		return event{update: 1, chat: 5, to: place{chat: 5}, typed: 3, request: &chat.Request{
			UserID: "5", ChatID: "5", Language: "sr", Text: text,
		}}
	}
	public := func(text string) event {
		return event{update: 1, chat: -7, to: place{chat: -7}, typed: 3, request: &chat.Request{
			UserID: "5", ChatID: "-7", Group: true, Title: "All of us", Text: text,
		}}
	}
	topic := public("/log")
	topic.to.thread, topic.request.ChatID = 8, "-7:8"
	edited := private("/log")
	edited.edited = true
	tap := private("log 1")
	tap.typed, tap.tapped, tap.tap, tap.request.Tapped = 0, 3, "q", true
	nothing := event{update: 1, chat: -7}
	for _, c := range []struct {
		name, body string
		want       event
	}{
		{"text", `"message":{"message_id":3,` + ana + `,"text":"/LOG yesterday 60"}`, private("/LOG yesterday 60")},
		{"a zero byte", `"message":{"message_id":3,` + ana + `,"text":"a\u0000b"}`, private("ab")},
		{"voice", `"message":{"message_id":3,` + ana + `,"voice":{"duration":"odd"}}`, private("")},
		{"photo with a caption", `"message":{"message_id":3,` + ana + `,"photo":[],"caption":"hi"}`, private("hi")},
		{"a message was pinned", `"message":{"message_id":3,` + ana + `,"pinned_message":{}}`, event{update: 1, chat: 5}},
		{"edited", `"edited_message":{"message_id":3,"date":10,"edit_date":20,` + ana + `,"text":"/log"}`, edited},
		{"edited late", `"edited_message":{"message_id":3,"date":10,"edit_date":200000,` + ana + `,"text":"/log"}`, event{update: 1, edited: true}},
		{"tap", `"callback_query":{"id":"q","from":{"id":5,"language_code":"sr"},"data":"log 1","message":{"message_id":3,"chat":{"id":5,"type":"private"}}}`, tap},
		{"tap in somebody else's chat", `"callback_query":{"id":"q","from":{"id":6},"data":"log 1","message":{"message_id":3,"chat":{"id":5,"type":"private"}}}`, event{update: 1, chat: 5, tap: "q"}},
		{"tap on what was sent elsewhere", `"callback_query":{"id":"q","from":{"id":6},"data":"log 1","inline_message_id":"x"}`, event{update: 1, chat: 6, tap: "q"}},
		{"group: command", `"message":{"message_id":3,` + group + `,"text":"/log@MENTOR_BOT x"}`, public("/log@MENTOR_BOT x")},
		{"group: another's command", `"message":{"message_id":3,` + group + `,"text":"/log@other_bot x"}`, nothing},
		{"group: talk", `"message":{"message_id":3,` + group + `,"text":"hello all"}`, nothing},
		{"group: command after Cyrillic", `"message":{"message_id":3,` + group + `,"text":"Здраво, друштво: /log@Mentor_bot јуче"}`, public("/log@Mentor_bot јуче")},
		{"group: by name", `"message":{"message_id":3,` + group + `,"text":"@mentor_bot help"}`, public("help")},
		{"group: reply", `"message":{"message_id":3,` + group + `,"text":"yes","reply_to_message":{"from":{"id":99}}}`, public("yes")},
		{"group: reply to another", `"message":{"message_id":3,` + group + `,"text":"yes","reply_to_message":{"from":{"id":98}}}`, nothing},
		{"group: sticker", `"message":{"message_id":3,` + group + `,"sticker":{}}`, nothing},
		{"group: topic", `"message":{"message_id":3,"message_thread_id":8,"is_topic_message":true,` + group + `,"text":"/log"}`, topic},
		{"group: thread that is no topic", `"message":{"message_id":3,"message_thread_id":8,` + group + `,"text":"/log"}`, public("/log")},
		{"moved", `"message":{"message_id":3,` + group + `,"migrate_to_chat_id":-100}`, event{update: 1, chat: -7, change: &chat.Change{Kind: chat.Moved, ChatID: "-7", To: "-100"}}},
		{"moved, told in the new one", `"message":{"message_id":3,` + group + `,"migrate_from_chat_id":-6}`, event{update: 1, chat: -7, change: &chat.Change{Kind: chat.Moved, ChatID: "-6", To: "-7"}}},
		{"blocked", `"my_chat_member":{"chat":{"id":5,"type":"private"},"new_chat_member":{"status":"kicked"}}`, event{update: 1, chat: 5, change: &chat.Change{Kind: chat.Closed, ChatID: "5", UserID: "5", Reason: "blocked"}}},
		{"unblocked", `"my_chat_member":{"chat":{"id":5,"type":"private"},"new_chat_member":{"status":"member"}}`, event{update: 1, chat: 5, change: &chat.Change{Kind: chat.Opened, ChatID: "5", UserID: "5"}}},
		{"removed", `"my_chat_member":{"chat":{"id":-7,"type":"group"},"new_chat_member":{"status":"left"}}`, event{update: 1, chat: -7, change: &chat.Change{Kind: chat.Closed, ChatID: "-7", Reason: "left"}}},
		{"restricted", `"my_chat_member":{"chat":{"id":-7,"type":"group"},"new_chat_member":{"status":"restricted","is_member":true}}`, event{update: 1, chat: -7, change: &chat.Change{Kind: chat.Opened, ChatID: "-7"}}},
		{"unknown", `"poll":{}`, event{update: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := meant(t, `{"update_id":1,`+c.body+`}`)
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(event{}, place{}), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRequestIDs(t *testing.T) {
	id := func(body string) string {
		u, err := readUpdate([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return me.mean(&u).request.ID
	}
	first := id(`{"update_id":1,"message":{"message_id":3,` + ana + `,"text":"a"}}`)
	same := map[string]string{
		"delivered again":        `{"update_id":1,"message":{"message_id":3,` + ana + `,"text":"a"}}`,
		"edited":                 `{"update_id":9,"edited_message":{"message_id":3,` + ana + `,"text":"b"}}`,
		"after ids started anew": `{"update_id":77,"message":{"message_id":3,` + ana + `,"text":"a"}}`,
	}
	for what, body := range same {
		if got := id(body); got != first {
			t.Errorf("%s: the id is %q and was %q", what, got, first)
		}
	}
	other := map[string]string{
		"another message":   `{"update_id":1,"message":{"message_id":4,` + ana + `,"text":"a"}}`,
		"in another chat":   `{"update_id":1,"message":{"message_id":3,` + group + `,"text":"/a"}}`,
		"a tap with its id": `{"update_id":1,"callback_query":{"id":"3","from":{"id":5},"data":"a","message":{"message_id":3,"chat":{"id":5,"type":"private"}}}}`,
	}
	for what, body := range other {
		if got := id(body); got == first {
			t.Errorf("%s has the same id", what)
		}
	}
	if strings.Contains(first, "5") && strings.Contains(first, "-5") {
		t.Errorf("the id %q tells of people", first)
	}
}

func TestReadUpdate(t *testing.T) {
	for body, id := range map[string]int64{`{"update_id":7,"message":5}`: 7, `{"update_id":"x"}`: 0, `5`: 0, `{}`: 0, `{"update_id":7,"message":{"text":"secret`: 0} {
		u, err := readUpdate([]byte(body))
		if err == nil || u.ID != id {
			t.Errorf("%s: %d, %v", body, u.ID, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error quotes the update: %v", err)
		}
	}
}

func FuzzUpdate(f *testing.F) {
	f.Add([]byte(`{"update_id":1,"message":{"message_id":3,` + ana + `,"text":"/log@mentor_bot x"}}`))
	f.Add([]byte(`{"update_id":1,"callback_query":{"id":"q","from":{"id":5},"data":"a","message":{"message_id":3,"chat":{"id":5,"type":"private"}}}}`))
	f.Add([]byte(`{"update_id":1,"my_chat_member":{"chat":{"id":5,"type":"private"},"new_chat_member":{"status":"kicked"}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		u, err := readUpdate(body)
		if err != nil {
			return
		}
		e := me.mean(&u)
		if r := e.request; r != nil && (r.ID == "" || r.UserID == "" || e.to.chat == 0 || strings.Contains(r.Text, "\x00")) {
			t.Errorf("%s means %+v", body, r)
		}
		if c := e.change; c != nil && (c.ChatID == "" || c.Kind == "") {
			t.Errorf("%s means %+v", body, c)
		}
	})
}

func FuzzAddressed(f *testing.F) {
	f.Add("/log@mentor_bot x")
	f.Add("Здраво /log@Mentor_bot јуче")
	f.Add("@ /@ @mentor_bot")
	f.Fuzz(func(t *testing.T, text string) {
		if got, ok := me.addressed(text, nil); ok && !strings.HasPrefix(strings.TrimSpace(got), "/") && !strings.Contains(strings.ToLower(text), "@mentor_bot") {
			t.Errorf("%q isn't for the bot, and is read as %q", text, got)
		}
	})
}
