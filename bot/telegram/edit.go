package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// Edit is chat.Editor's. A message that has become longer goes on in new ones, and what
// is left over when it has become shorter is deleted. A file can take the place of a file
// or a text; a text that is to take the place of a file stands at the end of the chat, and
// the file is deleted, or, where Telegram doesn't do so any more, what is written below it
// is replaced.
func (a *Adapter) Edit(ctx context.Context, chatID string, ids []string, m chat.Message) ([]string, error) {
	to, err := parsePlace(chatID)
	if err != nil {
		return nil, err
	}
	d := &dispatch{to: to, parts: parts(m, "", a.home())}
	if len(ids) == 0 || len(d.parts) == 0 {
		return nil, errors.New("edit on telegram: there is nothing to edit, or nothing to put there")
	}
	var now []string
	for i := range d.parts {
		id, err := a.editPart(ctx, d, i, ids)
		if err != nil {
			return nil, outcome(err, to.private())
		}
		now = append(now, strconv.Itoa(id))
	}
	a.removeRest(ctx, d.to, ids[min(len(ids), len(now)):])
	return now, nil
}

// editPart puts a part in the place of the message at its place among ids, or sends it.
func (a *Adapter) editPart(ctx context.Context, d *dispatch, i int, ids []string) (int, error) {
	if i >= len(ids) {
		return a.sendPart(ctx, d, i)
	}
	id, err := strconv.Atoi(ids[i])
	if err != nil {
		return 0, fmt.Errorf("telegram has no message with the id %q", ids[i])
	}
	p := &d.parts[i]
	change := a.editText
	if p.file != nil {
		change = a.editMedia
	}
	err = a.put(ctx, &d.to, false, func(ctx context.Context) error { return change(ctx, d.to, id, p) })
	if isFile(err) {
		return a.replaceFile(ctx, d, i, id)
	}
	return id, err
}

// isFile reports whether a text couldn't be put in the place of a message since that is a file.
func isFile(err error) bool {
	f := asFault(err)
	return f != nil && f.says("no text in the message")
}

// replaceFile puts a part, a text, in the place of a message that is a file.
func (a *Adapter) replaceFile(ctx context.Context, d *dispatch, i, id int) (int, error) {
	err := a.remove(ctx, d.to, id)
	f := asFault(err)
	switch {
	case f == nil:
		return a.sendPart(ctx, d, i)
	case f.kind != refused || !d.parts[i].short:
		return 0, err
	}
	return id, a.put(ctx, &d.to, false, func(ctx context.Context) error { return a.editCaption(ctx, d.to, id, &d.parts[i]) })
}

// editCaption puts what a part says below a file.
func (a *Adapter) editCaption(ctx context.Context, to place, id int, p *part) error {
	_, err := ask[posted](ctx, a.api, "editMessageCaption", &tg.EditMessageCaptionParams{
		ChatID: to.chat, MessageID: id, Caption: p.html, ParseMode: models.ParseModeHTML, ReplyMarkup: inline(p.markup),
	})
	return unlessTheSame(err)
}

// editText puts a part in the place of a message.
func (a *Adapter) editText(ctx context.Context, to place, id int, p *part) error {
	_, err := ask[posted](ctx, a.api, "editMessageText", &tg.EditMessageTextParams{
		ChatID: to.chat, MessageID: id, Text: p.html, ParseMode: models.ParseModeHTML,
		LinkPreviewOptions: noPreview, ReplyMarkup: inline(p.markup),
	})
	return unlessTheSame(err)
}

func (a *Adapter) editMedia(ctx context.Context, to place, id int, p *part) error {
	const name = "file"
	var media models.InputMedia = &models.InputMediaDocument{
		Media: "attach://" + p.file.Name, Caption: p.html, ParseMode: models.ParseModeHTML, MediaAttachment: bytes.NewReader(p.file.Data),
	}
	if p.picture {
		media = &models.InputMediaPhoto{
			Media: "attach://" + name, Caption: p.html, ParseMode: models.ParseModeHTML, MediaAttachment: bytes.NewReader(p.file.Data),
		}
	}
	_, err := a.api.lib.EditMessageMedia(ctx, &tg.EditMessageMediaParams{
		ChatID: to.chat, MessageID: id, Media: media, ReplyMarkup: inline(p.markup),
	})
	return unlessTheSame(err)
}

// inline returns a markup that a message may get by an edit; others it can't.
func inline(markup models.ReplyMarkup) models.ReplyMarkup {
	if k, is := markup.(*models.InlineKeyboardMarkup); is {
		return k
	}
	return nil
}

// unlessTheSame takes it for success that a message is already what it should become.
func unlessTheSame(err error) error {
	if err != nil && (&fault{text: err.Error()}).says("message is not modified") {
		return nil
	}
	return err
}

// remove deletes a message.
func (a *Adapter) remove(ctx context.Context, to place, id int) error {
	return a.api.do(ctx, func(ctx context.Context) error {
		_, err := a.api.lib.DeleteMessage(ctx, &tg.DeleteMessageParams{ChatID: to.chat, MessageID: id})
		return err
	})
}

// removeRest deletes what an edit has left over. If it can't be, it stays.
func (a *Adapter) removeRest(ctx context.Context, to place, ids []string) {
	for _, id := range ids {
		n, err := strconv.Atoi(id)
		if err == nil {
			err = a.remove(ctx, to, n)
		}
		if err != nil {
			a.log.Warn("what an edit has left over can't be deleted", "error", err)
		}
	}
}
