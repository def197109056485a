package bot

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// proposalLife is how long a change that was begun can be gone on with.
const proposalLife = 24 * time.Hour

// A proposal is what a coordinator has said so far of a change that takes several steps:
// more than a button can carry. It never changes, each step makes another one; so the
// buttons of every message mean what the message says, however old it is, and a yes
// confirms what was shown above it and nothing else.
type proposal struct {
	What    string            // the change
	CycleID string            // that is changed
	Subject string            // id of what is changed in it, or to which something is added
	Seen    string            // how it stood when the change was begun
	Values  map[string]string // what was said, by field
	Back    string            `json:",omitempty"` // id of the proposal one step before

	id string // random; "": not kept yet
}

// with returns the proposal with one more value, as the next step.
func (d *proposal) with(field, value string) *proposal {
	next := *d
	next.Values = maps.Clone(d.Values)
	if next.Values == nil {
		next.Values = map[string]string{}
	}
	next.Values[field] = value
	next.Back, next.id = d.id, ""
	return &next
}

// proposalPlace is the chat in which a proposal is asked for, as far as the store knows: a
// proposal is a question that waits in a place of its own, sealed, with its end, and gone
// with whoever asks when their data is erased.
func proposalPlace(id string) string { return store.Aside + id }

// putProposal keeps a proposal, for who asks alone.
func (t *turn) putProposal(d *proposal) error {
	if d.id != "" {
		return nil
	}
	if err := t.writes(); err != nil {
		return err
	}
	kept, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("keep a proposal: %w", err)
	}
	d.id = store.NewID()
	return t.tx.Ask(store.Question{
		BotID: t.h.id, ChatID: proposalPlace(d.id), UserID: t.request.UserID, Asked: kept, Expires: t.now.Add(proposalLife),
	})
}

// proposal returns a proposal of who asks; false if there is none, or none any more.
func (t *turn) proposal(id string) (d *proposal, ok bool, err error) {
	q, ok, err := t.tx.Question(t.h.id, proposalPlace(id), t.request.UserID)
	if err != nil || !ok {
		return nil, false, err
	}
	if err := json.Unmarshal(q.Asked, &d); err != nil {
		return nil, false, fmt.Errorf("read a proposal: %w", err)
	}
	d.id = id
	return d, true, nil
}
