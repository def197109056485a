package store

import (
	"slices"
	"strconv"
	"time"
)

// A MeetingState is how far a meeting has come.
type MeetingState string

// The states of a meeting.
const (
	Proposed  MeetingState = "proposed"
	Agreed    MeetingState = "agreed"
	Held      MeetingState = "held"
	Cancelled MeetingState = "cancelled"
)

// A Meeting is an individual meeting of a pair.
type Meeting struct {
	ID, CycleID, PairID string
	Number              int // 1, 2, 3, … within the pair, in order of creation; never reused
	State               MeetingState
	Day                 Date      // in the cycle's zone
	At                  time.Time // when agreed for; zero: only the day is known
	Length              time.Duration
	Revision            int       // raised when an agreed meeting moves
	ProposedBy          string    // person
	AgreedAt            time.Time // when it was agreed (again, after a move); zero: never
	LoggedAt            time.Time
	LoggedBy            string
	ConfirmedAt         time.Time // by the partner
	DisputedAt          time.Time // while set, a held meeting doesn't count
	DisputedBy          string
	CancelledAt         time.Time
}

const meetingFields = `id, pair_id, number, state, day, starts_at, length, revision, proposed_by, agreed_at,
	logged_at, logged_by, confirmed_at, disputed_at, disputed_by, cancelled_at`

// fields are where to scan meetingFields.
func (m *Meeting) fields() []any {
	return []any{&m.ID, &m.PairID, &m.Number, &m.State, &m.Day, when(&m.At), lasting(&m.Length), &m.Revision,
		&m.ProposedBy, when(&m.AgreedAt), when(&m.LoggedAt), &m.LoggedBy, when(&m.ConfirmedAt),
		when(&m.DisputedAt), &m.DisputedBy, when(&m.CancelledAt)}
}

const selectMeeting = `SELECT ` + meetingFields + `, cycle_id FROM meeting`

func scanMeeting(row scanner, m *Meeting) error { return row.Scan(append(m.fields(), &m.CycleID)...) }

// Meetings returns the meetings of a cycle, in no particular order, cancelled ones
// included.
func (tx *Tx) Meetings(cycleID string) ([]Meeting, error) {
	return list(tx, "read meetings", scanMeeting, selectMeeting+` WHERE cycle_id = $1`, cycleID)
}

// MeetingsOf returns the meetings of a pair by number, cancelled ones included.
func (tx *Tx) MeetingsOf(pairID string) ([]Meeting, error) {
	return list(tx, "read meetings of pair", scanMeeting, selectMeeting+` WHERE pair_id = $1 ORDER BY number`, pairID)
}

// Meeting returns a meeting by id.
func (tx *Tx) Meeting(id string) (Meeting, error) {
	return one(tx, "read meeting", scanMeeting, selectMeeting+` WHERE id = $1`, id)
}

// A table is what the rules of meetings ask of a pair: itself, its cycle and its
// meetings so far.
type table struct {
	pair     Pair
	cycle    Cycle
	meetings []Meeting
	now      Wall // in the cycle's zone
}

func (tx *Tx) table(pairID string) (t table, err error) {
	c, err := tx.PairSnapshot(pairID)
	if err != nil {
		return t, err
	}
	return tx.tableOf(c), nil
}

// tableOf is the table of a PairSnapshot.
func (tx *Tx) tableOf(c *Snapshot) table {
	return table{pair: c.Pairs[0], cycle: c.Cycle, meetings: slices.Clone(c.Meetings), now: c.Cycle.wall(tx.Now())}
}

// on returns the meeting of a day in one of the states, except the one whose id is
// given.
func (t *table) on(day Date, except string, states ...MeetingState) *Meeting {
	for i := range t.meetings {
		m := &t.meetings[i]
		if m.Day != day || m.ID == except {
			continue
		}
		for _, s := range states {
			if m.State == s {
				return m
			}
		}
	}
	return nil
}

// number returns the next meeting's number.
func (t *table) number() int {
	if n := len(t.meetings); n > 0 {
		return t.meetings[n-1].Number + 1
	}
	return 1
}

// ahead refuses a time for which no meeting can be agreed, and returns its day.
func (t *table) ahead(at, now time.Time, except string) (Date, error) {
	w := t.cycle.wall(at)
	switch {
	case !t.pair.EndedAt.IsZero():
		return 0, ErrPairEnded
	case at.Before(now):
		return 0, ErrPast
	case t.on(w.Date, except, Agreed, Held) != nil:
		return 0, ErrSameDay
	}
	return w.Date, t.cycle.inside(w.Date)
}

