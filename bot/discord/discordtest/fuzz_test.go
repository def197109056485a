package discordtest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

// Whatever a body says, it is taken or refused.
func FuzzBodies(f *testing.F) {
	s := discordtest.New(f, discordtest.Options{})
	s.Expect("") // there are violations of any kind, and here is the first
	s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(f.Context(), http.MethodGet, "/nowhere", nil))
	g := s.Guild("Mentors")
	ana := s.User("ana").Begin()
	g.Join(ana)
	paths := []string{
		"POST channels/" + ana.ChannelID() + "/messages", "PUT applications/" + s.AppID + "/commands", "POST interactions/1/token/callback",
		"POST guilds/" + g.ID + "/scheduled-events", "POST channels/" + g.Channel("general").ID + "/threads", "POST users/@me/channels",
	}
	for body := range wrongMessages {
		f.Add(0, body)
		f.Add(2, `{"type":4,"data":`+body+`}`)
	}
	for body := range wrongCommands {
		f.Add(1, body)
	}
	f.Add(2, aForm(input("a", "")))
	f.Add(2, `{"type":8,"data":{"choices":[{"name":"a","value":5},null]}}`)
	f.Add(3, anEvent(`,"scheduled_end_time":"2027-01-22T18:00:00Z"`))
	f.Add(4, `{"name":"a","type":12}`)
	f.Add(5, `{"recipient_id":null}`)
	f.Fuzz(func(t *testing.T, n int, body string) {
		method, path, _ := strings.Cut(paths[uint(n)%uint(len(paths))], " ")
		r := httptest.NewRequestWithContext(t.Context(), method, "/api/v10/"+path, strings.NewReader(body))
		r.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
		r.Header.Set("Authorization", "Bot "+s.Token)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		begun := time.Now()
		s.ServeHTTP(w, r)
		if w.Code >= http.StatusInternalServerError {
			t.Errorf("%d: %s", w.Code, w.Body)
		}
		if _, err := ana.Screen(); err != nil {
			t.Error(err)
		}
		s.Forget()
		if took := time.Since(begun); took > time.Second {
			t.Errorf("it took %v", took)
		}
	})
}
