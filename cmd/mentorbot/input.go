package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/config"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/programfile"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

// readProgram reads a program file.
func readProgram(file string) (*programfile.File, error) {
	src, _, err := strictyaml.ReadFile(file)
	if err != nil {
		return nil, missing(fmt.Errorf("read program file: %w", err), file)
	}
	return programfile.Parse(file, src, locale.Languages())
}

// configured reads the configuration.
func (e *environment) configured() (config.Config, error) {
	c, err := config.Load(e.config)
	return c, missing(err, e.config)
}

// open opens the database of a configuration.
func (e *environment) open(c config.Config) (*store.Store, error) {
	return store.Open(e.ctx, store.Options{Database: c.Database, Key: c.Key})
}

// openMade opens the configured database, which must be there already.
func (e *environment) openMade() (*store.Store, error) {
	c, err := e.configured()
	if err != nil {
		return nil, err
	}
	there, err := made(c)
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, inputError("there is no database %s yet: apply a program file first", c.Database)
	}
	return e.open(c)
}

// made reports whether there is a database already; of a server that isn't asked.
func made(c config.Config) (bool, error) {
	if c.Postgres() {
		return true, nil
	}
	_, err := os.Stat(c.Database)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for the database: %w", err)
	}
	return true, nil
}
