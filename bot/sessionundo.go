package bot

import (
	"errors"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// A sessionMove is what undoing a move of a session needs.
type sessionMove struct {
	Was store.Session
	To  store.Wall
}

// undoAddSession takes a session away, unless somebody has heard of it.
func undoAddSession(t *turn, e *store.Entry, added *store.Session) error {
	err := t.tx.RemoveSession(e.Subject)
	var kept *store.KeptError
	if errors.As(err, &kept) {
		return t.giveUp("undo.session-known", locale.Args{"Title": added.Title},
			t.button("cancel-session", "session-cancel "+e.Subject), t.button("see-session", "manage-session "+e.Subject))
	}
	if err != nil {
		return err
	}
	t.say("undo.session-add", locale.Args{"Title": added.Title}, t.lead("manage-sessions", "manage-sessions "+e.CycleID))
	return nil
}

// undoMoveSession puts a session back: without a word if nobody has heard of the move
// yet, else by moving it again.
func undoMoveSession(t *turn, e *store.Entry, kept *sessionMove) error {
	x := t.sessionByID(e.Subject)
	if x.At != kept.To {
		return t.changedSince(e)
	}
	if !kept.Was.At.In(t.c.Cycle.Location()).After(t.now) {
		return t.giveUp("undo.past", locale.Args{"Title": kept.Was.Title}, t.button("see-session", "manage-session "+e.Subject))
	}
	hear := t.text("hear.nobody-heard", nil)
	err := t.tx.PutSessionBack(kept.Was)
	if errors.Is(err, store.ErrState) {
		hear = t.hearOfMove(x, kept.Was.At)
		err = t.tx.MoveSession(e.Subject, kept.Was.At)
	}
	if err != nil {
		return err
	}
	back := *x
	back.At = kept.Was.At
	t.tell(chat.Join(t.text("undo.session-move", nil), t.sessionFacts(&back), hear), t.lead("see-session", "manage-session "+e.Subject))
	return nil
}
