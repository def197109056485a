package discord_test

import (
	"context"
	"slices"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/discord"
	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

// A speaker describes its commands in several languages.
type speaker struct {
	*handler
	words map[string]string
}

func (s speaker) Commands(_ context.Context, _, language string) ([]chat.Command, error) {
	list := slices.Clone(menu)
	list[0].Description += s.words[language]
	return list, nil
}

func TestCommandsAreOffered(t *testing.T) {
	s := setUp(t, discordtest.Options{})
	if got := s.there.Commands(); !slices.Equal(got, []string{"log", "edit", "help"}) {
		t.Errorf("a member is offered %q", got)
	}
	if got := s.ana.Commands(); !slices.Equal(got, []string{"log", "edit", "help"}) {
		t.Errorf("in a direct chat there are %q", got)
	}
	s.guild.Permit(s.ana, 1<<5)
	if got := s.there.Commands(); !slices.Contains(got, "people") {
		t.Errorf("a coordinator is offered %q", got)
	}
	if got := s.ana.Commands(); slices.Contains(got, "people") {
		t.Errorf("a coordinator's direct chat has %q", got)
	}
}

func TestCommandsAreWrittenIfTheyChange(t *testing.T) {
	ds := discordtest.New(t, discordtest.Options{})
	start := func(words map[string]string) {
		t.Helper()
		f := prepare(t, ds, &handler{}, func(o *discord.Options) { o.Languages = []string{"hr", "sr-Latn", "de-AT"} })
		f.Hasten()
		gets := len(ds.Calls("list_application_commands"))
		f.run(t, speaker{f.handler, words})
		f.connected(t)
		eventually(t, "it has looked", func() bool { return len(ds.Calls("list_application_commands")) > gets })
		f.end(t)
	}
	start(map[string]string{"hr": " (hr)", "de-AT": " (de)", "sr-Latn": " (sr)"})
	start(map[string]string{"hr": " (hr)", "de-AT": " (de)", "sr-Latn": " (another)"})
	if n := ds.Overwrites(""); n != 1 {
		t.Errorf("they were written %d times", n)
	}
	start(map[string]string{"hr": " (another)"})
	if n := ds.Overwrites(""); n != 2 {
		t.Errorf("after a change they were written %d times", n)
	}
	calls := ds.Calls("bulk_set_application_commands")
	list, _ := calls[0].Body.([]any)
	first, _ := list[0].(map[string]any)
	told, _ := first["description_localizations"].(map[string]any)
	if len(told) != 2 || told["hr"] != "Log a meeting (hr)" || told["de"] != "Log a meeting (de)" {
		t.Errorf("it is described as %v", told)
	}
}
