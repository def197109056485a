package discordtest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// How long an interaction waits for its answer, and its token can be used.
const (
	answerable = 3 * time.Second
	usable     = 15 * time.Minute
)

// The kinds of interaction.
const (
	kindPing         = 1
	kindCommand      = 2
	kindComponent    = 3
	kindAutocomplete = 4
	kindForm         = 5
)

// An Interaction is what became of something that a person did natively.
type Interaction struct {
	ID      string
	Token   string
	Who     string // the user's name
	What    string // the command's name, or the custom id of what was touched or filled in
	At      time.Time
	Acked   time.Time // zero: not yet
	Answer  int       // the kind of the first answer: 4, 5, 6, 7, 8, 9; 0: none yet
	Done    time.Time // when there was something to see; zero: not yet
	Private bool      // the answer is the person's only
	Again   int       // how often it was delivered once more
}

// An interaction is that with what the server knows besides.
type interaction struct {
	Interaction
	token    string
	kind     int
	user     *User
	channel  *channel
	source   *post // whose component was touched
	original *post // the answer
	options  []option
	choices  []Choice
	form     *form
	payload  map[string]any
	changed  chan struct{} // closed when there is more, and made anew
}

// late reports whether nothing can be answered any more.
func (i *interaction) late(now time.Time) bool { return i.Acked.IsZero() && now.Sub(i.At) > answerable }

// wake has everybody look again who waits for a change. The caller holds the lock.
func (i *interaction) wake() {
	close(i.changed)
	i.changed = make(chan struct{})
}

// Interactions returns all of them, oldest first.
func (s *Server) Interactions() (all []Interaction) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.order {
		all = append(all, i.Interaction)
	}
	return all
}

// Await waits until an interaction, by its id, was answered with something to see: a
// message, another in the place of the one that was touched, a form or choices.
func (s *Server) Await(ctx context.Context, id string) (Interaction, error) {
	for {
		s.mu.Lock()
		found := s.acts[id]
		if found == nil {
			s.mu.Unlock()
			return Interaction{}, fmt.Errorf("there is no interaction %s", id)
		}
		i, changed := found.Interaction, found.changed
		s.mu.Unlock()
		if !i.Done.IsZero() {
			return i, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return i, fmt.Errorf("%s, %s: the application doesn't respond: %w", i.Who, i.What, ctx.Err())
		case <-s.ended:
			return i, fmt.Errorf("%s, %s: the server has ended", i.Who, i.What)
		}
	}
}

// callback is the first answer.
func (s *Server) callback(c *Call) (any, *refusal) {
	i := s.interactions[c.Path["interaction_token"]]
	now := s.options.Now()
	if i == nil || i.ID != c.Path["interaction_id"] || i.late(now) {
		return nil, errInteraction
	}
	if !i.Acked.IsZero() {
		return nil, errAcknowledged
	}
	if refused := s.respond(i, c); refused != nil {
		return nil, refused
	}
	i.Acked = now
	if i.Answer != 5 && i.Answer != 6 {
		i.Done = now
	}
	i.wake()
	if c.Query.Get("with_response") != "true" {
		return nil, nil
	}
	told := map[string]any{"type": i.Answer}
	if p := i.original; p != nil && (i.Answer == 4 || i.Answer == 7) {
		told["message"] = p.wireMessage
	}
	return map[string]any{"interaction": map[string]any{"id": i.ID, "type": i.kind}, "resource": told}, nil
}

// respond has the effect of a first answer, if it is one that fits.
func (s *Server) respond(i *interaction, c *Call) *refusal {
	kind := as[struct{ Type int }](c.Body).Type
	fits := map[int][]int{
		kindCommand: {4, 5, 9}, kindComponent: {4, 5, 6, 7, 9}, kindAutocomplete: {8}, kindForm: {4, 5, 6, 7},
	}[i.kind]
	if !slices.Contains(fits, kind) || (kind == 6 || kind == 7) && i.source == nil {
		return invalid(wrong("type", "BASE_TYPE_CHOICES", "an interaction of type %d can't be answered so", i.kind))
	}
	v := c.data()
	i.Answer = 0
	switch kind {
	case 4, 5:
		if refused := s.respondAnew(i, kind, v, c.Files); refused != nil {
			return refused
		}
	case 6:
		i.original = i.source
	case 7:
		i.original = i.source
		if refused := s.fill(i.source, v, c.Files); refused != nil {
			return refused
		}
		edited := wireTime(s.options.Now())
		i.source.Edited = &edited
	case 8:
		if p := i.offer(v); p != nil {
			return invalid(p)
		}
	case 9:
		i.form = as[*form](v)
		i.user.opened = &openForm{form: i.form, from: i}
	}
	i.Answer = kind
	return nil
}

