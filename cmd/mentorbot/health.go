package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

type healthCommand struct{}

// Help has examples.
func (healthCommand) Help() string {
	return `It asks the "mentorbot serve" that has the same configuration, and ends with 0 if all of
it works; with 3 if something doesn't, or if nothing answers. A container is watched by it.

Examples:

  mentorbot health
  mentorbot --config /etc/mentorbot/config.yaml health`
}

// healthPatience is longer than the service takes to find out that its database is gone.
const healthPatience = 5 * time.Second

// Run asks.
func (healthCommand) Run(e *environment) error {
	c, err := e.configured()
	if err != nil {
		return err
	}
	if c.Watch == "" {
		return inputError("watch.listen is off: nobody may ask how the service is")
	}
	ctx, done := context.WithTimeout(e.ctx, healthPatience)
	defer done()
	address := url.URL{Scheme: "http", Host: c.Watch, Path: "/readyz"}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), http.NoBody)
	if err != nil {
		return err
	}
	// Not the default one, which would ask a proxy of the environment.
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		return fmt.Errorf("nothing answers at %s: %w", &address, err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	switch text := strings.TrimSpace(string(said)); {
	case err != nil:
		return fmt.Errorf("the answer of %s ends too early: %w", &address, err)
	case answer.StatusCode != http.StatusOK:
		return fmt.Errorf("not all of it works:\n%s", text)
	default:
		fmt.Fprintln(e.out, text)
		return nil
	}
}
