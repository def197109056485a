package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// undoLife is how long what was done can be undone.
const undoLife = 10 * time.Minute

// enter writes down who did what, for whom if somebody acted in their place, and what
// undoing it needs; it returns the entry's id.
func (t *turn) enter(what, cycleID, subject, acted string, before any) (id string, err error) {
	kept, err := json.Marshal(before)
	if err != nil {
		return "", fmt.Errorf("keep what was before: %w", err)
	}
	e := store.Entry{CycleID: cycleID, By: t.me(), For: acted, What: what, Subject: subject, Before: string(kept)}
	err = t.tx.InsertEntry(&e)
	return e.ID, err
}

// undoers undo entries, by what was done.
var undoers = map[string]func(*turn, *store.Entry) error{
	"leave":  undoLeave,
	"log":    undoLog,
	"settle": undoSettle,
}

// undo undoes what the person has done a short while ago.
func (t *turn) undo() error {
	e, err := t.tx.Entry(t.args["entry"])
	undoer := undoers[e.What]
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && (e.By != t.me() || undoer == nil):
		t.stale()
		return nil
	case err != nil:
		return err
	case !e.UndoneAt.IsZero():
		t.say("undo.twice", nil, t.first()...)
		return nil
	case t.now.Sub(e.At) > undoLife:
		t.reply.Update = false
		if e.What == "log" {
			t.say("undo.late-log", nil, t.lead("progress", "progress"), t.button("help", "help"))
			return nil
		}
		t.say("undo.late", nil, t.first()...)
		return nil
	case e.Before == "" && e.What != "log": // it may have spoken of somebody who was erased
		t.say("change.cant-undo", nil, t.first()...)
		return nil
	}
	if err := t.act(); err != nil {
		return err
	}
	if err := t.tx.UndoEntry(e.ID, t.me()); err != nil {
		return err
	}
	if err = undoer(t, &e); errors.Is(err, store.ErrNotFound) { // who did it has no part in it any more
		return t.giveUp("sorry.stale", nil, t.first()...)
	}
	return err
}

// anID takes the id of a thing, as buttons have it. Whether there is such a thing, and
// whose it is, the command asks.
func anID(name string) option {
	return option{
		name: name, ask: "sorry.stale",
		offers: func(*turn) ([]offer, error) { return nil, nil },
		read: func(_ *turn, text string) (value, rest string, ok bool) {
			word, rest := cut(text)
			return word, rest, len(word) == len(store.NewID())
		},
	}
}
