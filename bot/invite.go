package bot

import (
	"maps"
	"slices"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// links are the addresses that hand a code to the bots that have such addresses.
func (b *Bot) links(code string) (addresses []string) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, id := range slices.Sorted(maps.Keys(b.handlers)) {
		if l, ok := b.handlers[id].adapter.(chat.Linker); ok {
			if address := l.Link(code); address != "" {
				addresses = append(addresses, address)
			}
		}
	}
	return addresses
}

// invitation makes an invitation for a person, and the text with it: what the
// coordinator has to know, and below it, in the person's language, what to forward.
func (t *turn) invitation(p *store.Person) (chat.Text, error) {
	ends := t.now.Add(invitationLife)
	code, err := t.tx.NewInvitation(p.ID, ends)
	if err != nil {
		return "", err
	}
	theirs := newSpeech(t.c, p, t.now, t.size)
	args := locale.Args{
		"Name": p.Name, "Title": t.c.Cycle.Title, "Code": chat.Text("`" + code + "`"),
		"Day": theirs.until(store.DateOf(ends.In(theirs.zone))),
	}
	var ways []chat.Text
	for _, address := range t.h.links(code) {
		ways = append(ways, theirs.text("invite.link", locale.Args{"Link": chat.Link(address, address)}))
	}
	way := theirs.text("invite.code-alone", args)
	if len(ways) > 0 {
		way = chat.List(append(ways, theirs.text("invite.code", args)))
	}
	forward := chat.Join(theirs.text("invite.hello", args), way, theirs.text("invite.ends", args))
	if theirs.err != nil && t.err == nil {
		t.err = theirs.err
	}
	return chat.Join(t.text("invite.forward", locale.Args{"Name": p.Name}), forward), nil
}

// openPerson speaks of the cycle and the person that the command names, if who asks
// coordinates it and the person is in it. ok: so it is; else the reply says so.
func (t *turn) openPerson() (p *store.Person, m *store.Member, ok bool, err error) {
	d := &proposal{CycleID: t.args["cycle"], Subject: t.args["person"]}
	if ok, err = t.openThing(ofPerson, d); err != nil || !ok {
		return nil, nil, false, err
	}
	p, m = t.c.People[d.Subject], t.memberByID(d.Subject)
	if p.Erased() {
		t.say("people.is-erased", nil, t.button("people", "people "+t.c.Cycle.ID))
		return nil, nil, false, nil
	}
	return p, m, true, nil
}

// invite makes a new invitation for somebody, and shows it.
func (t *turn) invite() error {
	p, m, ok, err := t.openPerson()
	if err != nil || !ok {
		return err
	}
	card := t.lead("see-person", "person "+m.CycleID+" "+p.ID)
	if !m.LeftAt.IsZero() {
		t.say("person-end.left", locale.Args{"Name": p.Name}, card)
		return nil
	}
	if elsewhere, err := t.takesPartElsewhere(p.ID); err != nil || elsewhere {
		t.say("invite.elsewhere", locale.Args{"Name": p.Name}, card)
		return err
	}
	if err := t.act(); err != nil {
		return err
	}
	text, err := t.invitation(p)
	if err != nil {
		return err
	}
	e := store.Entry{CycleID: m.CycleID, By: t.me(), For: p.ID, What: "invite", Subject: p.ID}
	t.tell(chat.Join(t.text("invite.done", locale.Args{"Name": p.Name}), text), card, t.lead("people", "people "+m.CycleID))
	return t.tx.InsertEntry(&e)
}

// takesPartElsewhere reports whether somebody has joined, or coordinates, a cycle that who
// asks doesn't coordinate: whoever uses an invitation is that person there, too.
func (t *turn) takesPartElsewhere(personID string) (bool, error) {
	parts, err := t.tx.Memberships(personID)
	return slices.ContainsFunc(parts, func(m store.Member) bool {
		return m.LeftAt.IsZero() && (!m.JoinedAt.IsZero() || m.Role == store.Coordinator) && !t.coordinates(m.CycleID)
	}), err
}
