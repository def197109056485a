package bot

import (
	"errors"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// What undoing a change of a session needs.
type (
	sessionMove struct {
		Was store.Session
		To  store.Wall
	}
	addressChange struct{ Was, Is string }
	// cancelling, or its opposite: the thing itself says the rest.
	cancelling struct{}
)

func init() {
	undoers["session-add"] = undoing(undoAddSession)
	undoers["session-move"] = undoing(undoMoveSession)
	undoers["session-address"] = undoing(undoAddress)
	undoers["session-cancel"] = undoing(undoCancelSession)
	undoers["session-restore"] = undoing(undoRestoreSession)
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
	if x.At != kept.To || !x.CancelledAt.IsZero() || !x.AttendanceAt.IsZero() {
		return t.giveUp("undo.changed-since", locale.Args{"Title": kept.Was.Title}, t.button("see-session", "manage-session "+e.Subject))
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

func undoCancelSession(t *turn, e *store.Entry, _ *cancelling) error {
	x := t.sessionByID(e.Subject)
	if x.CancelledAt.IsZero() {
		return t.giveUp("undo.changed-since", locale.Args{"Title": x.Title}, t.button("see-session", "manage-session "+e.Subject))
	}
	hear, err := t.putSessionOn(x, e.ID)
	if err != nil {
		return err
	}
	t.tell(chat.Join(t.title("undo.session-cancel", x.Title), hear), t.lead("see-session", "manage-session "+e.Subject))
	return nil
}

func undoRestoreSession(t *turn, e *store.Entry, _ *cancelling) error {
	x := t.sessionByID(e.Subject)
	if !x.CancelledAt.IsZero() || t.hasBegun(x) {
		return t.giveUp("undo.changed-since", locale.Args{"Title": x.Title}, t.button("see-session", "manage-session "+e.Subject))
	}
	hear := t.hearOfCancelling(x)
	if err := t.dropChanges(x.Slug, sessionNoun); err != nil {
		return err
	}
	if err := t.tx.CancelSession(x.ID); err != nil {
		return err
	}
	t.tell(chat.Join(t.title("undo.session-restore", x.Title), hear), t.lead("manage-sessions", "manage-sessions "+e.CycleID))
	return nil
}

// haveAddress are those who come to a session and were told where it is: with the last
// reminder, or by the news of a change.
func (t *turn) haveAddress(x *store.Session) (people []*store.Person) {
	for _, told := range t.c.Told {
		a, _ := t.c.Answer(x.ID, told.PersonID)
		m := t.c.Member(told.PersonID)
		if told.Kind == store.KindSession && told.Subject == x.Slug && t.isLast(told.Offset) && a.Coming && m != nil && m.LeftAt.IsZero() {
			people = append(people, t.c.People[told.PersonID])
		}
	}
	return people
}

func (t *turn) hearOfAddress(n int) chat.Text {
	if n == 0 {
		return t.text("hear.address-later", nil)
	}
	return t.text("hear.address", locale.Args{"Count": n})
}

func sureOfAddress(t *turn, d *proposal) chat.Text {
	x := *t.sessionByID(d.Subject)
	x.Where = d.Values["where"]
	nowhere := chat.Text("")
	if x.Where == "" {
		nowhere = t.text("session-address.none", nil)
	}
	return chat.Join(t.text("session-address.sure", nil), chat.Stack(t.sessionFacts(&x), nowhere), t.hearOfAddress(len(t.haveAddress(&x))))
}

func changeAddress(t *turn, d *proposal) (outcome, error) {
	x := t.sessionByID(d.Subject)
	was := x.Where
	people := t.haveAddress(x)
	x.Where = d.Values["where"]
	if err := t.tx.UpdateSession(*x); err != nil {
		return outcome{}, err
	}
	return outcome{
		subject: x.ID, before: addressChange{was, x.Where},
		text:    chat.Join(t.text("session-address.done", nil), t.sessionFacts(x), t.hearOfAddress(len(people))),
		buttons: []chat.Button{t.lead("see-session", "manage-session "+x.ID)},
	}, t.tellChange(x.Slug, d.id, changedAddress, t.now, people)
}

func undoAddress(t *turn, e *store.Entry, kept *addressChange) error {
	x := t.sessionByID(e.Subject)
	if x.Where != kept.Is {
		return t.giveUp("undo.changed-since", locale.Args{"Title": x.Title}, t.button("see-session", "manage-session "+e.Subject))
	}
	heard, err := t.heard(store.KindChange, x.Slug, e.ID)
	if err != nil {
		return err
	}
	x.Where = kept.Was
	if err := t.tx.UpdateSession(*x); err != nil {
		return err
	}
	t.tell(chat.Join(t.text("undo.session-address", nil), t.sessionFacts(x), t.hearAgain(len(heard))), t.lead("see-session", "manage-session "+x.ID))
	return t.tellChange(x.Slug, e.ID+undone, changedAddress, t.now, heard)
}
