package bot

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// yesOrNo takes what a button says.
var yesOrNo = option{
	name: "answer", ask: "sorry.stale",
	offers: func(*turn) ([]offer, error) { return nil, nil },
	read: func(_ *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		return word, rest, word == answerYes || word == answerNo
	},
}

// settle is a coordinator's word on a meeting that the two of a pair see differently:
// it counts, or it doesn't.
func (t *turn) settle() error {
	m, ok, err := t.openMeeting()
	switch {
	case err != nil || !ok:
		return err
	case !t.coordinates(m.CycleID):
		t.stale()
		return nil
	case m.State != store.Held || m.DisputedAt.IsZero():
		t.say("settle.before", locale.Args{"Day": t.day(m.Day)}, t.lead("pair", "progress "+m.PairID))
		return nil
	}
	if err := t.act(); err != nil {
		return err
	}
	keep := t.args[yesOrNo.name] == answerYes
	if err := t.tx.Settle(m.ID, keep); err != nil {
		return err
	}
	entry, err := t.enter("settle", m.CycleID, m.ID, "", m)
	if err != nil {
		return err
	}
	done, note := "settle.done-not", noteDropped
	if keep {
		done, note = "settle.done", noteKept
	}
	t.say(done, locale.Args{"Day": t.day(m.Day), "Who": t.pairName(t.pair)},
		t.button("undo", "undo "+entry), t.lead("pair", "progress "+m.PairID))
	return t.noteTo(&m, entry, note, t.pair.MentorID, t.pair.MenteeID)
}

// undoSettle makes a meeting disputed again; who has heard otherwise is told.
func undoSettle(t *turn, e *store.Entry) error {
	var was store.Meeting
	if err := json.Unmarshal([]byte(e.Before), &was); err != nil {
		return fmt.Errorf("read what a meeting was: %w", err)
	}
	if err := t.openPair(was.PairID); err != nil {
		return err
	}
	if err := t.tx.RestoreMeeting(was); err != nil {
		return err
	}
	heard, err := t.heard(store.KindNote, store.MeetingSlug(t.c.PairSlug(t.pair), was.Number), e.ID)
	if err != nil {
		return err
	}
	var ids []string
	for _, p := range heard {
		ids = append(ids, p.ID)
	}
	t.tell(chat.Join(t.text("undo.settle", locale.Args{"Day": t.day(was.Day)}), t.hearAgain(len(ids))), t.lead("pair", "progress "+was.PairID))
	return t.noteTo(&was, e.ID+undone, noteUnsettled, ids...)
}

// wasSettled reports whether a coordinator has settled that a meeting counts, which is
// the last word.
func (t *turn) wasSettled(m *store.Meeting) (bool, error) {
	all, err := t.tx.EntriesOf(m.CycleID, m.ID)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(all, func(e store.Entry) bool {
		return e.What == "settle" && e.UndoneAt.IsZero() && !e.At.Before(m.LoggedAt)
	}), nil
}

func (t *turn) saySettled(m *store.Meeting) {
	t.say("settle.last-word", locale.Args{"Day": t.day(m.Day)}, t.lead("progress", "progress "+m.PairID))
}
