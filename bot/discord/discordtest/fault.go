package discordtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A Fault is what happens to a call in place of, or after, its effect.
type Fault struct {
	Status     int           // answered instead; 0: the true answer
	Code       int           // of that answer, as in {"code": 50007}
	Message    string        // of that answer
	RetryAfter time.Duration // its Status is 429
	Global     bool          // that 429 is of all that the bot does
	Page       bool          // the answer is a page of HTML from the edge, with Status; it repeats the address, and with it a token
	Effect     bool          // there is an effect, although Status says otherwise
	Cut        Cut           // the connection ends
	Delay      time.Duration // between the effect, if there is one, and the answer
}

// A Cut says when a connection ends.
type Cut int

// The places at which a connection may end.
const (
	NoCut     Cut = iota
	CutBefore     // without an answer, and without an effect
	CutAfter      // in the midst of the answer: there was an effect
)

type fault struct {
	Fault
	is    func(Call) bool
	nth   int // counted down; from 1 on it happens
	times int
}

// Fault has something happen to the nth call of a method from now on, counted from 1; "" is
// any method.
func (s *Server) Fault(method string, nth int, f Fault) {
	s.FaultIf(func(c Call) bool { return method == "" || c.Method == method }, nth, 1, f)
}

// FaultIf has something happen to those calls for which is says so: to as many as times,
// from the nth on, counted from 1.
func (s *Server) FaultIf(is func(Call) bool, nth, times int, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &fault{Fault: f, is: is, nth: nth, times: times})
}

// takeFault returns what is to happen to a call.
func (s *Server) takeFault(c Call) (hit *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if !f.is(c) {
			continue
		}
		if f.nth--; f.nth <= 0 && hit == nil {
			f.times--
			hit = &f.Fault
		}
	}
	s.faults = slices.DeleteFunc(s.faults, func(f *fault) bool { return f.times <= 0 })
	return hit
}

// fail has a fault happen.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, c *Call, f *Fault) {
	var body []byte
	var refused *refusal
	if f.Cut != CutBefore && (f.status() == 0 || f.Effect) {
		body, refused = s.do(w, c)
	}
	if !s.pause(r, f.Delay) {
		s.note(c, &refusal{})
		return
	}
	if f.status() != 0 {
		refused = &refusal{Status: f.status(), Code: f.Code, Message: f.Message}
	}
	switch {
	case f.Cut != NoCut:
		s.note(c, &refusal{})
		if refused != nil {
			body = refused.body()
		}
		cut(w, f.Cut, body)
	case f.Page:
		s.note(c, refused)
		edge(w, r, refused.Status, r.URL.Path)
	case f.status() == http.StatusTooManyRequests:
		s.note(c, refused)
		answer(w, refused.Status, slow(w, f.RetryAfter, f.Global))
	default:
		s.settle(w, r, c, body, refused)
	}
}

func (f *Fault) status() int {
	if f.RetryAfter > 0 || f.Global {
		return http.StatusTooManyRequests
	}
	return f.Status
}

// edge answers as Cloudflare does, which stands before Discord.
func edge(w http.ResponseWriter, r *http.Request, status int, path string) {
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "600")
	}
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<!DOCTYPE html>\n<html><head><title>%d %s</title></head>\n<body><h1>Error 1015</h1>"+
		"<p>http://%s%s</p><p>cloudflare</p></body></html>\n", status, http.StatusText(status), r.Host, strings.ReplaceAll(path, "<", "")) // who called may be gone
}

// cut ends the connection, in the midst of the answer if there is to be one.
func cut(w http.ResponseWriter, at Cut, body []byte) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	conn, buffered, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if at == CutAfter {
		_, _ = fmt.Fprintf(buffered, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
			len(body)+1, body[:len(body)/2])
		_ = buffered.Flush() // it is cut anyway
	}
	_ = conn.Close()
}
