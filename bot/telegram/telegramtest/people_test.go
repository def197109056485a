package telegramtest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

// tell has the bot send a text with a keyboard, and returns the message's id.
func tell(t *testing.T, s *telegramtest.Server, to int64, text, more string) int {
	t.Helper()
	var m struct {
		ID int `json:"message_id"`
	}
	a := call(t, s, "sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":%q%s}`, to, text, more))
	a.into(t, &m)
	if err := telegramtest.CheckType("Message", a.Result); err != nil {
		t.Errorf("%s: %v", a.Result, err)
	}
	return m.ID
}

func keyboard(row string) string { return `,"reply_markup":{"inline_keyboard":[[` + row + `]]}` }

const yes = `{"text":"Yes","callback_data":"yes"}`

// refused checks that a call is refused, and is no violation.
func refused(t *testing.T, a answer, status int, why string) {
	t.Helper()
	if a.OK || a.Status != status || !strings.Contains(a.Description, why) {
		t.Errorf("it says %+v, and not %d %q", a, status, why)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhoCantBeWrittenTo(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	send := func(to int64) answer { return call(t, s, "sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"a"}`, to)) }
	ana := s.User("ana")
	refused(t, send(5), 400, "chat not found")
	refused(t, call(t, s, "sendMessage", `{"chat_id":"@ana","text":"a"}`), 400, "chat not found")
	refused(t, send(ana.ID), 403, "bot can't initiate conversation with a user")
	must(t, ana.Type("hello"))
	tell(t, s, ana.ID, "a", "")
	ana.Block()
	refused(t, send(ana.ID), 403, "bot was blocked by the user")
	if ana.Type("hello") == nil {
		t.Error("who has blocked the bot writes to it")
	}
	must(t, ana.Start(""))
	tell(t, s, ana.ID, "b", "")
	ana.Deactivate()
	refused(t, send(ana.ID), 403, "user is deactivated")
	var states []string
	for _, u := range poll(t, s, `{}`) {
		states = append(states, u.Member.New.Status)
	}
	if want := []string{"", "kicked", "member", ""}; !slices.Equal(states, want) {
		t.Errorf("the bot became %q", states)
	}
}

func TestTap(t *testing.T) {
	c := newClock()
	s := telegramtest.New(t, telegramtest.Options{Now: c.Now})
	ana := s.User("ana").Begin()
	id := tell(t, s, ana.ID, "Shall I?", keyboard(yes+`,{"text":"Site","url":"https://example.org"}`))
	must(t, ana.Tap("Yes"))
	for _, label := range []string{"Site", "No"} {
		if ana.Tap(label) == nil {
			t.Errorf("%q can be tapped", label)
		}
	}
	change := fmt.Sprintf(`{"chat_id":%d,"message_id":%d,"text":"Done"}`, ana.ID, id)
	call(t, s, "editMessageText", change)
	if ana.Tap("Yes") == nil {
		t.Error("a button that went away can be tapped")
	}
	must(t, ana.TapOn(id, "Yes"))
	call(t, s, "deleteMessage", fmt.Sprintf(`{"chat_id":%d,"message_id":%d}`, ana.ID, id))
	must(t, ana.TapOn(id, "Yes"))
	all := poll(t, s, `{}`)
	if len(all) != 3 || all[0].Callback.Data != "yes" || all[1].Callback.Message.Date == 0 || all[2].Callback.Message.Date != 0 {
		t.Fatalf("the taps are %+v", all)
	}
	reply := func(i int) answer {
		return call(t, s, "answerCallbackQuery", fmt.Sprintf(`{"callback_query_id":%q,"text":"Fine"}`, all[i].Callback.ID))
	}
	c.turn(150 * time.Second)
	if a := reply(0); !a.OK {
		t.Errorf("it says %+v", a)
	}
	refused(t, reply(0), 400, "query is too old and response timeout expired or query ID is invalid")
	c.turn(time.Second)
	refused(t, reply(1), 400, "query is too old")
	refused(t, call(t, s, "answerCallbackQuery", `{"callback_query_id":"5"}`), 400, "query is too old")
	taps := s.Taps()
	if len(taps) != 3 || taps[0].Text != "Fine" || taps[0].Answered.Sub(taps[0].At) != 150*time.Second || !taps[1].Answered.IsZero() {
		t.Errorf("the taps are %+v", taps)
	}
}

