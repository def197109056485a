package discordtest_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

// A simple adapter does what the suite asks for and no more: it is here to try the server
// and its people.
type simple struct {
	*discordtest.Server
	session *discordgo.Session
	handler chat.Handler
	lanes   map[string]chan func() // by chat; only events touch them
	group   sync.WaitGroup
}

func TestSuite(t *testing.T) {
	chattest.Suite(t, func(t *testing.T, h chat.Handler) chattest.Platform {
		s := discordtest.New(t, discordtest.Options{})
		a := &simple{Server: s, session: library(t, s), handler: h, lanes: map[string]chan func(){}}
		a.session.SyncEvents = true // in the order in which they come
		a.session.AddHandler(a.message)
		a.session.AddHandler(a.interaction)
		must(t, a.session.Open())
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		must(t, s.Connected(ctx, 1))
		t.Cleanup(func() {
			must(t, a.session.Close())
			for _, lane := range a.lanes {
				close(lane)
			}
			a.group.Wait()
		})
		return a
	})
}

func (a *simple) Run(context.Context, chat.Handler) error { return nil }

func (a *simple) message(_ *discordgo.Session, m *discordgo.MessageCreate) {
	if m.Author.Bot {
		return
	}
	r := chat.Request{ID: m.ID, UserID: m.Author.ID, ChatID: m.ChannelID, Text: m.Content}
	a.lane(r, func(reply chat.Reply) error {
		_, err := a.Send(context.Background(), r.ChatID, "", reply.Message)
		return err
	})
}

func (a *simple) interaction(d *discordgo.Session, i *discordgo.InteractionCreate) {
	r := chat.Request{ID: i.ID, UserID: i.User.ID, ChatID: i.ChannelID, Text: i.MessageComponentData().CustomID, Tapped: true}
	a.lane(r, func(reply chat.Reply) error {
		kind := discordgo.InteractionResponseChannelMessageWithSource
		if reply.Update {
			kind = discordgo.InteractionResponseUpdateMessage
		}
		return d.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: kind, Data: &discordgo.InteractionResponseData{
			Content: markdown(reply.Text), Components: rowsOf(reply.Message), AllowedMentions: nobody(),
		}})
	})
}

// lane handles a request after those of the same chat that came before.
func (a *simple) lane(r chat.Request, send func(chat.Reply) error) {
	lane := a.lanes[r.ChatID]
	if lane == nil {
		lane = make(chan func(), 100)
		a.lanes[r.ChatID] = lane
		a.group.Go(func() {
			for do := range lane {
				do()
			}
		})
	}
	lane <- func() {
		reply, err := a.handler.Handle(context.Background(), r)
		if err == nil && send(reply) == nil {
			_ = a.handler.Sent(context.Background(), r.ID)
		}
	}
}

func (a *simple) Send(_ context.Context, chatID, key string, m chat.Message) ([]string, error) {
	send := &discordgo.MessageSend{Content: markdown(m.Text), Components: rowsOf(m), AllowedMentions: nobody()}
	for _, f := range m.Files {
		send.Files = append(send.Files, &discordgo.File{Name: f.Name, ContentType: f.Type, Reader: bytes.NewReader(f.Data)})
	}
	sent, err := a.session.ChannelMessageSendComplex(chatID, send)
	if err != nil {
		return nil, err
	}
	return []string{sent.ID}, nil
}

func (a *simple) Edit(_ context.Context, chatID string, ids []string, m chat.Message) ([]string, error) {
	e := discordgo.NewMessageEdit(chatID, ids[0]).SetContent(markdown(m.Text))
	rows := rowsOf(m)
	e.Components, e.AllowedMentions = &rows, nobody()
	_, err := a.session.ChannelMessageEditComplex(e)
	return ids, err
}

func nobody() *discordgo.MessageAllowedMentions {
	return &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}
}

func rowsOf(m chat.Message) []discordgo.MessageComponent {
	row := discordgo.ActionsRow{}
	for _, b := range m.Buttons {
		row.Components = append(row.Components, discordgo.Button{Label: b.Label, CustomID: b.Command, Style: discordgo.PrimaryButton})
	}
	if len(row.Components) == 0 {
		return []discordgo.MessageComponent{}
	}
	return []discordgo.MessageComponent{row}
}

// markdown is a text as Discord has it.
func markdown(t chat.Text) string {
	var b strings.Builder
	for i, line := range t.Lines() {
		if i > 0 {
			b.WriteByte('\n')
		}
		if line.Item {
			b.WriteString("- ")
		}
		for _, s := range line.Spans {
			mark := ""
			if s.Bold {
				mark = "**"
			}
			if s.Italic {
				mark += "*"
			}
			back := []byte(mark)
			for l, r := 0, len(back)-1; l < r; l, r = l+1, r-1 {
				back[l], back[r] = back[r], back[l]
			}
			b.WriteString(mark + escape(s.Text) + string(back))
		}
	}
	return b.String()
}

// escape takes their meaning from all signs, at the cost of length.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 && strings.ContainsRune("\\*_~|`>[]()<#-+:/.@", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
