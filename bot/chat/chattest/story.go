package chattest

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A Story is what people do and see, in order; it can be played with any adapter and in
// any language. Its text has a step on each line; what follows # is a note.
//
//	at 2027-01-21 18:00            the clock, in the cycle's zone, is turned to then
//	ana starts                     by their invitation
//	ana types /log yesterday 60    everything after "types"
//	ana taps button.log            a button, by the id of its text, or "by its label"
//	ana sees log.done              a new message, by the id of a text in it, or "in these words"
//	ana reads log.fine             the message that was seen last has that, too
//	ana sees no pace.first         no new message has that
//	ana sees nothing               no new message
//	ana gets spring.ics            a new message with a file, whose name ends like that
//	ana forgets                    what there is to see up to now doesn't count
//
// "sees" looks at everything that ana hasn't seen yet, and what it finds counts as seen,
// together with all that came before it.
type Story struct {
	Name  string
	Steps []Step
}

// A Step is one line of a story.
type Step struct {
	Line      int
	Who, Verb string // Who: "" for the clock
	What      string // as written
	Not       bool   // of "sees no"
}

// verbs say of each what follows it.
var verbs = map[string]bool{ // whether something must
	"starts": false, "types": true, "taps": true, "sees": true, "reads": true, "gets": true, "forgets": false,
}

// ParseStory reads a story.
func ParseStory(name, text string) (Story, error) {
	s := Story{Name: name}
	var bad []error
	for i, line := range strings.Split(text, "\n") {
		step, err := parseStep(strings.TrimSpace(line))
		if err != nil {
			bad = append(bad, fmt.Errorf("%s:%d: %w", name, i+1, err))
		}
		if step.Verb != "" {
			step.Line = i + 1
			s.Steps = append(s.Steps, step)
		}
	}
	return s, errors.Join(bad...)
}

var note = regexp.MustCompile(`(^|\s)#\s.*$`)

func parseStep(line string) (Step, error) {
	line = strings.TrimSpace(note.ReplaceAllString(line, ""))
	who, rest, _ := strings.Cut(line, " ")
	switch who {
	case "", "#":
		return Step{}, nil
	case "at":
		return Step{Verb: "at", What: strings.TrimSpace(rest)}, nil
	}
	verb, what, _ := strings.Cut(strings.TrimSpace(rest), " ")
	what = strings.TrimSpace(what)
	needs, known := verbs[verb]
	switch {
	case !known:
		return Step{}, fmt.Errorf("%q is no step", line)
	case needs != (what != ""):
		return Step{}, fmt.Errorf("%q lacks something, or has too much", line)
	}
	step := Step{Who: who, Verb: verb, What: what}
	if verb == "sees" {
		step.What, step.Not = strings.CutPrefix(what, "no ")
	}
	return step, nil
}
