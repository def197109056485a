package programfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

// invitationLife is how long somebody has to use an invitation, from now or, if that is
// later, from the start of their cycle.
const invitationLife = 30 * 24 * time.Hour

// InvitationExpires returns until when an invitation is good that is made now for a
// member of a cycle.
func InvitationExpires(now time.Time, c *store.Cycle) time.Time {
	if starts := c.Starts.Midnight(c.Location()); starts.After(now) {
		now = starts
	}
	return now.Add(invitationLife)
}

// people makes people known, and what is known of them what the file says.
func (a *applier) people() error {
	if err := a.read(); err != nil {
		return err
	}
	for i := range a.file.People {
		want := a.file.People[i].Person
		have := a.known[want.Slug]
		if have == nil {
			if err := a.tx.InsertPerson(&want); err != nil {
				return err
			}
			a.known[want.Slug] = &want
			a.bySlug[want.ID] = want.Slug
			continue
		}
		want.ID = have.ID
		a.keepChoices(have, &want)
		if a.changes.fields("person "+want.Slug, personFields(have), personFields(&want), nil) {
			if err := a.tx.UpdatePerson(want); err != nil {
				return err
			}
		}
	}
	return nil
}

// read reads the people of the program and their parts in the cycle.
func (a *applier) read() error {
	people, err := a.tx.People()
	if err != nil {
		return err
	}
	a.known, a.bySlug = make(map[string]*store.Person, len(people)), make(map[string]string, len(people))
	for i := range people {
		a.known[people[i].Slug], a.bySlug[people[i].ID] = &people[i], people[i].Slug
	}
	members, err := a.tx.Members(a.cycle.ID)
	if err != nil {
		return err
	}
	a.parts = make(map[string]store.Member, len(members))
	for _, m := range members {
		a.parts[m.PersonID] = m
	}
	pairs, err := a.tx.Pairs(a.cycle.ID)
	if err != nil {
		return err
	}
	a.places = make(map[[2]string]store.Pair, len(pairs))
	for _, p := range pairs {
		a.places[[2]string{p.MentorID, p.MenteeID}] = p
	}
	return nil
}

// keepChoices puts what a person chose in chat in place of what the file wants, and
// says so where the two differ.
func (a *applier) keepChoices(have, want *store.Person) {
	kept := func(what, chosen, wanted string) {
		if wanted != "" && wanted != chosen {
			a.changes.note("%s chose %s %s in chat: the file's %s isn't used", have.Slug, what, chosen, wanted)
		}
	}
	if have.LanguageChosen {
		kept("the language", have.Language, want.Language)
		want.Language = have.Language
	}
	if have.ZoneChosen {
		kept("the zone", have.Zone, want.Zone)
		want.Zone = have.Zone
	}
	if have.QuietChosen {
		if want.Quiet != nil && have.Quiet != nil {
			kept("the quiet hours", have.Quiet.String(), want.Quiet.String())
		}
		want.Quiet = have.Quiet
	}
}

