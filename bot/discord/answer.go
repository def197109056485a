package discord

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/kooperativa/mentorbot/bot/chat"
)

const (
	ackAfter  = 700 * time.Millisecond // after which an interaction is acknowledged without its answer
	ackAgain  = 200 * time.Millisecond // after which a try that has failed is made again
	ackWithin = 3 * time.Second
	tokenFor  = 15*time.Minute - 10*time.Second
)

// How an interaction stands with Discord.
type standing int

const (
	fresh    standing = iota // nothing was answered
	deferred                 // it was acknowledged, and waits for its answer
	answered                 // there is an answer; what comes is added to it
	stale                    // nothing can be answered any more: it takes a message
)

// An answering answers one interaction. It is answered once, at first by an
// acknowledgement if the answer takes its time.
type answering struct {
	*session
	i     *wireInteraction
	to    place
	at    time.Time
	timer *time.Timer

	mu   sync.Mutex
	is   standing
	sent int // parts of the answer
}

// hold sees to it that an interaction is acknowledged in time.
func (s *session) hold(e *event) *answering {
	a := &answering{session: s, i: e.act, to: e.to, at: e.at}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.timer = time.AfterFunc(ackAfter, a.acknowledge)
	return a
}

// A response is what an interaction is answered with first
// (https://docs.discord.com/developers/interactions/receiving-and-responding).
type response struct {
	Type discordgo.InteractionResponseType `json:"type"`
	Data any                               `json:"data,omitempty"`
}

// acknowledge says that the answer comes later. Whether it will be for one person only is
// fixed by that.
func (a *answering) acknowledge() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.is != fresh {
		return
	}
	r := response{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource}
	switch {
	case a.i.Kind == kindComponent:
		r.Type = discordgo.InteractionResponseDeferredMessageUpdate
	case a.i.group():
		r.Data = map[string]any{"flags": discordgo.MessageFlagsEphemeral}
	}
	err := a.respond(a.late, r, nil)
	switch f := asFault(err); {
	case f == nil, f.is(discordgo.ErrCodeInteractionHasAlreadyBeenAcknowledged):
		a.is = deferred
	case f.stale():
		a.is = stale
	default:
		a.log.Warn("an interaction can't be acknowledged", "interaction", a.i.ID, "error", err)
		if time.Since(a.at) < ackWithin {
			a.timer.Reset(max(ackAgain, f.wait))
		}
	}
}

// respond gives the first answer. It waits for no turn: these calls have limits of their
// own, one for each interaction.
func (a *answering) respond(ctx context.Context, r response, files []*discordgo.File) error {
	return a.tokened(ctx, call{method: http.MethodPost, path: "/interactions/" + a.i.ID + "/" + a.i.Token + "/callback", body: r, files: files})
}

// tokened does a call that has the interaction's token in its address.
func (a *answering) tokened(ctx context.Context, c call) error {
	c.secret = a.i.Token
	_, err := a.api.do(ctx, c, nil)
	if f := asFault(err); f != nil && !f.stale() {
		a.pace.blame(f.status)
		if f.status == http.StatusTooManyRequests {
			a.count("too_many_requests")
		}
	}
	return err
}

// deliver sends the parts of a reply that weren't sent yet. update: the first takes the
// place of the message whose button was tapped.
func (a *answering) deliver(ctx context.Context, all []part, update bool, key string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.timer.Stop()
	if len(all) == 0 {
		return a.nothing(ctx)
	}
	for a.sent < len(all) {
		if time.Since(a.at) > tokenFor {
			a.is = stale
		}
		err := a.part(ctx, &all[a.sent], update && a.i.Kind == kindComponent, key)
		switch f := asFault(err); {
		case err == nil:
			a.sent++
		case f.stale() && a.is != stale:
			a.is = stale
		case f.is(discordgo.ErrCodeInteractionHasAlreadyBeenAcknowledged) && a.is == fresh:
			a.is = deferred // by an earlier try, or by an earlier process
		case f != nil && f.is(discordgo.ErrCodeUnknownMessage) && a.is == deferred && update:
			a.is, update = answered, false // it was deleted meanwhile
		default:
			return outcome(err, a.to.private())
		}
	}
	return nil
}

// part sends the next part.
func (a *answering) part(ctx context.Context, p *part, update bool, key string) error {
	b, files := p.body, p.uploads()
	hook := "/webhooks/" + a.i.App + "/" + a.i.Token
	silent := a.i.Kind == kindComponent && !update // its acknowledgement shows nothing
	switch {
	case a.is == stale, a.is == deferred && silent && a.to.private(), a.is == answered && a.to.private():
		return a.instead(ctx, p, key)
	case a.is == fresh:
		r := response{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: b}
		switch {
		case update:
			r.Type = discordgo.InteractionResponseUpdateMessage
		case a.i.group():
			b.Flags |= discordgo.MessageFlagsEphemeral
			r.Data = b
		}
		if err := a.respond(ctx, r, files); err != nil {
			return err
		}
	case a.is == deferred && !silent:
		if err := a.tokened(ctx, call{method: http.MethodPatch, path: hook + "/messages/@original", body: b, files: files}); err != nil {
			return err
		}
	default:
		b.Flags |= discordgo.MessageFlagsEphemeral
		return a.tokened(ctx, call{method: http.MethodPost, path: hook, body: b, files: files})
	}
	a.is = answered
	return nil
}

// instead sends a part as a message, to the person: the channel is for all.
func (a *answering) instead(ctx context.Context, p *part, key string) error {
	d := &dispatch{to: place{user: a.i.user()}, key: key + "/" + string(rune('0'+a.sent)), parts: []part{*p}, reply: true}
	_, err := a.post(ctx, d, 0, "")
	return err
}

// nothing answers what has no answer: Discord shows a failure otherwise.
func (a *answering) nothing(ctx context.Context) error {
	var err error
	switch {
	case a.i.Kind == kindComponent && a.is == fresh:
		err = a.respond(ctx, response{Type: discordgo.InteractionResponseDeferredMessageUpdate}, nil)
	case a.i.Kind == kindComponent:
	default:
		err = a.part(ctx, &parts(chat.Message{Text: "…"}, "", "")[0], false, "")
	}
	if f := asFault(err); f.refused() {
		return nil // it is answered, or too late
	}
	return err
}
