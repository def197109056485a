package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
	"golang.org/x/term"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/config"
	"github.com/kooperativa/mentorbot/store"
)

// How files that were encrypted with age begin.
const (
	ageBegins   = "age-encryption.org/"
	armorBegins = armor.Header
)

// encryptTo returns what encrypts to recipients.
func encryptTo(recipients []age.Recipient) func(io.Writer) (io.WriteCloser, error) {
	return func(w io.Writer) (io.WriteCloser, error) { return age.Encrypt(w, recipients...) }
}

// decrypted reads a file that may be encrypted, by what find finds when it is.
func decrypted(from io.Reader, find func() ([]age.Identity, error)) (io.Reader, error) {
	in := bufio.NewReader(from)
	begin, _ := in.Peek(len(armorBegins)) // of a shorter file, what there is
	var sealed io.Reader = in
	switch {
	case bytes.HasPrefix(begin, []byte(armorBegins)):
		sealed = armor.NewReader(in)
	case !bytes.HasPrefix(begin, []byte(ageBegins)):
		return in, nil
	}
	identities, err := find()
	if err != nil {
		return nil, err
	}
	out, err := age.Decrypt(sealed, identities...)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none):
		return nil, inputError("it is encrypted with another passphrase, or to another key")
	case err != nil:
		return nil, inputError("%w (%w)", store.ErrDamaged, err)
	}
	return tamperproof{out}, nil
}

// A tamperproof reader says of what can't be decrypted that it is damaged.
type tamperproof struct{ io.Reader }

func (r tamperproof) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w (%w)", store.ErrDamaged, err)
	}
	return n, err
}

// recipientsOf reads public keys.
func recipientsOf(keys []string) (all []age.Recipient, err error) {
	for _, key := range keys {
		recipients, err := age.ParseRecipients(strings.NewReader(key))
		if err != nil {
			return nil, misuse{fmt.Errorf("--recipient: %q is no public key of age: write one that begins with age1", key)}
		}
		all = append(all, recipients...)
	}
	return all, nil
}

// identitiesIn reads the secret keys of a file.
func identitiesIn(file string) ([]age.Identity, error) {
	text, err := config.ReadSecret(file, "--identity")
	if err != nil {
		return nil, err
	}
	identities, err := age.ParseIdentities(strings.NewReader(text))
	if err != nil {
		return nil, inputError("%s (--identity): there is no secret key of age in it", file)
	}
	return identities, nil
}

// passphrase is that in a file; without one it is asked for, a new one twice.
func (e *environment) passphrase(file string, anew bool) (string, error) {
	if file != "" {
		return config.ReadSecret(file, "--passphrase-file")
	}
	return e.askPassphrase(anew)
}

// askPassphrase asks for a passphrase on the terminal, which doesn't show it; a new one
// twice.
func (e *environment) askPassphrase(anew bool) (string, error) {
	terminal := int(os.Stdin.Fd())
	if !term.IsTerminal(terminal) {
		return "", misuse{errors.New("there is no terminal to ask for the passphrase: name a file that has it with --passphrase-file")}
	}
	ask := func(question string) (string, error) {
		if _, err := io.WriteString(e.errs, question); err != nil {
			return "", err
		}
		typed, err := term.ReadPassword(terminal)
		fmt.Fprintln(e.errs)
		if err != nil {
			return "", fmt.Errorf("read the passphrase: %w", err)
		}
		return string(typed), nil
	}
	passphrase, err := ask("Passphrase: ")
	switch {
	case err != nil:
		return "", err
	case passphrase == "":
		return "", inputError("the passphrase is empty")
	case !anew:
		return passphrase, nil
	}
	again, err := ask("The same again: ")
	if err == nil && again != passphrase {
		err = inputError("these were two passphrases: nothing was written")
	}
	return passphrase, err
}
