package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// A posting is an announcement with what became of it.
type posting struct {
	store.Announcement
	messages []store.Message // to its audience, in the order in which they were sent
	status   []store.Message // to its author
	readers  []string        // who say that they have read it
	files    []chat.File     // that go out with it
}

func readPosting(tx *store.Tx, id string) (*posting, error) {
	a, err := tx.Announcement(id)
	if err != nil {
		return nil, err
	}
	p := &posting{Announcement: a}
	all, err := tx.Messages(store.MessageFilter{CycleID: a.CycleID, Kind: store.KindAnnouncement, Subject: id})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b store.Message) int { return a.SettledAt.Compare(b.SettledAt) })
	for _, m := range all {
		if m.IsStatus() {
			p.status = append(p.status, m)
		} else {
			p.messages = append(p.messages, m)
		}
	}
	if p.readers, err = tx.Readers(id); err != nil {
		return nil, err
	}
	attached, err := tx.Attachments(id)
	for _, f := range attached {
		p.files = append(p.files, chat.File{Name: f.Name, Type: f.Type, Data: f.Data})
	}
	return p, err
}

// corrects returns the id of the announcement that this is a correction of.
func (p *posting) corrects() (id string, ok bool) {
	return strings.CutPrefix(p.Audience, store.AudienceOf)
}

// mark stands on the button that sends a text, for the text, audience and files which were
// seen when it was shown.
func (p *posting) mark() string {
	h := sha256.New()
	_, _ = io.WriteString(h, p.Audience+"\n"+p.Text) // it never fails
	for _, f := range p.files {
		_, _ = h.Write(f.Data)
	}
	sum := h.Sum(nil)
	return hex.EncodeToString(sum[:markBytes])
}

const markBytes = 4

// A fate is what became of an announcement with one of its audience.
type fate struct {
	got  bool      // it was sent to them
	lost bool      // else: it could not be
	due  time.Time // else: when they are to get it
	put  bool      // off, since their platform asked for it; else for quiet hours
	busy bool      // it is being sent this moment
}

// fates are what became of it with each of its audience. Who left before it came isn't
// counted.
func (p *posting) fates() map[string]*fate {
	return p.fatesOf(func(m *store.Message) string { return m.PersonID })
}

// posted is what became of it in each group.
func (p *posting) posted() map[string]*fate {
	return p.fatesOf(func(m *store.Message) string { return m.GroupID })
}

// fatesOf are those of the recipients who have an id; "" is nobody's.
func (p *posting) fatesOf(to func(*store.Message) string) map[string]*fate {
	all := map[string]*fate{}
	for i := range p.messages {
		m := &p.messages[i]
		id := to(m)
		if id == "" || scheduler.IsEdit(m.Offset) || m.State == store.Withdrawn {
			continue
		}
		f := all[id]
		if f == nil {
			f = &fate{}
			all[id] = f
		}
		switch {
		case m.State == store.Sent:
			f.got = true
		case m.Offset != "":
		case m.State == store.Planned, m.State == store.OnHold:
			f.due, f.put, f.busy = m.Due, m.Reason != "", m.LeaseOwner != ""
		default:
			f.lost = true
		}
	}
	return all
}

// holders are the people who have it, or are getting it this moment, in no particular
// order.
func (p *posting) holders() []string { return holding(p.fates()) }

// places are the groups in which it stands, or is being posted this moment.
func (p *posting) places() []string { return holding(p.posted()) }

func holding(fates map[string]*fate) (ids []string) {
	for id, f := range fates {
		if f.got || f.busy {
			ids = append(ids, id)
		}
	}
	return ids
}

func (p *posting) wasRead(personID string) bool { return slices.Contains(p.readers, personID) }

