package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// LogMeeting logs, for one of a pair or a coordinator, a meeting that was held on a
// day, and has whoever of the pair didn't log it asked whether that is right. Refusals
// are the store's.
func LogMeeting(tx *store.Tx, pairID string, day store.Date, length time.Duration, by string) (store.Meeting, error) {
	c, err := tx.PairSnapshot(pairID)
	if err != nil {
		return store.Meeting{}, err
	}
	return logMeeting(tx, c, day, length, by)
}

// logMeeting is LogMeeting for the snapshot of a pair.
func logMeeting(tx *store.Tx, c *store.Snapshot, day store.Date, length time.Duration, by string) (store.Meeting, error) {
	pair := &c.Pairs[0]
	meeting, err := tx.LogOf(c, day, length, by)
	if err != nil {
		return meeting, err
	}
	var asked []*store.Person
	for _, id := range []string{pair.MentorID, pair.MenteeID} {
		if id != by {
			asked = append(asked, c.People[id])
		}
	}
	return meeting, post(tx, meeting.CycleID, confirmation(c, pair, &meeting), asked...)
}

// confirmation asks whether a logged meeting is right; again, if it is logged again.
func confirmation(c *store.Snapshot, pair *store.Pair, m *store.Meeting) news {
	return news{
		kind: store.KindConfirm, subject: store.MeetingSlug(c.PairSlug(pair), m.Number),
		occasion: strconv.FormatInt(m.LoggedAt.UnixMilli(), 10),
	}
}

// log logs a meeting of a pair.
func (t *turn) log() error {
	day, length := t.dayOf("day"), t.lengthOf("length")
	was := t.meetingOn(day)
	if was != nil && was.State == store.Held { // by the partner: else it was refused
		return t.confirmed(was)
	}
	if err := t.act(); err != nil {
		return err
	}
	m, err := logMeeting(t.tx, t.c, day, length, t.me())
	if err != nil {
		return err
	}
	entry, err := t.enter("log", m.CycleID, m.ID, t.actedFor(), was)
	if err != nil {
		return err
	}
	t.replace(was, &m)
	t.logged(&m, entry)
	return nil
}

func asRefusal(err error) (refusal *store.Refusal) {
	errors.As(err, &refusal)
	return refusal
}

// meetingOn returns the pair's meeting of a day, one that counts before one that was
// agreed; nil if there is none.
func (t *turn) meetingOn(day store.Date) (found *store.Meeting) {
	for i := range t.c.Meetings {
		m := &t.c.Meetings[i]
		if m.Day == day && (m.State == store.Held || m.State == store.Agreed && found == nil) {
			found = m
		}
	}
	if found == nil {
		return nil
	}
	kept := *found
	return &kept
}

// replace puts a meeting into what is spoken of, in the place of what it was.
func (t *turn) replace(was, m *store.Meeting) {
	i := slices.IndexFunc(t.c.Meetings, func(x store.Meeting) bool { return was != nil && x.ID == was.ID })
	if i < 0 {
		t.c.Meetings = append(t.c.Meetings, *m)
		return
	}
	t.c.Meetings[i] = *m
}

// logged says what was logged, and how the pair stands.
func (t *turn) logged(m *store.Meeting, entry string) {
	standing := scheduler.Pace(t.c, t.pair, t.now)
	facts := t.text("log.facts", locale.Args{"Day": t.day(m.Day), "Length": t.length(m.Length), "Who": t.pairName(t.pair)})
	t.tell(chat.Join(
		chat.Stack(t.text(beyond(standing, "log.done", "log.extra"), locale.Args{"Number": standing.Held, "Minimum": standing.Minimum}), facts),
		t.pacing(standing), t.askedNext(),
	), t.button("undo", "undo "+entry), t.lead("progress", "progress "+t.pair.ID))
}

// askedNext says who is asked whether it is right.
func (t *turn) askedNext() chat.Text {
	if _, mine := t.pair.Partner(t.me()); !mine {
		return t.text("log.asks-both", nil)
	}
	return t.text("log.asks", locale.Args{"Partner": t.partner(t.pair)})
}