// respondAnew shows a message, or that there will be one.
func (s *Server) respondAnew(i *interaction, kind int, v map[string]any, files []*Upload) *refusal {
	p := s.put(i.channel, s.bot)
	p.Type = 20
	p.AppID, p.WebhookID = s.AppID, s.AppID
	p.Origin = &wireOrigin{ID: i.ID, Type: i.kind, User: i.user.wire, Owners: map[string]string{}}
	s.hide(p, i, v)
	if kind == 5 {
		p.thinking, p.Flags = true, p.Flags|flagThinking
	} else if refused := s.fill(p, v, files); refused != nil {
		s.unput(p)
		return refused
	}
	if kind == 4 {
		s.ping(p, v)
	}
	i.original, i.Private = p, p.only != ""
	return nil
}

// hide makes a message ephemeral if its flags say so.
func (s *Server) hide(p *post, i *interaction, v map[string]any) {
	if as[int](v["flags"])&flagEphemeral != 0 {
		p.only, p.Flags = i.user.ID, p.Flags|flagEphemeral
	}
}

// offer keeps the choices of an autocomplete, whose values have the option's type.
func (i *interaction) offer(v map[string]any) *problem {
	i.choices = nil
	for n, ch := range as[[]struct {
		Name  string
		Value any
	}](v["choices"]) {
		if _, is := ch.Value.(string); is != (i.focused().Type == optionString) {
			return wrong(fmt.Sprintf("data.choices.%d.value", n), "BASE_TYPE_BAD_TYPE", "%v has another type than the option", ch.Value)
		}
		i.choices = append(i.choices, Choice{ch.Name, fmt.Sprint(ch.Value)})
	}
	return nil
}

func (i *interaction) focused() option {
	for _, o := range i.options {
		if o.focused {
			return o
		}
	}
	return option{}
}

// tokened returns the interaction of a webhook's token.
func (s *Server) tokened(c *Call) (*interaction, *refusal) {
	if c.Path["webhook_id"] != s.AppID {
		return nil, errWebhook
	}
	i := s.interactions[c.Path["webhook_token"]]
	switch {
	case i == nil || s.options.Now().Sub(i.At) > usable:
		return nil, errToken
	case i.Acked.IsZero() || i.Answer == 8:
		return nil, errWebhook
	}
	return i, nil
}

// followUp adds a message to an answer; the first after a deferral takes its place.
func (s *Server) followUp(c *Call) (any, *refusal) {
	i, refused := s.tokened(c)
	if refused != nil {
		return nil, refused
	}
	v := c.data()
	p := i.original
	if p != nil && p.thinking {
		if refused := s.fill(p, v, c.Files); refused != nil {
			return nil, refused
		}
		s.reveal(i, p)
	} else {
		p = s.put(i.channel, s.bot)
		p.AppID, p.WebhookID = s.AppID, s.AppID
		s.hide(p, i, v)
		if refused := s.fill(p, v, c.Files); refused != nil {
			s.unput(p)
			return nil, refused
		}
	}
	s.ping(p, v)
	return p.wireMessage, nil
}

// reveal shows what was thought about.
func (s *Server) reveal(i *interaction, p *post) {
	p.thinking, p.Flags = false, p.Flags&^flagThinking
	if i.Done.IsZero() {
		i.Done = s.options.Now()
		i.wake()
	}
}

// answerOf finds a message of an interaction.
func (s *Server) answerOf(c *Call) (*interaction, *post, *refusal) {
	i, refused := s.tokened(c)
	if refused != nil {
		return nil, nil, refused
	}
	p := i.original
	if id := c.Path["message_id"]; id != "" {
		p = s.posts[id]
	}
	if p == nil || p.gone || p.channel != i.channel || p.Author.ID != s.AppID {
		return nil, nil, errMessage
	}
	return i, p, nil
}

func (s *Server) getOriginal(c *Call) (any, *refusal) {
	_, p, refused := s.answerOf(c)
	if refused != nil {
		return nil, refused
	}
	return p.wireMessage, nil
}

func (s *Server) updateOriginal(c *Call) (any, *refusal) {
	i, p, refused := s.answerOf(c)
	if refused != nil {
		return nil, refused
	}
	thought := p.thinking
	result, refused := s.rewrite(p, c)
	if refused != nil {
		return nil, refused
	}
	if thought {
		s.ping(p, c.data())
	}
	s.reveal(i, p)
	return result, nil
}

func (s *Server) deleteOriginal(c *Call) (any, *refusal) {
	_, p, refused := s.answerOf(c)
	if refused != nil {
		return nil, refused
	}
	if p.thinking {
		return nil, refuse(http.StatusNotFound, 10008, "Unknown Message")
	}
	p.gone = true
	return nil, nil
}
