package telegram

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// allowed are the kinds of update that Telegram is to tell.
var allowed = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// What is read of an update; there is far more in it
// (https://core.telegram.org/bots/api#update).
type wireUpdate struct {
	ID       int64         `json:"update_id"`
	Message  *wireMessage  `json:"message"`
	Edited   *wireMessage  `json:"edited_message"`
	Callback *wireCallback `json:"callback_query"`
	Member   *wireMember   `json:"my_chat_member"`
}

type wireMessage struct {
	ID       int          `json:"message_id"`
	Thread   int          `json:"message_thread_id"`
	InTopic  bool         `json:"is_topic_message"`
	From     *wireUser    `json:"from"`
	Sender   *wireChat    `json:"sender_chat"`
	Date     int64        `json:"date"`
	EditDate int64        `json:"edit_date"`
	Chat     wireChat     `json:"chat"`
	ReplyTo  *wireReplied `json:"reply_to_message"`
	Text     string       `json:"text"`
	Entities []wireEntity `json:"entities"`
	Caption  string       `json:"caption"`
	Captions []wireEntity `json:"caption_entities"`
	Document *wireFile    `json:"document"`
	Photo    []wireFile   `json:"photo"`
	MovedTo  int64        `json:"migrate_to_chat_id"`
	MovedOff int64        `json:"migrate_from_chat_id"`

	wireThings
}

// wireThings are what people send that isn't a text.
type wireThings struct {
	Animation present `json:"animation"`
	Audio     present `json:"audio"`
	Contact   present `json:"contact"`
	Dice      present `json:"dice"`
	Location  present `json:"location"`
	Poll      present `json:"poll"`
	Sticker   present `json:"sticker"`
	Story     present `json:"story"`
	Video     present `json:"video"`
	Note      present `json:"video_note"`
	Voice     present `json:"voice"`
}

// A present is whether something is there, whatever it is.
type present bool

// UnmarshalJSON is json.Unmarshaler's.
func (p *present) UnmarshalJSON(data []byte) error {
	*p = string(data) != "null"
	return nil
}

type wireReplied struct {
	From *wireUser `json:"from"`
}

type wireUser struct {
	ID       int64  `json:"id"`
	Bot      bool   `json:"is_bot"`
	Language string `json:"language_code"`
}

type wireChat struct {
	ID    int64  `json:"id"`
	Type  string `json:"type"`
	Title string `json:"title"`
}

type wireCallback struct {
	ID      string       `json:"id"`
	From    wireUser     `json:"from"`
	Message *wireMessage `json:"message"` // with no date if it is too old
	Data    string       `json:"data"`
}

type wireMember struct {
	Chat wireChat `json:"chat"`
	Now  struct {
		Status string `json:"status"`
		Member bool   `json:"is_member"` // of a restricted one
	} `json:"new_chat_member"`
}

// readUpdate reads an update. If it can't be read, its id still may be; 0: not even that.
func readUpdate(raw []byte) (u wireUpdate, err error) {
	if err = json.Unmarshal(raw, &u); err == nil {
		if u.ID == 0 {
			err = errors.New("it has no id")
		}
		return u, err
	}
	var head struct {
		ID int64 `json:"update_id"`
	}
	_ = json.Unmarshal(raw, &head) // 0 says so
	// What json says may quote the update, which is somebody's; what kind of error it is may be told.
	return wireUpdate{ID: head.ID}, fmt.Errorf("%T", err)
}

// hashed makes an id that says nothing of people out of what identifies something.
func hashed(kind string, parts ...any) string {
	sum := sha256.Sum256(fmt.Append(nil, parts...))
	return kind + "-" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}
