package discordtest_test

import (
	"context"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

func TestTheLibraryResumes(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	g := s.Guild("Mentors")
	for _, name := range []string{"one", "two", "three", "four", "five", "six", "seven", "eight"} {
		g.Channel(name) // enough for the guild to be sent compressed
	}
	d := library(t, s)
	heard, guilds := make(chan string, 10), make(chan string, 10)
	d.AddHandler(func(_ *discordgo.Session, m *discordgo.MessageCreate) { heard <- m.Content })
	d.AddHandler(func(_ *discordgo.Session, c *discordgo.GuildCreate) { guilds <- c.Name })
	must(t, d.Open())
	if name := within(t, guilds); name != "Mentors" {
		t.Errorf("the guild is %q", name)
	}
	s.Drop()
	must(t, s.User("ana").Type("while it was away"))
	if text := within(t, heard); text != "while it was away" {
		t.Errorf("it hears %q", text)
	}
	if n := len(s.Identified()); n != 1 {
		t.Errorf("it has identified %d times", n)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	must(t, s.Connected(ctx, 1))
	must(t, d.Close())
}

// within waits for something.
func within[T any](t *testing.T, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(15 * time.Second):
		t.Fatal("it never comes")
	}
	return v
}

func TestTheLibraryHangsOnASilentGateway(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	s.Silence(discordtest.NoHello)
	d := library(t, s)
	opened := make(chan error, 1)
	go func() { opened <- d.Open() }()
	select {
	case err := <-opened:
		t.Errorf("it doesn't hang: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	s.Drop()
	if err := within(t, opened); err == nil {
		t.Error("it has opened")
	}
}
