package telegramtest_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

// TestWhatACorrectClientNeverDoes calls methods wrongly: each call is refused and written
// down, and has no effect. USER stands for the id of somebody who has begun to chat, and
// MESSAGE for that of a message to them.
func TestWhatACorrectClientNeverDoes(t *testing.T) {
	for _, c := range []struct{ method, params, why string }{
		{"sendMesage", `{}`, `there is no method "sendMesage"`},
		{"sendMessage", `{"chat_id":USER,"text":"a","colour":"red"}`, `no parameter "colour"`},
		{"sendMessage", `{"chat_id":USER}`, `lacks the parameter "text"`},
		{"sendMessage", `{"text":"a"}`, `lacks the parameter "chat_id"`},
		{"sendMessage", `{"chat_id":USER,"text":5}`, `text is json.Number, and must be a String`},
		{"sendMessage", `{"chat_id":true,"text":"a"}`, `chat_id is bool`},
		{"sendMessage", `{"chat_id":USER,"text":null}`, `text is <nil>`},
		{"sendMessage", `{"chat_id":USER,"text":"a","disable_notification":"true"}`, `must be a Boolean`},
		{"sendMessage", `{"chat_id":USER,"text":"a","message_thread_id":"5"}`, `must be a Integer`},
		{"sendMessage", `{"chat_id":USER,"text":"a","message_thread_id":1.5}`, `must be a Integer`},
		{"sendMessage", `{"chat_id":USER,"text":"a"`, `can't parse JSON`},
		{"sendMessage", `{"chat_id":USER,"text":"a"} {}`, `there is more after it`},
		{"sendMessage", `[]`, `must be an object`},
		{"sendMessage", "{\"chat_id\":USER,\"text\":\"\xff\"}", `must be encoded in UTF-8`},
		{"sendMessage", `{"chat_id":USER,"text":""}`, `message text is empty`},
		{"sendMessage", `{"chat_id":USER,"text":" \n "}`, `message text is empty`},
		{"sendMessage", `{"chat_id":USER,"text":"<b> </b>","parse_mode":"HTML"}`, `message text is empty`},
		{"sendMessage", `{"chat_id":USER,"text":"` + strings.Repeat("🎉", 2048) + `a"}`, `message is too long`},
		{"sendMessage", `{"chat_id":USER,"text":"a","parse_mode":"Markdown"}`, `unsupported parse_mode`},
		{"sendMessage", `{"chat_id":USER,"text":"<b>a","parse_mode":"HTML"}`, `can't parse entities`},
		{"sendMessage", `{"chat_id":USER,"text":"a","entities":[{"type":"bold","offset":0,"length":2}]}`, `lies outside`},
		{"sendMessage", `{"chat_id":USER,"text":"a","entities":[{"type":"bold","offset":0}]}`, `length`},
		{"sendMessage", `{"chat_id":USER,"text":"a","reply_markup":"{}"}`, `reply_markup`},
		{"sendMessage", `{"chat_id":USER,"text":"a","reply_markup":{"force_reply":false}}`, `force_reply must be true`},
		{"sendMessage", `{"chat_id":USER,"text":"a","reply_markup":{"force_reply":true,"input_field_placeholder":"` + strings.Repeat("a", 65) + `"}}`, `input_field_placeholder has 65`},
		{"sendMessage", keys(`[{"text":"","callback_data":"a"}]`), `text must be non-empty`},
		{"sendMessage", keys(`[{"text":"a","callback_data":""}]`), `BUTTON_DATA_INVALID`},
		{"sendMessage", keys(`[{"text":"a","callback_data":"` + strings.Repeat("ž", 32) + `b"}]`), `BUTTON_DATA_INVALID`},
		{"sendMessage", keys(`[{"text":"a"}]`), `does 0 things`},
		{"sendMessage", keys(`[{"text":"a","callback_data":"a","url":"https://example.org"}]`), `does 2 things`},
		{"sendMessage", keys(`[{"text":"a","callback_dat":"a"}]`), `no parameter "reply_markup.inline_keyboard[0][0].callback_dat"`},
		{"sendMessage", keys(`[{"text":"a","url":"javascript:alert(1)"}]`), `Wrong HTTP URL`},
		{"sendMessage", keys(`[{"text":"a","url":"http://localhost/a"}]`), `Wrong HTTP URL`},
		{"sendMessage", keys(`[]`), `a row of an inline keyboard has 0`},
		{"sendMessage", keys(`[` + strings.Repeat(`{"text":"a","callback_data":"a"},`, 8) + `{"text":"a","callback_data":"a"}]`), `has 9 buttons`},
		{"sendMessage", keys(strings.Repeat(`[{"text":"a","callback_data":"a"}],`, 100) + `[{"text":"a","callback_data":"a"}]`), `has 101 buttons`},
		{"editMessageText", `{"chat_id":USER,"message_id":MESSAGE}`, `message text is empty`},
		{"editMessageText", `{"chat_id":USER,"text":"a"}`, `message identifier is not specified`},
		{"editMessageReplyMarkup", `{"inline_message_id":"a"}`, `message identifier is not specified`},
		{"editMessageText", `{"chat_id":USER,"message_id":MESSAGE,"text":"a","reply_markup":{"force_reply":true}}`, `InlineKeyboardMarkup`},
		{"answerCallbackQuery", `{"callback_query_id":"1","text":"` + strings.Repeat("a", 201) + `"}`, `text has 201`},
		{"answerCallbackQuery", `{"callback_query_id":1}`, `must be a String`},
		{"answerCallbackQuery", `{"callback_query_id":"1","url":"https://example.org"}`, `URL_INVALID`},
		{"sendChatAction", `{"chat_id":USER,"action":"dancing"}`, `wrong parameter action`},
		{"setMyCommands", `{"commands":[{"command":"Log","description":"a"}]}`, `BOT_COMMAND_INVALID`},
		{"setMyCommands", `{"commands":[{"command":"log","description":""}]}`, `description has 0`},
		{"setMyCommands", `{"commands":[{"command":"log"}]}`, `description`},
		{"setMyCommands", `{"commands":[],"language_code":"srp"}`, `invalid language code`},
		{"setMyCommands", `{"commands":[],"scope":{"type":"chat"}}`, `scope`},
		{"setMyCommands", `{"commands":[],"scope":{"type":"everywhere"}}`, `scope`},
		{"getUpdates", `{"limit":101}`, `limit has 101`},
		{"getUpdates", `{"timeout":-1}`, `timeout must be positive`},
		{"getUpdates", `{"allowed_updates":["messages"]}`, `no kind of update messages`},
		{"setWebhook", `{"url":"https://example.org","secret_token":"a b"}`, `unallowed characters`},
		{"setWebhook", `{"url":"https://example.org","max_connections":101}`, `max_connections`},
		{"sendPhoto", `{"chat_id":USER,"photo":"https://example.org/a.png"}`, `wrong file identifier`},
		{"sendMediaGroup", `{"chat_id":USER,"media":[{"type":"photo","media":"a"}]}`, `media has 1 items`},
		{"sendMediaGroup", `{"chat_id":USER,"media":[{"type":"photo","media":"a"},{"type":"document","media":"b"}]}`, `can't be mixed`},
		{"sendMediaGroup", `{"chat_id":USER,"media":[{"type":"photo","media":"attach://a"},{"type":"photo","media":"b"}]}`, `no file "attach://a"`},
		{"sendDice", `{"chat_id":USER}`, `sendDice is unknown to this server`},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := telegramtest.New(t, telegramtest.Options{})
			ana := s.User("ana").Begin()
			m := call(t, s, "sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"before"}`, ana.ID))
			var id struct {
				N int64 `json:"message_id"`
			}
			m.into(t, &id)
			s.Expect(c.method + ": ")
			a := call(t, s, c.method, strings.NewReplacer("USER", decimal(ana.ID), "MESSAGE", decimal(id.N)).Replace(c.params))
			if a.OK || a.Status/100 == 2 || a.ErrorCode != a.Status || !strings.Contains(a.Description, c.why) {
				t.Errorf("it says %+v", a)
			}
			if all := s.Violations(); len(all) != 1 || all[0].Method != c.method {
				t.Errorf("the violations are %v", all)
			}
			if screen, _ := ana.Screen(); len(screen) != 1 || screen[0].Text != "before" {
				t.Errorf("the screen is %v", screen)
			}
		})
	}
}

