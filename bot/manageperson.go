package bot

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// personChanges are what coordinators do to people.
var personChanges = []change{
	{
		what: "person-add", of: ofCycle, seen: unseen, again: toPeople,
		fields: []field{
			{name: "name", ask: asking("person-add.name"), hint: "hint.name", read: typedText(longestName)},
			{name: "role", ask: asking("person-add.role"), offers: roleOffers, read: readRole},
			{name: "city", ask: asking("person-add.city"), hint: "hint.city", skip: "button.skip", read: typedText(longestName)},
			{name: "language", ask: asking("person-add.language"), offers: languageOffers, skip: "button.skip", read: readLanguage},
		},
		sure: sureOfPerson, do: addPerson, undo: undoing(undoAddPerson),
	},
	{
		what: "person-rename", of: ofPerson, seen: seenPerson, cant: cantSpeakOf, again: toPerson,
		fields: []field{{name: "name", ask: askNewName, hint: "hint.name", read: typedText(longestName)}},
		sure:   sureOfName, do: renamePerson, undo: undoing(undoRename),
	},
	{
		what: "person-end", of: ofPerson, seen: seenPerson, cant: cantEndPerson, again: toPerson,
		sure: sureOfLeaving, do: endPerson, undo: undoing(undoEndPerson),
	},
	{
		what: "person-back", of: ofPerson, seen: seenPerson, cant: cantReturn, again: toPerson,
		sure: sureOfReturn, do: bringBack, undo: undoing(undoBack),
	},
}

func toPeople(t *turn, _ *proposal) chat.Button { return t.button("people", "people "+t.c.Cycle.ID) }

func toPerson(t *turn, d *proposal) chat.Button {
	return t.button("see-person", "person "+t.c.Cycle.ID+" "+d.Subject)
}

// memberByID returns a member of the cycle spoken of; it was looked up before.
func (s *speech) memberByID(id string) *store.Member {
	if m := s.c.Member(id); m != nil {
		return m
	}
	return &store.Member{}
}

func seenPerson(t *turn, d *proposal) string {
	return fmt.Sprint(t.name(d.Subject), t.memberByID(d.Subject).LeftAt.UnixMilli())
}

func cantSpeakOf(t *turn, d *proposal) chat.Text {
	if p := t.c.People[d.Subject]; p == nil || p.Erased() {
		return t.text("people.is-erased", nil)
	}
	return ""
}

func cantEndPerson(t *turn, d *proposal) chat.Text {
	m := t.memberByID(d.Subject)
	switch {
	case d.Subject == t.me():
		return t.text("person-end.yourself", nil)
	case !m.LeftAt.IsZero():
		return t.text("person-end.left", locale.Args{"Name": t.name(d.Subject)})
	}
	return cantSpeakOf(t, d)
}

func cantReturn(t *turn, d *proposal) chat.Text {
	if t.memberByID(d.Subject).LeftAt.IsZero() {
		return t.text("person-back.there", locale.Args{"Name": t.name(d.Subject)})
	}
	return cantSpeakOf(t, d)
}

func roleOffers(t *turn, _ *proposal) (offers []offer, err error) {
	return []offer{
		{t.text("role.mentee", nil).Plain(), string(store.Mentee)},
		{t.text("role.mentor", nil).Plain(), string(store.Mentor)},
		{t.text("role.coordinator", nil).Plain(), string(store.Coordinator)},
	}, nil
}

func readRole(t *turn, _ *proposal, text string) (string, chat.Text, error) {
	switch role := store.Role(text); role {
	case store.Mentee, store.Mentor, store.Coordinator:
		return text, "", nil
	}
	return "", t.unreadable(text), nil
}

func (s *speech) role(role store.Role) chat.Text {
	switch role {
	case store.Mentor:
		return s.text("role.mentor", nil)
	case store.Coordinator:
		return s.text("role.coordinator", nil)
	default:
		return s.text("role.mentee", nil)
	}
}

// languageOffers are the languages that there are, each in itself.
func languageOffers(t *turn, _ *proposal) (offers []offer, err error) {
	for _, tag := range locale.Languages() {
		name, err := t.languageName(tag)
		if err != nil {
			return nil, err
		}
		offers = append(offers, offer{name, tag})
	}
	return offers, nil
}

