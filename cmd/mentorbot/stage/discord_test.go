package stage_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
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

// A countedHandler counts what was handled.
type countedHandler struct {
	chat.Handler
	n *atomic.Int64
}

// Handle is chat.Handler's.
func (h countedHandler) Handle(ctx context.Context, r chat.Request) (chat.Reply, error) {
	defer h.n.Add(1)
	return h.Handler.Handle(ctx, r)
}

// Phone is chattest.Platform's.
func (p discordPlatform) Phone(userID string) chattest.Phone {
	return handledPhone{p.fake.User(userID).In(belgrade), p.handled}
}

// A handledPhone has what it does handled before it goes on, so that what follows from it is
// due when the clock turns.
type handledPhone struct {
	*discordtest.User
	handled *atomic.Int64
}

// Type is chattest.Phone's.
func (p handledPhone) Type(text string) error {
	return p.handles(func() error { return p.User.Type(text) })
}

// Tap is chattest.Phone's.
func (p handledPhone) Tap(label string) error {
	return p.handles(func() error { return p.User.Tap(label) })
}

// handles does something, as soon as what it takes is there, and waits until it was handled,
// or has opened a form.
func (p handledPhone) handles(act func() error) error {
	deadline := time.Now().Add(15 * time.Second)
	before := p.handled.Load()
	for err := act(); err != nil; err = act() {
		if time.Now().After(deadline) {
			return err
		}
		time.Sleep(time.Millisecond)
	}
	for ; p.handled.Load() == before; time.Sleep(time.Millisecond) {
		if _, open := p.Form(); open {
			return nil
		}
		if time.Now().After(deadline) {
			return errors.New("it was never handled")
		}
	}
	return nil
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
