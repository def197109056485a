package discordtest

import "slices"

// The kinds of channel that this server knows.
const (
	kindText   = 0
	kindDirect = 1
	kindThread = 12 // a private one
)

// A channel is a direct chat, a channel of a guild or a thread, as it stands.
type channel struct {
	id        string
	kind      int
	name      string
	guild     *Guild
	recipient *User    // of a direct chat
	parent    *channel // of a thread
	posts     []*post
	members   []string // of a thread
	denied    int64    // to the bot
	begun     bool     // the person has been there
	opened    bool     // by the bot
	thread    wireThread
}

// A Channel is a text channel of a guild, or a thread.
type Channel struct {
	ID     string
	server *Server
	inner  *channel
}

// Channel returns a text channel of the guild by name.
func (g *Guild) Channel(name string) *Channel {
	s := g.server
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range g.channels {
		if c.name == name {
			return &Channel{ID: c.id, server: s, inner: c}
		}
	}
	c := &channel{id: stable("channel "+g.Name+" "+name, 500_000_000_000_000_000), kind: kindText, name: name, guild: g}
	g.channels = append(g.channels, c)
	s.channels[c.id] = c
	s.dispatch("CHANNEL_CREATE", g.ID, intentGuilds, s.wireOf(c))
	return &Channel{ID: c.id, server: s, inner: c}
}

// Seat returns a user's place in the channel.
func (c *Channel) Seat(u *User) *Seat { return &Seat{server: c.server, user: u, channel: c.inner} }

// Deny takes permissions, as bits, from the bot in this channel.
func (c *Channel) Deny(bits int64) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.inner.denied |= bits
}

// Allow ends that.
func (c *Channel) Allow(bits int64) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.inner.denied &^= bits
}

// Members returns the names of those who are in a thread.
func (c *Channel) Members() (names []string) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	for _, id := range c.inner.members {
		if u := c.server.members[id]; u != nil {
			names = append(names, u.Name)
		}
	}
	return names
}

// Delete has somebody delete the channel.
func (c *Channel) Delete() {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.server.drop(c.inner)
}

// drop deletes a channel, of which the bot is told. The caller holds the lock.
func (s *Server) drop(c *channel) {
	delete(s.channels, c.id)
	c.guild.channels = slices.DeleteFunc(c.guild.channels, func(o *channel) bool { return o == c })
	name := "CHANNEL_DELETE"
	if c.kind == kindThread {
		name = "THREAD_DELETE"
	}
	s.dispatch(name, c.guild.ID, intentGuilds, s.wireOf(c))
}

// guildID is the id of the channel's guild; "": a direct chat.
func (c *channel) guildID() string {
	if c.guild == nil {
		return ""
	}
	return c.guild.ID
}

// may is what the bot may do in a channel.
func (c *channel) may() int64 {
	if c.guild == nil {
		return botMay
	}
	if c.guild.may&administrator != 0 {
		return ^0
	}
	denied := c.denied
	if c.parent != nil {
		denied |= c.parent.denied
	}
	return c.guild.may &^ denied
}

// channel returns the channel of a call, if the bot sees it and may do something there.
func (s *Server) channel(c *Call, bits int64) (*channel, *refusal) {
	ch := s.channels[c.Path["channel_id"]]
	if ch == nil {
		return nil, errChannel
	}
	may := ch.may()
	if may&viewChannel == 0 {
		return nil, errAccess
	}
	if may&bits != bits {
		return nil, errPermission
	}
	return ch, nil
}

func (s *Server) wireOf(c *channel) wireChannel {
	w := wireChannel{ID: c.id, Type: c.kind, Name: c.name, GuildID: c.guildID()}
	if c.kind == kindText {
		w.Position, w.Overwrites = new(int), &[]any{}
	}
	if c.recipient != nil {
		w.Recipients = []wireUser{c.recipient.wire}
	}
	if c.parent != nil {
		w.ParentID, w.OwnerID = c.parent.id, s.AppID
		w.wireCounts = &wireCounts{Thread: c.thread, Messages: len(c.posts), Sent: len(c.posts), Members: len(c.members)}
	}
	return w
}

func (s *Server) getChannel(c *Call) (any, *refusal) {
	ch, refused := s.channel(c, 0)
	if refused != nil {
		return nil, refused
	}
	return s.wireOf(ch), nil
}

func (s *Server) typing(c *Call) (any, *refusal) {
	_, refused := s.channel(c, sendMessages)
	return nil, refused
}

// Name returns what the channel is called.
func (c *Channel) Name() string {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	return c.inner.name
}
