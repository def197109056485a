package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/programfile"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

type inviteCommand struct {
	Person string `arg:"" name:"person-id" help:"Whom, by the id that the program file gives them."`
}

// Help has examples.
func (inviteCommand) Help() string {
	return `It prints a new code, once: only its hash is kept. Older codes of the same person that
were not used are void from then on. Whoever has joined already links another app by it.

Examples:

  mentorbot invite coordinator-1
  mentorbot invite --config /etc/mentorbot/config.yaml mentor-1`
}

// An invited is somebody with a new invitation.
type invited struct {
	person  store.Person
	code    string
	expires time.Time
	linked  int // accounts that they have
}

// Run makes the invitation, and then tells it.
func (c inviteCommand) Run(e *environment) error {
	s, err := e.openMade()
	if err != nil {
		return err
	}
	defer s.Close()
	var i invited
	err = s.Update(e.ctx, func(tx *store.Tx) (err error) {
		i, err = c.invite(tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	i.tell(e)
	return nil
}

// links are the addresses at which the bot takes a code. Platforms that don't answer soon
// have none.
func links(e *environment, code string) (all []string) {
	c, err := e.configured()
	if err != nil {
		return nil // it was good enough to open the database
	}
	speaking, err := platforms(c, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil
	}
	ctx, done := context.WithTimeout(e.ctx, checkPatience)
	defer done()
	for _, p := range speaking {
		a, checks := p.Adapter.(checker)
		linker, ok := p.Adapter.(chat.Linker)
		if !ok || !checks {
			continue
		}
		if _, err := a.Check(ctx); err == nil {
			all = append(all, linker.Link(code))
		}
	}
	return all
}

func (c inviteCommand) invite(tx *store.Tx) (i invited, err error) {
	if i.person, err = tx.PersonBySlug(c.Person); err != nil {
		return i, nobody(tx, c.Person, err)
	}
	parts, err := tx.Memberships(i.person.ID)
	if err != nil {
		return i, err
	}
	for _, m := range parts {
		cycle, err := tx.Cycle(m.CycleID)
		if err != nil {
			return i, err
		}
		if until := programfile.InvitationExpires(tx.Now(), &cycle); m.LeftAt.IsZero() && until.After(i.expires) {
			i.expires = until
		}
	}
	if i.expires.IsZero() {
		return i, inputError("%s is in no cycle: put them into a program file, and apply it", c.Person)
	}
	accounts, err := tx.Accounts(i.person.ID)
	if err != nil {
		return i, err
	}
	i.linked = len(accounts)
	i.code, err = tx.NewInvitation(i.person.ID, i.expires)
	return i, err
}

// listed is how many ids are listed if none is like the one that was typed.
const listed = 20

// nobody says whom there is, in place of somebody whom looking for has not found.
func nobody(tx *store.Tx, slug string, err error) error {
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	people, err := tx.People()
	if err != nil {
		return err
	}
	var ids []string
	for i := range people {
		ids = append(ids, people[i].Slug)
	}
	slices.Sort(ids)
	otherwise := ""
	if len(ids) <= listed {
		otherwise = "there are "
	}
	hint := strictyaml.DidYouMean(slug, ids, otherwise)
	if hint == "" {
		hint = "mentorbot export lists those there are"
	}
	return inputError("there is nobody with the id %q: %s", slug, hint)
}

func (i *invited) tell(e *environment) {
	fmt.Fprintf(e.out, "%s (%s): %s, until %s\n", i.person.Slug, strictyaml.Visible(i.person.Name), i.code, i.expires.Format("2006-01-02"))
	way := "sends it to the bot, as /join CODE"
	for _, address := range links(e, i.code) {
		fmt.Fprintln(e.out, address)
		way = "opens the address, or sends the code to the bot, as /join CODE"
	}
	fmt.Fprint(e.out, "It is shown only now: hand it to its person, who "+way+".\n"+
		"It can be used once; older codes of theirs that were not used are void.\n")
	if i.linked > 0 {
		fmt.Fprint(e.out, "They have joined already: with it they link another app to the same person.\n")
	}
}
