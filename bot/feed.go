package bot

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	ics "github.com/arran4/golang-ical"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// feedFreshness is how often calendars are asked to look for news; the big ones look when
// they like.
const feedFreshness = "PT1H"

// Feed returns the calendar at the address with a token, as a file, and a tag that changes
// with what it says. found: somebody has that address.
func (b *Bot) Feed(ctx context.Context, token string) (data []byte, etag string, found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = b.store.View(ctx, func(tx *store.Tx) error {
		data, found = nil, false
		f, err := tx.Feed(token)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		t := newTurn(&handler{Bot: b}, tx, &chat.Request{}, sizes[0], false)
		data, err = t.feed(f.FeedOwner)
		found = err == nil
		return errors.Join(err, t.err)
	})
	if err != nil || !found {
		return nil, "", false, err
	}
	return data, feedTag(data), true, nil
}

// feedTag is a weak tag: the same calendar says when it was made, and counts changes that
// don't show in it.
func feedTag(data []byte) string {
	sum := sha256.New()
	for line := range bytes.Lines(data) {
		if !bytes.HasPrefix(line, []byte("DTSTAMP:")) && !bytes.HasPrefix(line, []byte("SEQUENCE:")) {
			sum.Write(line)
		}
	}
	return `W/"` + hex.EncodeToString(sum.Sum(nil)[:16]) + `"`
}

// feed is the calendar of a person or a cycle, as a file.
func (t *turn) feed(owner store.FeedOwner) ([]byte, error) {
	find := t.personFeed
	if owner.CycleID != "" {
		find = t.cycleFeed
	}
	name, entries, err := find(owner.PersonID + owner.CycleID)
	if err != nil {
		return nil, err
	}
	return calendarFile(entries, t.now, func(c *ics.Calendar) {
		c.SetName(calendarText(name))
		c.SetRefreshInterval(feedFreshness, ics.WithValue(string(ics.ValueDataTypeDuration)))
		c.SetXPublishedTTL(feedFreshness)
	})
}

// personFeed is all that concerns a person in the cycles in which they take part. It is
// called what the programme is.
func (t *turn) personFeed(id string) (name string, entries []appointment, err error) {
	person, err := t.tx.Person(id)
	if err != nil {
		return "", nil, err
	}
	parts, err := t.tx.Standings(id)
	if err != nil {
		return "", nil, err
	}
	said, err := t.tx.AnswersOf(id)
	if err != nil {
		return "", nil, err
	}
	program, err := t.tx.Program()
	if err != nil {
		return "", nil, err
	}
	t.account.PersonID = id
	t.takePart(&person, parts)
	for _, part := range t.parts {
		if err := t.look(part.CycleID); err != nil {
			return "", nil, err
		}
		entries = append(entries, t.numbered(t.ownAppointments(said))...)
	}
	return program.Name, entries, nil
}

// cycleFeed is what anybody may know of a cycle. It is spoken of in the cycle's language.
func (t *turn) cycleFeed(id string) (name string, entries []appointment, err error) {
	if err := t.look(id); err != nil {
		return "", nil, err
	}
	return t.c.Cycle.Title, t.numbered(t.openAppointments()), nil
}

// numbered numbers entries of the cycle spoken of by its version: whatever changes one of
// them raises that, and nothing lowers it.
func (t *turn) numbered(entries []appointment) []appointment {
	for i := range entries {
		entries[i].sequence = int(t.c.Cycle.Version)
	}
	return entries
}

// ownAppointments are the person's in the cycle spoken of, but for what they have said that
// they can't come to. Unlike those of a file, they stay when they are over: what a feed
// doesn't have any more goes from the calendar.
func (t *turn) ownAppointments(said []store.Answer) (all []appointment) {
	for _, g := range t.feedGatherings() {
		if slices.ContainsFunc(said, func(a store.Answer) bool {
			return a.SubjectID == g.id && a.Revision == g.revision && !a.Coming
		}) {
			continue
		}
		entry := t.appointment(&g)
		if t.invited() && !g.cancelled && t.now.Before(g.ends) {
			answer := t.text("feed.answer", locale.Args{"Answer": t.answered(&g)}).Plain()
			entry.about = strings.TrimSpace(answer + "\n\n" + entry.about)
		}
		all = append(all, entry)
	}
	for _, pair := range t.pairsGoing(t.me()) {
		for _, m := range t.c.MeetingsOf(pair.ID) {
			if t.inFeed(&m) {
				all = append(all, t.meetingAppointment(pair, &m))
			}
		}
	}
	return all
}

// inFeed reports whether a meeting has a time, and wasn't called off so long ago that it
// is gone from every calendar.
func (t *turn) inFeed(m *store.Meeting) bool {
	switch m.State {
	case store.Agreed, store.Held:
		return !m.At.IsZero()
	case store.Cancelled:
		return !m.AgreedAt.IsZero() && !m.At.IsZero() && t.now.Before(m.At.Add(m.Length))
	default:
		return false
	}
}

// feedGatherings are those of the cycle spoken of, but for what was cancelled and would be
// over.
func (t *turn) feedGatherings() []gathering {
	return slices.DeleteFunc(t.gatherings(), func(g gathering) bool { return g.cancelled && !t.now.Before(g.ends) })
}

// openAppointments are those of the cycle spoken of that anybody may know: what takes
// place, when, and in which town. An address that one can enter by is for members; an
// agenda may name people.
func (t *turn) openAppointments() (all []appointment) {
	for _, g := range t.feedGatherings() {
		a := t.appointment(&g)
		a.about = ""
		if g.event == nil || strings.Contains(a.where, "://") {
			a.where = ""
		}
		all = append(all, a)
	}
	return all
}
