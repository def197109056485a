package main

import (
	"errors"
	"fmt"
	"time"

	"filippo.io/age"

	"github.com/kooperativa/mentorbot/store"
)

type backupCommand struct {
	File           string   `arg:"" name:"file" help:"The new file; - for standard output."`
	Recipient      []string `placeholder:"age1…" sep:"none" help:"Encrypt to this public key of age. Can be said more than once."`
	PassphraseFile string   `placeholder:"FILE" xor:"passphrase" help:"Encrypt with the passphrase in this file."`
	Passphrase     bool     `xor:"passphrase" help:"Ask for a passphrase, and encrypt with it."`
}

// Help has examples.
func (backupCommand) Help() string {
	return `It writes all that the database holds, checked, while "mentorbot serve" goes on. It
overwrites nothing. The key for sealing is not in it: keep that, or the configuration, in
another place. What is encrypted the age tool can open as well.

Examples:

  mentorbot backup backup.db
  mentorbot backup --recipient age1… backup.db.age
  mentorbot backup --passphrase-file passphrase backup.db.age
  mentorbot backup --recipient age1… - | ssh elsewhere 'cat > backup.db.age'`
}

// Run backs up.
func (c backupCommand) Run(e *environment) error {
	recipients, err := c.recipients(e)
	if err != nil {
		return err
	}
	conf, err := e.configured()
	if err != nil {
		return err
	}
	if conf.Postgres() {
		return withItsTools("back it up with the tools of PostgreSQL:", "pg_dump --format=custom --file="+c.File+" --dbname="+conf.ShownDatabase())
	}
	s, err := e.openMade()
	if err != nil {
		return err
	}
	target := store.BackupTarget{File: c.File}
	if c.File == "-" {
		target = store.BackupTarget{To: e.out}
	}
	if len(recipients) > 0 {
		target.Encrypt = encryptTo(recipients)
	}
	made, err := s.Backup(e.ctx, target)
	if err = errors.Join(err, s.Close()); err != nil {
		return given(err)
	}
	if c.File != "-" {
		fmt.Fprintf(e.out, "Backed up as of %s: %s (%s)\n", made.At.Format(time.RFC3339), c.File, size(made.Bytes))
	}
	return nil
}

// recipients are to whom the backup is encrypted; none: it isn't.
func (c backupCommand) recipients(e *environment) ([]age.Recipient, error) {
	recipients, err := recipientsOf(c.Recipient)
	if err != nil || c.PassphraseFile == "" && !c.Passphrase {
		return recipients, err
	}
	if len(recipients) > 0 {
		return nil, misuse{errors.New("a backup is encrypted either to keys or with a passphrase")}
	}
	passphrase, err := e.passphrase(c.PassphraseFile, true)
	if err != nil {
		return nil, err
	}
	recipient, err := age.NewScryptRecipient(passphrase)
	return []age.Recipient{recipient}, err
}

// withItsTools refuses kindly what is for the tools of PostgreSQL to do.
func withItsTools(what, command string) error {
	return inputError("the database is a PostgreSQL server: %s\n  %s", what, command)
}

// given makes the mistake of who gave a file of what the store refuses about it.
func given(err error) error {
	for _, refused := range []error{store.ErrThere, store.ErrNoBackup, store.ErrDamaged, store.ErrOtherKey, store.ErrNewer} {
		if errors.Is(err, refused) {
			return wrongInput{err}
		}
	}
	return err
}

// size tells a number of bytes.
func size(bytes int64) string {
	if bytes < 1e6 {
		return fmt.Sprintf("%d kB", (bytes+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
