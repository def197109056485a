package telegram

import (
	"fmt"
	"strconv"
	"strings"
)

// A place is where a message goes: a chat, or a topic of it.
type place struct {
	chat   int64 // below 0: a group
	thread int   // 0: no topic
}

// private reports whether only one person is there.
func (p place) private() bool { return p.chat > 0 }

// String is the id of the place as package chat has it: -100123 or -100123:45.
func (p place) String() string {
	if p.thread == 0 {
		return strconv.FormatInt(p.chat, 10)
	}
	return fmt.Sprintf("%d:%d", p.chat, p.thread)
}

// parsePlace reads what String wrote.
func parsePlace(id string) (p place, err error) {
	number, thread, inTopic := strings.Cut(id, ":")
	if p.chat, err = strconv.ParseInt(number, 10, 64); err == nil && inTopic {
		p.thread, err = strconv.Atoi(thread)
	}
	if err != nil || p.chat == 0 {
		return place{}, fmt.Errorf("telegram has no chat with the id %q", id)
	}
	return p, nil
}
