package telegramtest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

// A simple adapter does what the suite asks for and no more, with texts that have no
// markup: it is here to try the server and its people.
type simple struct {
	*telegramtest.Server
	*bot.Bot
	t       *testing.T
	handler chat.Handler
	group   sync.WaitGroup

	mu    sync.Mutex
	lanes map[int64]chan *models.Update
}

func TestSuite(t *testing.T) {
	chattest.Suite(t, func(t *testing.T, h chat.Handler) chattest.Platform {
		s := telegramtest.New(t, telegramtest.Options{})
		s.User("ana").Begin()
		s.User("borka").Begin()
		a := &simple{Server: s, Bot: library(t, s), t: t, lanes: map[int64]chan *models.Update{}}
		ctx, cancel := context.WithCancel(context.Background())
		a.group.Go(func() { _ = a.Run(ctx, h) })
		t.Cleanup(func() { cancel(); a.group.Wait() })
		return a
	})
}

func (a *simple) Run(ctx context.Context, h chat.Handler) error {
	a.handler = h
	for offset := int64(0); ctx.Err() == nil; {
		var all []*models.Update
		call(a.t, a.Server, "getUpdates", fmt.Sprintf(`{"offset":%d}`, offset)).into(a.t, &all)
		for _, u := range all {
			a.lane(ctx, u)
			offset = u.ID + 1
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, lane := range a.lanes {
		close(lane)
	}
	return nil
}

func (a *simple) lane(ctx context.Context, u *models.Update) {
	var id int64
	if u.CallbackQuery != nil {
		id = u.CallbackQuery.From.ID
	} else {
		id = u.Message.From.ID
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	lane := a.lanes[id]
	if lane == nil {
		lane = make(chan *models.Update, 100)
		a.lanes[id] = lane
		a.group.Go(func() {
			for u := range lane {
				a.handle(ctx, decimal(id), u)
			}
		})
	}
	lane <- u
}

func (a *simple) handle(ctx context.Context, id string, u *models.Update) {
	r := chat.Request{ID: decimal(u.ID), UserID: id, ChatID: id}
	if q := u.CallbackQuery; q != nil {
		r.Tapped, r.Text = true, q.Data
	} else {
		r.Text = u.Message.Text
	}
	reply, err := a.handler.Handle(ctx, r)
	if err != nil {
		return
	}
	if reply.Update {
		_, err = a.Edit(ctx, id, []string{decimal(int64(u.CallbackQuery.Message.Message.ID))}, reply.Message)
	} else {
		_, err = a.Send(ctx, id, "", reply.Message)
	}
	if err == nil {
		_ = a.handler.Sent(ctx, r.ID)
	}
}

func (a *simple) Send(ctx context.Context, chatID, _ string, m chat.Message) ([]string, error) {
	for _, f := range m.Files {
		_, err := a.SendDocument(ctx, &bot.SendDocumentParams{
			ChatID: chatID, Caption: m.Text.Plain(),
			Document: &models.InputFileUpload{Filename: f.Name, Data: strings.NewReader(string(f.Data))},
		})
		return []string{"file"}, err
	}
	p := &bot.SendMessageParams{ChatID: chatID, Text: m.Text.Plain()}
	if k := keysOf(m); k != nil {
		p.ReplyMarkup = k
	}
	sent, err := a.SendMessage(ctx, p)
	if err != nil {
		return nil, err
	}
	return []string{decimal(int64(sent.ID))}, nil
}

func (a *simple) Edit(ctx context.Context, chatID string, ids []string, m chat.Message) ([]string, error) {
	id, err := json.Number(ids[0]).Int64()
	if err != nil {
		return nil, err
	}
	p := &bot.EditMessageTextParams{ChatID: chatID, MessageID: int(id), Text: m.Text.Plain()}
	if k := keysOf(m); k != nil {
		p.ReplyMarkup = k
	}
	_, err = a.EditMessageText(ctx, p)
	return ids, err
}

func keysOf(m chat.Message) *models.InlineKeyboardMarkup {
	if len(m.Buttons) == 0 {
		return nil
	}
	var row []models.InlineKeyboardButton
	for _, b := range m.Buttons {
		row = append(row, models.InlineKeyboardButton{Text: b.Label, CallbackData: b.Command})
	}
	return &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{row}}
}