// Agree adds a meeting that the pair has agreed on. It refuses the past, days
// outside the cycle, and a day for which the pair has a meeting already.
func (tx *Tx) Agree(pairID string, at time.Time, length time.Duration, by string) (*Meeting, error) {
	t, err := tx.table(pairID)
	if err != nil {
		return nil, err
	}
	day, err := t.ahead(at, tx.Now(), "")
	if err != nil {
		return nil, err
	}
	m := &Meeting{
		ID: NewID(), CycleID: t.cycle.ID, PairID: pairID, Number: t.number(), State: Agreed,
		Day: day, At: kept(at), Length: length, Revision: 1, ProposedBy: by, AgreedAt: kept(tx.Now()),
	}
	return m, tx.insertMeeting(m)
}

// Move puts an agreed meeting at another time, agreed now. It refuses what Agree
// refuses.
func (tx *Tx) Move(meetingID string, at time.Time) error {
	m, err := tx.Meeting(meetingID)
	if err != nil {
		return err
	}
	t, err := tx.table(m.PairID)
	if err != nil {
		return err
	}
	if m.State != Agreed && m.State != Proposed {
		return ErrState
	}
	if m.Day, err = t.ahead(at, tx.Now(), m.ID); err != nil {
		return err
	}
	m.State, m.At, m.AgreedAt = Agreed, kept(at), kept(tx.Now())
	m.Revision++
	return tx.updateMeeting(&m)
}

// Log notes that a pair has met on a day: an agreed meeting of that day becomes
// held, else there is a new one. It refuses the future, days outside the cycle or
// after the pair's end, and a day on which the pair has a held meeting.
func (tx *Tx) Log(pairID string, day Date, length time.Duration, by string) (Meeting, error) {
	c, err := tx.PairSnapshot(pairID)
	if err != nil {
		return Meeting{}, err
	}
	return tx.LogOf(c, day, length, by)
}

// LogOf is Log for a pair that was read in this transaction, by PairSnapshot, and not
// changed since.
func (tx *Tx) LogOf(c *Snapshot, day Date, length time.Duration, by string) (Meeting, error) {
	t := tx.tableOf(c)
	if err := t.behind(day); err != nil {
		return Meeting{}, err
	}
	if m := t.on(day, "", Agreed); m != nil {
		m.State, m.Length, m.LoggedAt, m.LoggedBy = Held, length, kept(tx.Now()), by
		return *m, tx.updateMeeting(m)
	}
	m := Meeting{
		ID: NewID(), CycleID: t.cycle.ID, PairID: t.pair.ID, Number: t.number(), State: Held,
		Day: day, Length: length, Revision: 1, LoggedAt: kept(tx.Now()), LoggedBy: by,
	}
	return m, tx.insertMeeting(&m)
}

// behind refuses a day on which no meeting can have been held.
func (t *table) behind(day Date) error {
	if day > t.now.Date {
		return ErrFuture
	}
	if err := t.cycle.inside(day); err != nil {
		return err
	}
	if end := t.pair.EndedAt; !end.IsZero() && day > t.cycle.wall(end).Date {
		return ErrPairEnded
	}
	if t.on(day, "", Held) != nil {
		return ErrSameDay
	}
	return nil
}

// Confirm notes that the partner of whoever logged a meeting says it is right,
// which also ends a dispute of theirs.
func (tx *Tx) Confirm(meetingID, by string) error {
	m, err := tx.heldMeeting(meetingID, by)
	if err != nil {
		return err
	}
	if !m.DisputedAt.IsZero() && m.DisputedBy != by {
		return ErrPartner
	}
	m.ConfirmedAt, m.DisputedAt, m.DisputedBy = kept(tx.Now()), time.Time{}, ""
	return tx.updateMeeting(&m)
}

// Dispute notes that the partner of whoever logged a meeting says that something is
// off: it doesn't count until it is settled. To say so twice changes nothing.
func (tx *Tx) Dispute(meetingID, by string) error {
	m, err := tx.heldMeeting(meetingID, by)
	if err != nil {
		return err
	}
	if !m.DisputedAt.IsZero() {
		return nil // since then it doesn't count
	}
	m.ConfirmedAt, m.DisputedAt, m.DisputedBy = time.Time{}, kept(tx.Now()), by
	return tx.updateMeeting(&m)
}

