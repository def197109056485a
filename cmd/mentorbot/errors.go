package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/config"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/programfile"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

// The exit codes.
const (
	exitDone    = 0
	exitInput   = 1 // a mistake in a file, or in what it asks for
	exitMisuse  = 2 // of the command line
	exitTrouble = 3 // of the machine
)

// misuse is a mistake on the command line.
type misuse struct{ error }

func (m misuse) Unwrap() error { return m.error }

// wrongInput is a mistake in what a command was given to work on.
type wrongInput struct{ error }

func (w wrongInput) Unwrap() error { return w.error }

func inputError(format string, args ...any) error { return wrongInput{fmt.Errorf(format, args...)} }

// exitCode tells whose mistake an error is.
func exitCode(err error) int {
	var (
		misused  misuse
		input    wrongInput
		mistakes strictyaml.Mistakes
		refusals programfile.Refusals
		refusal  *store.Refusal
		open     *config.OpenError
		setting  *config.Mistake
	)
	switch {
	case errors.As(err, &misused):
		return exitMisuse
	case errors.As(err, &input), errors.As(err, &mistakes), errors.As(err, &refusals),
		errors.As(err, &refusal), errors.As(err, &open), errors.As(err, &setting):
		return exitInput
	}
	return exitTrouble
}

// complaint is what is said of an error: mistakes in a file as they are, so that an
// editor finds their places; anything else with the name of the program.
func complaint(err error) string {
	var mistakes strictyaml.Mistakes
	switch {
	case !errors.As(err, &mistakes):
		return "mentorbot: " + err.Error()
	case len(mistakes) == 1:
		return mistakes.Error() + "\n1 mistake."
	default:
		return fmt.Sprintf("%s\n%d mistakes.", mistakes.Error(), len(mistakes))
	}
}

// missing turns the absence of a file that somebody named into their mistake.
func missing(err error, file string) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return inputError("there is no file %s", file)
	case errors.Is(err, strictyaml.ErrFolder):
		return inputError("%s is a folder: name a file in it", file)
	}
	return err
}
