package stage_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/bot/telegram"
	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/stage"
)

// A telegramPlatform is Telegram's side of a stage.
type telegramPlatform struct {
	*telegram.Adapter
	fake *telegramtest.Server
}

// Phone is chattest.Platform's.
func (p telegramPlatform) Phone(userID string) chattest.Phone {
	return patientPhone{p.fake.Phone(userID), p.fake}
}

// A patientPhone has what it does handled before it goes on, so that what follows from it is
// due when the clock turns.
type patientPhone struct {
	chattest.Phone
	fake *telegramtest.Server
}

// Type is chattest.Phone's.
func (p patientPhone) Type(text string) error { return errors.Join(p.Phone.Type(text), p.handled()) }

// Tap is chattest.Phone's. The button may be on its way.
func (p patientPhone) Tap(label string) error {
	deadline := time.Now().Add(15 * time.Second)
	for err := p.Phone.Tap(label); err != nil; err = p.Phone.Tap(label) {
		if time.Now().After(deadline) {
			return err
		}
		time.Sleep(time.Millisecond)
	}
	return p.handled()
}

func (p patientPhone) handled() error {
	for deadline := time.Now().Add(15 * time.Second); p.fake.Pending() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			return errors.New("it was never handled")
		}
	}
	return nil
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
	run(t, adapter, handler)
	return telegramPlatform{adapter, fake}
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
