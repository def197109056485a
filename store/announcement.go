package store

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The states of an announcement.
const (
	AnnouncementDraft     = "draft"
	AnnouncementScheduled = "scheduled"
	AnnouncementSent      = "sent"
	AnnouncementWithdrawn = "withdrawn"
)

// The audiences of an announcement; the last two are followed by the id of a pair or of
// a person.
const (
	AudienceEveryone = "everyone"
	AudienceMentors  = "mentors"
	AudienceMentees  = "mentees"
	AudiencePair     = "pair:"
	AudiencePerson   = "person:"
)

// AudienceOf stands before the id of the announcement that a draft corrects, in place of
// an audience of its own.
const AudienceOf = "correct:"

// An Announcement is what a coordinator posts to an audience.
type Announcement struct {
	ID, CycleID, AuthorID, Audience, Text string
	State                                 string // draft, scheduled, sent, withdrawn
	Due                                   time.Time
	Revision                              int // 1, raised by each correction of what was sent
}

// For reports whether an announcement is for a member, as they stand in c: one who has
// joined, has not left, and has not written it.
func (a *Announcement) For(c *Snapshot, m *Member) bool {
	if m.PersonID == a.AuthorID || m.JoinedAt.IsZero() || !m.LeftAt.IsZero() {
		return false
	}
	switch a.Audience {
	case AudienceEveryone:
		return true
	case AudienceMentors:
		return m.Role == Mentor
	case AudienceMentees:
		return m.Role == Mentee
	}
	if id, ok := strings.CutPrefix(a.Audience, AudiencePair); ok {
		return slices.ContainsFunc(c.Pairs, func(p Pair) bool {
			_, in := p.Partner(m.PersonID)
			return p.ID == id && in
		})
	}
	return a.Audience == AudiencePerson+m.PersonID
}

func (tx *Tx) scanAnnouncement(row scanner, a *Announcement) error {
	var sealed []byte
	err := row.Scan(&a.ID, &a.CycleID, &a.AuthorID, &a.Audience, &sealed, &a.State, when(&a.Due), &a.Revision)
	if err != nil {
		return err
	}
	text, err := tx.seals.Unseal(sealed, a.place())
	a.Text = string(text)
	return err
}

// place is where the text is sealed.
func (a *Announcement) place() string { return "announcement/" + a.ID }

func (a *Announcement) sealed(tx *Tx) ([]byte, error) {
	sealed, err := tx.seals.Seal([]byte(clean(a.Text)), a.place())
	if err != nil {
		return nil, fmt.Errorf("seal announcement: %w", err)
	}
	return sealed, nil
}

const selectAnnouncement = `SELECT id, cycle_id, author_id, audience, sealed, state, due, revision FROM announcement`

// Announcements returns the announcements of a cycle, drafts included, in no
// particular order.
func (tx *Tx) Announcements(cycleID string) ([]Announcement, error) {
	return list(tx, "read announcements", tx.scanAnnouncement, selectAnnouncement+` WHERE cycle_id = $1`, cycleID)
}

// Announcement returns an announcement by id.
func (tx *Tx) Announcement(id string) (Announcement, error) {
	return one(tx, "read announcement", tx.scanAnnouncement, selectAnnouncement+` WHERE id = $1`, id)
}

// InsertAnnouncement adds an announcement and sets its ID, unless it has one,
// Revision 1, and State, unless set, to draft. Its text is sealed.
func (tx *Tx) InsertAnnouncement(a *Announcement) error {
	fill(&a.ID)
	a.Revision = 1
	if a.State == "" {
		a.State = AnnouncementDraft
	}
	sealed, err := a.sealed(tx)
	if err != nil {
		return err
	}
	err = tx.run("insert announcement", `INSERT INTO announcement (id, cycle_id, author_id, audience, sealed, state,
		due, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		a.ID, a.CycleID, a.AuthorID, clean(a.Audience), sealed, a.State, ms(a.Due), a.Revision)
	if err != nil {
		return err
	}
	return tx.Touch(a.CycleID)
}

// UpdateAnnouncement writes an announcement's audience, text, state and due instant.
// The correction of one that was sent is a new revision. One that was withdrawn stays
// as it is, and one that was sent can't become anything else: ErrState. One that becomes
// so loses its attachments.
func (tx *Tx) UpdateAnnouncement(a Announcement) error {
	before, err := tx.Announcement(a.ID)
	if err != nil {
		return err
	}
	sent := before.State == AnnouncementSent
	if before.State == AnnouncementWithdrawn || sent && a.State != AnnouncementSent && a.State != AnnouncementWithdrawn {
		return ErrState
	}
	revision := before.Revision
	if sent && clean(a.Text) != before.Text {
		revision++
	}
	sealed, err := a.sealed(tx)
	if err != nil {
		return err
	}
	err = tx.write("update announcement", ErrNotFound, `UPDATE announcement SET audience = $1, sealed = $2, state = $3,
		due = $4, revision = $5 WHERE id = $6`,
		clean(a.Audience), sealed, a.State, ms(a.Due), revision, a.ID)
	if err != nil {
		return err
	}
	if a.State == AnnouncementWithdrawn {
		if err := tx.PutAttachments(a.ID, nil); err != nil {
			return err
		}
	}
	return tx.Touch(before.CycleID)
}

// MarkAnnounced notes that the audience of what was scheduled in a cycle for now or
// earlier has been found: it is sent. It is for the plan, after it has put the messages
// into the outbox.
func (tx *Tx) MarkAnnounced(cycleID string, now time.Time) error {
	return tx.run("mark announcements", `UPDATE announcement SET state = 'sent'
		WHERE cycle_id = $1 AND state = 'scheduled' AND due <= $2`, cycleID, ms(now))
}
