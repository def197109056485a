// Package config reads the configuration: a strict YAML file of which
// config.example.yaml explains every key, and environment variables that go before it.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
)

// What holds where nothing is said.
const (
	DefaultFile     = "config.yaml" // in the current folder
	DefaultDatabase = "mentorbot.db"
)

// KeySize is the size of the key for sealing, in bytes.
const KeySize = 32

// A Config is a configuration without mistakes.
type Config struct {
	Database string // the path of a SQLite file, or a postgres:// address
	Key      []byte // for sealing; nil: none
	Log      Log
	Watch    string // the loopback address of the listener for whoever watches; "": none
	Public   Public
	Telegram Telegram
	Discord  Discord

	// Sources say where each value came from, in the order of the example.
	Sources []Source
}

// Log says how the service logs.
type Log struct {
	JSON  bool // else text
	Level slog.Level
}

// Public is what the internet may ask for.
type Public struct {
	Listen string   // the address of the listener; "": none
	URL    *url.URL // at which the internet finds it, behind whatever proxy; nil: nowhere
}

// A Source says where a value came from.
type Source struct {
	Name  string // of the setting
	Value string // fit to be shown: what is secret is masked
	From  string // the place in the file, the variable, or "default"
}

// Postgres reports whether the database is a PostgreSQL server.
func (c Config) Postgres() bool { return isPostgres(c.Database) }

// ShownDatabase is where the database is, without a password.
func (c Config) ShownDatabase() string { return maskPassword(c.Database) }

// ReadSecret reads a file that holds nothing but a secret, as those do that the
// configuration names; named says by what.
func ReadSecret(file, named string) (string, error) {
	v, err := ownFile(file, named)
	return v.text, err
}

// An OpenError refuses a file with a secret that others than its owner can read.
type OpenError struct {
	File string
	Mode fs.FileMode
}

// Error says how to close it.
func (e *OpenError) Error() string {
	return fmt.Sprintf("%s has a secret in it, and others can read it (mode %04o): run chmod 600 %s",
		e.File, e.Mode.Perm(), e.File)
}

// open returns an OpenError if others can read a file of that mode.
func open(file string, mode fs.FileMode) error {
	others := fs.FileMode(0o077)
	if isCredential(file) {
		// The group's bits are the mask of an access list, which has the unit's user on it
		// and nobody else.
		others = 0o037
	}
	if mode.Perm()&others == 0 || runtime.GOOS == "windows" { // whose modes mean nothing
		return nil
	}
	return &OpenError{file, mode}
}

// isCredential reports whether systemd made a file for this unit, by LoadCredential.
func isCredential(file string) bool {
	folder := os.Getenv("CREDENTIALS_DIRECTORY")
	return folder != "" && filepath.Dir(file) == filepath.Clean(folder)
}

// Load reads a configuration: environment variables, then the file. file "" is
// DefaultFile, which may be missing. Mistakes are [strictyaml.Mistakes], an [*OpenError]
// or a [*Mistake].
func Load(file string) (Config, error) {
	name := file
	if name == "" {
		name = DefaultFile
	}
	src, mode, err := strictyaml.ReadFile(name)
	if file == "" && errors.Is(err, fs.ErrNotExist) {
		return gather(&yamlFile{})
	}
	if err != nil {
		return Config{}, fmt.Errorf("read configuration: %w", err)
	}
	f := readYAML(name, src)
	c, err := gather(f)
	if err == nil && f.secret {
		err = open(name, mode)
	}
	return c, err
}

// gather takes each setting from where it is said first.
func gather(f *yamlFile) (Config, error) {
	var c Config
	var mistakes []error
	for i := range settings {
		s := &settings[i]
		from, err := s.find(f)
		if err != nil {
			mistakes = append(mistakes, err)
			continue
		}
		if mistake := s.set(&c, from); mistake != "" {
			if err := from.report(mistake); err != nil {
				mistakes = append(mistakes, err)
			}
			continue
		}
		c.Sources = append(c.Sources, Source{Name: s.name, Value: s.shown(from.text), From: from.place})
	}
	if err := f.err(); err != nil {
		return Config{}, err
	}
	if err := errors.Join(append(mistakes, unknownVariables())...); err != nil {
		return Config{}, err
	}
	return c, c.half()
}

// half reports settings of what is public that stand without another which they need.
func (c *Config) half() error {
	is := map[string]Source{}
	for _, s := range c.Sources {
		is[s.Name] = s
	}
	switch listens, found := c.Public.Listen != "", c.Public.URL != nil; {
	case c.Telegram.Token != "" && c.Telegram.Webhook && (!listens || !found):
		return &Mistake{is["telegram.updates"].From, "telegram.updates is webhook, and there is no public address: " +
			"write public.listen and public.url, or telegram.updates: polling"}
	case c.Discord.Token != "" && c.Discord.PublicKey != "" && (!listens || !found):
		return &Mistake{is["discord.public_key"].From, "discord.public_key has Discord call the public address, and there is none: " +
			"write public.listen and public.url, or leave the key out"}
	case listens && !found:
		return &Mistake{is["public.listen"].From, "public.listen stands here without public.url, the address at which " +
			"the internet finds it: write both, or public.listen: off"}
	case found && !listens:
		return &Mistake{is["public.url"].From, "public.url stands here without public.listen, the address at which " +
			"this program listens: write both, or neither"}
	}
	return nil
}

// relative is a path that is meant from a folder.
func relative(path, folder string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(folder, path)
}

var (
	ownSecret = regexp.MustCompile(`((?:key|token)["']?\s*:\s*)\S.*`)
	likeAKey  = regexp.MustCompile(`[A-Za-z0-9+/]{40,}=*|\d{6,}:[A-Za-z0-9_-]{20,}`) // or a token, whatever it stands behind
	// A password begins where a host has its port, also where its end is forgotten.
	password = regexp.MustCompile(`(//[^:@]*:).*(@)|(//[^:@/\s[]*:)\d*[^\d/?\s]\S*|(password=)[^&\s]*`)
)

// mask hides the key, tokens and passwords, so that a mistake near them doesn't show them.
func mask(line string) string {
	return maskPassword(likeAKey.ReplaceAllString(ownSecret.ReplaceAllString(line, "$1…"), "…"))
}

func maskPassword(text string) string { return password.ReplaceAllString(text, "$1$3$4…$2") }