func (s *speech) languageName(tag string) (string, error) {
	l, _ := locale.For(tag)
	return l.Text("language.self", nil)
}

func readLanguage(t *turn, _ *proposal, text string) (string, chat.Text, error) {
	if !slices.Contains(locale.Languages(), text) {
		return "", t.unreadable(text), nil
	}
	return text, "", nil
}

func sureOfPerson(t *turn, d *proposal) chat.Text {
	name := d.Values["name"]
	var twice chat.Text
	for _, p := range t.c.People {
		if locale.Fold(p.Name) == locale.Fold(name) {
			twice = t.text("person-add.twice", locale.Args{"Name": name})
		}
	}
	return chat.Join(t.text("person-add.sure", nil), t.personFacts(d), twice, t.text("person-add.hear", nil))
}

func (t *turn) personFacts(d *proposal) chat.Text {
	var city, language chat.Text
	if d.Values["city"] != "" {
		city = t.text("person.city", locale.Args{"City": d.Values["city"]})
	}
	if tag := d.Values["language"]; tag != "" {
		language = t.languageLine(tag)
	}
	return chat.Stack(t.text("person.title", locale.Args{"Name": d.Values["name"], "Role": t.role(store.Role(d.Values["role"]))}), city, language)
}

func (t *turn) languageLine(tag string) chat.Text {
	name, err := t.languageName(tag)
	if err != nil && t.err == nil {
		t.err = err
	}
	return t.text("person.language", locale.Args{"Language": name})
}

func addPerson(t *turn, d *proposal) (outcome, error) {
	var failed error
	slug := store.Slugify(d.Values["name"], func(slug string) bool {
		_, err := t.tx.PersonBySlug(slug)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			failed = err
			return false
		}
		return err == nil
	})
	if failed != nil {
		return outcome{}, failed
	}
	p := store.Person{Slug: slug, Name: d.Values["name"], City: d.Values["city"], Language: d.Values["language"]}
	if err := t.tx.InsertPerson(&p); err != nil {
		return outcome{}, err
	}
	m := store.Member{CycleID: d.CycleID, PersonID: p.ID, Role: store.Role(d.Values["role"])}
	if err := t.tx.PutMember(m); err != nil {
		return outcome{}, err
	}
	invitation, err := t.invitation(&p)
	buttons := []chat.Button{t.lead("add-person", "person-add "+d.CycleID), t.lead("see-person", "person "+d.CycleID+" "+p.ID)}
	if m.Role != store.Coordinator {
		buttons = append(buttons, t.lead("add-pair", "pair-add "+d.CycleID))
	}
	return outcome{
		subject: p.ID, acted: p.ID, before: cancelling{}, buttons: buttons,
		text: chat.Join(t.text("person-add.done", locale.Args{"Name": p.Name}), invitation),
	}, err
}

// undoAddPerson takes a person out again, unless they have joined or are in a pair.
func undoAddPerson(t *turn, e *store.Entry, _ *cancelling) error {
	name := t.name(e.Subject)
	err := t.tx.RemovePerson(e.Subject)
	var kept *store.KeptError
	if errors.As(err, &kept) {
		return t.giveUp("undo.person-joined", locale.Args{"Name": name},
			t.button("end-person", "person-end "+e.CycleID+" "+e.Subject), t.button("see-person", "person "+e.CycleID+" "+e.Subject))
	}
	if err != nil {
		return err
	}
	t.say("undo.person-add", locale.Args{"Name": name}, t.lead("people", "people "+e.CycleID))
	return nil
}

func askNewName(t *turn, d *proposal) chat.Text {
	return t.text("person-rename.ask", locale.Args{"Name": t.name(d.Subject)})
}

func sureOfName(t *turn, d *proposal) chat.Text {
	return chat.Join(t.text("person-rename.sure", locale.Args{"From": t.name(d.Subject), "To": d.Values["name"]}),
		t.namesakes(d), t.text("hear.name", nil))
}

