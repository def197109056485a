package config

import (
	"regexp"
	"strconv"
	"strings"
)

// Discord says how the bot is in Discord.
type Discord struct {
	Token     string // "": it isn't
	Guild     string // the id of the server whose coordinators have commands there; "": none
	PublicKey string // "": interactions come by the gateway; else Discord posts them, signed for it
	API       string // where the API is, without a slash at the end
	Shards    int    // connections of the gateway; 0: as many as Discord advises
	PerSecond int    // how many messages go out at most
}

var (
	discordToken = regexp.MustCompile(`^[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{20,}$`)
	discordID    = regexp.MustCompile(`^\d{15,20}$`)
	discordKey   = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)
)

func setDiscordToken(c *Config, v value) string {
	if v.text != "" && !discordToken.MatchString(v.text) {
		return "this is no token of a bot: copy the whole of it from the page Bot in Discord's developer portal (Reset Token)"
	}
	c.Discord.Token = v.text
	return ""
}

func setDiscordGuild(c *Config, v value) string {
	if v.text != "" && !discordID.MatchString(v.text) {
		return "this is no id of a server: switch on Discord's developer mode, right-click the server, and choose Copy Server ID"
	}
	c.Discord.Guild = v.text
	return ""
}

func setDiscordKey(c *Config, v value) string {
	if v.text != "" && !discordKey.MatchString(v.text) {
		return "this is no public key: copy the one on the page General Information in Discord's developer portal"
	}
	c.Discord.PublicKey = v.text
	return ""
}

func setDiscordAPI(c *Config, v value) string {
	u, ok := address(v.text)
	if !ok {
		return "this is no address of Discord: write one such as https://discord.com"
	}
	c.Discord.API = strings.TrimSuffix(u.String(), "/")
	return ""
}

func setDiscordShards(c *Config, v value) string {
	if v.text == "auto" {
		c.Discord.Shards = 0
		return ""
	}
	n, err := strconv.Atoi(v.text)
	if err != nil || n < 1 || n > 1000 {
		return "this is no number of shards: write auto, or one from 1 to 1000"
	}
	c.Discord.Shards = n
	return ""
}

func setDiscordPerSecond(c *Config, v value) (mistake string) {
	c.Discord.PerSecond, mistake = count(v.text)
	return mistake
}
