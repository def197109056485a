package playground

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// progress is how often the page hears how far a turn has come.
const progress = 100 * time.Millisecond

func (p *Playground) postTurn(w http.ResponseWriter, r *http.Request, run *run) {
	var in struct{ By Turn }
	if !readJSON(w, r, &in) {
		return
	}
	switch in.By {
	case Hour, Day, Week, Next:
	default:
		refuse(w, http.StatusBadRequest, "The clock can't be turned like that.")
		return
	}
	if !p.turning.TryLock() {
		refuse(w, http.StatusConflict, "The clock is turning already.")
		return
	}
	defer p.turning.Unlock()
	if err := p.turn(run.ctx, in.By); err != nil {
		refuse(w, http.StatusInternalServerError, "The clock stopped: "+err.Error())
		return
	}
	p.done(w)
}

// turn turns the clock, also when whoever asked for it has gone.
func (p *Playground) turn(ctx context.Context, by Turn) (err error) {
	p.book.turning(by, nil)
	stop := p.follow()
	err = errors.New("something went wrong") // if Turn panics
	defer func() {
		stop()
		p.look(ctx)
		p.book.turning("", err)
	}()
	if err = p.o.Stage.Turn(ctx, by); err != nil && ctx.Err() == nil {
		p.o.Log.Error("turn the clock", "error", err)
	}
	return err
}

// follow tells the page how far the clock has come, until it is stopped.
func (p *Playground) follow() (stop func()) {
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(progress)
		defer ticker.Stop()
		shown := p.o.Stage.Now()
		for {
			select {
			case <-end:
				return
			case <-ticker.C:
			}
			if now := p.o.Stage.Now(); !now.Equal(shown) {
				shown = now
				p.book.clock(now)
			}
		}
	}()
	return func() { close(end); <-ended }
}