// namesakes says how many people have the name that somebody gets; "" if only they do.
func (t *turn) namesakes(d *proposal) chat.Text {
	n := 1
	for i := range t.c.Members {
		m := &t.c.Members[i]
		if m.LeftAt.IsZero() && m.PersonID != d.Subject && locale.Fold(t.name(m.PersonID)) == locale.Fold(d.Values["name"]) {
			n++
		}
	}
	if n == 1 {
		return ""
	}
	return t.text("person-rename.namesakes", locale.Args{"Count": n, "Name": d.Values["name"]})
}

type renaming struct{ Was, Is string }

func renamePerson(t *turn, d *proposal) (outcome, error) {
	p, err := t.tx.Person(d.Subject)
	if err != nil {
		return outcome{}, err
	}
	was := p.Name
	p.Name = d.Values["name"]
	return outcome{
		subject: p.ID, acted: p.ID, before: renaming{was, p.Name},
		text:    chat.Join(t.text("person-rename.done", locale.Args{"From": was, "To": p.Name}), t.namesakes(d)),
		buttons: []chat.Button{t.lead("see-person", "person "+d.CycleID+" "+p.ID)},
	}, t.tx.UpdatePerson(p)
}

func undoRename(t *turn, e *store.Entry, kept *renaming) error {
	p, err := t.tx.Person(e.Subject)
	if err != nil {
		return err
	}
	card := "person " + e.CycleID + " " + p.ID
	if p.Name != kept.Is {
		return t.changedSince(e)
	}
	p.Name = kept.Was
	t.say("undo.person-rename", locale.Args{"Name": kept.Was}, t.lead("see-person", card))
	return t.tx.UpdatePerson(p)
}

