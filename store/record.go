package store

import (
	"errors"
	"slices"
	"time"
)

// A Record is all that is kept of one person, for them to read.
type Record struct {
	Person        Person
	Accounts      []Account
	Invitations   []Invited
	CalendarSince time.Time // when the address of their calendar was made; zero: there is none
	Parts         []Part    // those of earlier cycles too
	Pairs         []Pair    // ended ones too
	Meetings      []Meeting
	Answers       []Answer // to earlier revisions too
	Attendance    []Attendance
	Announcements []Announcement          // that they have written
	Attachments   map[string][]Attachment // by the id of the announcement
	Readings      []Reading
	Messages      []Message
	References    []Reference // where these messages stand
	Entries       []Entry     // that they have made or undone, or that somebody made for or about them
	Questions     int         // that are open in their chats
	Requests      int         // that are remembered for a while with their replies
	WrongTries    int
}

// An Invited is what is kept of an invitation, used or not: its code isn't.
type Invited struct{ CreatedAt, Expires, UsedAt time.Time }

// A Reading says that a person has said of an announcement that they have read it.
type Reading struct {
	AnnouncementID string
	At             time.Time
}

// Record reads all that is kept of a person.
func (tx *Tx) Record(personID string) (*Record, error) {
	r := &Record{}
	var err error
	if r.Person, err = tx.Person(personID); err != nil {
		return nil, err
	}
	for _, read := range []func(*Record) error{
		tx.recordChats, tx.recordParts, tx.recordGatherings, tx.recordAnnouncements, tx.recordMessages, tx.recordEntries,
	} {
		if err := read(r); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// recordChats reads what is kept of somebody's accounts, and of their ways in.
func (tx *Tx) recordChats(r *Record) (err error) {
	if r.Accounts, err = tx.Accounts(r.Person.ID); err != nil {
		return err
	}
	for _, a := range r.Accounts {
		counts, err := one(tx, "count what is kept of chat", func(row scanner, n *[3]int) error {
			return row.Scan(&n[0], &n[1], &n[2])
		}, `SELECT (SELECT COUNT(*) FROM question WHERE bot_id = $1 AND (chat_id = $2 OR user_id = $3)),
			(SELECT COUNT(*) FROM handled WHERE bot_id = $1 AND chat_id = $2),
			(SELECT COUNT(*) FROM wrong_try WHERE bot_id = $1 AND user_id = $3)`, a.BotID, a.ChatID, a.UserID)
		if err != nil {
			return err
		}
		r.Questions, r.Requests, r.WrongTries = r.Questions+counts[0], r.Requests+counts[1], r.WrongTries+counts[2]
	}
	r.Invitations, err = list(tx, "read invitations", func(row scanner, i *Invited) error {
		return row.Scan(when(&i.CreatedAt), when(&i.Expires), when(&i.UsedAt))
	}, `SELECT created_at, expires_at, used_at FROM invitation WHERE person_id = $1 ORDER BY created_at`, r.Person.ID)
	if err != nil {
		return err
	}
	feed, err := tx.FeedOf(FeedOwner{PersonID: r.Person.ID})
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	r.CalendarSince = feed.CreatedAt
	return err
}

func (tx *Tx) recordParts(r *Record) (err error) {
	if r.Parts, err = tx.Standings(r.Person.ID); err != nil {
		return err
	}
	slices.SortFunc(r.Parts, func(a, b Part) int { return int(a.Cycle.Starts - b.Cycle.Starts) })
	r.Pairs, err = list(tx, "read pairs of person", scanPair, selectPair+` WHERE mentor_id = $1
		UNION ALL `+selectPair+` WHERE mentee_id = $1 ORDER BY id`, r.Person.ID)
	if err != nil {
		return err
	}
	for i := range r.Pairs {
		if r.Meetings, err = appendRows(tx, r.Meetings, "read meetings of pair", scanMeeting,
			selectMeeting+` WHERE pair_id = $1 ORDER BY number`, r.Pairs[i].ID); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) recordGatherings(r *Record) (err error) {
	if r.Answers, err = tx.AnswersOf(r.Person.ID); err != nil {
		return err
	}
	r.Attendance, err = list(tx, "read attendance of person", func(row scanner, a *Attendance) error {
		return row.Scan(&a.SubjectID, &a.PersonID, &a.Day, when(&a.At), &a.By)
	}, `SELECT subject_id, person_id, day, taken_at, taken_by FROM attendance WHERE person_id = $1
		ORDER BY day, subject_id`, r.Person.ID)
	return err
}

func (tx *Tx) recordAnnouncements(r *Record) (err error) {
	r.Announcements, err = list(tx, "read announcements of person", tx.scanAnnouncement,
		selectAnnouncement+` WHERE author_id = $1 ORDER BY due, id`, r.Person.ID)
	if err != nil {
		return err
	}
	r.Attachments = map[string][]Attachment{}
	for _, a := range r.Announcements {
		if r.Attachments[a.ID], err = tx.Attachments(a.ID); err != nil {
			return err
		}
	}
	r.Readings, err = list(tx, "read readings of person", func(row scanner, x *Reading) error {
		return row.Scan(&x.AnnouncementID, when(&x.At))
	}, `SELECT announcement_id, read_at FROM reading WHERE person_id = $1 ORDER BY read_at`, r.Person.ID)
	return err
}

func (tx *Tx) recordMessages(r *Record) (err error) {
	if r.Messages, err = tx.Messages(MessageFilter{PersonID: r.Person.ID}); err != nil {
		return err
	}
	r.References, err = list(tx, "read references of person", func(row scanner, x *Reference) error {
		return row.Scan(&x.MessageID, &x.Number, &x.BotID, &x.ChatID, &x.RemoteID)
	}, `SELECT message_id, number, bot_id, chat_id, remote_id FROM reference
		WHERE message_id IN (SELECT id FROM message WHERE person_id = $1) ORDER BY message_id, number`, r.Person.ID)
	return err
}

func (tx *Tx) recordEntries(r *Record) (err error) {
	r.Entries, err = list(tx, "read entries of person", scanEntry, selectEntry+`
		WHERE done_by = $1 OR done_for = $1 OR subject = $1 OR undone_by = $1 ORDER BY done_at, id`, r.Person.ID)
	return err
}
