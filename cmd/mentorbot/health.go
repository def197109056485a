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
	said, works, err := askService(e.ctx, c.Watch)
	switch {
	case err != nil:
		return err
	case !works:
		return fmt.Errorf("not all of it works:\n%s", said)
	}
	_, err = fmt.Fprintln(e.out, said)
	return err
}

// askService asks the service that may be watched at an address whether all of it works,
// and what it says of that.
func askService(ctx context.Context, watch string) (said string, works bool, err error) {
	ctx, done := context.WithTimeout(ctx, healthPatience)
	defer done()
	address := url.URL{Scheme: "http", Host: watch, Path: "/readyz"}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), http.NoBody)
	if err != nil {
		return "", false, err
	}
	// Not the default one, which would ask a proxy of the environment.
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		return "", false, fmt.Errorf("nothing answers at %s: %w", &address, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	if err != nil {
		return "", false, fmt.Errorf("the answer of %s ends too early: %w", &address, err)
	}
	return strings.TrimSpace(string(text)), answer.StatusCode == http.StatusOK, nil
}
