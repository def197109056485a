// Command mentorbot runs a mentorship cycle from inside the chat apps that people
// already use.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // machines without zone files

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills: not everything looks at the context
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// A commandLine is what can be typed.
type commandLine struct {
	Config string `placeholder:"FILE" help:"The configuration: where the database is. Default: config.yaml in the current folder, if there is one."`

	Play     playCommand     `cmd:"" help:"Try everything on a page, in the part of everybody, without any token."`
	Serve    serveCommand    `cmd:"" help:"Answer people and send what is due, until told to stop."`
	Health   healthCommand   `cmd:"" help:"Ask the service on this machine whether it works."`
	Init     initCommand     `cmd:"" help:"Write a configuration and a sample program file to begin with."`
	Rehearse rehearseCommand `cmd:"" help:"Show every message that a program file would send, and send none."`
	Apply    applyCommand    `cmd:"" help:"Put what a program file says into the database."`
	Export   exportCommand   `cmd:"" help:"Write a cycle from the database as a program file."`
	ConfigOf configCommand   `cmd:"" name:"config" help:"Look at the configuration."`
	Backup   backupCommand   `cmd:"" help:"Write all that the database holds into a file, while the bot goes on."`
	Restore  restoreCommand  `cmd:"" help:"Make the database of a backup."`
	Invite   inviteCommand   `cmd:"" help:"Make an invitation with which somebody joins, or links another app."`
	Status   statusCommand   `cmd:"" help:"Tell on one screen how everything stands."`
	Messages messagesCommand `cmd:"" help:"Tell what was sent, what could not be, and what is to come."`
	Doctor   doctorCommand   `cmd:"" help:"Look for faults, and tell the remedy of each."`
	Version  versionCommand  `cmd:"" help:"Tell which Mentorbot this is."`
}

// An environment is what a command works with.
type environment struct {
	ctx    context.Context
	config string // as typed; "": the default
	in     io.Reader
	out    *bufio.Writer // results; flushed when the command has ended
	errs   io.Writer     // errors, and what isn't a result
}

// log is where a command that goes on says what went wrong.
func (e *environment) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(e.errs, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// run runs the command of args and returns its exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	e := &environment{ctx: ctx, in: stdin, out: bufio.NewWriterSize(stdout, 1<<16), errs: stderr}
	err := e.run(args)
	if flushErr := e.out.Flush(); flushErr != nil && err == nil {
		err = fmt.Errorf("write results: %w", flushErr)
	}
	if err == nil {
		return exitDone
	}
	code := exitCode(err)
	fmt.Fprintln(stderr, complaint(err))
	if code == exitMisuse {
		fmt.Fprintln(stderr, `See "mentorbot --help", or --help after a command.`)
	}
	return code
}

func (e *environment) run(args []string) error {
	var typed commandLine
	helped := false
	parser, err := kong.New(&typed,
		kong.Name("mentorbot"),
		kong.Description("Mentorbot runs a mentorship cycle from inside the chat apps that people already use.\n\n"+generalHelp),
		kong.Writers(e.out, e.errs),
		kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		return fmt.Errorf("set up the command line: %w", err)
	}
	chosen, err := parser.Parse(args)
	switch {
	case helped: // and parsing went on, which may have complained
		return nil
	case err != nil:
		return misuse{err}
	}
	e.config = typed.Config
	return chosen.Run(e)
}

const generalHelp = `To begin, in a folder of your own:

  mentorbot init
  mentorbot rehearse program.yaml
  mentorbot apply program.yaml

It ends with 0 when all is well, 1 for a mistake in a file, 2 for a mistake on the
command line, 3 for trouble of the machine.`
