package discord

import (
	"fmt"
	"strings"
)

// A place is where a message goes: to a person, or into a server's channel.
type place struct {
	user    string // "": a channel
	channel string
}

// channelSign tells a channel's id from a person's.
const channelSign = "c"

// private reports whether only one person is there.
func (p place) private() bool { return p.user != "" }

// String is the id of the place as package chat has it: 123 or c456.
func (p place) String() string {
	if p.private() {
		return p.user
	}
	return channelSign + p.channel
}

// parsePlace reads what String wrote.
func parsePlace(id string) (p place, err error) {
	p.user = id
	if channel, is := strings.CutPrefix(id, channelSign); is {
		p = place{channel: channel}
	}
	if !snowflake(p.user + p.channel) {
		return place{}, fmt.Errorf("discord has no chat with the id %q", id)
	}
	return p, nil
}

// snowflake reports whether something is one of Discord's ids.
func snowflake(id string) bool {
	return id != "" && len(id) <= 20 && strings.Trim(id, "0123456789") == "" && id[0] != '0'
}
