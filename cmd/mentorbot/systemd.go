package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/service"
)

// notify tells systemd something, if it is what started this.
func notify(log *slog.Logger, state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		log.Warn("systemd can't be told", "state", state, "error", err)
	}
}

// ready returns what tells systemd that the service works.
func ready(log *slog.Logger) func() { return func() { notify(log, daemon.SdNotifyReady) } }

// stopping tells systemd that the service is about to end.
func stopping(log *slog.Logger) { notify(log, daemon.SdNotifyStopping) }

// feedWatchdog tells systemd as often as it asks that the clock still ticks and the
// database answers; without that it starts the service anew. What a platform fares is
// nothing that a new start would mend.
func feedWatchdog(ctx context.Context, s *service.Service, log *slog.Logger) {
	every, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		log.Warn("systemd's watchdog can't be fed", "error", err)
	}
	if every == 0 {
		return
	}
	beats := time.NewTicker(every / 3)
	defer beats.Stop()
	for {
		if !s.Stuck(ctx) {
			notify(log, daemon.SdNotifyWatchdog)
		}
		select {
		case <-ctx.Done():
			return
		case <-beats.C:
		}
	}
}
