package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kooperativa/mentorbot/bot/playground/playgroundtest"
	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

func TestMain(m *testing.M) {
	testscript.Main(playgroundtest.Main{M: m}, map[string]func(){"mentorbot": main})
}

// TestScripts tells stories with the real binary.
func TestScripts(t *testing.T) {
	testscript.Run(t, stories("testdata/script"))
}

// TestScriptsOnPostgres tells those that need a server.
func TestScriptsOnPostgres(t *testing.T) {
	address := storetest.Postgres(t)
	p := stories("testdata/postgres")
	p.Setup = func(env *testscript.Env) error {
		env.Setenv("DATABASE", address)
		return nil
	}
	testscript.Run(t, p)
}

func stories(dir string) testscript.Params {
	return testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     exits,
			"edit":      edit,
			"mistake":   mistake,
			"mode":      mode,
			"act":       act,
			"configure": configure,
		},
	}
}

// configure writes a configuration with a database: configure file database.
func configure(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: configure file database")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), fmt.Appendf(nil, "database: %q\n", args[1]), 0o600))
}

// exits runs a program that must end with an exit code: exits 1 mentorbot …
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code program [args...]")
	}
	code := 0
	var failed *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &failed) {
		code = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("%s ended with %d, want %s", args[1], code, args[0])
	}
}

// edit writes a file with a part of another one replaced: edit from to old new. In
// both parts \n is a line break.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: edit from to old new")
	}
	breaks := strings.NewReplacer(`\n`, "\n", `\t`, "\t")
	before, old := ts.ReadFile(args[0]), breaks.Replace(args[2])
	if strings.Count(before, old) != 1 {
		ts.Fatalf("%q stands %d times in %s, want once", old, strings.Count(before, old), args[0])
	}
	after := strings.Replace(before, old, breaks.Replace(args[3]), 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(after), 0o600))
}

// mistake changes a part of program.yaml, and applies what comes out, as broken.yaml,
// with the configuration config.yaml. That must be refused for the one mistake that is
// given with its line and column, and change nothing: mistake old new 'line:column: text'.
// It runs what main runs, but in this process: there are many mistakes.
func mistake(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: mistake old new message")
	}
	edit(ts, neg, []string{"program.yaml", "broken.yaml", args[0], args[1]})
	broken := ts.MkAbs("broken.yaml")
	var out, errs strings.Builder
	code := run(context.Background(), []string{"apply", "--config", ts.MkAbs("config.yaml"), broken}, strings.NewReader(""), &out, &errs)
	if code != 1 {
		ts.Fatalf("ended with %d, want 1: %s", code, errs.String())
	}
	if first, _, _ := strings.Cut(errs.String(), "\n"); first != broken+":"+args[2] {
		ts.Fatalf("said\n\t%s\nwant\n\t%s:%s", first, broken, args[2])
	}
	if !strings.HasSuffix(errs.String(), "^\n1 mistake.\n") {
		ts.Fatalf("want one mistake, with its place below an excerpt")
	}
	if out.Len() > 0 {
		ts.Fatalf("results in spite of a mistake: %s", out.String())
	}
	if _, err := os.Stat(ts.MkAbs("mentorbot.db")); err == nil {
		ts.Fatalf("a database was made in spite of a mistake")
	}
}

// mode looks at the permissions of a file: mode 0600 config.yaml.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode octal file")
	}
	if runtime.GOOS == "windows" {
		return
	}
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); got != args[0] {
		ts.Fatalf("mode of %s is %s, want %s", args[1], got, args[0])
	}
}

// act does in mentorbot.db what people do in chat, on 1 February 2027.
func act(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: act what [args...]")
	}
	ctx := context.Background()
	now := time.Date(2027, 2, 1, 12, 0, 0, 0, time.UTC)
	s, err := store.Open(ctx, store.Options{Database: ts.MkAbs("mentorbot.db"), Now: func() time.Time { return now }})
	ts.Check(err)
	defer s.Close()
	ts.Check(s.Update(ctx, func(tx *store.Tx) error { return actIn(tx, args[0], args[1:]) }))
}

func actIn(tx *store.Tx, what string, args []string) error {
	c, err := tx.CycleBySlug("pilot")
	if err != nil {
		return err
	}
	person := func(slug string) string {
		p, err := tx.PersonBySlug(slug)
		if err != nil {
			panic(slug)
		}
		return p.ID
	}
	switch what {
	case "join":
		return tx.Join(c.ID, person(args[0]))
	case "leave":
		return tx.Leave(c.ID, person(args[0]))
	case "language":
		return tx.ChooseLanguage(person(args[0]), args[1])
	case "zone":
		return tx.ChooseZone(person(args[0]), args[1])
	case "quiet":
		q, err := store.ParseQuiet(args[1])
		return errors.Join(err, tx.ChooseQuiet(person(args[0]), q))
	case "redeem":
		_, err := tx.Redeem(args[0])
		return err
	case "expire":
		_, err := tx.NewInvitation(person(args[0]), time.Unix(1, 0))
		return err
	case "account":
		b := store.Bot{Platform: "telegram", Name: "main"}
		return errors.Join(tx.PutBot(&b), tx.LinkAccount(&store.Account{
			BotID: b.ID, PersonID: person(args[0]), UserID: args[0], ChatID: args[0],
		}))
	case "log", "end":
		return actOnPair(tx, c.ID, what, person(args[0]), person(args[1]))
	case "answer", "cancel":
		return actOnSession(tx, c.ID, what, args, person)
	}
	return fmt.Errorf("unknown act %s", what)
}

func actOnPair(tx *store.Tx, cycleID, what, mentor, mentee string) error {
	pairs, err := tx.Pairs(cycleID)
	for _, p := range pairs {
		switch {
		case p.MentorID != mentor || p.MenteeID != mentee:
		case what == "log":
			_, err := tx.Log(p.ID, store.NewDate(2027, 1, 30), time.Hour, mentor)
			return err
		default:
			return tx.EndPair(p.ID)
		}
	}
	return errors.Join(err, errors.New("no such pair"))
}

func actOnSession(tx *store.Tx, cycleID, what string, args []string, person func(string) string) error {
	sessions, err := tx.Sessions(cycleID)
	for _, s := range sessions {
		switch {
		case s.Slug != args[0]:
		case what == "answer":
			return tx.AnswerSession(s.ID, person(args[1]), true, person(args[1]))
		default:
			return tx.CancelSession(s.ID)
		}
	}
	return errors.Join(err, errors.New("no such session"))
}
