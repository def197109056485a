package discordtest

import (
	"maps"
	"slices"
	"strconv"
	"time"
)

// The permissions that this server asks for, as bits.
const (
	administrator   = 1 << 3
	viewChannel     = 1 << 10
	sendMessages    = 1 << 11
	manageMessages  = 1 << 13
	embedLinks      = 1 << 14
	attachFiles     = 1 << 15
	readHistory     = 1 << 16
	mentionEveryone = 1 << 17
	manageRoles     = 1 << 28
	manageEvents    = 1 << 33
	manageThreads   = 1 << 34
	privateThreads  = 1 << 36
	sendInThreads   = 1 << 38
	createEvents    = 1 << 44

	botMay = viewChannel | sendMessages | manageMessages | embedLinks | attachFiles | readHistory | manageRoles |
		manageEvents | manageThreads | privateThreads | sendInThreads | createEvents
	everyoneMay = viewChannel | sendMessages | readHistory | sendInThreads
)

// A Guild is a server, as people call it, of which the bot is a member.
type Guild struct {
	ID   string
	Name string

	server   *Server
	members  map[string]*member
	roles    []*Role
	channels []*channel
	events   []*event
	may      int64 // the bot
}

type member struct {
	user  *User
	roles []string
	may   int64
}

// A Role is something that members of a guild can be given.
type Role struct {
	ID   string
	Name string
	wire wireRole
	high bool // above the bot's own
}

// Guild returns a guild by name. The bot has come into it with the permissions that it
// asks for: to see, write, give roles, make private threads and scheduled events.
func (s *Server) Guild(name string) *Guild {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.guilds {
		if g.Name == name {
			return g
		}
	}
	g := &Guild{ID: stable("guild "+name, 300_000_000_000_000_000), Name: name, server: s, members: map[string]*member{}, may: botMay}
	g.roles = []*Role{{ID: g.ID, Name: "@everyone", wire: wireRole{ID: g.ID, Name: "@everyone", Permissions: strconv.Itoa(everyoneMay)}}}
	s.guilds[g.ID] = g
	s.dispatch("GUILD_CREATE", g.ID, intentGuilds, s.wireGuild(g))
	return g
}

// Join has users come into the guild.
func (g *Guild) Join(users ...*User) {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	for _, u := range users {
		u.left = false
		if g.members[u.ID] == nil {
			g.members[u.ID] = &member{user: u, may: everyoneMay}
		}
	}
}

// Leave has a user go. The bot isn't told, since it lacks the privileged intent; and
// unless they share another guild, its messages are refused with 50278.
func (g *Guild) Leave(u *User) {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	delete(g.members, u.ID)
	u.left = true
}

// Permit gives a member more permissions, as bits.
func (g *Guild) Permit(u *User, bits int64) {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	if m := g.members[u.ID]; m != nil {
		m.may |= bits
	}
}

// Deny takes permissions, as bits, from the bot; Allow gives them back.
func (g *Guild) Deny(bits int64) {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	g.may &^= bits
}

// Allow gives permissions to the bot.
func (g *Guild) Allow(bits int64) {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	g.may |= bits
}

// Role returns a role by name, below the bot's own.
func (g *Guild) Role(name string) *Role { return g.role(name, false) }

// HighRole returns a role by name that stands above the bot's, so that the bot can't give it.
func (g *Guild) HighRole(name string) *Role { return g.role(name, true) }

func (g *Guild) role(name string, high bool) *Role {
	s := g.server
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range g.roles {
		if r.Name == name {
			return r
		}
	}
	id := stable("role "+g.Name+" "+name, 400_000_000_000_000_000)
	r := &Role{ID: id, Name: name, high: high, wire: wireRole{ID: id, Name: name, Position: len(g.roles), Permissions: "0"}}
	g.roles = append(g.roles, r)
	s.dispatch("GUILD_ROLE_CREATE", g.ID, intentGuilds, map[string]any{"guild_id": g.ID, "role": r.wire})
	return r
}

// RolesOf returns the names of the roles that a user has.
func (g *Guild) RolesOf(u *User) (names []string) {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	m := g.members[u.ID]
	if m == nil {
		return nil
	}
	for _, r := range g.roles {
		if slices.Contains(m.roles, r.ID) {
			names = append(names, r.Name)
		}
	}
	return names
}

// Remove has the bot thrown out of the guild.
func (g *Guild) Remove() {
	s := g.server
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.guilds, g.ID)
	for _, c := range g.channels {
		delete(s.channels, c.id)
	}
	s.dispatch("GUILD_DELETE", g.ID, intentGuilds, map[string]any{"id": g.ID})
}

