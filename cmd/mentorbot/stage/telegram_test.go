package stage_test

import (
	"context"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/bot/telegram"
	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

// A telegramPlatform is Telegram's side of a stage.
type telegramPlatform struct {
	*telegram.Adapter
	fake *telegramtest.Server
}

// Phone is chattest.Platform's.
func (p telegramPlatform) Phone(userID string) chattest.Phone { return p.fake.Phone(userID) }

// A telegramTheatre is a theatre on Telegram, where an invitation is followed.
type telegramTheatre struct{ theatre }

// openTelegram opens a theatre that is seen through Telegram.
func openTelegram(t *testing.T, language string) *telegramTheatre {
	t.Helper()
	s := openStage(t, language)
	fake := telegramtest.New(t, telegramtest.Options{Language: language})
	adapter, err := telegram.New(telegram.Options{Token: fake.Token, API: fake.URL, Limits: telegram.Limits{Off: true}})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := s.Connect(t.Context(), "telegram", adapter)
	if err != nil {
		t.Fatal(err)
	}
	run(t, adapter, handler)
	l, _ := locale.For(language)
	return &telegramTheatre{theatre{telegramPlatform{adapter, fake}, s, l}}
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
				chattest.Play(t, openTelegram(t, language), story)
			})
		}
	}
}