func TestEditsThatAreRefused(t *testing.T) {
	c := newClock()
	s := telegramtest.New(t, telegramtest.Options{Now: c.Now})
	ana := s.User("ana").Begin()
	edit := func(method string, id int, more string) answer {
		return call(t, s, method, fmt.Sprintf(`{"chat_id":%d,"message_id":%d%s}`, ana.ID, id, more))
	}
	id := tell(t, s, ana.ID, "Hello", keyboard(yes))
	refused(t, edit("editMessageText", id+5, `,"text":"a"`), 400, "message to edit not found")
	refused(t, edit("editMessageText", id, `,"text":"Hello"`+keyboard(yes)), 400, "message is not modified")
	refused(t, edit("editMessageCaption", id, `,"caption":"a"`), 400, "there is no caption")
	if a := edit("editMessageReplyMarkup", id, ""); !a.OK {
		t.Errorf("it says %+v", a)
	}
	if a := edit("editMessageText", id, `,"text":"<b>Hello</b>","parse_mode":"HTML"`); !a.OK {
		t.Errorf("it says %+v", a)
	}
	mine, err := ana.Say("mine")
	must(t, err)
	refused(t, edit("editMessageText", mine, `,"text":"a"`), 400, "message can't be edited")
	forced := tell(t, s, ana.ID, "Say", `,"reply_markup":{"force_reply":true}`)
	refused(t, edit("editMessageText", forced, `,"text":"a"`), 400, "message can't be edited")
	upload(t, s, "sendDocument", map[string]string{"chat_id": decimal(ana.ID)}, part{"document", "a.ics", []byte("a")})
	refused(t, edit("editMessageText", forced+1, `,"text":"a"`), 400, "there is no text")
	refused(t, edit("deleteMessage", id+50, ""), 400, "message to delete not found")
	c.turn(48*time.Hour + time.Second)
	refused(t, edit("deleteMessage", id, ""), 400, "message can't be deleted for everyone")
	if screen, _ := ana.Screen(); screen[0].Text != "Hello" || len(screen[0].Buttons) != 0 {
		t.Errorf("the screen is %+v", screen)
	}
}

func TestMediaAndCaptionsChange(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ana := s.User("ana").Begin()
	a := upload(t, s, "sendPhoto", map[string]string{"chat_id": decimal(ana.ID)}, part{"photo", "a.png", picture(t, 9, 9)})
	var m struct {
		ID int64 `json:"message_id"`
	}
	a.into(t, &m)
	where := map[string]string{"chat_id": decimal(ana.ID), "message_id": decimal(m.ID)}
	where["media"] = `{"type":"document","media":"attach://f","caption":"New"}`
	upload(t, s, "editMessageMedia", where, part{"f", "b.ics", []byte("b")})
	screen, _ := ana.Screen()
	if len(screen) != 1 || screen[0].Text != "New" || !slices.Equal(screen[0].Files, []string{"b.ics"}) {
		t.Errorf("the screen is %+v", screen)
	}
	call(t, s, "editMessageCaption", fmt.Sprintf(`{"chat_id":%d,"message_id":%d,"caption":"Newer"}`, ana.ID, m.ID))
	if screen, _ := ana.Screen(); screen[0].Text != "Newer" {
		t.Errorf("the screen is %+v", screen)
	}
}

func TestWhatPeopleSend(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ana := s.User("ana")
	for _, err := range []error{
		ana.Start("CODE"), ana.Voice(), ana.Sticker(), ana.Contact(), ana.Photo("/log"), ana.Forward(s.User("borka"), "hello"),
		ana.Type("Здраво /log@mentor_test_bot 60, a/b https://example.org."), ana.Edit("other"),
	} {
		must(t, err)
	}
	if err := ana.Type(strings.Repeat("a", 4097)); err == nil {
		t.Error("a text that is too long can be typed")
	}
	if err := ana.Start("no payload"); err == nil {
		t.Error("a payload that isn't one can be handed over")
	}
	var raw []struct {
		Message struct {
			Text     string
			Entities []struct {
				Type           string
				Offset, Length int
			}
			From struct {
				Language string `json:"language_code"`
			}
			Voice, Sticker, Contact, Photo, ForwardOrigin *json.RawMessage
		}
	}
	a := call(t, s, "getUpdates", `{}`)
	a.into(t, &raw)
	poll(t, s, `{}`)
	if len(raw) != 8 {
		t.Fatalf("there are %s", a.Result)
	}
	if m := raw[0].Message; m.Text != "/start CODE" || m.From.Language != "en" {
		t.Errorf("the first is %+v", m)
	}
	if m := raw[1].Message; m.Voice == nil || raw[2].Message.Sticker == nil || raw[3].Message.Contact == nil || raw[4].Message.Photo == nil {
		t.Errorf("there are %s", a.Result)
	}
	want := []string{"bot_command 7 20", "url 36 19"}
	var got []string
	for _, e := range raw[6].Message.Entities {
		got = append(got, fmt.Sprintf("%s %d %d", e.Type, e.Offset, e.Length))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the entities are %v", got)
	}
}

