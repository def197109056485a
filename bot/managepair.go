package bot

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// pairChanges are what coordinators do to pairs.
var pairChanges = []change{
	{
		what: "pair-add", of: ofCycle, seen: unseen, cant: cantAddPair, again: toPairs,
		fields: []field{
			{name: "mentor", ask: asking("pair-add.mentor"), hint: "hint.pair", offers: offering(store.Mentor), read: readingMember(store.Mentor)},
			{name: "mentee", ask: asking("pair-add.mentee"), hint: "hint.pair", offers: offering(store.Mentee), read: readMentee},
		},
		sure: sureOfPair, do: addPair, undo: undoing(undoAddPair),
	},
	{
		what: "pair-end", of: ofPair, seen: seenPair, cant: cantEndPair, again: toPair,
		sure: sureOfEnding, do: endPair, undo: undoing(undoEndPair),
	},
	{
		what: "pair-reopen", of: ofPair, seen: seenPair, cant: cantReopenPair, again: toPair,
		sure: sureOfReopening, do: reopenPair, undo: undoing(undoReopenPair),
	},
}

// What the news of a pair tells.
const (
	pairNew      = "new"
	pairEnded    = "ended"
	pairReopened = "reopened"
	pairUndone   = "undone" // it was made by mistake
)

func toPairs(t *turn, _ *proposal) chat.Button {
	return t.button("manage-pairs", "manage-pairs "+t.c.Cycle.ID)
}

func toPair(t *turn, d *proposal) chat.Button {
	return t.button("pair", "manage-pair "+d.Subject)
}

// pairBetween returns the pair of two people, or nil.
func (s *speech) pairBetween(mentorID, menteeID string) *store.Pair {
	for i := range s.c.Pairs {
		if p := &s.c.Pairs[i]; p.MentorID == mentorID && p.MenteeID == menteeID {
			return p
		}
	}
	return nil
}

func seenPair(t *turn, d *proposal) string {
	return t.pairByID(d.Subject).EndedAt.String()
}

// cantAddPair says that somebody else was quicker, or one of the two has left meanwhile.
func cantAddPair(t *turn, d *proposal) chat.Text {
	for _, role := range []string{"mentor", "mentee"} {
		id := d.Values[role]
		if m := t.c.Member(id); id != "" && (m == nil || !m.LeftAt.IsZero()) {
			return t.text("pair-reopen.left", locale.Args{"Name": t.name(id)})
		}
	}
	if p := t.pairBetween(d.Values["mentor"], d.Values["mentee"]); p != nil && p.EndedAt.IsZero() {
		return t.text("pair-add.known", t.pairArgs(p))
	}
	return ""
}

func cantEndPair(t *turn, d *proposal) chat.Text {
	if p := t.pairByID(d.Subject); !p.EndedAt.IsZero() {
		return t.text("pair-end.ended", t.pairArgs(p))
	}
	return ""
}

func cantReopenPair(t *turn, d *proposal) chat.Text {
	p := t.pairByID(d.Subject)
	if p.EndedAt.IsZero() {
		return t.text("pair-reopen.going", t.pairArgs(p))
	}
	for _, id := range []string{p.MentorID, p.MenteeID} {
		if m := t.c.Member(id); m == nil || !m.LeftAt.IsZero() {
			return t.text("pair-reopen.left", locale.Args{"Name": t.name(id)})
		}
	}
	return ""
}

// membersAs are those who have a role in the cycle and haven't left it.
func (t *turn) membersAs(role store.Role) []named {
	return t.peopleNamed(func(m *store.Member) bool { return m.Role == role && m.LeftAt.IsZero() })
}

func offering(role store.Role) func(*turn, *proposal) ([]offer, error) {
	return func(t *turn, _ *proposal) ([]offer, error) { return t.offersAmong(t.membersAs(role)), nil }
}

// readingMember reads somebody who has a role.
func readingMember(role store.Role) func(*turn, *proposal, string) (string, chat.Text, error) {
	return func(t *turn, _ *proposal, text string) (string, chat.Text, error) {
		all := t.membersAs(role)
		if slices.ContainsFunc(all, func(n named) bool { return n.value == text }) {
			return text, "", nil
		}
		id, _, ok := t.readNamed(all, text)
		switch {
		case ok:
			return id, "", nil
		case t.args[among] != "":
			return "", t.severalFit(), nil
		}
		return "", t.text("pair-add.unknown", locale.Args{"What": text}), nil
	}
}

func readMentee(t *turn, d *proposal, text string) (string, chat.Text, error) {
	id, sorry, err := readingMember(store.Mentee)(t, d, text)
	if err != nil || sorry != "" {
		return "", sorry, err
	}
	if p := t.pairBetween(d.Values["mentor"], id); p != nil && p.EndedAt.IsZero() {
		return "", t.text("pair-add.known", t.pairArgs(p)), nil
	}
	return id, "", nil
}

func (d *proposal) pair() *store.Pair {
	return &store.Pair{CycleID: d.CycleID, MentorID: d.Values["mentor"], MenteeID: d.Values["mentee"]}
}

