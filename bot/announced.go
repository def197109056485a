package bot

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// read is the word of somebody that they have read an announcement: it stays where it
// is, and the button becomes thanks.
func (t *turn) read() error {
	p, err := readPosting(t.tx, t.args["announcement"])
	if errors.Is(err, store.ErrNotFound) || err == nil && (t.partIn(p.CycleID) == nil || !slices.Contains(p.holders(), t.me())) {
		t.stale()
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.look(p.CycleID); err != nil {
		return err
	}
	if p.State != store.AnnouncementWithdrawn && !p.wasRead(t.me()) {
		if err := t.act(); err != nil {
			return err
		}
		if _, err := t.tx.NoteRead(p.ID, t.me()); err != nil {
			return err
		}
		if err := t.tx.TellStatus(p.CycleID, p.ID); err != nil {
			return err
		}
		p.readers = append(p.readers, t.me())
	}
	said := t.carry(p, &store.Message{Offset: p.edited(t.me())}, false)
	t.tell(said.Text, said.Buttons...)
	return nil
}

// listsPost reports whether an announcement stands in the list: not what was never sent, nor
// another's draft.
func (t *turn) listsPost(a store.Announcement) bool {
	switch a.State {
	case store.AnnouncementDraft:
		return a.AuthorID == t.me() && !strings.HasPrefix(a.Audience, store.AudienceOf)
	case store.AnnouncementWithdrawn:
		return a.Text != ""
	}
	return true
}

// postsAtOnce is how many announcements a page of the list has.
const postsAtOnce = 6

// posts lists announcements: what is to go out, by its instant, before drafts and what
// was sent, the latest first.
func (t *turn) posts() error {
	cycle := t.args["cycle"]
	if err := t.look(cycle); err != nil {
		return err
	}
	all, err := t.tx.Announcements(cycle)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(a store.Announcement) bool { return !t.listsPost(a) })
	if len(all) == 0 {
		t.say("announce.none", nil, t.button("announce", "announce "+cycle))
		return nil
	}
	sortPosts(all)
	from, _ := strconv.Atoi(t.args["from"])
	if from >= len(all) {
		from = 0
	}
	page := all[from:min(from+postsAtOnce, len(all))]
	var items []chat.Text
	var buttons []chat.Button
	for i := range page {
		items = append(items, t.listing(&page[i]))
		buttons = append(buttons, chat.Button{Label: label(t.excerpt(page[i].Text)), Command: "announcement " + page[i].ID})
	}
	if next := from + postsAtOnce; next < len(all) {
		buttons = append(buttons, t.button("more", "posts "+cycle+" "+strconv.Itoa(next)))
	}
	if from > 0 {
		buttons = append(buttons, t.button("first", "posts "+cycle))
	}
	t.tell(chat.Join(t.title("announce.list", t.c.Cycle.Title), chat.List(items)),
		append(buttons, t.button("announce", "announce "+cycle))...)
	return nil
}

func sortPosts(all []store.Announcement) {
	rank := map[string]int{store.AnnouncementScheduled: 0, store.AnnouncementDraft: 1, store.AnnouncementSent: 2, store.AnnouncementWithdrawn: 2}
	slices.SortFunc(all, func(a, b store.Announcement) int {
		when := b.Due.Compare(a.Due)
		if a.State == store.AnnouncementScheduled {
			when = -when
		}
		return cmp.Or(rank[a.State]-rank[b.State], when, cmp.Compare(a.ID, b.ID))
	})
}

// listing is a line of the list.
func (t *turn) listing(a *store.Announcement) chat.Text {
	args := locale.Args{"Audience": t.audience(a), "Excerpt": t.excerpt(a.Text), "When": t.moment(a.Due)}
	switch a.State {
	case store.AnnouncementScheduled:
		return t.text("announce.item-scheduled", args)
	case store.AnnouncementDraft:
		return t.text("announce.item-draft", args)
	case store.AnnouncementWithdrawn:
		return t.text("announce.item-withdrawn", args)
	}
	return t.text("announce.item-sent", args)
}

