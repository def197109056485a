package bot

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

const (
	// mostRunes is how long an announcement may be.
	mostRunes = 4000
	// draftLife is how long a draft is sent without being shown again.
	draftLife = 7 * 24 * time.Hour
)

// The audiences that a button names; the last two ask on.
const (
	onePair   = "pair"
	onePerson = "person"
	nobodyYet = "-" // stands for whom, where the audience says it all
)

// toWhom asks for the audience of an announcement.
var toWhom = option{
	name: "audience", ask: "announce.ask-audience",
	offers: (*turn).audiences,
	read: func(t *turn, text string) (string, string, bool) {
		word, rest := cut(text)
		switch word {
		case store.AudienceEveryone, store.AudienceMentors, store.AudienceMentees, onePair, onePerson:
			return word, rest, true
		}
		return "", text, false
	},
}

func (t *turn) audiences() ([]offer, error) {
	return []offer{
		{t.text("announce.everyone", nil).Plain(), store.AudienceEveryone},
		{t.text("announce.mentors", nil).Plain(), store.AudienceMentors},
		{t.text("announce.mentees", nil).Plain(), store.AudienceMentees},
		{t.text("announce.one-pair", nil).Plain(), onePair},
		{t.text("announce.one-person", nil).Plain(), onePerson},
	}, nil
}

// whom asks which pair or person it is for, where it is for one.
var whom = option{
	name: "whom", ask: "announce.ask-whom", hint: "hint.pair", sole: true,
	offers: func(t *turn) ([]offer, error) {
		all, err := t.whomNamed()
		return t.offersAmong(all), err
	},
	read: func(t *turn, text string) (string, string, bool) {
		all, err := t.whomNamed()
		if err != nil && t.err == nil {
			t.err = err
		}
		word, rest := cut(text)
		if slices.ContainsFunc(all, func(n named) bool { return n.value == word }) {
			return word, rest, true
		}
		return t.readNamed(all, text)
	},
}

// whomNamed are the pairs or people among whom to choose.
func (t *turn) whomNamed() (all []named, err error) {
	switch audience := t.args["audience"]; audience {
	case onePair, onePerson:
		if err := t.look(t.announceIn()); err != nil {
			return nil, err
		}
		if audience == onePerson {
			return t.peopleNamed(func(m *store.Member) bool { return m.LeftAt.IsZero() && m.PersonID != t.me() }), nil
		}
		all = t.goingPairs(t.c)
		tellApart(all)
		return all, nil
	}
	return []named{{offer: offer{nobodyYet, nobodyYet}}}, nil
}

// announceIn is the cycle in which something is announced.
func (t *turn) announceIn() string {
	if t.posting != nil {
		return t.posting.CycleID
	}
	return t.args["cycle"]
}

// audienceOf puts together what the two options say.
func (t *turn) audienceOf() string {
	switch t.args["audience"] {
	case onePair:
		return store.AudiencePair + t.args["whom"]
	case onePerson:
		return store.AudiencePerson + t.args["whom"]
	}
	return t.args["audience"]
}

// theText asks for the text of an announcement: whatever is typed.
var theText = option{
	name: "text", ask: "announce.ask-text", hint: "announce.hint-text", free: true,
	offers: func(*turn) ([]offer, error) { return nil, nil },
	read: func(_ *turn, text string) (value, rest string, ok bool) {
		return strings.TrimSpace(text), "", strings.ContainsFunc(text, func(r rune) bool { return unicode.IsPrint(r) && r != ' ' })
	},
}

// newText asks for another text of an announcement.
var newText = option{
	name: theText.name, ask: theText.ask, asks: (*turn).askNewText, hint: theText.hint, free: true,
	offers: theText.offers, read: theText.read,
}

// askNewText shows the text that there is as it was typed, to be copied and changed. A
// correction that was made has none any more: what it has corrected has it.
func (t *turn) askNewText() chat.Text {
	if id, ok := t.posting.corrects(); ok && t.posting.Text == "" {
		t.openPosting(id)
	}
	old := chat.Escape(t.posting.Text)
	t.written += chat.UTF16Len(string(old))
	return chat.Join(t.text("announce.ask-new-text", nil), old)
}

