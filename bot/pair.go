package bot

import (
	"errors"
	"slices"
	"strings"

	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// whichPair asks for a pair: one of the person's own, or, of a coordinator, any of
// their cycles. From then on the turn speaks of that pair.
var whichPair = option{
	name: "pair", ask: "ask.pair", none: "progress.no-pair", hint: "hint.pair", sole: true,
	offers: (*turn).pairOffers,
	read: func(t *turn, text string) (string, string, bool) {
		if t.err != nil {
			return "", text, false
		}
		word, rest := cut(text)
		if err := t.openPair(word); err == nil {
			return word, rest, true
		} else if !errors.Is(err, store.ErrNotFound) {
			t.err = err
			return "", text, false
		}
		value, rest, ok := t.readName(text, t.pairOffers)
		if ok {
			t.err = t.openPair(value)
		}
		return value, rest, ok
	},
}

// pairOffers are the pairs that the person may act for, by name.
func (t *turn) pairOffers() (offers []offer, err error) {
	pairs, err := t.tx.PairsOf(t.me())
	if err != nil {
		return nil, err
	}
	for _, p := range pairs {
		if t.partIn(p.CycleID) == nil {
			continue
		}
		id, _ := p.Partner(t.me())
		partner, err := t.tx.Person(id)
		if err != nil {
			return nil, err
		}
		offers = append(offers, offer{partner.Name, p.ID})
	}
	for _, part := range t.coordinated() {
		more, err := t.pairsOfCycle(part.CycleID)
		if err != nil {
			return nil, err
		}
		offers = append(offers, more...)
	}
	sortOffers(offers)
	return offers, nil
}

// sortOffers sorts offers by their labels.
func sortOffers(offers []offer) {
	folded := map[string]string{}
	for _, o := range offers {
		folded[o.label] = locale.Fold(o.label)
	}
	slices.SortStableFunc(offers, func(a, b offer) int { return strings.Compare(folded[a.label], folded[b.label]) })
}

func (t *turn) pairsOfCycle(cycleID string) (offers []offer, err error) {
	c, err := t.tx.Snapshot(cycleID)
	if err != nil {
		return nil, err
	}
	for i := range c.Pairs {
		if p := &c.Pairs[i]; p.EndedAt.IsZero() {
			offers = append(offers, offer{c.People[p.MentorID].Name + " – " + c.People[p.MenteeID].Name, p.ID})
		}
	}
	return offers, nil
}

// openPair speaks of a pair, if the person has to do with it. Otherwise, and if there
// is none, the error is ErrNotFound.
func (t *turn) openPair(id string) error {
	if t.pair != nil && t.pair.ID == id {
		return nil
	}
	if len(id) != len(store.NewID()) {
		return store.ErrNotFound
	}
	c, err := t.tx.PairSnapshot(id)
	if err != nil {
		return err
	}
	pair := &c.Pairs[0]
	if _, mine := pair.Partner(t.me()); t.partIn(pair.CycleID) == nil || !mine && !t.coordinates(pair.CycleID) {
		return store.ErrNotFound
	}
	t.speak(c)
	t.pair = pair
	return nil
}

// readName finds, at the front of what was typed, the name of one of the offers; its
// first letters do, if they fit no other.
func (t *turn) readName(text string, offers func() ([]offer, error)) (value, rest string, ok bool) {
	all, err := offers()
	if err != nil {
		t.err = err
		return "", text, false
	}
	words := strings.Fields(text)
	for n := len(words); n > 0; n-- {
		typed := locale.Fold(strings.Join(words[:n], " "))
		var found []offer
		for _, o := range all {
			if name := locale.Fold(o.label); name == typed {
				return o.value, strings.Join(words[n:], " "), true
			} else if strings.HasPrefix(name, typed) {
				found = append(found, o)
			}
		}
		if len(found) == 1 && len([]rune(typed)) >= 2 {
			return found[0].value, strings.Join(words[n:], " "), true
		}
	}
	return "", text, false
}