func keys(rows string) string {
	return `{"chat_id":USER,"text":"a","reply_markup":{"inline_keyboard":[` + rows + `]}}`
}

// TestWhatACorrectClientDoes calls at the very edge of what is allowed.
func TestWhatACorrectClientDoes(t *testing.T) {
	for _, c := range []struct{ method, params string }{
		{"getMe", `{}`},
		{"sendMessage", `{"chat_id":USER,"text":"` + strings.Repeat("🎉", 2048) + `"}`},
		{"sendMessage", `{"chat_id":"USER","text":"<b>` + strings.Repeat("a", 4096) + `</b>","parse_mode":"HTML"}`},
		{"sendMessage", `{"chat_id":USER,"text":"a","reply_markup":"{\"force_reply\":true,\"input_field_placeholder\":\"b\"}"}`},
		{"sendMessage", `{"chat_id":USER,"text":"a","reply_markup":{"keyboard":[[{"text":"b"}]]}}`},
		{"sendMessage", `{"chat_id":USER,"text":"a","reply_markup":{"remove_keyboard":true}}`},
		{"sendMessage", `{"chat_id":USER,"text":"a","link_preview_options":{"is_disabled":true}}`},
		{"sendMessage", keys(`[{"text":"a","callback_data":"` + strings.Repeat("ž", 32) + `"}]`)},
		{"sendMessage", keys(`[{"text":"a","url":"https://t.me/mentor_test_bot?start=a"},{"text":"b","url":"tg://user?id=1"}]`)},
		{"sendMessage", `{"chat_id":USER,"text":"ab","entities":[{"type":"text_link","offset":0,"length":2,"url":"https://example.org"}]}`},
		{"sendChatAction", `{"chat_id":USER,"action":"typing"}`},
		{"setMyCommands", `{"commands":[{"command":"log","description":"a"}],"scope":{"type":"chat","chat_id":USER},"language_code":"sr"}`},
		{"setMyCommands", `{"commands":[{"command":"log","description":"a"}],"language_code":""}`},
		{"getUpdates", `{"limit":100,"timeout":0,"allowed_updates":["message","chat_member"]}`},
		{"setMyDescription", `{"description":"a","language_code":"sr"}`},
		{"getChat", `{"chat_id":USER}`},
	} {
		t.Run(c.method, func(t *testing.T) {
			s := telegramtest.New(t, telegramtest.Options{})
			ana := s.User("ana").Begin()
			if a := call(t, s, c.method, strings.ReplaceAll(c.params, "USER", decimal(ana.ID))); !a.OK {
				t.Errorf("%s: it says %+v", c.params, a)
			}
		})
	}
}

