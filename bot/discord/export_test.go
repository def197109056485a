package discord

import (
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// Hasten has the adapter wait for the gateway no longer than a test can.
func (a *Adapter) Hasten() {
	a.tempo = tempo{dial: 300 * time.Millisecond, greet: 200 * time.Millisecond, begin: 10 * time.Millisecond, rest: 10 * time.Millisecond}
}

// Signed is signed.
var Signed = signed

// Escaped renders a text as it is sent.
var Escaped = pieces

// Meant is what an interaction asks for, if it can be read and asks for something.
func Meant(raw []byte) (chat.Request, bool) {
	i, err := readInteraction(raw)
	if err != nil || i.Kind == kindPing {
		return chat.Request{}, false
	}
	return *i.mean().request, true
}
