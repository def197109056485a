package stage_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/bot/telegram"
	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/stage"
)

// A telegramPlatform is Telegram's side of a stage.
type telegramPlatform struct {
	*telegram.Adapter
	fake    *telegramtest.Server
	handled *atomic.Int64 // requests
}

// Phone is chattest.Platform's.
func (p telegramPlatform) Phone(userID string) chattest.Phone {
	return handledPhone{p.fake.Phone(userID), p.handled, nil}
}

// A telegramTheatre is a theatre on Telegram, where an invitation is followed.
type telegramTheatre struct{ theatre }

// onTelegram has a stage speak in Telegram, with apps in a language.
func onTelegram(t *testing.T, s *stage.Stage, language string) telegramPlatform {
	t.Helper()
	fake := telegramtest.New(t, telegramtest.Options{Language: language})
	adapter, err := telegram.New(telegram.Options{Token: fake.Token, API: fake.URL, Limits: telegram.Limits{Off: true}})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := s.Connect(t.Context(), "telegram", adapter)
	if err != nil {
		t.Fatal(err)
	}
	platform := telegramPlatform{adapter, fake, &atomic.Int64{}}
	run(t, adapter, countedHandler{handler, platform.handled})
	return platform
}

// openTelegram opens a theatre that is seen through Telegram.
func openTelegram(t *testing.T, language string) *telegramTheatre {
	t.Helper()
	s := openStage(t, language)
	l, _ := locale.For(language)
	return &telegramTheatre{theatre{onTelegram(t, s, language), s, l}}
}

// Invite has whoever is invited open the chat, which their app does on the link.
func (on *telegramTheatre) Invite(ctx context.Context, who string) (string, error) {
	on.Platform.(telegramPlatform).fake.User(who).Begin()
	return on.theatre.Invite(ctx, who)
}

// TestStoriesOnTelegram plays each story in every language through Telegram's adapter, and
// what its people see there is what they see on any platform.
func TestStoriesOnTelegram(t *testing.T) {
	for _, language := range locale.Languages() {
		for _, story := range stories(t) {
			t.Run(story.Name+"/"+language, func(t *testing.T) {
				got := chattest.Play(t, openTelegram(t, language), story)
				compare(t, "../../../docs/transcripts/telegram-"+strings.TrimSuffix(story.Name, ".story")+"."+language+".txt", got)
			})
		}
	}
}
