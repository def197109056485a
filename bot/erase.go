package bot

import (
	"errors"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// erase deletes what is kept of the person, once they were asked twice.
func (t *turn) erase() error {
	if t.isSure("really", t.rest) {
		return t.eraseNow()
	}
	if t.isSure("delete", t.rest) {
		t.say("erase.really", nil,
			t.button("delete-now", "settings delete "+t.sure("really")), t.button("keep-all", keepSettings))
		return nil
	}
	t.askErase()
	return nil
}

// askErase says what deleting means: what goes, what stays, and what happens.
func (t *turn) askErase() {
	stays := []chat.Text{t.text("erase.stays-meetings", nil), t.text("erase.stays-answers", nil)}
	if t.may(coordinator) {
		stays = append(stays, t.text("erase.stays-written", nil))
	}
	goes := []chat.Text{t.text("erase.goes-you", nil), t.text("erase.goes-chats", nil), t.text("erase.goes-drafts", nil)}
	if t.feeds() {
		goes = append(goes, t.text("erase.goes-calendar", nil))
	}
	var happens chat.Text
	switch {
	case t.may(mentored):
		happens = t.text("erase.happens", nil)
	case t.may(coordinator):
		happens = t.text("erase.happens-coordinator", nil)
	}
	t.tell(chat.Join(
		t.text("erase.ask", nil),
		chat.Stack(t.text("erase.goes", nil), chat.List(goes)),
		chat.Stack(t.text("erase.stays", nil), chat.List(stays)),
		happens, t.text("erase.file-first", nil),
	), t.lead("data-first", "settings data"), t.button("delete-on", "settings delete "+t.sure("delete")), t.button("keep-all", keepSettings))
}

// eraseNow has the person leave every cycle and deletes what is kept of them. What is
// noted of this request is its reply, without anything of theirs; once that is sent, not
// even to which chat.
func (t *turn) eraseNow() error {
	if err := t.act(); err != nil {
		return err
	}
	me := t.me()
	parts, err := t.tx.Standings(me)
	if err != nil {
		return err
	}
	for i := range parts {
		if !parts[i].LeftAt.IsZero() {
			continue
		}
		if err := t.look(parts[i].CycleID); err != nil {
			return err
		}
		if _, err := t.depart(); err != nil {
			return err
		}
	}
	if err := errors.Join(t.newMenus(me), t.tx.ErasePerson(me)); err != nil {
		return err
	}
	t.account, t.parts = store.Account{}, nil
	t.forget, t.reply.Menu = true, true
	t.say("erase.done", nil, t.button("privacy", "privacy"))
	return nil
}
