package telegramtest

import (
	"errors"
	"maps"
	"strings"
)

// A Group is a group of people, which the bot may be in.
type Group struct {
	server *Server
	talk   *talk
}

// Group makes a basic group of people, without the bot.
func (s *Server) Group(title string, people ...*User) *Group { return s.gather("group", title, people) }

// Supergroup makes a supergroup of people, without the bot. It may have topics.
func (s *Server) Supergroup(title string, people ...*User) *Group {
	return s.gather("supergroup", title, people)
}

func (s *Server) gather(kind, title string, people []*User) *Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := -UserID(title) % (1 << 31)
	if kind == "supergroup" {
		id -= 1_000_000_000_000
	}
	t := &talk{
		wire: wireChat{ID: id, Type: kind, Title: title}, status: "left", topics: map[int]string{},
		members: map[int64]string{}, users: map[int64]wireUser{},
	}
	s.chats[id] = t
	for i, u := range people {
		t.members[u.ID], t.users[u.ID] = "member", u.wire
		if i == 0 {
			t.members[u.ID] = "creator"
		}
	}
	return &Group{s, t}
}

// ID is the group's id. It is another after Migrate.
func (g *Group) ID() int64 { return g.talk.wire.ID }

// In returns somebody's seat in a group.
func (u *User) In(g *Group) *Seat { return &Seat{server: u.server, user: u, talk: g.talk} }

// Topic returns the same person's seat in a topic.
func (at *Seat) Topic(id int) *Seat {
	return &Seat{server: at.server, user: at.user, talk: at.talk, thread: id}
}

// Add has somebody add the bot to the group.
func (g *Group) Add(by *User) { g.set(by, "member") }

// Promote has somebody make the bot an administrator, who sees all that is said.
func (g *Group) Promote(by *User) { g.set(by, "administrator") }

// Kick has somebody remove the bot.
func (g *Group) Kick(by *User) { g.set(by, "kicked") }

func (g *Group) set(by *User, status string) {
	s := g.server
	s.mu.Lock()
	defer s.mu.Unlock()
	was := g.talk.status
	s.become(g.talk, by.wire, status)
	switch {
	case was == "left" || was == "kicked":
		s.tell(g.talk, by, func(p *post) { p.NewMembers = []wireUser{s.bot} })
	case status == "kicked":
		s.tell(g.talk, by, func(p *post) { p.LeftMember = &s.bot })
	}
}

// tell shows a service message, of which the bot is told if it is there, or has just left.
func (s *Server) tell(t *talk, by *User, fill func(*post)) {
	from := by.wire
	p := &post{wireMessage: wireMessage{From: &from}, service: true}
	fill(p)
	s.put(t, p)
	if t.status == "member" || t.status == "administrator" || p.LeftMember != nil {
		s.push("message", t.wire.ID, p.wireMessage)
	}
}

// Join has somebody come into the group.
func (g *Group) Join(u *User) {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	g.talk.members[u.ID], g.talk.users[u.ID] = "member", u.wire
	g.server.tell(g.talk, u, func(p *post) { p.NewMembers = []wireUser{u.wire} })
}

// Rename gives the group another title.
func (g *Group) Rename(by *User, title string) {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	g.talk.wire.Title = title
	g.server.tell(g.talk, by, func(p *post) { p.NewTitle = title })
}

// Topic makes a topic in a supergroup, and returns its id.
func (g *Group) Topic(by *User, name string) (id int, err error) {
	s := g.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if g.talk.wire.Type != "supergroup" {
		return 0, errors.New("only a supergroup has topics")
	}
	g.talk.wire.IsForum = true
	id = g.talk.lastID + 1 // that of the message which tells of it
	g.talk.topics[id] = name
	s.tell(g.talk, by, func(p *post) {
		p.Thread, p.InTopic, p.TopicCreated = id, true, &wireTopic{Name: name, Color: 7322096}
	})
	return id, nil
}

// Migrate has a basic group become a supergroup, with another id: the group is that from
// then on, and the old id is refused.
func (g *Group) Migrate(by *User) {
	s := g.server
	s.mu.Lock()
	defer s.mu.Unlock()
	old, next := g.talk, *g.talk
	next.wire.Type, next.wire.ID = "supergroup", old.wire.ID-1_000_000_000_000
	next.messages, next.members, next.topics = nil, maps.Clone(old.members), map[int]string{}
	g.talk = &next
	s.chats[next.wire.ID] = g.talk
	s.tell(old, by, func(p *post) { p.MigrateTo = next.wire.ID })
	s.tell(g.talk, by, func(p *post) { p.MigrateFrom = old.wire.ID })
	old.movedTo = next.wire.ID
}

// sees reports whether the bot, whose privacy mode is on as it is by default, is told of a
// message in a group. The caller holds the lock.
func (s *Server) sees(t *talk, p *post) bool {
	switch {
	case t.status == "administrator":
		return true
	case t.status != "member":
		return false
	case p.ReplyTo != nil && p.ReplyTo.From != nil && p.ReplyTo.From.ID == s.bot.ID:
		return true
	}
	for _, e := range append(p.Entities, p.CaptionEntities...) {
		if e.Type != "bot_command" {
			continue
		}
		_, to, addressed := strings.Cut(part(p.Text+p.Caption, e), "@")
		if !addressed || strings.EqualFold(to, s.Username) {
			return true
		}
	}
	return strings.Contains(strings.ToLower(p.Text+p.Caption), "@"+s.Username)
}
