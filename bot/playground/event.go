package playground

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// An event is what the page is told when something changes. Only what has changed
// is set.
type event struct {
	Chat   string    `json:"chat,omitempty"`
	Bubble *view     `json:"bubble,omitempty"`
	Ask    *string   `json:"ask,omitempty"`
	News   *news     `json:"news,omitempty"`
	Scene  *Scene    `json:"scene,omitempty"`
	Clock  time.Time `json:"clock,omitzero"` // it has come so far in its turn
	Turn   *turned   `json:"turn,omitempty"`
}

// A turned says that the clock begins to turn, or has stopped.
type turned struct {
	By    Turn   `json:"by,omitempty"`    // "": it stands
	Error string `json:"error,omitempty"` // why it stopped on the way
}

// tell tells an event to all streams. The caller holds the lock.
func (b *book) tell(e event) {
	data, err := json.Marshal(e)
	if err != nil {
		panic(err) // nothing in an event can fail but a time beyond the year 9999
	}
	b.n++
	b.events = last(append(b.events, told{b.n, data}), keptEvents)
	close(b.grown)
	b.grown = make(chan struct{})
}

// show tells how things stand, if that has changed.
func (b *book) show(s Scene) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if reflect.DeepEqual(s, b.scene) {
		return
	}
	b.scene = s
	for _, p := range s.People {
		b.people[p.ID] = p
	}
	b.tell(event{Scene: &s})
}

// clock tells how far the clock has come.
func (b *book) clock(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tell(event{Clock: now})
}

// turning tells that the clock begins to turn, or, with "", that it stands again.
func (b *book) turning(by Turn, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn = by
	t := turned{By: by}
	if err != nil {
		t.Error = err.Error()
	}
	b.tell(event{Turn: &t})
}

// since returns the events after the one with an id, the id of the last of them,
// and what will be closed when there are more. It returns false when it can't tell
// them: they are too old, or of another run.
func (b *book) since(id string) (events []json.RawMessage, lastID string, grown <-chan struct{}, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	run, number, _ := strings.Cut(id, ".")
	n, err := strconv.Atoi(number)
	if err != nil || run != b.run || n > b.n || n < b.n-len(b.events) {
		return nil, b.eventID(), b.grown, false
	}
	for _, t := range last(b.events, b.n-n) {
		events = append(events, t.data)
	}
	return events, b.eventID(), b.grown, true
}

// lastEvent returns the id of the last event.
func (b *book) lastEvent() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.eventID()
}

func (b *book) eventID() string { return b.run + "." + strconv.Itoa(b.n) }
