package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/wire"
)

// Send is chat.Adapter's. Discord itself takes a key once, for some minutes; here it is
// remembered for as long as the process lives, and for some thousands of messages: what was
// sent in part goes on from there. It waits some seconds at most for its turn, and returns
// a LaterError if that is further off.
func (a *Adapter) Send(ctx context.Context, chatID, key string, m chat.Message) ([]string, error) {
	to, err := parsePlace(chatID)
	if err != nil {
		return nil, err
	}
	a.letReply(ctx, to)
	r := a.records.Of(recordKey(to, key))
	if id := a.answerTo(ctx, to, key, r); id != "" {
		return []string{id}, nil
	}
	return a.send(ctx, &dispatch{to: to, key: key, parts: parts(m, "", a.home())}, r)
}

// replyKey begins the key of a reply; the id of the request follows.
const replyKey = "reply/"

// answerTo finds the message that a process before this one has answered an interaction
// with; "": there is none. An answer bears no key, but says what it answers.
func (a *Adapter) answerTo(ctx context.Context, to place, key string, r *wire.Record) string {
	request, is := strings.CutPrefix(key, replyKey)
	r.Lock()
	defer r.Unlock()
	if !is || !snowflake(request) || !to.private() || r.Done || len(r.IDs) > 0 {
		return ""
	}
	channel, err := a.channel(ctx, to, true)
	if err != nil {
		return "" // sending will tell
	}
	var last []struct {
		posted
		Answers posted `json:"interaction_metadata"`
	}
	if a.ask(ctx, call{method: http.MethodGet, path: "/channels/" + channel + "/messages?limit=50"}, true, &last) != nil {
		return ""
	}
	for _, m := range last {
		if m.Answers.ID == request {
			r.IDs, r.Done = []string{m.ID}, true
			return m.ID
		}
	}
	return ""
}

// Edit is chat.Editor's. A message that has become longer goes on in new ones, and what
// is left over when it has become shorter is deleted.
func (a *Adapter) Edit(ctx context.Context, chatID string, ids []string, m chat.Message) (now []string, err error) {
	to, err := parsePlace(chatID)
	if err != nil {
		return nil, err
	}
	d := &dispatch{to: to, parts: parts(m, "", a.home())}
	if len(ids) == 0 || len(d.parts) == 0 {
		return nil, errors.New("edit on discord: there is nothing to edit, or nothing to put there")
	}
	for i := range d.parts {
		var edits string
		if i < len(ids) {
			if edits = ids[i]; !snowflake(edits) {
				return nil, fmt.Errorf("discord has no message with the id %q", edits)
			}
		}
		id, err := a.post(ctx, d, i, edits)
		if err != nil {
			return nil, outcome(err, to.private())
		}
		now = append(now, id)
	}
	for _, id := range ids[min(len(ids), len(now)):] {
		a.remove(ctx, to, id)
	}
	return now, nil
}

// letReply lets what somebody is asking just now be answered first.
func (a *Adapter) letReply(ctx context.Context, to place) {
	if s := a.current(); s != nil && to.private() {
		wire.LetReply(ctx, to.String(), &s.asking, &s.telling)
	}
}

// recordKey tells messages apart; that of no key is "".
func recordKey(to place, key string) string {
	if key == "" {
		return ""
	}
	return to.String() + " " + key
}

// A dispatch is a message on its way into a channel.
type dispatch struct {
	to    place
	key   string // "": it has none
	parts []part
	reply bool // it goes before what isn't
}

// send sends the parts that weren't sent yet, and notes the ids.
func (a *Adapter) send(ctx context.Context, d *dispatch, r *wire.Record) ([]string, error) {
	r.Lock()
	defer r.Unlock()
	for i := len(r.IDs); i < len(d.parts) && !r.Done; i++ {
		id, err := a.post(ctx, d, i, "")
		if err != nil {
			return nil, outcome(err, d.to.private())
		}
		r.IDs = append(r.IDs, id)
	}
	r.Done = true
	return r.IDs, nil
}

// A posted is what is wanted of a message that was sent.
type posted struct {
	ID string `json:"id"`
}

// post sends a part, or puts it in the place of a message, and returns the message's id.
func (a *Adapter) post(ctx context.Context, d *dispatch, i int, edits string) (string, error) {
	channel, err := a.channel(ctx, d.to, d.reply)
	if err != nil {
		return "", err
	}
	p := &d.parts[i]
	c := call{method: http.MethodPost, path: "/channels/" + channel + "/messages"}
	b := p.body
	if edits != "" {
		c.method, c.path = http.MethodPatch, c.path+"/"+edits
	} else if d.key != "" {
		b.Nonce, b.Enforce = nonce(d.key, i), true
	}
	c.body, c.files = b, p.uploads()
	var sent posted
	err = a.ask(ctx, c, d.reply, &sent)
	if d.to.private() && asFault(err).is(10003) {
		a.direct.forget(d.to.user) // it is opened anew the next time
	}
	return sent.ID, err
}

// nonce is what Discord knows a part of a message by: 25 characters at most.
func nonce(key string, part int) string {
	sum := sha256.Sum256(fmt.Append(nil, part, " ", key))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:15])[:24])
}

// remove deletes a message that isn't needed any more. If it can't be, it stays.
func (a *Adapter) remove(ctx context.Context, to place, id string) {
	channel, err := a.channel(ctx, to, false)
	if err == nil {
		err = a.ask(ctx, call{method: http.MethodDelete, path: "/channels/" + channel + "/messages/" + id}, false, nil)
	}
	if err != nil {
		a.log.Warn("what an edit has left over can't be deleted", "error", err)
	}
}

// ask does one call that counts for the limits.
func (a *Adapter) ask(ctx context.Context, c call, reply bool, into any) error {
	route := routeOf(c.method, c.path)
	turn, cancel := a.whileRunning(ctx, reply)
	defer cancel()
	if err := a.pace.wait(turn, route, reply); err != nil {
		if ctx.Err() == nil && turn.Err() != nil {
			return late(0, errors.New("the service is ending"))
		}
		return err
	}
	h, err := a.api.do(ctx, c, into)
	a.pace.learn(route, h)
	a.regard(route, err)
	return err
}

// whileRunning ends the wait of what isn't a reply when no more is to be begun: it goes out
// after the next start.
func (a *Adapter) whileRunning(ctx context.Context, reply bool) (context.Context, context.CancelFunc) {
	s := a.current()
	if reply || s == nil {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(s.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

// regard draws the consequences of a fault for what is sent next.
func (a *Adapter) regard(route string, err error) {
	f := asFault(err)
	if f == nil {
		return
	}
	a.pace.blame(f.status)
	if f.status == http.StatusTooManyRequests {
		a.count("too_many_requests")
		a.pace.pause(route, f.wait, f.global)
	}
}

// channel is the id of a place's channel. That of a direct chat is asked for once.
func (a *Adapter) channel(ctx context.Context, to place, reply bool) (string, error) {
	if !to.private() {
		return to.channel, nil
	}
	if id := a.direct.of(to.user); id != "" {
		return id, nil
	}
	c := call{method: http.MethodPost, path: "/users/@me/channels", body: map[string]string{"recipient_id": to.user}}
	var opened posted
	err := a.ask(ctx, c, reply, &opened)
	if f := asFault(err); f.is(codeOpeningTooFast) {
		a.count("opening_too_fast")
		f.wait = openPause
		a.pace.pause(routeOf(c.method, c.path), openPause, false)
	}
	if err != nil {
		return "", err
	}
	a.direct.note(to.user, opened.ID)
	return opened.ID, nil
}
