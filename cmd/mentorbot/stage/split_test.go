package stage_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/locale"
)

// A splitPlatform is Telegram for some and Discord for others.
type splitPlatform struct {
	telegram telegramPlatform
	discord  discordPlatform
}

// inTelegram are those who have Telegram; all others have Discord.
var inTelegram = []string{"ana", "vesna"}

// of returns the platform that somebody has.
func (p splitPlatform) of(who string) chattest.Platform {
	for _, one := range inTelegram {
		if who == one {
			return p.telegram
		}
	}
	return p.discord
}

// Phone is chattest.Platform's.
func (p splitPlatform) Phone(who string) chattest.Phone { return p.of(who).Phone(who) }

// Run is chat.Adapter's, of neither.
func (splitPlatform) Run(context.Context, chat.Handler) error { return errNeither }

// Send is chat.Adapter's, of neither.
func (splitPlatform) Send(context.Context, string, string, chat.Message) ([]string, error) {
	return nil, errNeither
}

var errNeither = errors.New("it is two platforms")

// A splitTheatre is a theatre on both.
type splitTheatre struct {
	theatre
	on splitPlatform
}

// Invite has whoever is invited open the chat.
func (s *splitTheatre) Invite(ctx context.Context, who string) (string, error) {
	switch p := s.on.of(who).(type) {
	case telegramPlatform:
		p.fake.User(who).Begin()
	case discordPlatform:
		p.fake.User(who).Begin()
	}
	return s.theatre.Invite(ctx, who)
}

// TestStoriesOfASplitPair plays each story with some of its people in Telegram and the
// others in Discord: Ana's mentor is Mira.
func TestStoriesOfASplitPair(t *testing.T) {
	for _, language := range locale.Languages() {
		for _, story := range stories(t) {
			t.Run(story.Name+"/"+language, func(t *testing.T) {
				s := openStage(t, language)
				on := splitPlatform{onTelegram(t, s, language), onDiscord(t, s)}
				l, _ := locale.For(language)
				got := chattest.Play(t, &splitTheatre{theatre{on, s, l}, on}, story)
				compare(t, "../../../docs/transcripts/split-"+strings.TrimSuffix(story.Name, ".story")+"."+language+".txt", got)
			})
		}
	}
}
