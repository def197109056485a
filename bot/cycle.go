package bot

import (
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// whichCycle asks a coordinator for one of their cycles.
var whichCycle = option{
	name: "cycle", ask: "ask.cycle", hint: "hint.cycle", sole: true,
	offers: (*turn).cycleOffers,
	read: func(t *turn, text string) (string, string, bool) {
		if word, rest := cut(text); t.coordinates(word) {
			return word, rest, true
		}
		return t.readTitle(text, t.cycleOffers)
	},
}

func (t *turn) cycleOffers() (offers []offer, err error) {
	for _, part := range t.coordinated() {
		offers = append(offers, offer{part.Cycle.Title, part.CycleID})
	}
	return offers, nil
}

// readTitle finds, at the front of what was typed, the title of one of the offers; its
// first letters do, if they fit no other. What several are called is none's.
func (t *turn) readTitle(text string, offers func() ([]offer, error)) (value, rest string, ok bool) {
	all, err := offers()
	if err != nil {
		t.err = err
		return "", text, false
	}
	words := strings.Fields(text)
	for n := len(words); n > 0; n-- {
		typed := locale.Fold(strings.Join(words[:n], " "))
		var exact, begun []offer
		for _, o := range all {
			if title := locale.Fold(o.label); title == typed {
				exact = append(exact, o)
			} else if strings.HasPrefix(title, typed) && len([]rune(typed)) >= 2 {
				begun = append(begun, o)
			}
		}
		found := exact
		if len(found) == 0 {
			found = begun
		}
		switch len(found) {
		case 0: // of fewer words, perhaps
		case 1:
			return found[0].value, strings.Join(words[n:], " "), true
		default:
			return "", text, false
		}
	}
	return "", text, false
}

// current are the person's cycles that aren't over; if all are, the latest.
func (t *turn) current() (parts []store.Part) {
	for _, part := range t.parts {
		if store.DateOf(t.now.In(part.Cycle.Location())) <= part.Cycle.Ends {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 && len(t.parts) > 0 {
		parts = t.parts[:1]
	}
	return parts
}

// inCycle adds the title of the cycle spoken of to what is said of one of several.
func (t *turn) inCycle(text chat.Text, cycles int) chat.Text {
	if cycles < 2 {
		return text
	}
	return t.text("cycle.in", map[string]any{"What": text, "Title": t.c.Cycle.Title})
}

// pageFrom is the number of the first item of a page: only buttons say it.
var pageFrom = option{
	name: "from", optional: true,
	offers: func(*turn) ([]offer, error) { return nil, nil },
	read: func(_ *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		return word, rest, word != "" && len(word) <= 5 && strings.Trim(word, "0123456789") == ""
	},
}

// unread answers a command with which there stands more than it understands: the id of
// what the person has nothing to do with, perhaps. No: there is nothing more.
func (t *turn) unread() bool {
	rest := strings.TrimSpace(t.rest)
	switch {
	case rest == "":
		return false
	case t.request.Tapped:
		t.stale()
	default:
		t.say("ask.unread", map[string]any{"What": rest}, t.first()...)
	}
	return true
}
