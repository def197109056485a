package config

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// A setting is one thing that can be configured.
type setting struct {
	name    string // its key in the file, or section.key
	private bool   // it can be in a file of its own, named by the key NAME_file
	usual   string // what holds where nothing is said
	// set puts a value into the configuration, or says what is wrong with it.
	set func(c *Config, v value) (mistake string)
	// show makes a value fit to be shown; nil: it is.
	show func(text string) string
}

// off is what switches off what is on otherwise.
const off = "off"

// settings are all there are, in the order of config.example.yaml.
var settings = []setting{
	{name: "database", private: true, usual: DefaultDatabase, set: setDatabase, show: maskPassword},
	{name: "key", private: true, set: setKey, show: hidden},
	{name: "log.format", usual: "text", set: setFormat},
	{name: "log.level", usual: "info", set: setLevel},
	{name: "watch.listen", usual: "127.0.0.1:9464", set: setWatch},
	{name: "public.listen", usual: off, set: setPublic},
	{name: "public.url", set: setURL},
	{name: "telegram.token", private: true, set: setTelegramToken, show: hidden},
	{name: "telegram.updates", usual: "polling", set: setTelegramUpdates},
	{name: "telegram.api_url", usual: "https://api.telegram.org", set: setTelegramAPI},
	{name: "telegram.per_second", usual: "30", set: setTelegramPerSecond},
	{name: "telegram.per_chat_second", usual: "1", set: setTelegramPerChat},
	{name: "telegram.per_group_minute", usual: "20", set: setTelegramPerGroup},
	{name: "discord.token", private: true, set: setDiscordToken, show: hidden},
	{name: "discord.server", set: setDiscordGuild},
	{name: "discord.public_key", set: setDiscordKey},
	{name: "discord.api_url", usual: "https://discord.com", set: setDiscordAPI},
	{name: "discord.shards", usual: "auto", set: setDiscordShards},
	{name: "discord.per_second", usual: "50", set: setDiscordPerSecond},
}

func hidden(text string) string {
	if text == "" {
		return ""
	}
	return "…"
}

func (s *setting) shown(text string) string {
	if s.show == nil {
		return text
	}
	return s.show(text)
}

func setDatabase(c *Config, v value) string {
	switch s := v.text; {
	case s == "":
		return "there is no value: write the path of a file, or an address that begins with postgres://"
	case isPostgres(s):
		u, err := url.Parse(s) // of a socket the query has the folder
		if err != nil || u.Host == "" && !u.Query().Has("host") {
			return "this is no address of a PostgreSQL server: write one such as postgres://user:password@host/database"
		}
		c.Database = s
		return ""
	case strings.Contains(s, "://"):
		return "this kind of database isn't known: write the path of a file, or an address that begins with postgres://"
	case s == ":memory:":
		return "a database in memory would be gone at once: write the path of a file"
	case strings.ContainsRune(s, 0):
		return "this is no path: it has a NUL character in it"
	}
	c.Database = relative(v.text, v.folder)
	return ""
}

func isPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}

// hasPassword reports whether an address of a database has a password in it.
func hasPassword(database string) bool {
	if !isPostgres(database) {
		return false
	}
	u, err := url.Parse(database)
	if err != nil {
		return true
	}
	_, has := u.User.Password()
	return has || u.Query().Has("password") || u.Query().Has("sslpassword")
}

func setKey(c *Config, v value) string {
	if v.text == "" {
		return ""
	}
	b, err := base64.StdEncoding.DecodeString(v.text)
	if err != nil || len(b) != KeySize {
		return fmt.Sprintf("this is no key: want %d bytes in base64, as \"mentorbot init\" writes them", KeySize)
	}
	c.Key = b
	return ""
}

func setFormat(c *Config, v value) string {
	if v.text != "text" && v.text != "json" {
		return "this is no format of a log: write text or json"
	}
	c.Log.JSON = v.text == "json"
	return ""
}

// levels are those of a log, by the word for them.
var levels = map[string]slog.Level{
	"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
}

func setLevel(c *Config, v value) string {
	level, ok := levels[v.text]
	if !ok {
		return "this is no level of a log: write debug, info, warn or error"
	}
	c.Log.Level = level
	return ""
}

func setWatch(c *Config, v value) string {
	if v.text == off {
		return ""
	}
	host, ok := listener(v.text)
	if !ok {
		return noAddress + "127.0.0.1:9464, or off"
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return "others could reach this address, and it tells what is nobody's business: " +
			"write one of this machine alone, such as 127.0.0.1:9464"
	}
	c.Watch = v.text
	return ""
}

func setPublic(c *Config, v value) string {
	if v.text == off {
		return ""
	}
	if _, ok := listener(v.text); !ok {
		return noAddress + "127.0.0.1:8443, or off"
	}
	c.Public.Listen = v.text
	return ""
}

const noAddress = "this is no address to listen at: write one such as "

// listener returns the host of an address to listen at.
func listener(address string) (host string, ok bool) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return host, err == nil
}

func setURL(c *Config, v value) string {
	if v.text == "" {
		return ""
	}
	u, ok := address(v.text)
	if !ok {
		return "this is no address at which the internet finds something: write one such as https://bot.example.org"
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	c.Public.URL = u
	return ""
}
