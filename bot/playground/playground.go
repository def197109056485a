package playground

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// Options say what a Playground stands on.
type Options struct {
	Stage Stage
	// Journal is the path of a file that keeps the conversations, so that they are
	// there after a restart; "": they last as long as the process.
	Journal string
	// Token is what every request must prove to know, by the cookie that the link
	// /?token=… sets; "": nothing, which is for the loopback interface only.
	Token string
	// Hosts are the names and addresses, without a port, at which the page may be
	// asked for besides those of the loopback interface. An unspecified address
	// (0.0.0.0, :: or none) stands for every address, but for no name.
	Hosts []string
	// Starts: whoever hasn't joined when Run begins starts at once, as by their own
	// tap, so that every conversation has begun.
	Starts bool
	Log    *slog.Logger // nil: nothing is logged
}

// A Playground is a [chat.Adapter] and a [chat.Editor] whose platform is a web page.
type Playground struct {
	o       Options
	book    *book
	lanes   chat.Lanes
	looking sync.Mutex // held from asking for a scene until it is shown
	turning sync.Mutex // held while the clock turns
	routes  http.Handler

	mu    sync.Mutex
	run   *run           // nil before Run, and after its end
	ended bool           // Run has ended
	busy  sync.WaitGroup // requests being handled
}

var (
	_ chat.Adapter = (*Playground)(nil)
	_ chat.Editor  = (*Playground)(nil)
)

// A run is what Run was given.
type run struct {
	ctx     context.Context
	handler chat.Handler
}

// New reads the journal and returns a Playground that is ready to send.
func New(o Options) (*Playground, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	b, err := openBook(o.Journal)
	if err != nil {
		return nil, err
	}
	p := &Playground{o: o, book: b}
	p.routes = guard{token: o.Token, hosts: o.Hosts, next: p.mux()}
	return p, nil
}

// Run hands what people do on the page to h until ctx ends; then all streams to
// pages end, and it returns when what was being handled is done. A Playground runs
// once.
func (p *Playground) Run(ctx context.Context, h chat.Handler) error {
	r := &run{ctx, h}
	if !p.begin(r) {
		return errors.New("run playground: it has run already")
	}
	p.look(ctx)
	if p.o.Starts {
		p.startAll(ctx, r)
	}
	<-ctx.Done()
	p.mu.Lock()
	p.run, p.ended = nil, true
	p.mu.Unlock()
	p.busy.Wait()
	return p.book.close()
}

// Handler returns the page. Whoever listens owns the server and its timeouts.
func (p *Playground) Handler() http.Handler { return p.routes }

func (p *Playground) begin(r *run) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.run != nil || p.ended {
		return false
	}
	p.run = r
	return true
}

// enter returns the run, and what to call when done with it; nil while there is none.
func (p *Playground) enter() (*run, func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.run == nil {
		return nil, nil
	}
	p.busy.Add(1)
	return p.run, p.busy.Done
}

// current returns the run; nil while there is none.
func (p *Playground) current() *run {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.run
}

// look asks the stage how things stand, and shows it.
func (p *Playground) look(ctx context.Context) {
	p.looking.Lock()
	defer p.looking.Unlock()
	scene, err := p.o.Stage.Scene(ctx)
	if err != nil {
		if ctx.Err() == nil {
			p.o.Log.Error("look at the stage", "error", err)
		}
		return
	}
	p.book.show(scene)
}
