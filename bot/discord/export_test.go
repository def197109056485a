package discord

import "time"

// Hasten has the adapter wait for the gateway no longer than a test can.
func (a *Adapter) Hasten() {
	a.tempo = tempo{dial: 300 * time.Millisecond, greet: 200 * time.Millisecond, begin: 10 * time.Millisecond, rest: 10 * time.Millisecond}
}

// Signed is signed.
var Signed = signed

// Escaped renders a text as it is sent.
var Escaped = pieces
