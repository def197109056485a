package telegramtest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// rules are what the specification says in words only, by method or type.
var rules = map[string]func(map[string]any) error{
	"InlineKeyboardMarkup":   keyboardRule,
	"InlineKeyboardButton":   buttonRule,
	"ForceReply":             forceReplyRule,
	"BotCommand":             commandRule,
	"setMyCommands":          languageRule,
	"getMyCommands":          languageRule,
	"deleteMyCommands":       languageRule,
	"setMyName":              languageRule,
	"setMyDescription":       languageRule,
	"setMyShortDescription":  languageRule,
	"setWebhook":             webhookRule,
	"getUpdates":             updatesRule,
	"sendMediaGroup":         albumRule,
	"sendChatAction":         actionRule,
	"answerCallbackQuery":    answerRule,
	"editMessageText":        editTextRule,
	"editMessageCaption":     targetRule,
	"editMessageMedia":       targetRule,
	"editMessageReplyMarkup": targetRule,
	"InputMediaPhoto":        attachRule,
	"InputMediaDocument":     attachRule,
}

// What Telegram's server takes of a keyboard.
const (
	maxKeys = 100
	maxRow  = 8
)

func keyboardRule(v map[string]any) error {
	rows, _ := v["inline_keyboard"].([]any)
	n := 0
	for _, row := range rows {
		keys, _ := row.([]any)
		if len(keys) == 0 || len(keys) > maxRow {
			return fmt.Errorf("a row of an inline keyboard has %d buttons, and may have 1 to %d", len(keys), maxRow)
		}
		n += len(keys)
	}
	if n > maxKeys {
		return fmt.Errorf("an inline keyboard has %d buttons, and may have %d", n, maxKeys)
	}
	return nil
}

// looks are the fields of a button that say nothing of what it does.
var looks = []string{"text", "icon_custom_emoji_id", "style"}

func buttonRule(v map[string]any) error {
	text, _ := v["text"].(string)
	if strings.TrimSpace(text) == "" {
		return errors.New("inline keyboard button text must be non-empty")
	}
	deeds := 0
	for name := range v {
		if !slices.Contains(looks, name) {
			deeds++
		}
	}
	if deeds != 1 {
		return fmt.Errorf("inline keyboard button %q does %d things, and must do one", text, deeds)
	}
	if address, is := v["url"].(string); is {
		if err := checkLink(address); err != nil {
			return fmt.Errorf("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", address)
		}
	}
	return nil
}

func forceReplyRule(v map[string]any) error {
	if v["force_reply"] != true {
		return errors.New("force_reply must be true")
	}
	return nil
}

var commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

func commandRule(v map[string]any) error {
	if name, _ := v["command"].(string); !commandName.MatchString(name) {
		return fmt.Errorf("BOT_COMMAND_INVALID: %q", name)
	}
	return nil
}

var languageCode = regexp.MustCompile(`^([a-z]{2})?$`)

func languageRule(v map[string]any) error {
	if code, _ := v["language_code"].(string); !languageCode.MatchString(code) {
		return fmt.Errorf("invalid language code specified: %q", code)
	}
	return nil
}

var secretToken = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func webhookRule(v map[string]any) error {
	if secret, is := v["secret_token"].(string); is && !secretToken.MatchString(secret) {
		return errors.New("secret token contains unallowed characters")
	}
	if n, is := v["max_connections"]; is && (number(n) < 1 || number(n) > 100) {
		return errors.New("max_connections must be 1 to 100")
	}
	return updatesRule(v)
}

func updatesRule(v map[string]any) error {
	names, _ := v["allowed_updates"].([]any)
	for _, name := range names {
		if s, _ := name.(string); s == "update_id" || api().types["Update"].fields[s] == nil {
			return fmt.Errorf("there is no kind of update %v", name)
		}
	}
	if t, is := v["timeout"]; is && number(t) < 0 {
		return errors.New("timeout must be positive")
	}
	return nil
}

// albumRule: photos and videos go together, documents and sounds only with their like.
func albumRule(v map[string]any) error {
	list, _ := v["media"].([]any)
	kinds := map[any]bool{}
	for _, item := range list {
		values, _ := item.(map[string]any)
		kinds[values["type"]] = true
	}
	if len(kinds) > 1 && (kinds["document"] || kinds["audio"]) {
		return errors.New("document and audio can't be mixed with other media types")
	}
	return nil
}

var actions = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
	"choose_sticker", "find_location", "record_video_note", "upload_video_note",
}

func actionRule(v map[string]any) error {
	if a, _ := v["action"].(string); !slices.Contains(actions, a) {
		return fmt.Errorf("wrong parameter action in request: %q", a)
	}
	return nil
}

func answerRule(v map[string]any) error {
	if address, is := v["url"].(string); is && !strings.HasPrefix(address, "https://t.me/") {
		return fmt.Errorf("URL_INVALID: %q", address)
	}
	return nil
}

// targetRule: an edit names a message, and what takes its place.
func targetRule(v map[string]any) error {
	if v["chat_id"] == nil || v["message_id"] == nil {
		return errors.New("message identifier is not specified")
	}
	return nil
}

func editTextRule(v map[string]any) error {
	if v["text"] == nil {
		return errors.New("message text is empty")
	}
	return targetRule(v)
}

// attachRule: a file that is referred to must have come with the call.
func attachRule(v map[string]any) error {
	if media, _ := v["media"].(string); strings.HasPrefix(media, "attach://") {
		return fmt.Errorf("there is no file %q in the request", media)
	}
	return nil
}