// heldMeeting returns a held meeting on which by has a say: one of the pair, but not
// who logged it.
func (tx *Tx) heldMeeting(id, by string) (Meeting, error) {
	m, err := tx.Meeting(id)
	if err != nil {
		return m, err
	}
	p, err := tx.Pair(m.PairID)
	if err != nil {
		return m, err
	}
	if m.State != Held {
		return m, ErrState
	}
	if _, ok := p.Partner(by); !ok || by == m.LoggedBy {
		return m, ErrPartner
	}
	return m, nil
}

// Settle ends a dispute: the meeting is kept and counts, or is cancelled.
func (tx *Tx) Settle(meetingID string, keep bool) error {
	m, err := tx.Meeting(meetingID)
	if err != nil {
		return err
	}
	if m.State != Held || m.DisputedAt.IsZero() {
		return ErrState
	}
	if keep {
		m.ConfirmedAt, m.DisputedAt, m.DisputedBy = kept(tx.Now()), time.Time{}, ""
	} else {
		m.State, m.CancelledAt = Cancelled, kept(tx.Now()) // it hasn't counted since it was disputed
	}
	return tx.updateMeeting(&m)
}

// Cancel cancels a meeting, held or still ahead: it doesn't count, and its
// day is free again.
func (tx *Tx) Cancel(meetingID string) error {
	m, err := tx.Meeting(meetingID)
	if err != nil {
		return err
	}
	if m.State == Cancelled {
		return ErrState
	}
	m.State, m.CancelledAt = Cancelled, kept(tx.Now())
	return tx.updateMeeting(&m)
}

// RestoreMeeting puts a meeting back to what it was before an act, all of it as it was
// read then. It refuses with ErrSameDay if the pair has come to another meeting on that
// day. What was withdrawn because of the act is asked again whether it may go out.
func (tx *Tx) RestoreMeeting(m Meeting) error {
	have, err := tx.Meeting(m.ID)
	if err != nil {
		return err
	}
	if have.PairID != m.PairID || have.Number != m.Number {
		return ErrNotFound
	}
	t, err := tx.table(m.PairID)
	if err != nil {
		return err
	}
	switch {
	case m.State == Held && t.on(m.Day, m.ID, Held) != nil,
		m.State == Agreed && t.on(m.Day, m.ID, Agreed, Held) != nil:
		return ErrSameDay
	}
	if err := tx.unsay(&have, &m); err != nil {
		return err
	}
	return tx.updateMeeting(&m)
}

func (tx *Tx) insertMeeting(m *Meeting) error {
	err := tx.run("insert meeting", `INSERT INTO meeting (id, cycle_id, pair_id, number, state, day, starts_at,
		length, revision, proposed_by, agreed_at, logged_at, logged_by, confirmed_at, disputed_at, disputed_by,
		cancelled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		m.ID, m.CycleID, m.PairID, m.Number, m.State, m.Day, ms(m.At),
		m.Length.Milliseconds(), m.Revision, m.ProposedBy, ms(m.AgreedAt), ms(m.LoggedAt), m.LoggedBy,
		ms(m.ConfirmedAt), ms(m.DisputedAt), m.DisputedBy, ms(m.CancelledAt))
	if err != nil {
		return err
	}
	return tx.Touch(m.CycleID)
}

func (tx *Tx) updateMeeting(m *Meeting) error {
	err := tx.write("update meeting", ErrNotFound, `UPDATE meeting SET state = $1, day = $2, starts_at = $3, length = $4,
		revision = $5, agreed_at = $6, logged_at = $7, logged_by = $8, confirmed_at = $9, disputed_at = $10,
		disputed_by = $11, cancelled_at = $12 WHERE id = $13`,
		m.State, m.Day, ms(m.At), m.Length.Milliseconds(),
		m.Revision, ms(m.AgreedAt), ms(m.LoggedAt), m.LoggedBy, ms(m.ConfirmedAt), ms(m.DisputedAt),
		m.DisputedBy, ms(m.CancelledAt), m.ID)
	if err != nil {
		return err
	}
	return tx.Touch(m.CycleID)
}

// MeetingSlug returns the name of a pair's n-th meeting in keys: mentor+mentee#n.
func MeetingSlug(pairSlug string, n int) string { return pairSlug + "#" + strconv.Itoa(n) }
