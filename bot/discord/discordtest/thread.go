package discordtest

import "slices"

// Threads returns the threads below a channel.
func (c *Channel) Threads() (all []*Channel) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	for _, o := range c.inner.guild.channels {
		if o.parent == c.inner {
			all = append(all, &Channel{ID: o.id, server: c.server, inner: o})
		}
	}
	return all
}

func (s *Server) createThread(c *Call) (any, *refusal) {
	parent, refused := s.channel(c, privateThreads)
	if refused != nil {
		return nil, refused
	}
	body := as[struct {
		Name     string
		Type     *int
		Duration int `json:"auto_archive_duration"`
	}](c.Body)
	if parent.kind != kindText {
		return nil, errChannelKind
	}
	if body.Type != nil && *body.Type != kindThread {
		return nil, invalid(wrong("type", "BASE_TYPE_CHOICES", "this server has private threads only"))
	}
	t := &channel{id: s.nextID(), kind: kindThread, name: body.Name, guild: parent.guild, parent: parent}
	t.thread = wireThread{Duration: max(body.Duration, 60), Timestamp: wireTime(s.options.Now()), Invitable: true}
	parent.guild.channels = append(parent.guild.channels, t)
	s.channels[t.id] = t
	s.dispatch("THREAD_CREATE", t.guild.ID, intentGuilds, s.wireOf(t))
	return s.wireOf(t), nil
}

// threadOf returns the thread of a call, with the user who is meant.
func (s *Server) threadOf(c *Call) (*channel, *User, *refusal) {
	t, refused := s.channel(c, sendInThreads)
	if refused != nil {
		return nil, nil, refused
	}
	if t.kind != kindThread {
		return nil, nil, errChannelKind
	}
	u := s.members[c.Path["user_id"]]
	if u == nil || t.guild.members[u.ID] == nil {
		return t, nil, errMember
	}
	return t, u, nil
}

func (s *Server) addThreadMember(c *Call) (any, *refusal) {
	t, u, refused := s.threadOf(c)
	if refused == nil && !slices.Contains(t.members, u.ID) {
		t.members = append(t.members, u.ID)
	}
	return nil, refused
}

func (s *Server) deleteThreadMember(c *Call) (any, *refusal) {
	t, u, refused := s.threadOf(c)
	if refused == nil {
		t.members = slices.DeleteFunc(t.members, func(id string) bool { return id == u.ID })
	}
	return nil, refused
}

func (s *Server) listThreadMembers(c *Call) (any, *refusal) {
	t, refused := s.channel(c, 0)
	if refused != nil {
		return nil, refused
	}
	all := []any{}
	for _, id := range t.members {
		all = append(all, map[string]any{"id": t.id, "user_id": id, "join_timestamp": t.thread.Timestamp, "flags": 0})
	}
	return all, nil
}

// updateChannel renames, archives or locks a thread, or renames a channel.
func (s *Server) updateChannel(c *Call) (any, *refusal) {
	ch, refused := s.channel(c, 0)
	if refused != nil {
		return nil, refused
	}
	if ch.guild == nil {
		return nil, errChannelKind
	}
	if ch.may()&manageThreads == 0 || ch.kind != kindThread {
		return nil, errPermission
	}
	body := as[struct {
		Name             *string
		Archived, Locked *bool
	}](c.Body)
	if body.Name != nil {
		ch.name = *body.Name
	}
	if body.Archived != nil {
		ch.thread.Archived = *body.Archived
	}
	if body.Locked != nil {
		ch.thread.Locked = *body.Locked
	}
	s.dispatch("THREAD_UPDATE", ch.guild.ID, intentGuilds, s.wireOf(ch))
	return s.wireOf(ch), nil
}

func (s *Server) deleteChannel(c *Call) (any, *refusal) {
	ch, refused := s.channel(c, 0)
	if refused != nil {
		return nil, refused
	}
	if ch.kind != kindThread || ch.may()&manageThreads == 0 {
		return nil, errPermission
	}
	s.drop(ch)
	return s.wireOf(ch), nil
}
