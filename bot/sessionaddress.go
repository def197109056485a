package bot

import (
	"slices"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// haveAddress are those who come to a session and were told where it is: with the last
// reminder, or by the news of a change.
func (t *turn) haveAddress(x *store.Session) (people []*store.Person) {
	for _, told := range t.c.Told {
		a, _ := t.c.Answer(x.ID, told.PersonID)
		m := t.c.Member(told.PersonID)
		p := t.c.People[told.PersonID]
		if told.Kind == store.KindSession && told.Subject == x.Slug && t.isLast(told.Offset) && a.Coming && m != nil && m.LeftAt.IsZero() &&
			!slices.Contains(people, p) { // of an earlier revision
			people = append(people, p)
		}
	}
	return people
}

func (t *turn) hearOfAddress(x *store.Session) chat.Text {
	return t.hearingAtOnce(t.haveAddress(x), t.sessionStart(x), "hear.address-later", "hear.address")
}

func sureOfAddress(t *turn, d *proposal) chat.Text {
	x := *t.sessionByID(d.Subject)
	x.Where = d.Values["where"]
	nowhere := chat.Text("")
	if x.Where == "" {
		nowhere = t.text("session-address.none", nil)
	}
	return chat.Join(t.text("session-address.sure", nil), chat.Stack(t.sessionFacts(&x), nowhere), t.hearOfAddress(&x))
}

// An addressChange is what undoing a change of the address of a session needs.
type addressChange struct{ Was, Is string }

func changeAddress(t *turn, d *proposal) (outcome, error) {
	x := t.sessionByID(d.Subject)
	was := x.Where
	x.Where = d.Values["where"]
	if err := t.tx.UpdateSession(*x); err != nil {
		return outcome{}, err
	}
	return outcome{
		subject: x.ID, before: addressChange{was, x.Where},
		text:    chat.Join(t.text("session-address.done", nil), t.sessionFacts(x), t.hearOfAddress(x)),
		buttons: []chat.Button{t.lead("see-session", "manage-session "+x.ID)},
	}, t.tellChange(t.sessionGathering(x), d.id, changedAddress, t.now, t.haveAddress(x))
}

func undoAddress(t *turn, e *store.Entry, kept *addressChange) error {
	x := t.sessionByID(e.Subject)
	if x.Where != kept.Is {
		return t.changedSince(e)
	}
	x.Where = kept.Was
	if err := t.tx.UpdateSession(*x); err != nil {
		return err
	}
	return t.tellUndone(t.sessionGathering(x), e, changedAddress,
		chat.Join(t.text("undo.session-address", nil), t.sessionFacts(x)), t.lead("see-session", "manage-session "+x.ID))
}
