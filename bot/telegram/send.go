package telegram

import (
	"bytes"
	"context"
	"strconv"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/wire"
)

// Send is chat.Adapter's. A key is remembered for as long as the process lives, and for
// some thousands of messages: what was sent in part goes on from there, and what was sent
// isn't sent again. It waits some seconds at most for its turn, and returns a LaterError
// if that is further off.
func (a *Adapter) Send(ctx context.Context, chatID, key string, m chat.Message) ([]string, error) {
	to, err := parsePlace(chatID)
	if err != nil {
		return nil, err
	}
	a.letReply(ctx, to.chat)
	r := a.records.Of(recordKey(to, key))
	return a.send(ctx, &dispatch{to: to, parts: parts(m, "", a.home())}, r)
}

// letReply lets what somebody is asking just now be answered first.
func (a *Adapter) letReply(ctx context.Context, chat int64) {
	if s := a.current(); s != nil {
		wire.LetReply(ctx, chat, &s.asking, &s.telling)
	}
}

// recordKey tells messages apart; that of no key is "".
func recordKey(to place, key string) string {
	if key == "" {
		return ""
	}
	return strconv.FormatInt(to.chat, 10) + " " + key
}

// A dispatch is a message on its way.
type dispatch struct {
	to      place
	parts   []part
	reply   bool // it goes before what isn't
	edits   int  // the message that its first part takes the place of; 0: none
	answers int  // the message that it is a reply to, in a group; 0: none
}

// send sends the parts that weren't sent yet, and notes the ids.
func (a *Adapter) send(ctx context.Context, d *dispatch, r *wire.Record) ([]string, error) {
	r.Lock()
	defer r.Unlock()
	for i := len(r.IDs); i < len(d.parts) && !r.Done; i++ {
		id, err := a.sendPart(ctx, d, i)
		if err != nil {
			return nil, outcome(err, d.to.private())
		}
		r.IDs = append(r.IDs, strconv.Itoa(id))
	}
	r.Done = true
	return r.IDs, nil
}

func (a *Adapter) sendPart(ctx context.Context, d *dispatch, i int) (id int, err error) {
	p := &d.parts[i]
	if i == 0 && d.edits != 0 && p.file == nil {
		err = a.put(ctx, &d.to, d.reply, func(ctx context.Context) error { return a.editText(ctx, d.to, d.edits, p) })
		if isFile(err) && p.short {
			err = a.put(ctx, &d.to, d.reply, func(ctx context.Context) error { return a.editCaption(ctx, d.to, d.edits, p) })
		}
		if f := asFault(err); f == nil || f.kind != refused {
			return d.edits, err
		}
		// It is too old, gone, or the answer has no room below a file: it is a message of its own.
	}
	err = a.put(ctx, &d.to, d.reply, func(ctx context.Context) (err error) {
		id, err = a.post(ctx, d, p)
		return err
	})
	if f := asFault(err); p.picture && f != nil && f.kind == refused && f.says("photo", "image") {
		p.picture = false // it is no picture to Telegram
		return a.sendPart(ctx, d, i)
	}
	return id, err
}

// put does one call that counts for the limits, to a place. A group that has moved is
// followed, and what goes to a topic that is gone goes to the group.
func (a *Adapter) put(ctx context.Context, to *place, reply bool, call func(context.Context) error) error {
	for followed := false; ; followed = true {
		if err := a.pace.wait(ctx, to.chat, reply); err != nil {
			return err
		}
		err := a.api.do(ctx, call)
		f := asFault(err)
		switch {
		case f == nil:
			return err
		case f.kind == busy:
			a.count("too_many_requests")
			a.pace.pause(to.chat, f.wait)
			return err
		case f.kind == moved && !followed:
			if err := a.follow(ctx, to.chat, f.moved); err != nil {
				return err
			}
			*to = place{chat: f.moved}
		case f.kind == refused && f.says("thread not found") && to.thread != 0:
			to.thread = 0
		default:
			return err
		}
	}
}

// post sends a part as a message of its own, and returns its id.
func (a *Adapter) post(ctx context.Context, d *dispatch, p *part) (int, error) {
	var quoted *models.ReplyParameters
	if d.answers != 0 {
		quoted = &models.ReplyParameters{MessageID: d.answers, AllowSendingWithoutReply: true}
	}
	switch {
	case p.file == nil:
		sent, err := ask[posted](ctx, a.api, "sendMessage", &tg.SendMessageParams{
			ChatID: d.to.chat, MessageThreadID: d.to.thread, Text: p.html, ParseMode: models.ParseModeHTML,
			LinkPreviewOptions: noPreview, ReplyParameters: quoted, ReplyMarkup: p.markup,
		})
		return sent.ID, err
	case p.picture:
		return idOf(a.api.lib.SendPhoto(ctx, &tg.SendPhotoParams{
			ChatID: d.to.chat, MessageThreadID: d.to.thread, Photo: upload(p.file), Caption: p.html, ParseMode: models.ParseModeHTML,
			ReplyParameters: quoted, ReplyMarkup: p.markup,
		}))
	default:
		return idOf(a.api.lib.SendDocument(ctx, &tg.SendDocumentParams{
			ChatID: d.to.chat, MessageThreadID: d.to.thread, Document: upload(p.file), Caption: p.html, ParseMode: models.ParseModeHTML,
			ReplyParameters: quoted, ReplyMarkup: p.markup,
		}))
	}
}

// A posted is what is wanted of a message that was sent.
type posted struct {
	ID int `json:"message_id"`
}

func idOf(m *models.Message, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	return m.ID, nil
}

// noPreview: what an address leads to isn't shown below a text, which it would bury.
var noPreview = &models.LinkPreviewOptions{IsDisabled: tg.True()}

func upload(f *chat.File) *models.InputFileUpload {
	return &models.InputFileUpload{Filename: f.Name, Data: bytes.NewReader(f.Data)}
}