// unread are the people who have it and don't say that they have read it.
func (p *posting) unread() (ids []string) {
	for id, f := range p.fates() {
		if f.got && !p.wasRead(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// with returns the messages of one offset.
func (p *posting) with(offset string) (all []store.Message) {
	for _, m := range p.messages {
		if m.Offset == offset {
			all = append(all, m)
		}
	}
	return all
}

// edited returns the offset of the last edit that somebody has seen; "" if none.
func (p *posting) edited(personID string) (offset string) {
	for _, m := range p.messages {
		if m.PersonID == personID && m.State == store.Sent && scheduler.IsEdit(m.Offset) {
			offset = m.Offset
		}
	}
	return offset
}

// carriers are the messages in whose place an edit is to be put, in the order in which
// they were sent. Some of them may have been edits themselves, of which nothing stands.
func (p *posting) carriers(edit *store.Message) (sent []store.Message) {
	from := p.messages
	if edit.IsStatus() {
		from = p.status
	}
	for _, m := range from {
		if m.PersonID == edit.PersonID && m.GroupID == edit.GroupID && m.State == store.Sent {
			sent = append(sent, m)
		}
	}
	return sent
}

// pointless says why a message that is about to be sent has no point any more; "" if it
// has.
func (p *posting) pointless(m *store.Message) string {
	f := p.fates()[m.PersonID]
	if m.GroupID != "" {
		f = p.posted()[m.GroupID]
	}
	switch {
	case m.IsStatus():
		if m.Offset != store.StatusOffset && len(p.carriers(m)) == 0 {
			return "its status was never shown"
		}
	case m.Offset == scheduler.Undone:
	case p.State == store.AnnouncementWithdrawn:
		return "the announcement was withdrawn"
	case m.Offset == scheduler.Again && (f == nil || !f.got || p.wasRead(m.PersonID)):
		return "they have read it"
	case scheduler.IsEdit(m.Offset) && m.Offset != scheduler.EditOf(p.Revision):
		return "it was corrected again"
	}
	if scheduler.IsEdit(m.Offset) && (f == nil || !f.got && !f.busy) {
		return "they haven't got it"
	}
	return ""
}

// anAnnouncement takes an announcement of a cycle that the person coordinates; drafts are
// their author's. From then on the turn speaks of it and its cycle.
var anAnnouncement = option{
	name: "announcement", ask: "sorry.stale",
	offers: func(*turn) ([]offer, error) { return nil, nil },
	read: func(t *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		return word, rest, len(word) == len(store.NewID()) && t.openPosting(word)
	},
}

func (t *turn) openPosting(id string) bool {
	p, err := readPosting(t.tx, id)
	if err == nil && (!t.coordinates(p.CycleID) || p.State == store.AnnouncementDraft && p.AuthorID != t.me()) {
		err = store.ErrNotFound
	}
	if err == nil {
		err = t.look(p.CycleID)
	}
	if err != nil {
		if t.err == nil && !errors.Is(err, store.ErrNotFound) {
			t.err = err
		}
		return false
	}
	t.posting = p
	return true
}

// reopen reads again what the turn speaks of, after it was changed.
func (t *turn) reopen() (err error) {
	t.posting, err = readPosting(t.tx, t.posting.ID)
	if err != nil {
		return err
	}
	t.whole = false
	return t.look(t.posting.CycleID)
}

// follow puts into the outbox what follows the announcement to people and groups.
func (t *turn) follow(offset, occurrence string, due time.Time, ids ...string) error {
	a := &t.posting.Announcement
	var messages []store.Message
	for _, id := range ids {
		m := store.Message{
			CycleID: a.CycleID, Kind: store.KindAnnouncement, Subject: a.ID, Occurrence: occurrence, Offset: offset,
			Due: due, Until: due.Add(store.AnnouncementLife),
		}
		slug := scheduler.GroupSlug(id)
		switch p := t.c.People[id]; {
		case p != nil:
			slug, m.PersonID = p.Slug, id
		case t.c.Group(id) != nil:
			m.GroupID = id
		default:
			continue
		}
		m.Key = scheduler.Key(store.KindAnnouncement, a.ID, occurrence, offset, slug)
		if offset == store.StatusOffset { // it counts those who have got it
			m.Put = store.PutLast
		}
		messages = append(messages, m)
	}
	_, err := t.tx.Enqueue(messages)
	return err
}