// wasSent reports whether the announcement went out and stands; else the reply shows how
// it is.
func (t *turn) wasSent() (ok bool, err error) {
	if t.posting.State == store.AnnouncementSent {
		return true, nil
	}
	return false, t.card()
}

// notRead says who has an announcement and hasn't said that they have read it.
func (t *turn) notRead() error {
	ok, err := t.wasSent()
	if err != nil || !ok {
		return err
	}
	p := t.posting
	ids := p.unread()
	if len(ids) == 0 {
		t.say("announce.all-read", nil, t.button("post-status", "announcement "+p.ID))
		return nil
	}
	text := t.text("announce.unread", locale.Args{"Count": len(ids), "Names": t.names(ids)})
	if len(p.with(scheduler.Again)) > 0 {
		t.tell(chat.Join(text, t.text("announce.reminded-before", nil)), t.button("post-status", "announcement "+p.ID))
		return nil
	}
	t.tell(text, t.button("post-remind", "remind "+p.ID), t.button("post-status", "announcement "+p.ID))
	return nil
}

// remind sends an announcement once more to who hasn't read it; that can be done once.
func (t *turn) remind() error {
	ok, err := t.wasSent()
	if err != nil || !ok {
		return err
	}
	p := t.posting
	ids := p.unread()
	if len(ids) == 0 || len(p.with(scheduler.Again)) > 0 {
		return t.notRead()
	}
	if err := t.act(); err != nil {
		return err
	}
	if err := t.follow(scheduler.Again, "1", t.now, ids...); err != nil {
		return err
	}
	if _, err := t.enter("announce-remind", p.CycleID, p.ID, "", nil); err != nil {
		return err
	}
	t.say("announce.reminded", locale.Args{"Names": t.names(ids)}, t.button("post-status", "announcement "+p.ID))
	return nil
}

// correct takes another text for what was sent, and shows it: nothing is changed before
// it is confirmed. Until then it is a draft of its own, which can be corrected in turn.
func (t *turn) correct() error {
	if id, ok := t.posting.corrects(); ok && !t.openPosting(id) {
		t.stale()
		return t.err
	}
	ok, err := t.wasSent()
	if err != nil || !ok {
		return err
	}
	p, text := t.posting, t.typedText()
	if t.tooLong(text) {
		return t.await("correct " + p.ID)
	}
	if len(t.request.Files) > 0 {
		t.say("announce.files-stay", nil, t.button("cancel", "cancel"))
		return t.await("correct " + p.ID)
	}
	if text == p.Text {
		t.say("announce.same", nil, t.button("post-correct", "correct "+p.ID), t.button("post-status", "announcement "+p.ID))
		return nil
	}
	if err := t.act(); err != nil {
		return err
	}
	draft := posting{Announcement: store.Announcement{
		CycleID: p.CycleID, AuthorID: t.me(), Audience: store.AudienceOf + p.ID, Text: text, Due: t.now,
	}}
	if err := t.tx.InsertAnnouncement(&draft.Announcement); err != nil {
		return err
	}
	looks := *p
	looks.Text, looks.readers = text, nil
	said := t.carry(&looks, &store.Message{Offset: scheduler.EditOf(p.Revision + 1)}, false)
	t.tell(chat.Join(t.text("announce.correct-looks", nil), said.Text),
		t.button("post-correct-now", "corrected "+draft.ID+" "+draft.mark()),
		t.button("post-text", "correct "+draft.ID), t.button("post-keep", "announcement "+p.ID))
	return nil
}

