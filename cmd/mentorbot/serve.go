package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/config"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/service"
	"github.com/kooperativa/mentorbot/store"
)

type serveCommand struct{}

// Help has examples.
func (serveCommand) Help() string {
	return `It answers people and sends what is due, until it is told to stop (Ctrl+C, or SIGTERM):
then it finishes what is under way. A second signal ends it at once. It writes its log to
standard error.

Examples:

  mentorbot serve
  mentorbot --config /etc/mentorbot/config.yaml serve`
}

// Run serves until it is told to stop.
func (c serveCommand) Run(e *environment) error {
	err := c.serve(e)
	if e.ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil // it was told so while it started
	}
	return err
}

func (serveCommand) serve(e *environment) (err error) {
	c, err := e.configured()
	if err != nil {
		return err
	}
	if c.Key == nil {
		return inputError("there is no key, and what people do is kept sealed with it: take the one that mentorbot init writes into a new folder's config.yaml")
	}
	log := logger(e, c.Log)
	for _, s := range c.Sources {
		log.Info("configured", "setting", s.Name, "value", s.Value, "from", s.From)
	}
	s, err := e.open(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	release, err := s.Reserve("mentorbot serve")
	if err != nil {
		return err
	}
	defer release()
	if err := keyFits(e.ctx, s); err != nil {
		return err
	}
	speaking, err := platforms(c, log)
	if err != nil {
		return err
	}
	served, err := service.New(e.ctx, service.Options{
		Store: s, Alone: !c.Postgres(), Platforms: speaking, Watch: c.Watch, Build: version(), Log: log, Ready: ready(log),
		Public: service.Public{Listen: c.Public.Listen, URL: c.Public.URL, Routes: routes(c.Public.URL, speaking)},
	})
	if err != nil {
		return err
	}
	watchdog, done := context.WithCancel(context.Background())
	defer done()
	go feedWatchdog(watchdog, served, log)
	defer stopping(log)
	return served.Run(e.ctx)
}

// keyFits refuses a key that can't open what the database has.
func keyFits(ctx context.Context, s *store.Store) error {
	return s.View(ctx, func(tx *store.Tx) error {
		fits, err := tx.KeyFits()
		if err == nil && !fits {
			err = inputError("the key isn't the one with which the database was sealed: put that one into the configuration")
		}
		return err
	})
}

// logger is the log of a service.
func logger(e *environment, c config.Log) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.Level}
	if c.JSON {
		return slog.New(slog.NewJSONHandler(e.errs, o))
	}
	return slog.New(slog.NewTextHandler(e.errs, o))
}