func (g *Guild) find(id string) *Role {
	i := slices.IndexFunc(g.roles, func(r *Role) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return g.roles[i]
}

// guild returns the guild of a call, if the bot is in it.
func (s *Server) guild(c *Call) (*Guild, *refusal) {
	g := s.guilds[c.Path["guild_id"]]
	if g == nil {
		return nil, errGuild
	}
	return g, nil
}

func (s *Server) getGuild(c *Call) (any, *refusal) {
	g, refused := s.guild(c)
	if refused != nil {
		return nil, refused
	}
	w := map[string]any{
		"description": nil, "home_header": nil, "splash": nil, "discovery_splash": nil, "banner": nil, "application_id": nil, "region": "rotterdam",
		"afk_channel_id": nil, "afk_timeout": 300, "system_channel_id": nil, "system_channel_flags": 0, "widget_enabled": false, "widget_channel_id": nil,
		"verification_level": 1, "default_message_notifications": 1, "mfa_level": 0, "explicit_content_filter": 0, "max_presences": nil, "max_members": 500000,
		"max_stage_video_channel_users": 50, "max_video_channel_users": 25, "vanity_url_code": nil, "premium_tier": 0, "premium_subscription_count": 0,
		"rules_channel_id": nil, "safety_alerts_channel_id": nil, "public_updates_channel_id": nil, "premium_progress_bar_enabled": false,
		"nsfw": false, "nsfw_level": 0, "stickers": []any{}, "incidents_data": nil,
	}
	whole := s.wireGuild(g)
	for _, name := range []string{"id", "name", "icon", "features", "owner_id", "roles", "preferred_locale", "emojis"} {
		w[name] = whole[name]
	}
	return w, nil
}

// wireGuild is a guild as the gateway tells of it.
func (s *Server) wireGuild(g *Guild) map[string]any {
	channels, threads := []wireChannel{}, []wireChannel{}
	for _, c := range g.channels {
		if c.kind == kindThread {
			threads = append(threads, s.wireOf(c))
		} else {
			channels = append(channels, s.wireOf(c))
		}
	}
	roles := []wireRole{}
	for _, r := range g.roles {
		roles = append(roles, r.wire)
	}
	return map[string]any{
		"id": g.ID, "name": g.Name, "icon": nil, "owner_id": "100000000000000001", "roles": roles, "channels": channels, "threads": threads,
		"members": []wireMember{{User: &s.bot, Roles: []string{}, JoinedAt: wireTime(time.UnixMilli(1_600_000_000_000))}}, "emojis": []any{}, "features": []any{},
		"member_count": len(g.members) + 1, "large": false, "unavailable": false, "preferred_locale": "en-US", "guild_scheduled_events": g.wireEvents(),
		"presences": []any{}, "voice_states": []any{}, "stage_instances": []any{}, "joined_at": wireTime(time.UnixMilli(1_600_000_000_000)),
	}
}

func (s *Server) listGuilds(*Call) (any, *refusal) {
	all := []any{}
	for _, id := range slices.Sorted(maps.Keys(s.guilds)) {
		g := s.guilds[id]
		all = append(all, map[string]any{"id": id, "name": g.Name, "icon": nil, "banner": nil, "owner": false, "permissions": strconv.FormatInt(g.may, 10), "features": []any{}})
	}
	return all, nil
}

func (s *Server) listChannels(c *Call) (any, *refusal) {
	g, refused := s.guild(c)
	if refused != nil {
		return nil, refused
	}
	return s.wireGuild(g)["channels"], nil
}

func (s *Server) listRoles(c *Call) (any, *refusal) {
	g, refused := s.guild(c)
	if refused != nil {
		return nil, refused
	}
	return s.wireGuild(g)["roles"], nil
}

func (s *Server) getMember(c *Call) (any, *refusal) {
	g, refused := s.guild(c)
	if refused != nil {
		return nil, refused
	}
	if c.Path["user_id"] == s.AppID {
		return wireMember{User: &s.bot, Roles: []string{}, JoinedAt: wireTime(time.UnixMilli(1_600_000_000_000))}, nil
	}
	m := g.members[c.Path["user_id"]]
	if m == nil {
		return nil, errMember
	}
	return m.wire(true), nil
}

func (m *member) wire(whole bool) wireMember {
	w := wireMember{Roles: append([]string{}, m.roles...), JoinedAt: wireTime(time.UnixMilli(1_700_000_000_000)), User: &m.user.wire}
	if !whole {
		w.Permissions = strconv.FormatInt(m.may, 10)
	}
	return w
}

func (s *Server) addRole(c *Call) (any, *refusal) {
	m, r, refused := s.roleOf(c)
	if refused == nil && !slices.Contains(m.roles, r.ID) {
		m.roles = append(m.roles, r.ID)
	}
	return nil, refused
}

func (s *Server) removeRole(c *Call) (any, *refusal) {
	m, r, refused := s.roleOf(c)
	if refused == nil {
		m.roles = slices.DeleteFunc(m.roles, func(id string) bool { return id == r.ID })
	}
	return nil, refused
}

// roleOf finds the member and the role of a call, if the bot may give it.
func (s *Server) roleOf(c *Call) (*member, *Role, *refusal) {
	g, refused := s.guild(c)
	if refused != nil {
		return nil, nil, refused
	}
	m, r := g.members[c.Path["user_id"]], g.find(c.Path["role_id"])
	switch {
	case m == nil:
		return nil, nil, errMember
	case r == nil || r.ID == g.ID:
		return nil, nil, errRole
	case g.may&(manageRoles|administrator) == 0 || r.high:
		return nil, nil, errPermission
	}
	return m, r, nil
}

func wireTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000+00:00") }
