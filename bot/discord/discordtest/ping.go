package discordtest

import (
	"regexp"
	"slices"
	"strings"
)

// A Ping is that somebody was called by a message of the bot.
type Ping struct {
	MessageID string
	Who       string // a user's or a role's name, everyone or here
}

// Pings returns who was called by messages, oldest first.
func (s *Server) Pings() []Ping {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.pings)
}

var mention = regexp.MustCompile(`<@!?([0-9]+)>|<@&([0-9]+)>|@(everyone|here)`)

// ping calls those whom a new message mentions, as far as it may: without
// allowed_mentions, or with one in which nothing is said, everybody.
func (s *Server) ping(p *post, v map[string]any) {
	allowed := as[struct {
		Parse, Users, Roles []string
	}](v["allowed_mentions"])
	if allowed.Parse == nil && allowed.Users == nil && allowed.Roles == nil {
		allowed.Parse = []string{"users", "roles", "everyone"}
	}
	for _, m := range mention.FindAllStringSubmatch(p.Content, -1) {
		who := ""
		switch u := s.members[m[1]]; {
		case u != nil && (slices.Contains(allowed.Parse, "users") || slices.Contains(allowed.Users, m[1])):
			who = u.Name
			p.Mentions = append(p.Mentions, u.wire)
		case m[2] != "" && p.channel.guild != nil && (slices.Contains(allowed.Parse, "roles") || slices.Contains(allowed.Roles, m[2])):
			if r := p.channel.guild.find(m[2]); r != nil && p.channel.may()&mentionEveryone != 0 {
				who = r.Name
				p.Roles = append(p.Roles, r.ID)
			}
		case m[3] != "" && p.channel.guild != nil && slices.Contains(allowed.Parse, "everyone") && p.channel.may()&mentionEveryone != 0:
			who = strings.TrimPrefix(m[3], "@")
			p.Everyone = true
		}
		if who != "" && p.only == "" {
			s.pings = append(s.pings, Ping{p.ID, who})
		}
	}
}