// whoHears are those of a pair who have joined, and can be told.
func (t *turn) whoHears(p *store.Pair) (people []*store.Person) {
	for _, id := range []string{p.MentorID, p.MenteeID} {
		if m := t.c.Member(id); m != nil && !m.JoinedAt.IsZero() && m.LeftAt.IsZero() {
			people = append(people, t.c.People[id])
		}
	}
	return people
}

// hearOfPair says who of a pair hears of a change.
func (t *turn) hearOfPair(p *store.Pair, what string) chat.Text {
	there := t.whoHears(p)
	people, err := t.unlessOpposite(p, what, there)
	if err != nil && t.err == nil {
		t.err = err
	}
	switch {
	case len(there) == 0:
		return t.text("hear.neither", nil)
	case len(people) == 0:
		return t.text("hear.nobody-heard", nil)
	}
	said := t.text("hear.one-of-pair", locale.Args{"Name": people[0].Name})
	switch {
	case len(people) == 2:
		said = t.text("hear.both", nil)
	case len(there) == 2:
		said = t.text("hear.only-one", locale.Args{"Name": people[0].Name})
	}
	return t.unlessQuiet(said, t.waits(people, time.Time{}))
}

// unlessOpposite leaves out those of a pair who are still to hear of the opposite: post
// takes that back, and there is nothing to tell.
func (t *turn) unlessOpposite(p *store.Pair, what string, people []*store.Person) ([]*store.Person, error) {
	waiting, err := t.tx.Messages(store.MessageFilter{
		CycleID: t.c.Cycle.ID, Kind: store.KindPair, Subject: t.c.PairSlug(p), State: store.Planned,
	})
	return slices.DeleteFunc(slices.Clone(people), func(p *store.Person) bool {
		return slices.ContainsFunc(waiting, func(m store.Message) bool {
			return m.PersonID == p.ID && m.LeaseOwner == "" && opposite(&m, what)
		})
	}), err
}

func sureOfPair(t *turn, d *proposal) chat.Text {
	p, note, what := d.pair(), chat.Text(""), pairNew
	if was := t.pairBetween(p.MentorID, p.MenteeID); was != nil {
		note, what = t.text("pair-add.again", nil), pairReopened
	}
	return chat.Join(t.text("pair-add.sure", t.pairArgs(p)), note, t.hearOfPair(p, what))
}

// A newPair is what undoing the making of a pair needs.
type newPair struct {
	Was            *store.Pair // if it had ended, and goes on
	Mentor, Mentee string      // their ids, for the journal
}

func addPair(t *turn, d *proposal) (outcome, error) {
	p := d.pair()
	was := t.pairBetween(p.MentorID, p.MenteeID)
	what := pairNew
	var err error
	if was != nil {
		p, what = was, pairReopened
		err = t.tx.ReopenPair(p.ID)
	} else {
		err = t.tx.InsertPair(p)
	}
	if err != nil {
		return outcome{}, err
	}
	return outcome{
		subject: p.ID, before: newPair{was, p.MentorID, p.MenteeID},
		text:    chat.Join(t.text("pair-add.done", t.pairArgs(p)), t.hearOfPair(p, what)),
		buttons: []chat.Button{t.lead("add-pair", "pair-add "+d.CycleID), t.lead("manage-pairs", "manage-pairs "+d.CycleID)},
	}, t.tellPair(p, d.id, what, t.whoHears(p)...)
}

// tellPair tells people of a pair what became of it.
func (t *turn) tellPair(p *store.Pair, occasion, what string, people ...*store.Person) error {
	return post(t.tx, t.c.Cycle.ID, news{kind: store.KindPair, subject: t.c.PairSlug(p), occasion: occasion, what: what}, people...)
}

// undoAddPair takes a pair away again, unless it has met.
func undoAddPair(t *turn, e *store.Entry, kept *newPair) error {
	p := t.pairByID(e.Subject)
	if !t.goesOnSince(p, e) {
		return t.changedSince(e)
	}
	said := t.text("undo.pair-add", t.pairArgs(p))
	if kept.Was != nil {
		return t.restorePair(kept.Was, e, pairUndone, said)
	}
	heard, err := t.heard(store.KindPair, t.c.PairSlug(p), e.ID)
	if err != nil {
		return err
	}
	var has *store.KeptError
	err = t.tx.RemovePair(p.ID)
	switch {
	case errors.As(err, &has) && has.Traces.Meetings > 0:
		return t.giveUp("undo.pair-met", t.pairArgs(p), t.button("end-pair", "pair-end "+p.ID))
	case has != nil: // what they were told stays, so the pair stays, ended
		err = t.tx.EndPair(p.ID)
	}
	if err != nil {
		return err
	}
	t.tell(chat.Join(said, t.hearAgain(len(heard))), t.lead("manage-pairs", "manage-pairs "+e.CycleID))
	return t.tellPair(p, e.ID+undone, pairUndone, heard...)
}

// goesOnSince reports whether a pair goes on, and has done so since an entry of the journal.
func (t *turn) goesOnSince(p *store.Pair, e *store.Entry) bool {
	return p.ID != "" && p.EndedAt.IsZero() && p.Since.Equal(e.At)
}