// beyond chooses between two texts: what is said up to the minimum, and of a pair that
// has held more.
func beyond(standing scheduler.Standing, upTo, more string) string {
	if standing.Held > standing.Minimum {
		return more
	}
	return upTo
}

// pacing says how many meetings are left, until when, and whether that is well; nothing
// of a pair that has held more than there have to be.
func (s *speech) pacing(standing scheduler.Standing) chat.Text {
	left := locale.Args{"Count": standing.Left(), "By": s.until(s.c.Cycle.By), "Expected": standing.Ended}
	switch {
	case standing.Held > standing.Minimum:
		return ""
	case standing.Left() == 0:
		return s.text("pace.reached", locale.Args{"Minimum": standing.Minimum})
	case s.today() > s.c.Cycle.By:
		return s.text("log.late", left)
	case standing.Behind:
		return s.text("log.behind", left)
	default:
		return s.text("log.fine", left)
	}
}

// pairName names a pair to who reads: by the partner, or by both.
func (s *speech) pairName(pair *store.Pair) chat.Text {
	if _, mine := pair.Partner(s.to.ID); mine {
		return s.text("pair.with", locale.Args{"Partner": s.partner(pair)})
	}
	return s.both(pair)
}

// both names a pair by both.
func (s *speech) both(pair *store.Pair) chat.Text { return s.text("pair.both", s.pairArgs(pair)) }

// awaitsMe reports whether a meeting was logged by the person's partner, and who logs it
// as well confirms it.
func (t *turn) awaitsMe(m *store.Meeting) bool {
	_, mine := t.pair.Partner(t.me())
	return mine && m.LoggedBy != t.me() && m.ConfirmedAt.IsZero() && m.DisputedAt.IsZero()
}

// actedFor is whom a coordinator acts for when a pair isn't their own.
func (t *turn) actedFor() string {
	if _, mine := t.pair.Partner(t.me()); mine {
		return ""
	}
	return t.pair.MenteeID
}

// undoLog takes a logged meeting back; who knows of it is told.
func undoLog(t *turn, e *store.Entry) error {
	m, err := t.tx.Meeting(e.Subject)
	if err != nil {
		return err
	}
	if err := t.openPair(m.PairID); err != nil {
		return err
	}
	settled, err := t.wasSettled(&m)
	switch {
	case err != nil:
		return err
	case m.State != store.Held || !m.LoggedAt.Equal(e.At): // taken back, or logged anew
		t.sayGone(&m)
		return errGivenUp
	case settled:
		t.saySettled(&m)
		return errGivenUp
	}
	if e.Before == "null" || e.Before == "" { // "": who was acted for is erased, and no meeting of theirs comes back
		err = t.tx.Cancel(m.ID)
	} else {
		var was store.Meeting
		if err := json.Unmarshal([]byte(e.Before), &was); err != nil {
			return fmt.Errorf("read what a meeting was: %w", err)
		}
		err = t.tx.RestoreMeeting(was)
	}
	if err != nil {
		return err
	}
	t.say("undo.log", locale.Args{"Day": t.day(m.Day)}, t.lead("log", "log "+m.PairID), t.lead("progress", "progress "+m.PairID))
	return t.takenBack(&m, e.ID)
}

// takenBack tells those of a pair who had been asked about a meeting, or have confirmed it
// unasked by logging it too, that it is no more.
func (t *turn) takenBack(m *store.Meeting, occasion string) error {
	asked := confirmation(t.c, t.pair, m)
	heard, err := t.heard(asked.kind, asked.subject, asked.occasion)
	if err != nil {
		return err
	}
	var people []string
	for _, id := range t.others() {
		if !m.ConfirmedAt.IsZero() || slices.Contains(heard, t.c.People[id]) {
			people = append(people, id)
		}
	}
	what := noteTakenBack
	if t.actedFor() != "" {
		what = noteTakenBackForYou
	}
	return t.noteTo(m, occasion, what, people...)
}

// others are the two of the pair, but for the person themselves.
func (t *turn) others() (ids []string) {
	for _, id := range []string{t.pair.MentorID, t.pair.MenteeID} {
		if id != t.me() {
			ids = append(ids, id)
		}
	}
	return ids
}