// aMark is what tells whether a text has changed since it was shown.
var aMark = option{
	name: "mark", optional: true,
	offers: func(*turn) ([]offer, error) { return nil, nil },
	read: func(_ *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		return word, rest, len(word) == 2*markBytes
	},
}

// announce begins an announcement, or leads to those there are.
func (t *turn) announce() error {
	cycle := t.args["cycle"]
	if err := t.askAgain(&toWhom, "post "+cycle, ""); err != nil {
		return err
	}
	all, err := t.tx.Announcements(cycle)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, t.listsPost) {
		n := len(t.reply.Buttons)
		t.reply.Buttons = slices.Insert(t.reply.Buttons, n-1, t.button("posts", "posts "+cycle))
	}
	return nil
}

// post keeps what was typed as a draft, and shows it.
func (t *turn) post() error {
	text := t.typedText()
	if t.tooLong(text) || t.tooLarge() {
		return t.await(strings.Join([]string{"post", t.args["cycle"], t.args["audience"], t.args["whom"]}, " "))
	}
	if err := t.act(); err != nil {
		return err
	}
	a := store.Announcement{
		CycleID: t.args["cycle"], AuthorID: t.me(), Audience: t.audienceOf(), Text: text, Due: t.now,
	}
	if err := t.tx.InsertAnnouncement(&a); err != nil {
		return err
	}
	if err := t.attach(a.ID); err != nil {
		return err
	}
	t.posting = &posting{Announcement: a}
	if err := t.reopen(); err != nil {
		return err
	}
	return t.preview("")
}

// tooLong asks for a shorter text, if one is too long.
func (t *turn) tooLong(text string) bool {
	n := utf8.RuneCountInString(text)
	if n <= mostRunes {
		return false
	}
	t.say("announce.too-long", locale.Args{"Length": n, "Most": mostRunes}, t.button("cancel", "cancel"))
	t.reply.Ask = t.text("announce.hint-text", nil).Plain()
	return true
}

// preview shows what isn't sent yet as it will look, with a word before it.
func (t *turn) preview(note chat.Text) error {
	p := t.posting
	planned := p.State == store.AnnouncementScheduled
	at := t.now
	if planned {
		at = p.Due
	}
	shown := *p
	fates := t.quietly(&shown, at)
	facts := []chat.Text{note, t.text("announce.looks", nil)}
	if planned {
		facts = append(facts, t.text("announce.goes-out", locale.Args{"When": t.moment(p.Due)}))
	}
	waiting := t.notJoinedOf(p)
	facts = append(facts, t.goesTo(fates, waiting), t.afterQuiet(fates, at))
	look := t.carry(p, &store.Message{}, false)
	t.tell(chat.Join(chat.Stack(facts...), look.Text), t.previewButtons(len(fates) > 0, waiting)...)
	t.reply.Files = look.Files
	return nil
}

// previewButtons are what can be done with what isn't sent yet. If nobody would get it
// since they haven't joined, they can be invited.
func (t *turn) previewButtons(anybody bool, waiting []string) (buttons []chat.Button) {
	p := t.posting
	switch {
	case anybody:
		buttons = append(buttons, t.button("post-now", "send "+p.ID+" "+p.mark()))
	case len(waiting) == 1:
		buttons = append(buttons, t.lead("invite", "invite "+p.CycleID+" "+waiting[0]))
	case len(waiting) > 1:
		buttons = append(buttons, t.lead("people-waiting", "people-list "+p.CycleID+" "+listWaiting))
	}
	later, out := t.button("post-later", "when "+p.ID), t.button("post-discard", "discard "+p.ID)
	if p.State == store.AnnouncementScheduled {
		later, out = t.button("post-other-time", "when "+p.ID), t.button("post-withdraw", "withdraw "+p.ID)
	}
	buttons = append(buttons, later)
	if p.AuthorID == t.me() {
		buttons = append(buttons, t.button("post-text", "retext "+p.ID), t.button("post-audience", "redirect "+p.ID))
	}
	return append(buttons, out)
}

