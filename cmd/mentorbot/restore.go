package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"filippo.io/age"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/config"
	"github.com/kooperativa/mentorbot/store"
)

type restoreCommand struct {
	File           string `arg:"" optional:"" name:"file" help:"The backup; - for standard input."`
	Identity       string `placeholder:"FILE" xor:"secret" help:"The file with the secret key of age."`
	PassphraseFile string `placeholder:"FILE" xor:"secret" help:"The file with the passphrase."`
	Mark           string `placeholder:"INSTANT" help:"Restore nothing: say that the database was brought back to this instant by other tools, such as 2027-05-03T12:00:00Z."`
}

// Help has examples.
func (restoreCommand) Help() string {
	return `It makes the configured database of a backup. It overwrites nothing: if there is a
database, move it away first. What was due since the backup may have been sent before the
loss: it is held, and coordinators are asked as soon as "mentorbot serve" starts.

A database on a PostgreSQL server is brought back with pg_restore; then --mark, before
"mentorbot serve" starts, has the same held.

Examples:

  mentorbot restore backup.db
  mentorbot restore --identity key.txt backup.db.age
  mentorbot restore --passphrase-file passphrase backup.db.age
  mentorbot restore --mark 2027-05-03T12:00:00Z`
}

// Run restores, or marks.
func (c restoreCommand) Run(e *environment) error {
	conf, err := e.configured()
	if err != nil {
		return err
	}
	switch {
	case c.Mark != "" && c.File != "":
		return misuse{errors.New("--mark is for a database that was brought back already: leave the file out")}
	case c.Mark != "":
		return c.mark(e)
	case c.File == "":
		return misuse{errors.New("which backup? Name its file")}
	case conf.Postgres():
		return withItsTools("bring it back with its tools, into an empty database, and then say of when it is:",
			"pg_restore --exit-on-error --no-owner --dbname="+conf.ShownDatabase()+" "+c.File+"\n  mentorbot restore --mark INSTANT")
	}
	file := io.NopCloser(e.in)
	if c.File != "-" {
		if file, err = os.Open(c.File); err != nil {
			return missing(err, c.File)
		}
	}
	defer file.Close()
	plain, err := decrypted(file, func() ([]age.Identity, error) { return c.identities(e) })
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	r, err := store.Restore(e.ctx, store.Options{Database: conf.Database, Key: conf.Key}, plain)
	if errors.Is(err, store.ErrThere) {
		return inputError("%w: move it away first, with what stands beside it", err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, given(err))
	}
	c.tell(e, conf, r)
	return nil
}

// identities are what may open the backup.
func (c restoreCommand) identities(e *environment) ([]age.Identity, error) {
	switch {
	case c.Identity != "":
		return identitiesIn(c.Identity)
	case c.PassphraseFile == "" && c.File == "-":
		return nil, misuse{errors.New("it is encrypted: name the file of the key with --identity, or that of the passphrase with --passphrase-file")}
	}
	passphrase, err := e.passphrase(c.PassphraseFile, false)
	if err != nil {
		return nil, err
	}
	identity, err := age.NewScryptIdentity(passphrase)
	return []age.Identity{identity}, err
}

func (c restoreCommand) tell(e *environment, conf config.Config, r store.Restored) {
	fmt.Fprintf(e.out, "Restored as of %s: %s\n", r.At.Format(time.RFC3339), conf.Database)
	fmt.Fprintln(e.out, "What was due since then is held: coordinators are asked when \"mentorbot serve\" starts.")
	switch {
	case len(conf.Key) == 0:
		fmt.Fprintln(e.errs, "mentorbot: no key for sealing is configured: what is sealed in this database can't be read without it")
	case !r.Proven:
		fmt.Fprintln(e.errs, "mentorbot: this backup was made without a key for sealing: whether the configured one is right can't be told")
	}
}

// mark says of when the database is.
func (c restoreCommand) mark(e *environment) error {
	at, err := time.Parse(time.RFC3339, c.Mark)
	if err != nil {
		return misuse{fmt.Errorf("--mark: %q is no instant: write one such as 2027-05-03T12:00:00Z", c.Mark)}
	}
	if at.After(time.Now()) {
		return misuse{fmt.Errorf("--mark: %s is still to come", c.Mark)}
	}
	s, err := e.openMade()
	if err != nil {
		return err
	}
	release, err := s.Reserve("mentorbot restore")
	if err == nil {
		err = s.HoldSince(e.ctx, at)
		release()
	}
	if err = errors.Join(err, s.Close()); err != nil {
		return err
	}
	fmt.Fprintln(e.out, "What was due since then is held: coordinators are asked when \"mentorbot serve\" starts.")
	return nil
}
