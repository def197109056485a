package playground

import (
	"context"
	"time"
)

// A Stage is what the page needs besides chatting. Its methods may be called at once
// from many goroutines, and all but Turn also while Turn runs.
type Stage interface {
	// Now returns where the cycle's clock stands. It is asked for every message, and
	// must answer at once.
	Now() time.Time
	// Scene returns how things stand. It is asked after every request and turn.
	Scene(ctx context.Context) (Scene, error)
	// Invite returns the code of a fresh invitation for somebody who hasn't joined.
	Invite(ctx context.Context, userID string) (code string, err error)
	// Turn turns the clock, plays all that lies between, and returns when it has been
	// played. There is one turn at a time.
	Turn(ctx context.Context, by Turn) error
}

// A Turn says how far to turn the clock.
type Turn string

// The turns that the page offers.
const (
	Hour Turn = "hour"
	Day  Turn = "day"
	Week Turn = "week"
	Next Turn = "next" // to the next reminder
)

// A Scene is how things stand in a cycle.
type Scene struct {
	Title      string      `json:"title"` // the cycle's
	Now        time.Time   `json:"now"`   // where its clock stands
	Zone       string      `json:"zone"`  // the cycle's, an IANA name
	Start      time.Time   `json:"start"`
	End        time.Time   `json:"end"`
	Next       time.Time   `json:"next,omitzero"` // when the next reminder goes out; zero: never
	People     []Person    `json:"people"`        // in the order in which they are to be shown
	Milestones []Milestone `json:"milestones"`    // in the order of time
}

// A Person is somebody whose part can be taken.
type Person struct {
	ID       string `json:"id"` // of the user, and of the chat
	Name     string `json:"name"`
	Role     string `json:"role"` // one word in English: coordinator, mentor, mentee
	City     string `json:"city,omitempty"`
	Language string `json:"language"`       // a BCP 47 tag
	Zone     string `json:"zone,omitempty"` // an IANA name; "": the cycle's
	Note     string `json:"note,omitempty"` // a few words in English, such as: with Amra
	Joined   bool   `json:"joined"`
}

// A Milestone is something that the timeline shows.
type Milestone struct {
	At    time.Time `json:"at"`
	End   time.Time `json:"end,omitzero"` // zero: it is a moment
	Label string    `json:"label"`
	Kind  string    `json:"kind"` // session, event, deadline, or another word
}