// pairsGoing are a person's pairs in the cycle spoken of that haven't ended.
func (s *speech) pairsGoing(id string) (pairs []*store.Pair) {
	for i := range s.c.Pairs {
		p := &s.c.Pairs[i]
		if _, ok := p.Partner(id); ok && p.EndedAt.IsZero() {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

func sureOfLeaving(t *turn, d *proposal) chat.Text {
	var partners []string
	var people []*store.Person
	for _, p := range t.pairsGoing(d.Subject) {
		id, _ := p.Partner(d.Subject)
		partners = append(partners, id)
		people = append(people, t.c.People[id])
	}
	name := locale.Args{"Name": t.name(d.Subject)}
	var pairs, posts chat.Text
	if t.plans(d.Subject) {
		posts = t.text("person-end.posts", name)
	}
	if len(partners) > 0 {
		pairs = t.unlessQuiet(t.text("person-end.pairs", locale.Args{"Count": len(partners), "Names": t.names(partners)}), t.waits(people, time.Time{}))
	}
	return chat.Join(t.text("person-end.sure", name), t.text("person-end.what", name), pairs, posts)
}

// A leaving is what undoing the end of a participation needs.
type leaving struct {
	Pairs []store.Pair // that ended with it, as they were
	Posts bool         // announcements that they had planned were withdrawn, and stay so
}

func endPerson(t *turn, d *proposal) (outcome, error) {
	kept := leaving{Posts: t.plans(d.Subject)}
	for _, p := range t.pairsGoing(d.Subject) {
		kept.Pairs = append(kept.Pairs, *p)
		if err := t.tx.EndPair(p.ID); err != nil {
			return outcome{}, err
		}
		id, _ := p.Partner(d.Subject)
		if err := t.tellPartner(p, id, d.id, pairEnded); err != nil {
			return outcome{}, err
		}
	}
	name := locale.Args{"Name": t.name(d.Subject)}
	out := outcome{
		subject: d.Subject, acted: d.Subject, before: kept,
		text:    chat.Join(t.text("person-end.done", name), t.text("person-end.what", name)),
		buttons: []chat.Button{t.lead("people", "people "+d.CycleID)},
	}
	if kept.Posts {
		out.text = chat.Join(out.text, t.text("left.posts", name))
		out.buttons = append(out.buttons, t.lead("posts", "posts "+d.CycleID))
		if err := t.tellOfPlanned(d); err != nil {
			return outcome{}, err
		}
	}
	return out, errors.Join(t.newMenus(d.Subject), t.tx.Leave(d.CycleID, d.Subject))
}

// tellOfPlanned withdraws what somebody whose participation ends has planned to announce,
// and tells the coordinators who stay.
func (t *turn) tellOfPlanned(d *proposal) error {
	if err := t.withdrawPlanned(d.Subject); err != nil {
		return err
	}
	who := t.c.People[d.Subject]
	stay := slices.DeleteFunc(t.otherCoordinators(), func(p *store.Person) bool { return p.ID == who.ID })
	return post(t.tx, d.CycleID, news{kind: store.KindLeft, subject: who.Slug, occasion: d.id, what: memberEnded}, stay...)
}

// tellPartner tells one of a pair what became of it, if they can be told.
func (t *turn) tellPartner(p *store.Pair, id, occasion, what string) error {
	for _, person := range t.whoHears(p) {
		if person.ID == id {
			return t.tellPair(p, occasion, what, person)
		}
	}
	return nil
}

// undoEndPerson brings a person back, and lets the pairs go on that ended with them.
func undoEndPerson(t *turn, e *store.Entry, kept *leaving) error {
	name := locale.Args{"Name": t.name(e.Subject)}
	if !t.memberByID(e.Subject).LeftAt.Equal(e.At) || cantSpeakOf(t, &proposal{Subject: e.Subject}) != "" {
		return t.changedSince(e)
	}
	if err := errors.Join(t.newMenus(e.Subject), t.tx.Return(e.CycleID, e.Subject)); err != nil {
		return err
	}
	all := 0
	for _, was := range kept.Pairs {
		p := t.pairByID(was.ID)
		partner, _ := p.Partner(e.Subject)
		if !p.EndedAt.Equal(e.At) || !t.memberByID(partner).LeftAt.IsZero() {
			continue // it goes on already, has ended anew, or can't go on
		}
		heard, err := t.heard(store.KindPair, t.c.PairSlug(p), e.ID)
		if err != nil {
			return err
		}
		if err := t.tx.RestorePair(was); err != nil {
			return err
		}
		if err := t.tellPair(p, e.ID+undone, pairReopened, heard...); err != nil {
			return err
		}
		all += len(heard)
	}
	var stays chat.Text
	if kept.Posts {
		stays = t.text("undo.posts-stay", nil)
		if err := t.unsay(news{kind: store.KindLeft, subject: t.c.People[e.Subject].Slug, occasion: e.ID, what: memberEnded}, memberBack); err != nil {
			return err
		}
	}
	t.tell(chat.Join(t.text("undo.person-end", name), t.hearAgain(all), stays), t.lead("see-person", "person "+e.CycleID+" "+e.Subject))
	return nil
}

func sureOfReturn(t *turn, d *proposal) chat.Text {
	name := locale.Args{"Name": t.name(d.Subject)}
	return chat.Join(t.text("person-back.sure", name), t.text("person-back.what", nil))
}

func bringBack(t *turn, d *proposal) (outcome, error) {
	name := locale.Args{"Name": t.name(d.Subject)}
	return outcome{
		subject: d.Subject, acted: d.Subject, before: *t.memberByID(d.Subject),
		text:    chat.Join(t.text("person-back.done", name), t.text("person-back.what", nil)),
		buttons: []chat.Button{t.lead("see-person", "person "+d.CycleID+" "+d.Subject), t.lead("manage-pairs", "manage-pairs "+d.CycleID)},
	}, errors.Join(t.newMenus(d.Subject), t.tx.Return(d.CycleID, d.Subject))
}

func undoBack(t *turn, e *store.Entry, was *store.Member) error {
	m := t.memberByID(e.Subject)
	if !m.LeftAt.IsZero() || !m.JoinedAt.Equal(was.JoinedAt) || len(t.pairsGoing(e.Subject)) > 0 {
		return t.changedSince(e)
	}
	t.say("undo.person-back", locale.Args{"Name": t.name(e.Subject)}, t.lead("people", "people "+e.CycleID))
	return errors.Join(t.newMenus(e.Subject), t.tx.RestoreLeave(*was))
}

// invitationLife is how long an invitation from a chat can be used.
const invitationLife = 30 * 24 * time.Hour