func TestAForcedReply(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ana := s.User("ana").Begin()
	asked := tell(t, s, ana.ID, "Say", `,"reply_markup":{"force_reply":true}`)
	must(t, ana.Type("first"))
	must(t, ana.Type("second"))
	tell(t, s, ana.ID, "Say more", `,"reply_markup":{"force_reply":true}`)
	must(t, ana.Start(""))
	var all []struct {
		Message struct {
			ReplyTo *struct {
				ID int `json:"message_id"`
			} `json:"reply_to_message"`
		}
	}
	call(t, s, "getUpdates", `{}`).into(t, &all)
	if len(all) != 3 || all[0].Message.ReplyTo == nil || all[0].Message.ReplyTo.ID != asked || all[1].Message.ReplyTo != nil || all[2].Message.ReplyTo != nil {
		t.Errorf("there are %+v", all)
	}
}

func TestWhatAPersonSees(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ana := s.User("ana").Begin()
	tell(t, s, ana.ID, `<b>Hi</b> & more`, `,"entities":[]`)
	tell(t, s, ana.ID, `<a href="https://example.org/a">there</a> or https://example.org/b`, `,"parse_mode":"HTML"`+keyboard(yes))
	screen, err := ana.Screen()
	must(t, err)
	if screen[0].Text != `<b>Hi</b> & more` || screen[0].Mine || screen[1].Text != "there or https://example.org/b" ||
		!slices.Equal(screen[1].Links, []string{"https://example.org/a", "https://example.org/b"}) || !slices.Equal(screen[1].Buttons, []string{"Yes"}) {
		t.Errorf("the screen is %+v", screen)
	}
}

func TestMenu(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ana, borka := s.User("ana").Begin().Speak("sr-Latn"), s.User("borka").Begin()
	g := s.Group("Group", ana, borka)
	g.Add(ana)
	set := func(command, more string) {
		if a := call(t, s, "setMyCommands", `{"commands":[{"command":"`+command+`","description":"d"}]`+more+`}`); !a.OK {
			t.Fatalf("it says %+v", a)
		}
	}
	set("default", "")
	set("default_sr", `,"language_code":"sr"`)
	set("private", `,"scope":{"type":"all_private_chats"}`)
	set("groups", `,"scope":{"type":"all_group_chats"}`)
	set("boss", fmt.Sprintf(`,"scope":{"type":"chat_administrators","chat_id":%d}`, g.ID()))
	set("ana", fmt.Sprintf(`,"scope":{"type":"chat","chat_id":%d},"language_code":"sr"`, ana.ID))
	for seat, want := range map[*telegramtest.Seat]string{ana.Seat: "ana", borka.Seat: "private", ana.In(g): "boss", borka.In(g): "groups"} {
		if menu := seat.Menu(); len(menu) != 1 || menu[0].Name != want {
			t.Errorf("the menu is %v, and not %s", menu, want)
		}
	}
	call(t, s, "deleteMyCommands", fmt.Sprintf(`{"scope":{"type":"chat","chat_id":%d},"language_code":"sr"}`, ana.ID))
	call(t, s, "deleteMyCommands", `{"scope":{"type":"all_private_chats"}}`)
	if menu := ana.Menu(); menu[0].Name != "default_sr" {
		t.Errorf("the menu is %v", menu)
	}
	refused(t, call(t, s, "setMyCommands", `{"commands":[],"scope":{"type":"chat","chat_id":5}}`), 400, "chat not found")
}