// members gives people their parts in the cycle.
func (a *applier) members() error {
	for i := range a.file.People {
		want := &a.file.People[i]
		p := a.known[want.Slug]
		part, is := a.parts[p.ID]
		switch {
		case is && !part.LeftAt.IsZero():
			a.changes.note("%s has left the cycle, and isn't brought back", want.Slug)
			continue
		case is && part.Role == want.Role:
		default:
			if err := a.put(want, p, part.Role); err != nil {
				return err
			}
		}
		if want.Role == store.Coordinator {
			if err := a.invite(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// put gives a person a role in the cycle; before is "" if they had none.
func (a *applier) put(want *Person, p *store.Person, before store.Role) error {
	err := a.tx.PutMember(store.Member{CycleID: a.cycle.ID, PersonID: p.ID, Role: want.Role})
	switch {
	case errors.Is(err, store.ErrInPair):
		a.refuse("%s can't become a %s while in a pair as a %s: %s", want.Slug, want.Role, before,
			"take the pair out of the file and use --prune first, or give the new role to another id")
	case err != nil:
		return err
	case before == "":
		a.changes.add("person "+want.Slug, want.Name+", "+string(want.Role))
	default:
		a.changes.change("person "+want.Slug, "role", string(before), string(want.Role), "")
	}
	return nil
}

// invite makes an invitation for a coordinator, unless they have been let in or have one
// that is still good. So an expired one is renewed by applying the file again.
func (a *applier) invite(p *store.Person) error {
	accounts, err := a.tx.Accounts(p.ID)
	if err != nil || len(accounts) > 0 {
		return err
	}
	open, err := a.tx.Invitations(a.cycle.ID)
	if err != nil {
		return err
	}
	good := func(i store.Invitation) bool { return i.PersonID == p.ID && i.Expires.After(a.tx.Now()) }
	if slices.ContainsFunc(open, good) {
		return nil
	}
	expires := InvitationExpires(a.tx.Now(), &a.cycle)
	code, err := a.tx.NewInvitation(p.ID, expires)
	if err != nil {
		return err
	}
	a.changes.Invitations = append(a.changes.Invitations,
		Invitation{Person: p.Slug, Name: strictyaml.Visible(p.Name), Code: code, Expires: expires})
	return nil
}

// held refuses dates of the cycle that leave out a meeting that was held.
func (a *applier) held() error {
	meetings, err := a.tx.Meetings(a.cycle.ID)
	if err != nil {
		return err
	}
	pairs := map[string]string{}
	for _, p := range a.places {
		pairs[p.ID] = pairText(a.bySlug[p.MentorID], a.bySlug[p.MenteeID])
	}
	var left Refusals
	for _, m := range meetings {
		switch {
		case m.State != store.Held:
		case m.Day < a.cycle.Starts:
			left = append(left, fmt.Sprintf("the %s met on %s, before the new start of the cycle: let it start earlier", pairs[m.PairID], m.Day))
		case m.Day > a.cycle.Ends:
			left = append(left, fmt.Sprintf("the %s met on %s, after the new end of the cycle: let it end later", pairs[m.PairID], m.Day))
		}
	}
	slices.Sort(left)
	a.refused = append(a.refused, left...)
	return nil
}

// pairs makes the pairs that are new.
func (a *applier) pairs() error {
	if len(a.refused) > 0 {
		return nil // a role that was refused would be refused here once more
	}
	for _, want := range a.file.Pairs {
		what := pairText(want.Mentor, want.Mentee)
		p := store.Pair{CycleID: a.cycle.ID, MentorID: a.known[want.Mentor].ID, MenteeID: a.known[want.Mentee].ID}
		have, is := a.places[[2]string{p.MentorID, p.MenteeID}]
		switch {
		case is && !have.EndedAt.IsZero():
			a.changes.note("the %s has ended, and stays so", what)
			continue
		case is:
			continue
		}
		if err := a.tx.InsertPair(&p); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		a.changes.add("pair", want.Mentor+" and "+want.Mentee)
	}
	return nil
}

func pairText(mentor, mentee string) string { return "pair of " + mentor + " and " + mentee }

// prunePairs removes the pairs that the file doesn't have.
func (a *applier) prunePairs() error {
	if !a.prune {
		return nil
	}
	wanted := map[Pair]bool{}
	for _, p := range a.file.Pairs {
		wanted[p] = true
	}
	var absent []store.Pair
	for _, p := range a.places {
		if !wanted[Pair{a.bySlug[p.MentorID], a.bySlug[p.MenteeID]}] && p.EndedAt.IsZero() {
			absent = append(absent, p)
		}
	}
	text := func(p store.Pair) string { return a.bySlug[p.MentorID] + " and " + a.bySlug[p.MenteeID] }
	slices.SortFunc(absent, func(p, q store.Pair) int { return strings.Compare(text(p), text(q)) })
	for _, p := range absent {
		if err := a.removed("pair", text(p), a.tx.RemovePair(p.ID)); err != nil {
			return err
		}
	}
	return nil
}

// pruneMembers removes the people that the file doesn't have: from the cycle, and
// from the program if they have no part in it otherwise.
func (a *applier) pruneMembers() error {
	if !a.prune {
		return nil
	}
	wanted := map[string]bool{}
	for i := range a.file.People {
		wanted[a.file.People[i].Slug] = true
	}
	var absent []string
	for id, m := range a.parts {
		if slug := a.bySlug[id]; !wanted[slug] && m.LeftAt.IsZero() {
			absent = append(absent, slug)
		}
	}
	slices.Sort(absent)
	for _, slug := range absent {
		p := a.known[slug]
		if err := a.removed("person "+slug, p.Name, a.tx.RemoveMember(a.cycle.ID, p.ID)); err != nil {
			return err
		}
		if err := a.forget(p); err != nil {
			return err
		}
	}
	return nil
}

// forget takes a person out of the program whose last part in it was removed.
func (a *applier) forget(p *store.Person) error {
	parts, err := a.tx.Memberships(p.ID)
	if err != nil || len(parts) > 0 {
		return err
	}
	var kept *store.KeptError
	if err := a.tx.RemovePerson(p.ID); !errors.As(err, &kept) {
		return err
	}
	a.changes.note("%s is out of the cycle but stays in the program: removing them %v", p.Slug, kept)
	return nil
}
