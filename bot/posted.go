package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// sendAnnouncement sends an announcement, or what follows it: of its text, and of what
// became of it, the scheduler knows nothing.
func (b *Bot) sendAnnouncement(ctx context.Context, c *store.Snapshot, m *store.Message, now time.Time) scheduler.Outcome {
	var p *posting
	err := b.store.View(ctx, func(tx *store.Tx) (err error) {
		p, err = readPosting(tx, m.Subject)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return scheduler.Outcome{State: store.Withdrawn, Reason: "the announcement is gone"}
	case err != nil:
		return later(m, now, 0, err)
	}
	if why := p.pointless(m); why != "" {
		return scheduler.Outcome{State: store.Withdrawn, Reason: why}
	}
	if !scheduler.IsEdit(m.Offset) && (!m.IsStatus() || m.Offset == store.StatusOffset) {
		return b.sendPosting(ctx, c, p, m, now, false)
	}
	carriers := p.carriers(m)
	if len(carriers) == 0 { // it is being sent this moment, or was, when the process died
		return scheduler.Outcome{State: store.Planned, Due: now.Add(laterUnlessSaid), Reason: "what it changes is being sent"}
	}
	said, err := p.words(c, m, now, false)
	if err != nil {
		return failed(err)
	}
	switch out, ok := b.replace(ctx, m, carriers, said, now); {
	case ok:
		return out
	case m.IsStatus():
		return scheduler.Outcome{State: store.Withdrawn, Reason: "what was sent can't be changed"}
	}
	return b.sendPosting(ctx, c, p, m, now, true)
}

func (b *Bot) sendPosting(ctx context.Context, c *store.Snapshot, p *posting, m *store.Message, now time.Time, anew bool) scheduler.Outcome {
	said, err := p.words(c, m, now, anew)
	if err != nil {
		return failed(err)
	}
	return b.sendWords(ctx, m, said, now)
}

// words finds the words of a message of an announcement.
func (p *posting) words(c *store.Snapshot, m *store.Message, now time.Time, anew bool) (chat.Message, error) {
	return wordsBy(c, m, now, func(s *speech, m *store.Message) chat.Message {
		if m.IsStatus() {
			return s.fares(p)
		}
		return s.carry(p, m, anew)
	})
}

// replace puts the words of a message in the place of all that was sent. Not ok means that
// the last of it can't be changed; where an earlier one can't, the last one says it.
func (b *Bot) replace(ctx context.Context, m *store.Message, carriers []store.Message, said chat.Message, now time.Time) (out scheduler.Outcome, ok bool) {
	for i := range carriers {
		there, err := b.edit(ctx, &carriers[i], said)
		var wait *chat.LaterError
		switch {
		case errors.As(err, &wait):
			return later(m, now, wait.Wait, wait), true
		case err != nil:
			ok = false
			b.o.Log.Warn("message can't be edited", "message", carriers[i].ID, "cause", err)
		case there:
			ok = true
		}
	}
	return scheduler.Outcome{State: store.Sent}, ok
}

var errNoEditor = errors.New("its platform can't edit")

// edit puts words in the place of one message, and notes where they stand now. there:
// there was something to edit.
func (b *Bot) edit(ctx context.Context, m *store.Message, said chat.Message) (there bool, err error) {
	var stands []store.Reference
	err = b.store.View(ctx, func(tx *store.Tx) (err error) {
		stands, err = tx.References(m.ID)
		return err
	})
	if err != nil {
		return false, &chat.LaterError{Cause: err}
	}
	if len(stands) == 0 {
		return false, nil
	}
	at := stands[0]
	var ids []string
	for _, r := range stands {
		ids = append(ids, r.RemoteID)
	}
	h := b.handler(at.BotID)
	if h == nil {
		return true, errNoEditor
	}
	editor, ok := h.adapter.(chat.Editor)
	if !ok {
		return true, errNoEditor
	}
	now, err := editor.Edit(ctx, at.ChatID, ids, said)
	if err != nil || slices.Equal(ids, now) {
		return true, err
	}
	stands = references(&store.Account{BotID: at.BotID, ChatID: at.ChatID}, now)
	err = b.store.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.PutReferences(m.ID, stands) })
	if err != nil {
		b.o.Log.Error("what an edit has split anew can't be noted", "message", m.ID, "cause", err)
	}
	return true, nil
}
