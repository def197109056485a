package discordtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

// An answer is what the server says.
type answer struct {
	Status  int
	Code    int
	Message string
	Body    string
	ID      string
	Header  http.Header
}

// call calls a path below /api/v10 with JSON.
func call(t *testing.T, s *discordtest.Server, method, path, body string) answer {
	t.Helper()
	a := do(t, request(t, s, method, path, body))
	if a.Status == http.StatusOK {
		if err := discordtest.CheckAnswer(method, strings.Split(path, "?")[0], []byte(a.Body)); err != nil {
			t.Errorf("%s %s: the answer isn't as specified: %v\n%s", method, path, err, a.Body)
		}
	}
	return a
}

func request(t *testing.T, s *discordtest.Server, method, path, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+"/api/v10/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
	r.Header.Set("Authorization", "Bot "+s.Token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

func do(t *testing.T, r *http.Request) (a answer) {
	t.Helper()
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	data, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal(data, &a) // pages of HTML and lists are none
	a.Status, a.Header, a.Body = w.StatusCode, w.Header, string(bytes.TrimSpace(data))
	return a
}

// elsewhere has a session of the library speak with the server.
type elsewhere struct{ to *url.URL }

func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	r.URL.Scheme, r.URL.Host = e.to.Scheme, e.to.Host
	return http.DefaultTransport.RoundTrip(r)
}

func library(t *testing.T, s *discordtest.Server) *discordgo.Session {
	t.Helper()
	d, err := discordgo.New("Bot " + s.Token)
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	d.Client = &http.Client{Transport: elsewhere{to}}
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// screen is what a person reads.
func screen(t *testing.T, at *discordtest.Seat) (all []string) {
	t.Helper()
	bubbles, err := at.Screen()
	must(t, err)
	for _, b := range bubbles {
		all = append(all, b.Text)
	}
	return all
}

func TestTheLibrarySpeaksWithIt(t *testing.T) {
	s := discordtest.New(t, discordtest.Options{})
	g := s.Guild("Mentors")
	ana := s.User("ana")
	g.Join(ana)
	d := library(t, s)
	d.AddHandler(func(d *discordgo.Session, i *discordgo.InteractionCreate) {
		data := i.ApplicationCommandData()
		err := d.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseChannelMessageWithSource,
			Data: &discordgo.InteractionResponseData{
				Content: "**Logged** " + data.Options[0].StringValue(), Flags: discordgo.MessageFlagsEphemeral,
				Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
					discordgo.Button{Label: "Undo", CustomID: "undo", Style: discordgo.SecondaryButton},
				}}},
			},
		})
		if err != nil {
			t.Error(err)
		}
	})
	must(t, d.Open())
	defer func() { must(t, d.Close()) }()
	_, err := d.ApplicationCommandBulkOverwrite(s.AppID, "", []*discordgo.ApplicationCommand{{
		Name: "log", Description: "Log a meeting", Options: []*discordgo.ApplicationCommandOption{{
			Type: discordgo.ApplicationCommandOptionString, Name: "date", Description: "When", Required: true, Autocomplete: true,
		}},
	}})
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	must(t, s.Connected(ctx, 1))
	must(t, ana.Type("/log 12 March"))
	did, err := s.Await(ctx, ana.Last().ID)
	must(t, err)
	if did.Answer != 4 || !did.Private || did.What != "log" {
		t.Errorf("the interaction is %+v", did)
	}
	bubbles, err := ana.Screen()
	must(t, err)
	if len(bubbles) != 1 || bubbles[0].Text != "Logged 12 March" || bubbles[0].Buttons[0] != "Undo" {
		t.Errorf("the screen is %+v", bubbles)
	}
	m, err := d.ChannelMessageSendComplex(ana.ChannelID(), &discordgo.MessageSend{Content: "Hello", AllowedMentions: &discordgo.MessageAllowedMentions{}})
	must(t, err)
	if _, err := d.ChannelMessageEdit(m.ChannelID, m.ID, "Hello again"); err != nil {
		t.Error(err)
	}
	if got := screen(t, ana.Seat); got[1] != "Hello again" {
		t.Errorf("the screen is %q", got)
	}
}
