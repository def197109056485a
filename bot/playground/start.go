package playground

import (
	"context"
	"fmt"
)

// start has somebody who hasn't joined do so, by a fresh invitation.
func (p *Playground) start(ctx context.Context, r *run, chatID string) error {
	code, err := p.o.Stage.Invite(ctx, chatID)
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	return p.do(r, deed{chat: chatID, text: "/start " + code, shown: "/start", act: started})
}

// startAll has everybody on the scene start who hasn't joined.
func (p *Playground) startAll(ctx context.Context, r *run) {
	p.book.mu.Lock()
	people := p.book.scene.People
	p.book.mu.Unlock()
	for _, person := range people {
		if person.Joined || ctx.Err() != nil {
			continue
		}
		if err := p.start(ctx, r, person.ID); err != nil && ctx.Err() == nil {
			p.o.Log.Error("start", "error", err)
		}
	}
}
