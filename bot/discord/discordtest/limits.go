package discordtest

import (
	"net/http"
	"strconv"
	"time"
)

// What Discord permits. It doesn't tell the limits of single routes; these are what its
// headers have said.
const (
	perSecond   = 50 // calls of a bot, but for those with an interaction's token
	banAt       = 10_000
	banWithin   = 10 * time.Minute
	defaultRate = 50
)

// rates are how many calls of a route there may be in how long.
var rates = map[string]rate{
	"create_message":                      {5, 5 * time.Second},
	"update_message":                      {5, 5 * time.Second},
	"delete_message":                      {5, time.Second},
	"execute_webhook":                     {5, 2 * time.Second},
	"update_original_webhook_message":     {5, 2 * time.Second},
	"create_dm":                           {10, 10 * time.Second},
	"add_guild_member_role":               {10, 10 * time.Second},
	"delete_guild_member_role":            {10, 10 * time.Second},
	"bulk_set_application_commands":       {2, 60 * time.Second},
	"bulk_set_guild_application_commands": {2, 60 * time.Second},
	"create_thread":                       {5, 10 * time.Second},
	"create_guild_scheduled_event":        {5, 60 * time.Second},
}

type rate struct {
	calls  int
	within time.Duration
}

// A limiter counts calls.
type limiter struct {
	windows map[string]*window
	blamed  []time.Time // calls that were answered with 401, 403 or 429
	total   int         // of those, ever
	refused int         // calls with 429, ever
	opened  map[string]time.Time
}

// A window is what is left until it begins anew.
type window struct {
	left int
	ends time.Time
}

func (l *limiter) begin() {
	l.windows, l.opened = map[string]*window{}, map[string]time.Time{}
}

// take takes one call out of a window, and tells how long to wait if there is none.
func (l *limiter) take(key string, r rate, now time.Time) (w *window, wait time.Duration) {
	w = l.windows[key]
	if w == nil || !now.Before(w.ends) {
		w = &window{left: r.calls, ends: now.Add(r.within)}
		l.windows[key] = w
	}
	if w.left == 0 {
		return w, w.ends.Sub(now)
	}
	w.left--
	return w, 0
}

// limit refuses a call that comes too soon, and tells of its bucket in the headers. The
// caller holds the lock.
func (s *Server) limit(w http.ResponseWriter, c *Call) *refusal {
	if !s.options.Limits {
		return nil
	}
	now, l := s.options.Now(), &s.limits
	tokened := c.Path["interaction_token"] != "" || c.Path["webhook_token"] != ""
	if !tokened {
		if _, wait := l.take("", rate{perSecond, time.Second}, now); wait > 0 {
			return &refusal{Status: http.StatusTooManyRequests, wait: wait, global: true}
		}
	}
	r, known := rates[c.Method]
	if !known {
		r = rate{defaultRate, time.Second}
	}
	key := c.Method + "/" + c.Path["channel_id"] + c.Path["guild_id"] + c.Path["webhook_token"] + c.Path["interaction_token"]
	bucket, wait := l.take(key, r, now)
	h := w.Header()
	h.Set("X-RateLimit-Limit", strconv.Itoa(r.calls))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(bucket.left))
	h.Set("X-RateLimit-Reset", seconds(time.Duration(bucket.ends.UnixMilli())*time.Millisecond))
	h.Set("X-RateLimit-Reset-After", seconds(bucket.ends.Sub(now)))
	h.Set("X-RateLimit-Bucket", "bucket-of-"+c.Method)
	if wait > 0 {
		return &refusal{Status: http.StatusTooManyRequests, wait: wait}
	}
	return nil
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

// slow is the body of a 429.
func slow(w http.ResponseWriter, wait time.Duration, global bool) []byte {
	h := w.Header()
	h.Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
	h.Set("X-RateLimit-Scope", "user")
	if global {
		h.Set("X-RateLimit-Scope", "global")
		h.Set("X-RateLimit-Global", "true")
	}
	return encode(map[string]any{"message": "You are being rate limited.", "retry_after": wait.Seconds(), "global": global})
}

// blame counts the calls that a ban is for.
func (l *limiter) blame(r *refusal, now time.Time) {
	switch r.Status {
	case http.StatusTooManyRequests:
		l.refused++
	case http.StatusUnauthorized, http.StatusForbidden:
	default:
		return
	}
	l.total++
	l.blamed = append(l.blamed, now)
}

// banned reports whether the address is banned for a while.
func (s *Server) banned() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := &s.limits
	since := s.options.Now().Add(-banWithin)
	for len(l.blamed) > 0 && l.blamed[0].Before(since) {
		l.blamed = l.blamed[1:]
	}
	return len(l.blamed) >= banAt
}

// Invalid returns how many calls were answered with 401, 403 or 429, for ten thousand of
// which in ten minutes Discord bans an address; and how many of them with 429.
func (s *Server) Invalid() (all, tooMany int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.limits.total, s.limits.refused
}

// opening refuses to open direct chats too fast: ten in ten minutes, as bots have met it.
func (l *limiter) opening(now time.Time) *refusal {
	for id, at := range l.opened {
		if now.Sub(at) > banWithin {
			delete(l.opened, id)
		}
	}
	if len(l.opened) >= 10 {
		return refuse(http.StatusBadRequest, 40003, "You are opening direct messages too fast")
	}
	return nil
}