// notJoinedOf are those of an announcement's audience who would get it, had they joined.
func (t *turn) notJoinedOf(p *posting) (ids []string) {
	for _, m := range t.c.Members {
		here := m
		here.JoinedAt = t.now
		if m.JoinedAt.IsZero() && p.For(t.c, &here) {
			ids = append(ids, m.PersonID)
		}
	}
	return ids
}

// goesTo says who will get it, and who can't, since they haven't joined.
func (t *turn) goesTo(fates map[string]*fate, waiting []string) chat.Text {
	if len(fates) == 0 && len(waiting) == 1 {
		return t.text("announce.only-waiting", locale.Args{"Name": t.name(waiting[0])})
	}
	text := t.text("announce.to-nobody", nil)
	if len(fates) > 0 {
		text = t.text("announce.goes-to", locale.Args{"Count": len(fates), "Names": t.names(slices.Collect(maps.Keys(fates)))})
	}
	if len(waiting) > 0 {
		text = chat.Stack(text, t.text("announce.not-joined", locale.Args{"Names": t.names(waiting)}))
	}
	if len(fates) > 0 {
		text = chat.Stack(text, t.inGroups("announce.posted-in", t.postedTo(&t.posting.Announcement)))
	}
	return text
}

// card shows an announcement as it stands.
func (t *turn) card() error {
	p := t.posting
	if id, ok := p.corrects(); ok {
		if !t.openPosting(id) {
			t.stale()
			return t.err
		}
		return t.card()
	}
	switch {
	case p.State == store.AnnouncementDraft, p.State == store.AnnouncementScheduled:
		return t.preview("")
	case len(p.messages) == 0 && p.State == store.AnnouncementWithdrawn && p.Text != "":
		t.tell(chat.Join(t.text("announce.discarded", nil), t.quoted(p.Text)), t.button("announce", "announce"))
		return nil
	case len(p.messages) == 0 && p.State == store.AnnouncementWithdrawn:
		t.say("announce.discarded", nil, t.button("announce", "announce"))
		return nil
	}
	said := t.fares(p)
	t.tell(said.Text, said.Buttons...)
	return nil
}

// waitsStill reports whether the announcement is one that isn't sent yet and that can
// still be changed; else the reply shows how it stands.
func (t *turn) waitsStill() (ok bool, err error) {
	_, correction := t.posting.corrects()
	if s := t.posting.State; !correction && (s == store.AnnouncementDraft || s == store.AnnouncementScheduled) {
		return true, nil
	}
	return false, t.card()
}

// send sends a draft, or what was to go out later, now.
func (t *turn) send() error {
	p := t.posting
	ok, err := t.waitsStill()
	if err != nil || !ok {
		return err
	}
	shown := *p
	fates := t.quietly(&shown, t.now)
	switch {
	case t.args["mark"] != p.mark():
		return t.preview(t.text("announce.changed", nil))
	case p.State == store.AnnouncementDraft && t.now.Sub(p.Due) > draftLife:
		return t.showAgain()
	case len(fates) == 0:
		return t.preview("")
	}
	if p.State != store.AnnouncementScheduled || p.Due.After(t.now) { // else it goes out already
		if err := t.goOut(t.now, "announce"); err != nil {
			return err
		}
	}
	t.tell(chat.Join(
		chat.Stack(t.text("announce.sent", locale.Args{"Count": len(fates)}), t.afterQuiet(fates, t.now)), t.text("announce.watch", nil),
	), t.lead("posts", "posts "+p.CycleID))
	return nil
}

// showAgain shows a draft that is old before it is sent.
func (t *turn) showAgain() error {
	if err := t.act(); err != nil {
		return err
	}
	written := t.posting.Due
	t.posting.Due = t.now
	if err := t.tx.UpdateAnnouncement(t.posting.Announcement); err != nil {
		return err
	}
	return t.preview(t.text("announce.old", locale.Args{"Day": t.until(store.DateOf(written.In(t.zone)))}))
}

