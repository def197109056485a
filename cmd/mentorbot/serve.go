package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/config"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/service"
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

// platforms are those that the configuration asks for.
var platforms = func(*environment, config.Config, *slog.Logger) ([]service.Platform, error) { return nil, nil }

// Run serves until it is told to stop.
func (serveCommand) Run(e *environment) (err error) {
	c, err := e.configured()
	if err != nil {
		return err
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
	speaking, err := platforms(e, c, log)
	if err != nil {
		return err
	}
	served, err := service.New(e.ctx, service.Options{
		Store: s, Alone: !c.Postgres(), Platforms: speaking, Watch: c.Watch, Build: version(), Log: log, Ready: ready(log),
		Public: service.Public{Listen: c.Public.Listen, URL: c.Public.URL},
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

// logger is the log of a service.
func logger(e *environment, c config.Log) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.Level}
	if c.JSON {
		return slog.New(slog.NewJSONHandler(e.errs, o))
	}
	return slog.New(slog.NewTextHandler(e.errs, o))
}
