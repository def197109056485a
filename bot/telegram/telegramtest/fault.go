package telegramtest

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// A Fault is what happens to a call in place of, or after, its effect.
type Fault struct {
	Status     int           // answered without an effect, unless it is 0
	Body       string        // of that answer; "": what Telegram says with that status
	RetryAfter int           // seconds; its Status is 429
	Page       bool          // the body is a proxy's page of HTML, which repeats the address, and with it the token
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
// any method but getUpdates.
func (s *Server) Fault(method string, nth int, f Fault) {
	s.FaultIf(func(c Call) bool {
		if method == "" {
			return c.Method != "getUpdates"
		}
		return c.Method == method
	}, nth, 1, f)
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
	body, refused := s.effect(r, c, f)
	here := s.pause(r, f.Delay)
	switch {
	case f.Cut != NoCut:
		s.note(c, refused)
		cut(w, f.Cut, body)
	case here && (f.Page || f.Body != ""):
		s.note(c, refused)
		status, page := f.page(r)
		w.Header().Set("Content-Type", http.DetectContentType(page))
		w.WriteHeader(status)
		_, _ = w.Write(page) // who called may be gone
	default:
		s.settle(w, r, c, body, refused)
	}
}

// effect does what a call asks for, unless the fault is in place of it.
func (s *Server) effect(r *http.Request, c *Call, f *Fault) ([]byte, *refusal) {
	switch {
	case f.Cut == CutBefore:
		return nil, &refusal{}
	case f.RetryAfter > 0:
		return nil, busy(f.RetryAfter)
	case f.Status != 0:
		return nil, &refusal{Status: f.Status, Description: http.StatusText(f.Status)}
	case sends(c.Method) && !s.pause(r, s.options.Latency):
		return nil, &refusal{}
	}
	return s.do(r, c)
}

// page is the answer of something that stands between.
func (f *Fault) page(r *http.Request) (status int, body []byte) {
	status = f.Status
	if status == 0 {
		status = http.StatusOK
	}
	if f.Body != "" {
		return status, []byte(f.Body)
	}
	return status, fmt.Appendf(nil, "<!DOCTYPE html><html><head><title>%d %s</title></head>\n<body><h1>%[2]s</h1>"+
		"<p>The upstream of http://%s%s doesn't answer.</p></body></html>\n", status, http.StatusText(status), r.Host, r.URL.Path)
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
