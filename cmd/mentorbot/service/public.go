package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"
)

// Public is what the internet may ask, through a proxy that has the certificate.
type Public struct {
	Listen string   // where the proxy asks; "": nowhere
	URL    *url.URL // at which the internet finds it
	// Routes are what is answered beside calendars, by patterns as of http.ServeMux.
	Routes map[string]http.Handler
}

// How long a public request may take, and how large it may be.
const (
	readPatience  = 10 * time.Second
	writePatience = 30 * time.Second
	idlePatience  = time.Minute
	mostHeader    = 16 << 10
	mostBody      = 1 << 20
)

// feedURL tells the address of the calendar that has a token; nil: there is none.
func (p *Public) feedURL() func(token string) string {
	if p.Listen == "" || p.URL == nil {
		return nil
	}
	return func(token string) string { return p.URL.JoinPath("calendar", token+".ics").String() }
}

// listenPublic takes the address at which the proxy asks.
func (s *Service) listenPublic(ctx context.Context) (err error) {
	if s.o.Public.Listen == "" {
		return nil
	}
	var config net.ListenConfig
	if s.publicListener, err = config.Listen(ctx, "tcp", s.o.Public.Listen); err != nil {
		return fmt.Errorf("public.listen: %w", err)
	}
	s.public = &http.Server{
		Handler: s.guarded(s.publicRoutes()), ReadHeaderTimeout: readPatience, ReadTimeout: readPatience, WriteTimeout: writePatience,
		IdleTimeout: idlePatience, MaxHeaderBytes: mostHeader,
		ErrorLog: log.New(io.Discard, "", 0), // it would tell who asked
	}
	return nil
}

// PublicAddr is where the proxy asks; nil: nowhere.
func (s *Service) PublicAddr() net.Addr {
	if s.publicListener == nil {
		return nil
	}
	return s.publicListener.Addr()
}

// servePublic answers the internet until ctx ends, and then what it was being asked.
func (s *Service) servePublic(ctx context.Context) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := s.public.Serve(s.publicListener); !errors.Is(err, http.ErrServerClosed) {
			s.o.Log.Error("the internet gets no answer any more", "error", err)
		}
	}()
	<-ctx.Done()
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), Patience)
	defer done()
	if err := s.public.Shutdown(ctx); err != nil {
		s.o.Log.Warn("not all that the internet asked was answered", "error", err)
	}
	<-ended
}

// publicRoutes are what may be asked. A proxy may pass paths on with the one of the public
// address before them, or without.
func (s *Service) publicRoutes() http.Handler {
	routes := http.NewServeMux()
	routes.Handle("GET /calendar/{file}", newCalendars(s.bot.Feed, s.o.Log))
	for pattern, handler := range s.o.Public.Routes {
		routes.Handle(pattern, handler)
	}
	before := ""
	if s.o.Public.URL != nil {
		before = s.o.Public.URL.Path
	}
	if before == "" || before == "/" {
		return routes
	}
	mux := http.NewServeMux()
	mux.Handle("/", routes)
	mux.Handle(before+"/", http.StripPrefix(before, routes))
	return mux
}

// guarded keeps what is asked small, browsers from telling others the address, and a
// panic from the log of the server, which would tell who asked.
func (s *Service) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch cause := recover(); cause {
			case nil:
			case http.ErrAbortHandler:
				panic(cause)
			default:
				s.o.Log.Error("public request panicked", "stack", string(debug.Stack()))
				panic(http.ErrAbortHandler)
			}
		}()
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, mostBody)
		next.ServeHTTP(w, r)
	})
}
