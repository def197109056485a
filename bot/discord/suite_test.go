package discord_test

import (
	"context"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/discord"
	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

// A platform is the adapter with a fake Discord on its other side.
type platform struct {
	*discord.Adapter
	ds *discordtest.Server
}

func (p platform) Phone(who string) chattest.Phone { return p.ds.Phone(who) }

// Address: a person's chat has the person's id.
func (p platform) Address(who string) (userID, chatID string) {
	userID, _ = p.ds.Address(who)
	return userID, userID
}

func TestSuite(t *testing.T) {
	chattest.Suite(t, func(t *testing.T, h chat.Handler) chattest.Platform {
		ds := discordtest.New(t, discordtest.Options{})
		f := prepare(t, ds, nil)
		f.run(t, h)
		f.connected(t)
		return platform{f.Adapter, ds}
	})
}

// connected waits until the adapter is.
func (f *fixture) connected(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	must(t, f.ds.Connected(ctx, 1))
	eventually(t, "it knows that it is connected", func() bool { return f.Probe() == nil })
}
