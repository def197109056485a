package playground_test

import (
	"sync"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/playground"
	"github.com/kooperativa/mentorbot/bot/playground/playgroundtest"
)

// A seenPage is the playground, and chromium in front of it: everybody has a window of
// their own.
type seenPage struct {
	*fixture
	mu    sync.Mutex
	pages map[string]*playgroundtest.Page
}

// Phone is chattest.Platform's.
func (p *seenPage) Phone(userID string) chattest.Phone {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pages[userID] == nil {
		p.pages[userID] = playgroundtest.Open(p.tb, p.server.URL)
	}
	return p.pages[userID].Person(userID)
}

func TestSuite(t *testing.T) {
	chattest.Suite(t, func(t *testing.T, h chat.Handler) chattest.Platform {
		stage := &fakeStage{now: start, people: []playground.Person{
			{ID: "ana", Name: "ana", Role: "mentee", Language: "en", Joined: true},
			{ID: "borka", Name: "borka", Role: "mentee", Language: "en", Joined: true},
		}}
		return &seenPage{fixture: beginWith(t, playground.Options{Stage: stage}, h), pages: map[string]*playgroundtest.Page{}}
	})
}
