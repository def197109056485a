package bot

import (
	"errors"

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
		all, err := t.pairsNamed()
		if err != nil {
			t.err = err
			return "", text, false
		}
		value, rest, ok := t.readNamed(all, text)
		if ok {
			t.err = t.openPair(value)
		}
		return value, rest, ok
	},
}

// pairOffers are the pairs that the person may act for, by name.
func (t *turn) pairOffers() ([]offer, error) {
	all, err := t.pairsNamed()
	return t.offersAmong(all), err
}

// pairsNamed are the person's own pairs, by the partner's name, and those of the cycles
// that they coordinate, by both.
func (t *turn) pairsNamed() (all []named, err error) {
	pairs, err := t.tx.PairsOf(t.me())
	if err != nil {
		return nil, err
	}
	for _, p := range pairs {
		part := t.partIn(p.CycleID)
		if part == nil {
			continue
		}
		id, _ := p.Partner(t.me())
		partner, err := t.tx.Person(id)
		if err != nil {
			return nil, err
		}
		all = append(all, t.namedPartner(&partner, p.ID, part.Cycle.Title))
	}
	for _, part := range t.coordinated() {
		c, err := t.tx.Snapshot(part.CycleID)
		if err != nil {
			return nil, err
		}
		all = append(all, t.goingPairs(c)...)
	}
	tellApart(all)
	return all, nil
}

// goingPairs are the pairs of a cycle that haven't ended.
func (s *speech) goingPairs(c *store.Snapshot) (all []named) {
	for i := range c.Pairs {
		if p := &c.Pairs[i]; p.EndedAt.IsZero() {
			all = append(all, s.namedPair(c, p))
		}
	}
	return all
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
