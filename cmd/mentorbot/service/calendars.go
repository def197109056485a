package service

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// A feed gives the calendar at the address with a token, as bot.Bot does.
type feed func(ctx context.Context, token string) (ics []byte, etag string, found bool, err error)

// calendars answer who fetches a calendar. An address that is wrong, void or of somebody
// who has left is answered alike, after the same look-up of its hash. Nothing of it is
// logged, for whoever has it sees the calendar.
type calendars struct {
	feed feed
	log  *slog.Logger
	bad  tries
}

func newCalendars(f feed, log *slog.Logger) *calendars { return &calendars{feed: f, log: log} }

// ServeHTTP is http.Handler's.
func (c *calendars) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, ok := strings.CutSuffix(r.PathValue("file"), ".ics")
	if !ok {
		http.NotFound(w, r)
		return
	}
	from := remote(r)
	if c.bad.spent(from, time.Now()) {
		w.Header().Set("Retry-After", "60")
		http.Error(w, "too many wrong addresses", http.StatusTooManyRequests)
		return
	}
	ics, etag, found, err := c.feed(r.Context(), token)
	switch {
	case err != nil:
		if r.Context().Err() == nil { // else nobody waits for it any more
			c.log.Error("a calendar can't be given", "error", err)
		}
		w.Header().Set("Retry-After", "300")
		http.Error(w, "not now", http.StatusServiceUnavailable)
	case !found:
		c.bad.note(from, time.Now())
		http.NotFound(w, r)
	default:
		h := w.Header()
		h.Set("Content-Type", "text/calendar; charset=utf-8")
		h.Set("Cache-Control", "private, max-age=300")
		h.Set("ETag", etag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(ics))
	}
}
