package store

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// A Kind is what a message is about.
type Kind string

// The kinds of messages. Those that a rule plans are called reminders; those of the
// second group answer an act.
const (
	KindSession    Kind = "session"    // a group session, before it or when it moved
	KindMeeting    Kind = "meeting"    // an agreed individual meeting
	KindPace       Kind = "pace"       // a pair behind its pace, last calls included
	KindEvent      Kind = "event"      // a live event: before it, on its mornings, or when it moved
	KindDigest     Kind = "digest"     // the coordinators' weekly overview
	KindTrouble    Kind = "trouble"    // to coordinators: a pair stays behind after two reminders
	KindAttendance Kind = "attendance" // to coordinators: who was at the session?
	KindNext       Kind = "next"       // to a member who joined late: what's next
	KindConfirm    Kind = "confirm"    // to the partner: is the logged meeting right?

	KindAnnouncement Kind = "announcement" // what a coordinator posts to an audience
	KindChange       Kind = "change"       // a coordinator's change of an event's place or agenda
	KindPair         Kind = "pair"         // a new pair, or one that has ended
	KindLeft         Kind = "left"         // to coordinators: somebody has left
	KindDispute      Kind = "dispute"      // to who logged a meeting, and to coordinators: the partner says that something is off
	KindApp          Kind = "app"          // to one app of a person: another was connected; the subject is the account that is told
	KindNote         Kind = "note"         // anything else that somebody's act causes for another
	KindGroup        Kind = "group"        // to coordinators: a group can't be reached any more; the subject is its id
	KindRestored     Kind = "restored"     // to coordinators: the system was restored, and what is held
)

// A MessageState is what became of a message.
type MessageState string

// The states of a message. Planned and OnHold are not final.
const (
	Planned   MessageState = "planned"   // due now or later, perhaps being sent under a lease
	OnHold    MessageState = "held"      // may have gone out before a restore: coordinators decide
	Sent      MessageState = "sent"      // accepted by the platform
	Withdrawn MessageState = "withdrawn" // no longer wanted when its turn came: answered, paused, cancelled
	Missed    MessageState = "missed"    // could not go out while it made sense
	Failed    MessageState = "failed"    // refused, or nobody reachable
)

// A Message is one thing to be delivered to one recipient: a row of the outbox.
type Message struct {
	ID      string
	CycleID string
	// Key is kind/subject/occurrence/offset/recipient, with slugs; unique in the
	// cycle. Inserting a known key does nothing.
	Key        string
	Kind       Kind
	Subject    string // slug of the session, event or cycle; PairSlug of a pair; PairSlug#number of a meeting; id of an announcement
	Occurrence string // the subject's revision, or what sets this occurrence apart
	Offset     string // 7d, 1h, moved, morning, last-30d, 1, 2, …
	PersonID   string // the recipient, or
	GroupID    string
	Due        time.Time
	Until      time.Time // must not go out at or after it
	Put        int64     // rises with each Enqueue: about when that was, in Unix milliseconds
	State      MessageState
	Reason     string    // why withdrawn, missed or failed
	Attempts   int       // how often it was claimed
	SettledAt  time.Time // when it reached a final state
	LeaseOwner string
	LeaseUntil time.Time // by the database's clock
}

// waits is what holds of messages that are to be sent: what is held isn't.
const waits = `state = 'planned' AND NOT held`

// stateColumn is the state of a message: what is held is kept as planned.
const stateColumn = `CASE WHEN held THEN 'held' ELSE state END`

const messageColumns = `id, cycle_id, key, kind, subject, occurrence, ahead, COALESCE(person_id, ''),
	COALESCE(group_id, ''), due, until, put, ` + stateColumn + ` AS state, reason, attempts, settled_at, lease_owner, lease_until`

func scanMessage(row scanner, m *Message) error {
	return row.Scan(&m.ID, &m.CycleID, &m.Key, &m.Kind, &m.Subject, &m.Occurrence, &m.Offset, &m.PersonID,
		&m.GroupID, when(&m.Due), when(&m.Until), &m.Put, &m.State, &m.Reason, &m.Attempts, when(&m.SettledAt),
		&m.LeaseOwner, when(&m.LeaseUntil))
}

// sortMessages puts what is due first first, and of that what was put there first.
func sortMessages(messages []Message) {
	slices.SortFunc(messages, func(a, b Message) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Put, b.Put), cmp.Compare(a.Key, b.Key))
	})
}

// PutLast is the Put of what goes last of all that is due at the same instant.
const PutLast = math.MaxInt64

// Enqueue puts messages into the outbox, giving each an ID and its Put unless it has
// them, in the state that it has (Planned, unless set; with a final one SettledAt is
// now unless set), and returns how many were new: of a known key nothing changes.
func (tx *Tx) Enqueue(messages []Message) (inserted int, err error) {
	put := tx.queue.next(ms(tx.Now()))
	for i := range messages {
		messages[i].Put = cmp.Or(messages[i].Put, put)
	}
	for batch := range slices.Chunk(messages, tx.batch()) {
		n, err := tx.enqueue(batch)
		if err != nil {
			return inserted, fmt.Errorf("enqueue messages: %w", err)
		}
		inserted += n
	}
	return inserted, nil
}

