package discord

import "sync"

// directs are the direct chats that are known to be open.
type directs struct {
	mu       sync.Mutex
	channels map[string]string // by person
}

func (d *directs) of(user string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.channels[user]
}

func (d *directs) note(user, channel string) {
	if !snowflake(user) || !snowflake(channel) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.channels == nil {
		d.channels = map[string]string{}
	}
	d.channels[user] = channel
}

func (d *directs) forget(user string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.channels, user)
}
