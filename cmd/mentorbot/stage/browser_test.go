package stage_test

import (
	"context"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/bot/playground"
	"github.com/kooperativa/mentorbot/bot/playground/playgroundtest"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/stage"
)

func TestMain(m *testing.M) { os.Exit(playgroundtest.Main{M: m}.Run()) }

// A browserPlatform is the playground, and chromium in front of it.
type browserPlatform struct {
	*playground.Playground
	page *playgroundtest.Page
}

// Phone is chattest.Platform's. The page knows people by their names.
func (b browserPlatform) Phone(userID string) chattest.Phone {
	return b.page.Person(strings.ToUpper(userID[:1]) + userID[1:])
}

// perform shows a stage on the playground's page, and returns its address.
func perform(t *testing.T, s *stage.Stage, o playground.Options) (*playground.Playground, string) {
	t.Helper()
	o.Stage = s
	page, err := playground.New(o)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := s.Connect(t.Context(), "playground", page)
	if err != nil {
		t.Fatal(err)
	}
	run(t, page, handler)
	server := httptest.NewServer(page.Handler())
	t.Cleanup(server.Close)
	return page, server.URL
}

// run runs an adapter until the test ends.
func run(t *testing.T, a chat.Adapter, h chat.Handler) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error)
	go func() { ended <- a.Run(ctx, h) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// openBrowser opens a theatre that is seen through the page, in a real browser.
func openBrowser(t *testing.T, language string) *theatre {
	t.Helper()
	s := openStage(t, language)
	page, address := perform(t, s, playground.Options{})
	l, _ := locale.For(language)
	return &theatre{browserPlatform{page, playgroundtest.Open(t, address)}, s, l}
}

// TestStoriesInABrowser plays each story in one language after the other; where chromium
// is required, in all of them.
func TestStoriesInABrowser(t *testing.T) {
	all := strings.Contains(os.Getenv("MENTORBOT_TEST_REQUIRE"), "chromium")
	languages := locale.Languages()
	for i, story := range stories(t) {
		for k, language := range languages {
			if !all && k != i%len(languages) {
				continue // it takes long, and TestStories plays it without a browser
			}
			t.Run(story.Name+"/"+language, func(t *testing.T) {
				chattest.Play(t, openBrowser(t, language), story)
			})
		}
	}
}
