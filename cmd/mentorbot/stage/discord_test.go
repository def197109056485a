package stage_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/discord"
	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/stage"
	"github.com/kooperativa/mentorbot/store"
)

// A discordPlatform is Discord's side of a stage.
type discordPlatform struct {
	*discord.Adapter
	fake    *discordtest.Server
	handled *atomic.Int64 // requests
}

// belgrade is where the people of the stories live.
var belgrade = func() *time.Location {
	zone, err := store.Zone("Europe/Belgrade")
	if err != nil {
		panic(err)
	}
	return zone
}()

// Phone is chattest.Platform's.
func (p discordPlatform) Phone(userID string) chattest.Phone {
	u := p.fake.User(userID).In(belgrade)
	return handledPhone{u, p.handled, func() bool {
		_, open := u.Form()
		return open
	}}
}

// A discordTheatre is a theatre on Discord.
type discordTheatre struct{ theatre }

// onDiscord has a stage speak in Discord.
func onDiscord(t *testing.T, s *stage.Stage) discordPlatform {
	t.Helper()
	fake := discordtest.New(t, discordtest.Options{Now: s.Now})
	adapter, err := discord.New(discord.Options{Token: fake.Token, API: fake.URL, Limits: discord.Limits{Off: true}, Languages: locale.Languages()})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := s.Connect(t.Context(), "discord", adapter)
	if err != nil {
		t.Fatal(err)
	}
	platform := discordPlatform{adapter, fake, &atomic.Int64{}}
	run(t, adapter, countedHandler{handler, platform.handled})
	if err := fake.Connected(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	return platform
}

// openDiscord opens a theatre that is seen through Discord.
func openDiscord(t *testing.T, language string) *discordTheatre {
	t.Helper()
	s := openStage(t, language)
	l, _ := locale.For(language)
	return &discordTheatre{theatre{onDiscord(t, s), s, l}}
}

// Invite has whoever is invited open the chat.
func (on *discordTheatre) Invite(ctx context.Context, who string) (string, error) {
	on.Platform.(discordPlatform).fake.User(who).Begin()
	return on.theatre.Invite(ctx, who)
}

// TestStoriesOnDiscord plays each story in every language through Discord's adapter.
func TestStoriesOnDiscord(t *testing.T) {
	for _, language := range locale.Languages() {
		for _, story := range stories(t) {
			t.Run(story.Name+"/"+language, func(t *testing.T) {
				got := chattest.Play(t, openDiscord(t, language), story)
				compare(t, "../../../docs/transcripts/discord-"+strings.TrimSuffix(story.Name, ".story")+"."+language+".txt", got)
			})
		}
	}
}
