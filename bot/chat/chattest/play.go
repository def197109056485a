package chattest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// A Theatre is where a story is played.
type Theatre interface {
	Platform
	// Clock turns the clock to a time of the cycle's zone, written as 2027-01-21 18:00,
	// and does what is due on the way.
	Clock(ctx context.Context, at string) error
	// Settle does what is due as the clock stands.
	Settle(ctx context.Context) error
	// Invite returns what a person types to begin, such as "/start CODE".
	Invite(ctx context.Context, who string) (string, error)
	// Has reports whether the text with an id, with any values in it, is in what
	// somebody reads.
	Has(who, id, read string) (bool, error)
}

// patience is how long a platform may take to show something.
const patience = 15 * time.Second

// Play plays a story, and returns all that its people saw, for somebody to read.
func Play(t *testing.T, on Theatre, s Story) (transcript string) {
	t.Helper()
	p := &player{T: t, on: on, story: s, phones: map[string]*seen{}}
	for i := range s.Steps {
		p.step = &s.Steps[i]
		if err := p.do(); err != nil {
			t.Fatalf("%s:%d: %v", s.Name, p.step.Line, err)
		}
	}
	return p.transcript.String()
}

type player struct {
	*testing.T
	on         Theatre
	story      Story
	step       *Step
	phones     map[string]*seen
	transcript strings.Builder
}

// A seen is a phone, and how much of what it shows has been seen.
type seen struct {
	Phone
	shown []Bubble // as it was when it was last looked at
	upTo  int      // of what is on the screen
	last  Bubble   // that was seen
}

func (p *player) phone() *seen {
	s := p.phones[p.step.Who]
	if s == nil {
		s = &seen{Phone: p.on.Phone(p.step.Who)}
		p.phones[p.step.Who] = s
	}
	return s
}

func (p *player) do() error {
	ctx, what := p.Context(), p.step.What
	switch p.step.Verb {
	case "at":
		fmt.Fprintf(&p.transcript, "\n=== %s\n", what)
		return p.on.Clock(ctx, what)
	case "starts":
		text, err := p.on.Invite(ctx, p.step.Who)
		if err != nil {
			return err
		}
		return p.act(ctx, "starts", func(s *seen) error { return s.Type(text) })
	case "types":
		return p.act(ctx, what, func(s *seen) error { return s.Type(what) })
	case "taps":
		label, err := p.label()
		if err != nil {
			return err
		}
		return p.act(ctx, "["+label+"]", func(s *seen) error { return s.Tap(label) })
	case "reads":
		ok, err := p.matches(p.phone().last)
		if err == nil && !ok {
			err = fmt.Errorf("%s reads no %s in\n%s", p.step.Who, what, p.phone().last.Text)
		}
		return err
	case "forgets":
		bubbles, err := p.phone().Screen()
		p.phone().upTo = len(bubbles)
		return err
	default:
		return p.look()
	}
}

// act does something, and then whatever follows from it.
func (p *player) act(ctx context.Context, what string, do func(*seen) error) error {
	fmt.Fprintf(&p.transcript, "\n%s: %s\n", p.step.Who, what)
	s := p.phone()
	before, err := s.Screen()
	if err != nil {
		return err
	}
	if err := do(s); err != nil {
		return err
	}
	s.shown = before
	return p.on.Settle(ctx)
}

// label finds the button that is meant among those of the newest messages.
func (p *player) label() (label string, err error) {
	what := p.step.What
	if words, quoted := unquote(what); quoted {
		return words, nil
	}
	err = p.until(func(all []Bubble) (bool, error) {
		for _, b := range slices.Backward(all) {
			for _, l := range b.Buttons {
				if ok, err := p.on.Has(p.step.Who, what, l); ok || err != nil {
					label = l
					return ok, err
				}
			}
		}
		return false, nil
	})
	return label, err
}

// look checks what is to be seen.
func (p *player) look() error {
	s, what := p.phone(), p.step.What
	if what == "nothing" || p.step.Not {
		return p.lookForNothing(s)
	}
	return p.until(func(all []Bubble) (bool, error) {
		for i, b := range all {
			if b.Mine || i < s.upTo && i < len(s.shown) && same(b, s.shown[i]) {
				continue
			}
			ok, err := p.matches(b)
			if err != nil {
				return false, err
			}
			if ok {
				p.tell(b)
				s.upTo, s.shown, s.last = max(s.upTo, i+1), all, b
				return true, nil
			}
		}
		return false, nil
	})
}

func (p *player) lookForNothing(s *seen) error {
	all, err := s.Screen()
	if err != nil {
		return err
	}
	for _, b := range all[min(s.upTo, len(all)):] {
		if b.Mine {
			continue
		}
		found := p.step.What == "nothing"
		if !found {
			if found, err = p.matches(b); err != nil {
				return err
			}
		}
		if found {
			return fmt.Errorf("%s sees\n%s", p.step.Who, b.Text)
		}
	}
	return nil
}

// matches reports whether a message is the one that the step means.
func (p *player) matches(b Bubble) (bool, error) {
	what := p.step.What
	if p.step.Verb == "gets" {
		return slices.ContainsFunc(b.Files, func(name string) bool { return strings.HasSuffix(name, what) }), nil
	}
	if words, quoted := unquote(what); quoted {
		return strings.Contains(b.Text, words), nil
	}
	return p.on.Has(p.step.Who, what, b.Text)
}

func (p *player) tell(b Bubble) {
	fmt.Fprintf(&p.transcript, "\n%s sees:\n", p.step.Who)
	for _, line := range strings.Split(b.Text, "\n") {
		fmt.Fprintln(&p.transcript, strings.TrimRight("    "+line, " "))
	}
	if len(b.Buttons) > 0 {
		fmt.Fprintf(&p.transcript, "    [%s]\n", strings.Join(b.Buttons, "] ["))
	}
	for _, f := range b.Files {
		fmt.Fprintf(&p.transcript, "    (%s)\n", f)
	}
}

// until looks at the screen until it is as it should be. Between two looks it waits for
// the platform, which has no other way to tell that it is done.
func (p *player) until(right func([]Bubble) (bool, error)) error {
	s := p.phone()
	for deadline := time.Now().Add(patience); ; {
		all, err := s.Screen()
		if err != nil {
			return err
		}
		if ok, err := right(all); ok || err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s %s %s: there isn't any; the latest:\n%s", p.step.Who, p.step.Verb, p.step.What, latest(all))
		}
		if _, instant := p.on.(interface{ Instant() }); instant {
			return fmt.Errorf("%s %s %s: there isn't any; the latest:\n%s", p.step.Who, p.step.Verb, p.step.What, latest(all))
		}
		<-time.After(20 * time.Millisecond)
	}
}

func latest(all []Bubble) string {
	var b strings.Builder
	for _, bubble := range all[max(0, len(all)-3):] {
		fmt.Fprintf(&b, "---\n%s\n%q\n", bubble.Text, bubble.Buttons)
	}
	return b.String()
}

func same(a, b Bubble) bool { return a.Text == b.Text && slices.Equal(a.Buttons, b.Buttons) }

func unquote(s string) (words string, quoted bool) {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1], true
	}
	return s, false
}
