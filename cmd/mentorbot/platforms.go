package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/kooperativa/mentorbot/bot/discord"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/bot/telegram"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/config"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/service"
)

// platforms are those that the configuration asks for.
var platforms = func(c config.Config, log *slog.Logger) ([]service.Platform, error) {
	var all []service.Platform
	if c.Telegram.Token != "" {
		p, err := telegramPlatform(c, log)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	if c.Discord.Token != "" {
		p, err := discordPlatform(c, log)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

func discordPlatform(c config.Config, log *slog.Logger) (service.Platform, error) {
	p := service.Platform{Name: "discord", Bot: "main", Events: &service.Events{}}
	o := discord.Options{
		Token: c.Discord.Token, API: c.Discord.API, Guild: c.Discord.Guild, Shards: c.Discord.Shards, Log: log.With("platform", p.Name),
		Limits: discord.Limits{PerSecond: c.Discord.PerSecond}, Languages: locale.Languages(), Count: p.Events.Count,
	}
	if c.Discord.PublicKey != "" {
		o.Interactions = &discord.Interactions{PublicKey: c.Discord.PublicKey}
	}
	var err error
	p.Adapter, err = discord.New(o)
	return p, err
}

func telegramPlatform(c config.Config, log *slog.Logger) (service.Platform, error) {
	p := service.Platform{Name: "telegram", Bot: "main", Events: &service.Events{}}
	o := telegram.Options{
		Token: c.Telegram.Token, API: c.Telegram.API, Log: log.With("platform", p.Name), Languages: locale.Languages(),
		Limits: telegram.Limits{PerSecond: c.Telegram.PerSecond, PerChat: c.Telegram.PerChatSecond, PerGroup: c.Telegram.PerGroupMinute},
		Count:  p.Events.Count,
	}
	if c.Telegram.Webhook {
		o.Webhook = &telegram.Webhook{
			URL:    c.Public.URL.JoinPath("telegram", derived(c.Key, "telegram webhook path")[:16]).String(),
			Secret: derived(c.Key, "telegram webhook secret"),
		}
	}
	var err error
	p.Adapter, err = telegram.New(o)
	return p, err
}

// routes are what the internet may ask of platforms, by patterns without the path that the
// public address has itself.
func routes(public *url.URL, of []service.Platform) map[string]http.Handler {
	all := map[string]http.Handler{}
	for _, p := range of {
		a, ok := p.Adapter.(interface {
			Routes() map[string]http.Handler
		})
		if !ok {
			continue
		}
		for pattern, handler := range a.Routes() {
			method, path, _ := strings.Cut(pattern, " ")
			all[method+" "+strings.TrimPrefix(path, public.EscapedPath())] = handler
		}
	}
	return all
}

// derived is a secret of its own for a purpose, the same after each start.
func derived(key []byte, purpose string) string {
	h := hmac.New(sha256.New, key)
	_, _ = h.Write([]byte(purpose)) // it never fails
	return hex.EncodeToString(h.Sum(nil))
}