func (tx *Tx) enqueue(batch []Message) (int, error) {
	const columns = 16
	var q strings.Builder
	q.WriteString(`INSERT INTO message (id, cycle_id, key, kind, subject, occurrence, ahead, person_id, group_id,
		due, until, put, state, held, reason, settled_at) VALUES `)
	args := make([]any, 0, columns*len(batch))
	for i := range batch {
		m := &batch[i]
		fill(&m.ID)
		m.State = cmp.Or(m.State, Planned)
		state, held := m.State, m.State == OnHold
		if held {
			state = Planned
		}
		if state != Planned && m.SettledAt.IsZero() {
			m.SettledAt = kept(tx.Now())
		}
		if i > 0 {
			q.WriteByte(',')
		}
		q.WriteByte('(')
		placeholders(&q, len(args)+1, columns)
		q.WriteByte(')')
		args = append(args, m.ID, m.CycleID, m.Key, string(m.Kind), m.Subject, m.Occurrence, m.Offset,
			optional(m.PersonID), optional(m.GroupID), ms(m.Due), ms(m.Until), m.Put, string(state), held, clean(m.Reason), ms(m.SettledAt))
	}
	q.WriteString(` ON CONFLICT (cycle_id, key) DO NOTHING`)
	n, err := tx.exec(q.String(), args...)
	return int(n), err
}

// Withdraw takes back what an act had people told and wasn't sent yet: the messages of
// a kind about a subject, of one occurrence or, if that is "", of all. What is being
// sent just now goes out. It returns how many were taken back.
func (tx *Tx) Withdraw(cycleID string, kind Kind, subject, occurrence, reason string) (n int, err error) {
	affected, err := tx.exec(`UPDATE message SET state = 'withdrawn', reason = $1, settled_at = $2 WHERE cycle_id = $3
		AND kind = $4 AND subject = $5 AND (occurrence = $6 OR $6 = '') AND `+waits+` AND lease_until < `+tx.clock(),
		clean(reason), ms(tx.Now()), cycleID, string(kind), subject, occurrence)
	if err != nil {
		return 0, fmt.Errorf("withdraw messages: %w", err)
	}
	return int(affected), nil
}

// gaveWay is why what waited was withdrawn; the occurrence of the later news follows.
const gaveWay = "gave way to "

// GiveWay withdraws what waits to be told a person, when later is about to be: messages of
// the same subject and kind; of changes, only of the same thing; before a dispute, notes as
// well. It returns them. What is being sent just now goes out.
func (tx *Tx) GiveWay(later *Message) ([]Message, error) {
	also := later.Kind
	if also == KindDispute {
		also = KindNote
	}
	return list(tx, "have messages give way", scanMessage, `UPDATE message SET state = 'withdrawn', reason = $1, settled_at = $2
		WHERE cycle_id = $3 AND kind IN ($4, $5) AND subject = $6 AND person_id = $7 AND occurrence <> $8
		AND (kind <> 'change' OR ahead = $9) AND `+waits+` AND lease_until < `+tx.clock()+` RETURNING `+messageColumns,
		clean(gaveWay+later.Occurrence), ms(tx.Now()), later.CycleID, string(later.Kind), string(also), later.Subject,
		later.PersonID, later.Occurrence, later.Offset)
}

// ComeBack has what gave way to the news of an occurrence wait again, since the news are
// taken back; but for those who have heard them.
func (tx *Tx) ComeBack(cycleID, subject, occurrence string, heard func(personID string) bool) error {
	gone, err := list(tx, "read what gave way", scanMessage, `SELECT `+messageColumns+` FROM message
		WHERE cycle_id = $1 AND kind IN ('change', 'pair', 'left', 'dispute', 'note') AND subject = $2
		AND state = 'withdrawn' AND reason = $3 AND until > $4`, cycleID, subject, gaveWay+occurrence, ms(tx.Now()))
	if err != nil {
		return err
	}
	for i := range gone {
		if heard(gone[i].PersonID) {
			continue
		}
		err := tx.run("have message come back", `UPDATE message SET state = 'planned', reason = '', settled_at = 0 WHERE id = $1`, gone[i].ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// A MessageFilter chooses messages; a zero field leaves all.
type MessageFilter struct {
	CycleID, PersonID, Subject string
	Kind                       Kind
	State                      MessageState
	From, To                   time.Time // due at or after From, and before To
	Limit                      int
}

// Messages returns the messages that pass the filter, by due instant, then by the order in
// which they were put into the outbox, then by key.
func (tx *Tx) Messages(f MessageFilter) ([]Message, error) {
	var where []string
	var args []any
	add := func(condition string, value any) {
		args = append(args, value)
		where = append(where, fmt.Sprintf("%s $%d", condition, len(args)))
	}
	for _, c := range []struct{ condition, value string }{
		{"cycle_id =", f.CycleID}, {"person_id =", f.PersonID}, {"subject =", f.Subject},
		{"kind =", string(f.Kind)}, {stateColumn + " =", string(f.State)},
	} {
		if c.value != "" {
			add(c.condition, c.value)
		}
	}
	if !f.From.IsZero() {
		add("due >=", ms(f.From))
	}
	if !f.To.IsZero() {
		add("due <", ms(f.To))
	}
	query := `SELECT ` + messageColumns + ` FROM message`
	if len(where) > 0 {
		query += ` WHERE ` + strings.Join(where, ` AND `)
	}
	if f.Limit > 0 {
		args = append(args, f.Limit)
		query += fmt.Sprintf(` ORDER BY due, put, key LIMIT $%d`, len(args))
	}
	messages, err := list(tx, "read messages", scanMessage, query, args...)
	sortMessages(messages)
	return messages, err
}

// Message returns a message by id.
func (tx *Tx) Message(id string) (Message, error) {
	return one(tx, "read message", scanMessage, `SELECT `+messageColumns+` FROM message WHERE id = $1`, id)
}

// NextMessage returns when the next message that isn't settled is due; the zero time
// if there is none.
func (tx *Tx) NextMessage() (time.Time, error) {
	due, err := one(tx, "read next message", column[int64],
		`SELECT COALESCE(MIN(due), 0) FROM message WHERE `+waits)
	return instant(due), err
}