func sureOfEnding(t *turn, d *proposal) chat.Text {
	p := t.pairByID(d.Subject)
	return chat.Join(t.text("pair-end.sure", t.pairArgs(p)), t.hearOfPair(p, pairEnded))
}

func endPair(t *turn, d *proposal) (outcome, error) {
	p := t.pairByID(d.Subject)
	if err := t.tx.EndPair(p.ID); err != nil {
		return outcome{}, err
	}
	return t.pairChanged(p, d, pairEnded, t.text("pair-end.done", t.pairArgs(p)))
}

// pairChanged is the outcome of an act after which a pair goes on, or doesn't; the two are told.
func (t *turn) pairChanged(was *store.Pair, d *proposal, what string, done chat.Text) (outcome, error) {
	return outcome{
		subject: was.ID, before: *was, text: chat.Join(done, t.hearOfPair(was, what)),
		buttons: []chat.Button{t.lead("manage-pairs", "manage-pairs "+d.CycleID)},
	}, t.tellPair(was, d.id, what, t.whoHears(was)...)
}

func undoEndPair(t *turn, e *store.Entry, was *store.Pair) error {
	p := t.pairByID(e.Subject)
	if !p.EndedAt.Equal(e.At) || cantReopenPair(t, &proposal{Subject: e.Subject}) != "" {
		return t.changedSince(e)
	}
	return t.restorePair(was, e, pairReopened, t.text("undo.pair-end", t.pairArgs(p)))
}

// restorePair puts a pair back to what it was before an act; who has heard of that hears.
func (t *turn) restorePair(was *store.Pair, e *store.Entry, what string, said chat.Text) error {
	heard, err := t.heard(store.KindPair, t.c.PairSlug(was), e.ID)
	if err != nil {
		return err
	}
	t.tell(chat.Join(said, t.hearAgain(len(heard))), t.lead("manage-pairs", "manage-pairs "+e.CycleID))
	return errors.Join(t.tx.RestorePair(*was), t.tellPair(was, e.ID+undone, what, heard...))
}

func sureOfReopening(t *turn, d *proposal) chat.Text {
	p := t.pairByID(d.Subject)
	return chat.Join(t.text("pair-reopen.sure", t.pairArgs(p)), t.hearOfPair(p, pairReopened))
}

func reopenPair(t *turn, d *proposal) (outcome, error) {
	p := t.pairByID(d.Subject)
	if err := t.tx.ReopenPair(p.ID); err != nil {
		return outcome{}, err
	}
	return t.pairChanged(p, d, pairReopened, t.text("pair-reopen.done", t.pairArgs(p)))
}

func undoReopenPair(t *turn, e *store.Entry, was *store.Pair) error {
	p := t.pairByID(e.Subject)
	if !t.goesOnSince(p, e) {
		return t.changedSince(e)
	}
	return t.restorePair(was, e, pairEnded, t.text("undo.pair-reopen", t.pairArgs(p)))
}

// pairNews tells one of a pair that it was made, ended or goes on.
func (s *speech) pairNews(m *store.Message) chat.Message {
	partner := s.partnerBySlug(m.Subject)
	switch {
	case partner == nil:
		s.err = errors.New("there is no such pair")
		return chat.Message{}
	case partner.Erased(): // whatever was to be told of the pair, it has ended with that
		return chat.Message{
			Text:    s.text("left.partner-erased", locale.Args{"Title": s.c.Cycle.Title}),
			Buttons: []chat.Button{s.lead("progress", "progress"), s.lead("whats-next", "next")},
		}
	case m.Offset == pairLeft || m.Offset == pairAgain:
		return s.partnerNews(m)
	}
	args := locale.Args{"Partner": partner.Name, "City": partner.City}
	next := []chat.Button{s.lead("whats-next", "next")}
	if p := s.c.Pair(m.Subject); p != nil && p.EndedAt.IsZero() && (m.Offset == pairNew || m.Offset == pairReopened) {
		next = []chat.Button{s.lead("log", "log "+p.ID), s.lead("whats-next", "next")}
	}
	switch {
	case m.Offset == pairEnded:
		return chat.Message{Text: s.text("pair-news.ended", args), Buttons: next}
	case m.Offset == pairReopened:
		return chat.Message{Text: s.text("pair-news.reopened", args), Buttons: next}
	case m.Offset == pairUndone:
		return chat.Message{Text: s.text("pair-news.undone", args), Buttons: next}
	case partner.City == "":
		return chat.Message{Text: s.text("pair-news.new", args), Buttons: next}
	}
	return chat.Message{Text: s.text("pair-news.new-from", args), Buttons: next}
}

// partnerBySlug is the other one of a pair, which need not be there any more.
func (s *speech) partnerBySlug(slug string) *store.Person {
	mentor, mentee, _ := strings.Cut(slug, "+")
	other := mentor
	if s.to.Slug == mentor {
		other = mentee
	}
	for _, p := range s.c.People {
		if p.Slug == other {
			return p
		}
	}
	return nil
}
