package chattest_test

import (
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
)

func TestMemory(t *testing.T) {
	chattest.Suite(t, func(t *testing.T, h chat.Handler) chattest.Platform {
		m := chattest.NewMemory("en")
		if err := m.Run(t.Context(), h); err != nil {
			t.Fatal(err)
		}
		return m
	})
}

func TestParseStory(t *testing.T) {
	s, err := chattest.ParseStory("x.story", `
# A story.
at 2027-01-21 18:00
ana starts   # by her invitation
ana types /log #1 yesterday
ana sees no pace.first
ana sees nothing
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []chattest.Step{
		{Line: 3, Verb: "at", What: "2027-01-21 18:00"},
		{Line: 4, Who: "ana", Verb: "starts"},
		{Line: 5, Who: "ana", Verb: "types", What: "/log #1 yesterday"},
		{Line: 6, Who: "ana", Verb: "sees", What: "pace.first", Not: true},
		{Line: 7, Who: "ana", Verb: "sees", What: "nothing"},
	}
	for i, step := range s.Steps {
		if i >= len(want) || step != want[i] {
			t.Errorf("step %d is %+v", i, step)
		}
	}
	if len(s.Steps) != len(want) {
		t.Errorf("there are %d steps", len(s.Steps))
	}
}

func TestParseStoryRefuses(t *testing.T) {
	for _, line := range []string{"ana", "ana flies", "ana types", "ana starts now", "ana sees"} {
		_, err := chattest.ParseStory("x.story", "at 2027-01-01 10:00\n"+line)
		if err == nil || !strings.Contains(err.Error(), "x.story:2") {
			t.Errorf("%q: the error is %v", line, err)
		}
	}
}
