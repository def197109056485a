// Package config reads the configuration: a strict YAML file of which
// config.example.yaml explains every key.
package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

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
}

// Postgres reports whether the database is a PostgreSQL server.
func (c Config) Postgres() bool { return isPostgres(c.Database) }

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

// Load reads a configuration file. file "" is DefaultFile, which may be missing:
// then the defaults hold. Mistakes are [strictyaml.Mistakes] or an [*OpenError].
func Load(file string) (Config, error) {
	name := file
	if name == "" {
		name = DefaultFile
	}
	src, mode, err := strictyaml.ReadFile(name)
	if file == "" && errors.Is(err, fs.ErrNotExist) {
		return Config{Database: DefaultDatabase}, nil
	}
	if err != nil {
		return Config{}, fmt.Errorf("read configuration: %w", err)
	}
	c, err := Parse(name, src)
	if err != nil {
		return Config{}, err
	}
	if c.secret() && mode.Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return Config{}, &OpenError{name, mode}
	}
	return c, nil
}

// Parse reads the content of a configuration file. A relative path of the database
// is meant from the file's folder.
func Parse(file string, src []byte) (Config, error) {
	c := Config{Database: DefaultDatabase}
	doc, root := strictyaml.Read(file, src, mask)
	if root == nil {
		return Config{}, doc.Err()
	}
	root.Only("database", "key")
	if v, ok := root.Get("database"); ok {
		c.Database = database(v)
	}
	if v, ok := root.Get("key"); ok && !v.Empty() {
		c.Key = key(v)
	}
	if err := doc.Err(); err != nil {
		return Config{}, err
	}
	if !c.Postgres() && !filepath.IsAbs(c.Database) {
		c.Database = filepath.Join(filepath.Dir(file), c.Database)
	}
	return c, nil
}

func database(v strictyaml.Value) string {
	s, ok := v.Scalar()
	switch {
	case !ok:
	case isPostgres(s):
		u, err := url.Parse(s) // of a socket the query has the folder
		if err != nil || u.Host == "" && !u.Query().Has("host") {
			v.Report("this is no address of a PostgreSQL server: write one such as postgres://user:password@host/database")
		}
	case strings.Contains(s, "://"):
		v.Report("this kind of database isn't known: write the path of a file, or an address that begins with postgres://")
	case s == ":memory:":
		v.Report("a database in memory would be gone at once: write the path of a file")
	case strings.ContainsRune(s, 0):
		v.Report("this is no path: it has a NUL character in it")
	}
	return s
}

func key(v strictyaml.Value) []byte {
	s, ok := v.Scalar()
	if !ok {
		return nil
	}
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(b) != KeySize {
		v.Report("this is no key: want %d bytes in base64, as \"mentorbot init\" writes them", KeySize)
		return nil
	}
	return b
}

func isPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}

// secret reports whether there is something in the configuration that nobody else
// may read.
func (c Config) secret() bool {
	if c.Key != nil {
		return true
	}
	if !c.Postgres() {
		return false
	}
	u, err := url.Parse(c.Database)
	if err != nil {
		return true
	}
	_, has := u.User.Password()
	return has || u.Query().Has("password")
}

var (
	ownSecret = regexp.MustCompile(`(key["']?\s*:\s*)\S.*`)
	password  = regexp.MustCompile(`(//[^:@]*:).*@|(password=)[^&\s]*`)
)

// mask hides the key and passwords, so that a mistake near them doesn't show them.
func mask(line string) string {
	return password.ReplaceAllString(ownSecret.ReplaceAllString(line, "$1…"), "$1$2…@")
}