// goOut has the announcement go out at an instant, and its author told how it fares.
func (t *turn) goOut(at time.Time, what string) error {
	if err := t.act(); err != nil {
		return err
	}
	a := t.posting.Announcement
	a.State, a.Due = store.AnnouncementScheduled, at
	if err := t.tx.UpdateAnnouncement(a); err != nil {
		return err
	}
	if err := t.follow(store.StatusOffset, scheduler.StatusOccasion(at), at, a.AuthorID); err != nil {
		return err
	}
	_, err := t.enter(what, a.CycleID, a.ID, "", nil)
	return err
}

// when has an announcement go out at a day and time, by the coordinator's clock.
func (t *turn) when() error {
	ok, err := t.waitsStill()
	if err != nil || !ok {
		return err
	}
	wall := t.dayOf("day").At(t.clockOf("time"))
	at := wall.In(t.zone)
	switch {
	case !wall.ExistsIn(t.zone):
		return t.askWhen(t.text("refused.no-such-time", nil))
	case !at.After(t.now):
		return t.askWhen(t.text("announce.past", locale.Args{"When": t.moment(at)}))
	}
	if err := t.goOut(at, "announce-later"); err != nil {
		return err
	}
	if err := t.reopen(); err != nil {
		return err
	}
	return t.preview(t.text("announce.scheduled", nil))
}

// askWhen asks for the day and time anew, with a word on what was given.
func (t *turn) askWhen(why chat.Text) error {
	return t.askAgain(&dayAhead, "when "+t.posting.ID, why)
}

// isTheirs is waitsStill for what changes the words, or to whom they go: that is their
// author's alone, in whose name they go out.
func (t *turn) isTheirs() (ok bool, err error) {
	p := t.posting
	if ok, err = t.waitsStill(); err != nil || !ok || p.AuthorID == t.me() {
		return ok, err
	}
	t.say("announce.not-yours", locale.Args{"Author": t.name(p.AuthorID)},
		t.button("post-withdraw", "withdraw "+p.ID), t.button("post-keep", "announcement "+p.ID), t.button("announce", "announce"))
	return false, nil
}

// retext changes the text of what isn't sent yet.
func (t *turn) retext() error {
	ok, err := t.isTheirs()
	if err != nil || !ok {
		return err
	}
	text := t.typedText()
	if t.tooLong(text) || t.tooLarge() {
		return t.await("retext " + t.posting.ID)
	}
	t.posting.Text = text
	if err := t.writes(); err != nil {
		return err
	}
	if err := t.attach(t.posting.ID); err != nil {
		return err
	}
	return t.rewrite()
}

// redirect changes who gets what isn't sent yet.
func (t *turn) redirect() error {
	ok, err := t.isTheirs()
	if err != nil || !ok {
		return err
	}
	t.posting.Audience = t.audienceOf()
	return t.rewrite()
}

// rewrite writes what isn't sent yet, and shows it.
func (t *turn) rewrite() error {
	if err := t.act(); err != nil {
		return err
	}
	if t.posting.State == store.AnnouncementDraft {
		t.posting.Due = t.now
	}
	if err := t.tx.UpdateAnnouncement(t.posting.Announcement); err != nil {
		return err
	}
	if err := t.reopen(); err != nil {
		return err
	}
	return t.preview("")
}

// discard throws a draft away, its text included.
func (t *turn) discard() error {
	if t.posting.State != store.AnnouncementDraft {
		return t.card()
	}
	if err := t.act(); err != nil {
		return err
	}
	if err := t.throwAway(t.posting.Announcement); err != nil {
		return err
	}
	t.say("announce.discarded", nil, t.button("announce", "announce"))
	return nil
}

func (t *turn) throwAway(draft store.Announcement) error {
	draft.State, draft.Text = store.AnnouncementWithdrawn, ""
	return t.tx.UpdateAnnouncement(draft)
}
