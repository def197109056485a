package discord

import (
	"encoding/json"
	"sync"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// dispatch takes an event of the gateway. It never waits, and lives through whatever is
// in it.
func (l *link) dispatch(name string, data json.RawMessage) {
	switch name {
	case "READY":
		var d struct {
			ID     string      `json:"session_id"`
			Resume string      `json:"resume_gateway_url"`
			Guilds []wirePlace `json:"guilds"`
		}
		if json.Unmarshal(data, &d) == nil {
			l.id, l.resume = d.ID, d.Resume
			l.guilds.expect(d.Guilds)
		}
		l.greeted()
	case "RESUMED":
		l.greeted()
	case "INTERACTION_CREATE":
		l.take(data)
	case "MESSAGE_CREATE":
		l.say(data)
	case "GUILD_CREATE", "GUILD_DELETE", "CHANNEL_CREATE", "CHANNEL_DELETE", "THREAD_CREATE", "THREAD_DELETE":
		l.moved(name, data)
	}
}

func (l *link) greeted() {
	l.ready.set(l.up, true, nil)
	l.up = true
}

// guilds are the servers in which the bot is, with their channels: when it is removed from
// one, it isn't told which those were.
type guilds struct {
	mu       sync.Mutex
	channels map[string]map[string]bool
}

type wirePlace struct {
	ID          string `json:"id"`
	Guild       string `json:"guild_id"`
	Unavailable bool   `json:"unavailable"`
	Channels    []struct {
		ID string `json:"id"`
	} `json:"channels"`
	Threads []struct {
		ID string `json:"id"`
	} `json:"threads"`
}

// moved tells what became of channels.
func (s *session) moved(name string, data json.RawMessage) {
	var w wirePlace
	if json.Unmarshal(data, &w) != nil || w.ID == "" || w.Unavailable {
		return
	}
	opened, gone := s.guilds.note(name, &w)
	for _, id := range opened {
		s.changed(chat.Change{Kind: chat.Opened, ChatID: place{channel: id}.String()})
	}
	for _, id := range gone {
		s.changed(chat.Change{Kind: chat.Closed, ChatID: place{channel: id}.String(), Reason: "left"})
	}
}

// expect notes in which servers the bot is already when its session begins.
func (g *guilds) expect(all []wirePlace) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.channels == nil {
		g.channels = map[string]map[string]bool{}
	}
	for _, w := range all {
		if g.channels[w.ID] == nil {
			g.channels[w.ID] = map[string]bool{}
		}
	}
}

// note follows which channels there are, and returns those of a server that the bot has
// come to, perhaps again, and those that are gone.
func (g *guilds) note(name string, w *wirePlace) (opened, gone []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch name {
	case "GUILD_CREATE":
		all := map[string]bool{}
		for _, c := range append(w.Channels, w.Threads...) {
			all[c.ID] = true
			if g.channels[w.ID] == nil {
				opened = append(opened, c.ID)
			}
		}
		if g.channels != nil {
			g.channels[w.ID] = all
		}
	case "GUILD_DELETE":
		for id := range g.channels[w.ID] {
			gone = append(gone, id)
		}
		delete(g.channels, w.ID)
	case "CHANNEL_DELETE", "THREAD_DELETE":
		delete(g.channels[w.Guild], w.ID)
		gone = append(gone, w.ID)
	default:
		if all := g.channels[w.Guild]; all != nil {
			all[w.ID] = true
		}
	}
	return opened, gone
}