// corrected puts a correction in the place of what was sent.
func (t *turn) corrected() error {
	draft := t.posting
	id, ok := draft.corrects()
	if !ok || draft.State != store.AnnouncementDraft || t.args["mark"] != draft.mark() || t.now.Sub(draft.Due) > draftLife {
		return t.card()
	}
	if !t.openPosting(id) {
		t.stale()
		return t.err
	}
	if ok, err := t.wasSent(); err != nil || !ok {
		return err
	}
	if err := t.act(); err != nil {
		return err
	}
	a := t.posting.Announcement
	a.Text = draft.Text
	if err := t.tx.UpdateAnnouncement(a); err != nil {
		return err
	}
	if err := t.throwAway(draft.Announcement); err != nil {
		return err
	}
	if err := t.reopen(); err != nil {
		return err
	}
	return t.replaceAll(scheduler.EditOf(t.posting.Revision), "announce-correct")
}

// replaceAll has something put in the place of an announcement wherever it was sent, and
// shows how it stands.
func (t *turn) replaceAll(offset, what string) error {
	p := t.posting
	if err := t.follow(offset, "1", t.now, append(p.holders(), p.places()...)...); err != nil {
		return err
	}
	if err := t.tx.TellStatus(p.CycleID, p.ID); err != nil {
		return err
	}
	if _, err := t.enter(what, p.CycleID, p.ID, "", nil); err != nil {
		return err
	}
	if err := t.reopen(); err != nil {
		return err
	}
	if offset == scheduler.Undone {
		t.say("announce.withdrawn", nil, t.button("post-status", "announcement "+p.ID))
		return nil
	}
	t.say("announce.corrected", nil, t.button("post-status", "announcement "+p.ID))
	return nil
}

// sure is the word that something asked once more is meant.
var sure = option{
	name: "sure", optional: true,
	offers: func(*turn) ([]offer, error) { return nil, nil },
	read: func(_ *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		return word, rest, word == "yes"
	},
}

// withdraw takes an announcement back, if it is meant.
func (t *turn) withdraw() error {
	p := t.posting
	switch {
	case p.State == store.AnnouncementDraft:
		return t.discard()
	case p.State == store.AnnouncementWithdrawn:
		return t.card()
	case t.args["sure"] == "":
		ask := t.text("announce.ask-withdraw", locale.Args{"Count": len(p.holders())})
		if p.State == store.AnnouncementScheduled {
			ask = t.text("announce.ask-withdraw-planned", locale.Args{"When": t.moment(p.Due)})
		}
		t.tell(ask, t.button("post-withdraw", "withdraw "+p.ID+" yes"), t.button("post-keep", "announcement "+p.ID))
		return nil
	}
	if err := t.act(); err != nil {
		return err
	}
	a := p.Announcement
	a.State = store.AnnouncementWithdrawn
	if err := t.tx.UpdateAnnouncement(a); err != nil {
		return err
	}
	if err := t.reopen(); err != nil {
		return err
	}
	return t.replaceAll(scheduler.Undone, "announce-withdraw")
}

// plans reports whether somebody has planned an announcement in the cycle spoken of.
func (t *turn) plans(authorID string) bool {
	return slices.ContainsFunc(t.c.Announcements, func(a store.Announcement) bool {
		return a.State == store.AnnouncementScheduled && a.AuthorID == authorID
	})
}

// withdrawPlanned takes back what somebody who leaves the cycle spoken of has planned to
// announce: else it goes out in the name of who isn't there any more, and can't see to it.
func (t *turn) withdrawPlanned(authorID string) error {
	for i := range t.c.Announcements {
		planned := &t.c.Announcements[i]
		if planned.State != store.AnnouncementScheduled || planned.AuthorID != authorID {
			continue
		}
		a, err := t.tx.Announcement(planned.ID) // with its text
		if err != nil {
			return err
		}
		a.State = store.AnnouncementWithdrawn
		if err := t.tx.UpdateAnnouncement(a); err != nil {
			return err
		}
		if _, err := t.enter("announce-withdraw", a.CycleID, a.ID, "", nil); err != nil {
			return err
		}
	}
	return nil
}