func TestForms(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ana := s.User("ana").Begin()
	form := "application/x-www-form-urlencoded"
	a := post(t, s, "sendMessage", form, fmt.Sprintf(`chat_id=%d&text=5&disable_notification=true&reply_markup={"force_reply":true}`, ana.ID))
	if !a.OK {
		t.Errorf("it says %+v", a)
	}
	s.Expect("sendMessage")
	for body, why := range map[string]string{
		"chat_id=%d&text=a&text=b":                     "given twice",
		"chat_id=%d&text=a&disable_notification=maybe": "must be a Boolean",
		"chat_id=%d&text=a&reply_markup={":             "can't parse JSON",
		"chat_id=%d&text=%%ff":                         "UTF-8",
	} {
		if a := post(t, s, "sendMessage", form, fmt.Sprintf(body, ana.ID)); a.OK || !strings.Contains(a.Description, why) {
			t.Errorf("%s: it says %+v", body, a)
		}
	}
	if a := post(t, s, "sendMessage", "text/plain", "hello"); a.OK {
		t.Error("it takes plain text")
	}
}

// picture is a PNG of a size.
func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type part struct {
	field, name string
	data        []byte
}

// upload calls a method with a form of fields and files.
func upload(t *testing.T, s *telegramtest.Server, method string, fields map[string]string, files ...part) answer {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range fields {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range files {
		p, err := w.CreateFormFile(f.field, f.name)
		if err == nil {
			_, err = p.Write(f.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return post(t, s, method, w.FormDataContentType(), b.String())
}

func TestFilesThatAreRefused(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	to := map[string]string{"chat_id": decimal(s.User("ana").Begin().ID)}
	long := map[string]string{"chat_id": to["chat_id"], "caption": strings.Repeat("a", 1025)}
	good := picture(t, 9, 9)
	s.Expect("send")
	for why, try := range map[string]func() answer{
		"file must be non-empty":   func() answer { return upload(t, s, "sendDocument", to, part{"document", "a.ics", nil}) },
		"no name of a file":        func() answer { return upload(t, s, "sendDocument", to, part{"document", `a\b.ics`, []byte("a")}) },
		"IMAGE_PROCESS_FAILED":     func() answer { return upload(t, s, "sendPhoto", to, part{"photo", "a.png", good[:40]}) },
		"PHOTO_INVALID_DIMENSIONS": func() answer { return upload(t, s, "sendPhoto", to, part{"photo", "a.png", picture(t, 100, 4)}) },
		"caption is too long":      func() answer { return upload(t, s, "sendPhoto", long, part{"photo", "a.png", good}) },
		`no parameter "picture"`:   func() answer { return upload(t, s, "sendPhoto", to, part{"picture", "a.png", good}) },
		"body too large": func() answer {
			return post(t, s, "sendDocument", "application/json", strings.Repeat(" ", 60<<20+1))
		},
	} {
		if a := try(); a.OK || a.Status != http.StatusBadRequest || !strings.Contains(a.Description, why) {
			t.Errorf("%s: it says %+v", why, a)
		}
	}
	if screen, _ := s.User("ana").Screen(); len(screen) != 0 {
		t.Errorf("the screen is %v", screen)
	}
}

func TestBigFiles(t *testing.T) {
	for size, fits := range map[int]bool{1: true, 50 << 20: true, 50<<20 + 1: false} {
		err := telegramtest.CheckDocument(&telegramtest.Upload{Name: "a.bin", Data: make([]byte, size)})
		if (err == nil) != fits {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

func TestFilesArrive(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ana := s.User("ana").Begin()
	to := map[string]string{"chat_id": decimal(ana.ID), "caption": strings.Repeat("a", 1024)}
	a := upload(t, s, "sendPhoto", to, part{"photo", "a.png", picture(t, 80, 4)})
	var m struct {
		Photo []struct {
			ID    string `json:"file_id"`
			Width int
		}
	}
	a.into(t, &m)
	if len(m.Photo) != 1 || m.Photo[0].Width != 80 {
		t.Fatalf("it says %s", a.Result)
	}
	if f, ok := s.File(m.Photo[0].ID); !ok || f.Name != "a.png" {
		t.Errorf("the file is %q", f.Name)
	}
	if a := call(t, s, "sendPhoto", fmt.Sprintf(`{"chat_id":%d,"photo":%q}`, ana.ID, m.Photo[0].ID)); !a.OK {
		t.Errorf("a photo that it knows: %+v", a)
	}
	album := `[{"type":"document","media":"attach://x","caption":"Both"},{"type":"document","media":"attach://y"}]`
	a = upload(t, s, "sendMediaGroup", map[string]string{"chat_id": to["chat_id"], "media": album},
		part{"x", "one.ics", []byte("a")}, part{"y", "two.ics", []byte("b")})
	screen, _ := ana.Screen()
	if !a.OK || len(screen) != 4 || screen[2].Text != "Both" || screen[2].Files[0] != "one.ics" || screen[3].Files[0] != "two.ics" {
		t.Errorf("it says %+v, and the screen is %+v", a, screen)
	}
}
