package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/bot/playground"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/config"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/programfile"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/stage"
	"github.com/kooperativa/mentorbot/store"
)

type playCommand struct {
	Addr    string `default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"Where the page is. Default: 127.0.0.1:8080."`
	Data    string `placeholder:"DIR" help:"A folder in which everything is kept; it is made if need be. Default: nothing is kept."`
	Program string `placeholder:"FILE" help:"The program file to play. Default: the sample."`
}

// Help has examples.
func (playCommand) Help() string {
	return `It opens a page on which you take the part of everybody in the cycle, and turn its
clock: log meetings, answer, announce, and see each reminder arrive. Nothing leaves this
machine, and no token is needed.

Examples:

  mentorbot play
  mentorbot play --program program.yaml
  mentorbot play --data trial            goes on where it was when you start it again
  mentorbot play --addr 127.0.0.1:9000   if something else is on port 8080`
}

// patience is how long what is under way may take to end.
const patience = 10 * time.Second

// Run serves the page until it is interrupted.
func (c playCommand) Run(e *environment) error {
	program, err := c.program()
	if err != nil {
		return err
	}
	listener, err := c.listen()
	if err != nil {
		return err
	}
	defer listener.Close()
	s, err := c.open(e, program)
	if err != nil {
		return err
	}
	release, err := s.Store.Reserve("mentorbot play")
	if err == nil {
		err = c.serve(e, s, listener)
		release()
	}
	return errors.Join(err, s.Close())
}

func (c playCommand) program() (*programfile.File, error) {
	if c.Program != "" {
		return readProgram(c.Program)
	}
	return programfile.Parse(programName, programfile.Sample, locale.Languages())
}

// listen takes the address before anything else is done: if it can't be had, nothing
// was.
func (c playCommand) listen() (net.Listener, error) {
	host, port, err := net.SplitHostPort(c.Addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return nil, misuse{fmt.Errorf("--addr: %q is no address: write one such as 127.0.0.1:8080", c.Addr)}
	}
	listener, err := net.Listen("tcp", c.Addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("something else is at %s already: choose another port, such as --addr %s",
			c.Addr, net.JoinHostPort(host, "8081"))
	}
	if err != nil {
		return nil, fmt.Errorf("--addr %s: %w", c.Addr, err)
	}
	return listener, nil
}

// open opens the stage: in memory, or in the folder.
func (c playCommand) open(e *environment, program *programfile.File) (*stage.Stage, error) {
	apply := func(tx *store.Tx) error {
		_, err := program.Apply(tx, false)
		return err
	}
	o := stage.Options{Database: ":memory:", Key: freshKey(), Apply: apply, Log: e.log()}
	if c.Data == "" {
		return stage.Open(e.ctx, o)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder: %w", err)
	}
	var err error
	if o.Key, err = keptKey(c.in("key")); err != nil {
		return nil, err
	}
	o.Database, o.Clock = c.in(config.DefaultDatabase), clockFile(c.in("clock"))
	s, err := stage.Open(e.ctx, o)
	if err == nil && !s.Fresh && c.Program != "" {
		return nil, errors.Join(inputError("%s holds a cycle already: leave --program out to go on with it, or choose another folder", c.Data), s.Close())
	}
	return s, err
}

func (c playCommand) in(name string) string { return filepath.Join(c.Data, name) }

func freshKey() []byte {
	key := make([]byte, config.KeySize)
	rand.Read(key)
	return key
}

// keptKey reads the key of a folder, or makes one.
func keptKey(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		key := freshKey()
		return key, write(file, []byte(base64.StdEncoding.EncodeToString(key)+"\n"))
	}
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != config.KeySize {
		return nil, inputError("%s is no key", file)
	}
	return key, nil
}

// A clockFile remembers where the clock of a stage stands.
type clockFile string

// Read is stage.Clock's.
func (f clockFile) Read() (at time.Time, err error) {
	text, err := os.ReadFile(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return at, nil
	}
	if err != nil {
		return at, err
	}
	if at, err = time.Parse(time.RFC3339Nano, strings.TrimSpace(string(text))); err != nil {
		return at, inputError("%s doesn't say where the clock stands: remove it, and the clock begins anew", f)
	}
	return at, nil
}

// Write is stage.Clock's. The file is replaced whole, so that it can't be torn.
func (f clockFile) Write(at time.Time) error {
	aside := string(f) + ".new"
	if err := os.WriteFile(aside, []byte(at.UTC().Format(time.RFC3339Nano)+"\n"), 0o600); err != nil {
		return err
	}
	return os.Rename(aside, string(f))
}

// serve serves the page until the context ends.
func (c playCommand) serve(e *environment, s *stage.Stage, listener net.Listener) error {
	o := playground.Options{Stage: s, Starts: s.Fresh, Log: e.log()}
	if c.Data != "" {
		o.Journal = c.in("conversations.jsonl")
	}
	address, err := c.address(listener, &o)
	if err != nil {
		return err
	}
	page, err := playground.New(o)
	if err != nil {
		return err
	}
	handler, err := s.Connect(e.ctx, "playground", page)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "Open %s in a browser. Ctrl+C ends it.\n", address.String())
	if listener.Addr().(*net.TCPAddr).IP.IsUnspecified() {
		fmt.Fprintf(e.out, "On another device: %s\n", elsewhere(address))
	}
	if err := e.out.Flush(); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	server := &http.Server{Handler: page.Handler(), ReadHeaderTimeout: patience}
	all, ctx := errgroup.WithContext(e.ctx)
	all.Go(func() error { return page.Run(ctx, handler) })
	all.Go(func() error { s.Run(ctx); return nil })
	all.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve the page: %w", err)
		}
		return nil
	})
	all.Go(func() error {
		<-ctx.Done()
		ending, done := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer done()
		return server.Shutdown(ending)
	})
	return all.Wait()
}

// address is what to open; where others could open it too, it has a token in it.
func (c playCommand) address(listener net.Listener, o *playground.Options) (page url.URL, err error) {
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return page, err
	}
	ip := net.ParseIP(host)
	shown := *listener.Addr().(*net.TCPAddr)
	if shown.IP.IsUnspecified() { // every address, of which this one is sure to be there
		shown.IP = net.IPv4(127, 0, 0, 1)
	}
	page = url.URL{Scheme: "http", Host: shown.String(), Path: "/"}
	if host == "localhost" || ip != nil && ip.IsLoopback() {
		return page, nil
	}
	o.Token, o.Hosts = rand.Text(), []string{host}
	page.RawQuery = url.Values{"token": {o.Token}}.Encode()
	return page, nil
}

// elsewhere says what to open on another device in the same network. Where this machine
// has no address in any, or doesn't know which, whoever reads it has to.
func elsewhere(page url.URL) string {
	way, err := net.Dial("udp4", "192.0.2.1:9") // sends nothing: it asks from which address one would
	if err != nil {
		return "the same, with an address of this machine in place of " + page.Hostname()
	}
	defer way.Close()
	page.Host = net.JoinHostPort(way.LocalAddr().(*net.UDPAddr).IP.String(), page.Port())
	return page.String()
}
