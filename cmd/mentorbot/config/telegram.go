package config

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Telegram says how the bot is in Telegram.
type Telegram struct {
	Token   string // "": it isn't
	Webhook bool   // Telegram calls public.url; else it is asked
	API     string // where the Bot API is, without a slash at the end
	// How many messages go out at most: in a second to all together, in a second to one
	// person, and in a minute to one group.
	PerSecond, PerChatSecond, PerGroupMinute int
}

// telegramToken is what BotFather gives.
var telegramToken = regexp.MustCompile(`^\d+:[A-Za-z0-9_-]{20,}$`)

func setTelegramToken(c *Config, v value) string {
	if v.text != "" && !telegramToken.MatchString(v.text) {
		return "this is no token of a bot: copy the whole of what BotFather wrote, such as 110201543:AAH…"
	}
	c.Telegram.Token = v.text
	return ""
}

func setTelegramUpdates(c *Config, v value) string {
	if v.text != "polling" && v.text != "webhook" {
		return "this is no way to get what people write: write polling, or webhook if there is a public address"
	}
	c.Telegram.Webhook = v.text == "webhook"
	return ""
}

func setTelegramAPI(c *Config, v value) string {
	u, ok := address(v.text)
	if !ok {
		return "this is no address of a Bot API: write one such as https://api.telegram.org"
	}
	c.Telegram.API = strings.TrimSuffix(u.String(), "/")
	return ""
}

func setTelegramPerSecond(c *Config, v value) (mistake string) {
	c.Telegram.PerSecond, mistake = count(v.text)
	return mistake
}

func setTelegramPerChat(c *Config, v value) (mistake string) {
	c.Telegram.PerChatSecond, mistake = count(v.text)
	return mistake
}

func setTelegramPerGroup(c *Config, v value) (mistake string) {
	c.Telegram.PerGroupMinute, mistake = count(v.text)
	return mistake
}

// count reads a number of messages.
func count(text string) (n int, mistake string) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 100_000 {
		return 0, "this is no number of messages: write one from 1 to 100000"
	}
	return n, ""
}

// address reads a web address that has nothing but a host and a path.
func address(text string) (*url.URL, bool) {
	u, err := url.Parse(text)
	ok := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" &&
		u.RawQuery == "" && u.Fragment == "" && u.User == nil
	return u, ok
}
