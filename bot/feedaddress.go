package bot

import (
	"errors"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// feeds reports whether the internet gets calendars from an address.
func (t *turn) feeds() bool { return t.h.o.FeedURL != nil }

// A feedAddress is the address of a calendar, as it is spoken of.
type feedAddress struct {
	owner   store.FeedOwner
	line    string // the command that is about it
	explain chat.Text
	back    chat.Button
}

// ownAddress is about the address of the person's own calendar.
func (t *turn) ownAddress() error {
	return t.address(&feedAddress{
		owner: store.FeedOwner{PersonID: t.me()}, line: "settings calendar",
		explain: t.text("feed.own", nil), back: t.lead("settings", "settings"),
	})
}

// cycleAddress is about the address of a cycle's calendar.
func (t *turn) cycleAddress() error {
	if ok, err := t.openCycle(); err != nil || !ok {
		return err
	}
	id := t.c.Cycle.ID
	return t.address(&feedAddress{
		owner: store.FeedOwner{CycleID: id}, line: "cycle-calendar " + id,
		explain: t.title("feed.cycle", t.c.Cycle.Title), back: t.lead("to-manage", "manage "+id),
	})
}

// address gives an address if there is none yet, or a new one is asked for; or it stops
// the one there is, or says that there is one.
func (t *turn) address(a *feedAddress) error {
	act, _ := cut(t.rest)
	has, err := t.tx.FeedOf(a.owner)
	none := errors.Is(err, store.ErrNotFound)
	switch {
	case err != nil && !none:
		return err
	case !t.feeds():
		t.stale()
		return nil
	case act == "stop":
		return t.stopAddress(a, none)
	case act == "new" || none:
		return t.newAddress(a)
	}
	t.say("feed.kept", locale.Args{"Day": t.day(store.DateOf(has.CreatedAt.In(t.zone)))}, t.addressButtons(a)...)
	return nil
}

// newAddress makes an address and shows it, this once: only a hash of it is kept. Like
// the code of an invitation it stands in the reply that is kept, which is sealed.
func (t *turn) newAddress(a *feedAddress) error {
	if err := t.act(); err != nil {
		return err
	}
	token, err := t.tx.NewFeed(a.owner)
	if err != nil {
		return err
	}
	if err := t.enterAddress("calendar-new", a); err != nil {
		return err
	}
	t.tell(chat.Join(
		a.explain, chat.Text("`"+t.h.o.FeedURL(token)+"`"),
		chat.List([]chat.Text{t.text("feed.google", nil), t.text("feed.apple", nil), t.text("feed.outlook", nil)}),
		t.text("feed.once", nil),
	), t.addressButtons(a)...)
	return nil
}

// stopAddress makes an address void, unless there is none.
func (t *turn) stopAddress(a *feedAddress, none bool) error {
	if !none {
		if err := t.act(); err != nil {
			return err
		}
		if err := t.tx.StopFeed(a.owner); err != nil {
			return err
		}
		if err := t.enterAddress("calendar-stop", a); err != nil {
			return err
		}
	}
	t.say("feed.stopped", nil, t.button("new-address", a.line+" new"), a.back)
	return nil
}

// enterAddress writes down what was done about the address of a cycle's calendar. A
// person's own is nobody else's business.
func (t *turn) enterAddress(what string, a *feedAddress) error {
	if a.owner.CycleID == "" {
		return nil
	}
	_, err := t.enter(what, a.owner.CycleID, "", "", nil)
	return err
}

func (t *turn) addressButtons(a *feedAddress) []chat.Button {
	return []chat.Button{t.button("new-address", a.line+" new"), t.button("stop-address", a.line+" stop"), a.back}
}
