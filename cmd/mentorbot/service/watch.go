package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// How long whoever watches may take to ask, and the database to answer them.
const (
	askPatience    = 5 * time.Second
	answerPatience = 2 * time.Second
)

// listen takes the address for whoever watches.
func (s *Service) listen(ctx context.Context) (err error) {
	if s.o.Watch == "" {
		return nil
	}
	var config net.ListenConfig
	if s.listener, err = config.Listen(ctx, "tcp", s.o.Watch); err != nil {
		return fmt.Errorf("watch.listen: %w", err)
	}
	s.watch = &http.Server{Handler: s.watchRoutes(), ReadTimeout: askPatience, WriteTimeout: 2 * askPatience}
	return nil
}

// WatchAddr is where whoever watches may ask; nil: nowhere.
func (s *Service) WatchAddr() net.Addr {
	if s.listener == nil {
		return nil
	}
	return s.listener.Addr()
}

func (s *Service) serveWatch() {
	if err := s.watch.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		s.o.Log.Error("whoever watches gets no answer any more", "error", err)
	}
}

func (s *Service) closeWatch() error {
	if s.watch == nil {
		return nil
	}
	return s.watch.Close()
}

// watchRoutes are what may be asked: whether the process lives, whether it works, and how
// it has worked.
func (s *Service) watchRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, nil) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { answer(w, s.Check(r.Context())) })
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
	return local(mux)
}

// local refuses whoever asks by another name than this machine's own: a page in a browser
// on it could have made up one that leads here.
func local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if ip := net.ParseIP(strings.Trim(host, "[]")); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "ask by the name localhost", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func answer(w http.ResponseWriter, faults []Fault) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if len(faults) == 0 {
		_, _ = io.WriteString(w, "ok\n") // who asked may have gone away
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	for _, f := range faults {
		_, _ = io.WriteString(w, f.Part+": "+f.Error.Error()+"\n")
	}
}

// A Fault says which part doesn't work, and why.
type Fault struct {
	Part  string
	Error error
}

// mostSilence is how long the heart may not get on before that is a fault.
const mostSilence = 4 * scheduler.Beat

// Check returns what doesn't work: the database, the clock, a platform.
func (s *Service) Check(ctx context.Context) (faults []Fault) {
	ctx, done := context.WithTimeout(ctx, answerPatience)
	defer done()
	if err := s.database(ctx); err != nil {
		faults = append(faults, Fault{"database", err})
	}
	if last := s.heart.Last(); last.IsZero() {
		faults = append(faults, Fault{"clock", errors.New("it has not ticked yet")})
	} else if age := time.Since(last); age > mostSilence {
		faults = append(faults, Fault{"clock", fmt.Errorf("it ticked last %v ago", age.Round(time.Second))})
	}
	for _, p := range s.platforms {
		if err := p.probe(); err != nil {
			faults = append(faults, Fault{p.Name, err})
		}
	}
	return faults
}

// Stuck reports whether only a new start would help: the clock doesn't get on any more,
// not even to fail, or the database doesn't answer.
func (s *Service) Stuck(ctx context.Context) bool {
	alive := s.heart.Alive()
	if alive.IsZero() { // it is starting
		return false
	}
	ctx, done := context.WithTimeout(ctx, answerPatience)
	defer done()
	return time.Since(alive) > mostSilence || s.database(ctx) != nil
}

// database asks the database for nothing.
func (s *Service) database(ctx context.Context) error {
	return s.o.Store.View(ctx, func(*store.Tx) error { return nil })
}

// probe says why a platform can't be reached; nil: it can, as far as is known.
func (p *connected) probe() error {
	if err := p.state.get(); err != nil {
		return err
	}
	if prober, ok := p.Adapter.(chat.Prober); ok {
		return prober.Probe()
	}
	return nil
}
