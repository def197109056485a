package bot

import (
	"errors"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// openMeeting speaks of the pair of a meeting, as a button names it. ok: it is one
// with which the person has to do; else the reply says so.
func (t *turn) openMeeting() (m store.Meeting, ok bool, err error) {
	m, err = t.tx.Meeting(t.args["meeting"])
	if err == nil {
		err = t.openPair(m.PairID)
	}
	if errors.Is(err, store.ErrNotFound) {
		t.stale()
		return m, false, nil
	}
	return m, err == nil, err
}

// openHeld is openMeeting for a meeting that was logged. ok: it still is; else the reply
// says so.
func (t *turn) openHeld() (m store.Meeting, ok bool, err error) {
	m, ok, err = t.openMeeting()
	if ok && m.State != store.Held {
		t.sayGone(&m)
		ok = false
	}
	return m, ok, err
}

func (t *turn) sayGone(m *store.Meeting) {
	t.say("confirm.gone", locale.Args{"Day": t.day(m.Day)}, t.lead("log", "log "+m.PairID))
}

// right is the partner's word that a logged meeting is right.
func (t *turn) right() error {
	m, ok, err := t.openHeld()
	switch {
	case err != nil || !ok:
		return err
	case m.LoggedBy == t.me() || t.actedFor() != "":
		t.stale()
		return nil
	case !m.ConfirmedAt.IsZero():
		t.thanks(&m)
		return nil
	case !m.DisputedAt.IsZero() && m.DisputedBy != t.me(): // a coordinator had logged it, and both were asked
		t.say("confirm.partner-disputes", locale.Args{"Day": t.day(m.Day), "Partner": t.partner(t.pair)}, t.lead("progress", "progress "+m.PairID))
		return nil
	}
	return t.confirmed(&m)
}

// confirmed confirms a meeting that somebody else has logged.
func (t *turn) confirmed(m *store.Meeting) error {
	if err := t.act(); err != nil {
		return err
	}
	if err := t.tx.Confirm(m.ID, t.me()); err != nil {
		return err
	}
	was := *m
	m.ConfirmedAt, m.DisputedAt, m.DisputedBy = t.now, time.Time{}, ""
	t.replace(&was, m)
	t.thanks(m)
	if was.DisputedAt.IsZero() {
		return nil
	}
	return t.noteTo(m, store.NewID(), noteSettled, t.others()...)
}

// thanks says that a meeting counts, and how the pair stands.
func (t *turn) thanks(m *store.Meeting) {
	standing := scheduler.Pace(t.c, t.pair, t.now)
	t.tell(chat.Join(
		t.text(beyond(standing, "confirm.thanks", "confirm.thanks-extra"), locale.Args{"Day": t.day(m.Day), "Held": standing.Held, "Minimum": standing.Minimum}),
		t.pacing(standing),
	), t.lead("progress", "progress "+m.PairID))
}

// off is the partner's word that something about a logged meeting isn't right: it
// doesn't count until the two settle it.
func (t *turn) off() error {
	m, ok, err := t.openHeld()
	switch {
	case err != nil || !ok:
		return err
	case m.LoggedBy == t.me() || t.actedFor() != "":
		t.stale()
		return nil
	}
	if m.DisputedAt.IsZero() {
		if settled, err := t.wasSettled(&m); err != nil || settled {
			t.saySettled(&m)
			return err
		}
		if err := t.act(); err != nil {
			return err
		}
		if err := t.tx.Dispute(m.ID, t.me()); err != nil {
			return err
		}
		if err := t.noteTo(&m, store.NewID(), noteDisputed, t.others()...); err != nil {
			return err
		}
	}
	args := locale.Args{"Day": t.day(m.Day), "Partner": t.partner(t.pair)}
	said := t.text("confirm.disputed", args)
	if _, ok := t.pair.Partner(m.LoggedBy); !ok {
		said = t.text("confirm.disputed-for-you", args)
	}
	t.tell(said, t.button("right-after-all", "right "+m.ID))
	return nil
}

// back takes a disputed meeting back: who logged it agrees that it wasn't so, or a
// coordinator says it.
func (t *turn) back() error {
	m, ok, err := t.openHeld()
	switch {
	case err != nil || !ok:
		return err
	case m.LoggedBy != t.me() && !t.coordinates(m.CycleID):
		t.stale()
		return nil
	case m.DisputedAt.IsZero():
		settled, err := t.wasSettled(&m)
		if settled {
			t.saySettled(&m)
		} else {
			t.stale()
		}
		return err
	}
	if err := t.act(); err != nil {
		return err
	}
	if err := t.tx.Settle(m.ID, false); err != nil {
		return err
	}
	t.say("confirm.taken-back", locale.Args{"Day": t.day(m.Day)}, t.lead("log", "log "+m.PairID))
	what := noteTakenBack
	if t.actedFor() != "" {
		what = noteDropped
	}
	return t.noteTo(&m, store.NewID(), what, t.others()...)
}
