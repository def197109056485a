package discordtest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The flags of messages that this server knows.
const (
	flagNoEmbeds   = 1 << 2
	flagEphemeral  = 1 << 6
	flagThinking   = 1 << 7
	flagSilent     = 1 << 12
	flagComponents = 1 << 15
)

const nonceAge = 3 * time.Minute // Discord says: some minutes

// A post is a message in a channel.
type post struct {
	wireMessage
	channel  *channel
	at       time.Time
	touch    []component
	files    []*Upload
	only     string // the one user who sees it; "": everybody
	thinking bool   // it isn't there yet
	gone     bool   // deleted
}

// nextID returns an id that holds the time, and is higher than the last. The caller holds
// the lock.
func (s *Server) nextID() string {
	id := (s.options.Now().UnixMilli() - 1420070400000) << 22
	s.lastID = max(id, s.lastID+1)
	return strconv.FormatInt(s.lastID, 10)
}

// put shows a message at the end of a channel. The caller holds the lock.
func (s *Server) put(c *channel, from wireUser) *post {
	now := s.options.Now()
	p := &post{channel: c, at: now, wireMessage: wireMessage{
		ID: s.nextID(), ChannelID: c.id, Author: from, Timestamp: wireTime(now),
		Mentions: []wireUser{}, Roles: []string{}, Attachments: []wireFile{}, Embeds: []wireEmbed{}, Components: []any{},
	}}
	c.posts = append(c.posts, p)
	s.posts[p.ID] = p
	return p
}

// fill puts into a message what the bot says of it. What it doesn't say stays.
func (s *Server) fill(p *post, v map[string]any, files []*Upload) *refusal {
	next := *p
	if text, said := v["content"]; said {
		next.Content, _ = text.(string)
		next.Content = strings.TrimSpace(next.Content)
	}
	if list, said := v["embeds"]; said {
		next.Embeds = append([]wireEmbed{}, as[[]wireEmbed](list)...)
		for i := range next.Embeds {
			next.Embeds[i].Type = "rich"
		}
	}
	if list, said := v["components"]; said {
		all, _ := list.([]any)
		n := 0
		next.Components = append([]any{}, numbered(all, &n)...)
		next.touch = as[[]component](next.Components)
	}
	if bits, said := v["flags"]; said {
		next.Flags |= as[int](bits) &^ flagEphemeral
	}
	s.attach(&next, v, files)
	if next.Content == "" && len(next.Embeds) == 0 && len(next.Attachments) == 0 && len(next.Components) == 0 {
		return errEmpty
	}
	*p = next
	return nil
}

// numbered gives components the ids that they lack, and what they have by default.
func numbered(all []any, n *int) (out []any) {
	for _, one := range all {
		c := map[string]any{}
		for name, v := range as[map[string]any](one) {
			if v != nil {
				c[name] = v
			}
		}
		if *n++; c["id"] == nil {
			c["id"] = *n
		}
		if fmt.Sprint(c["type"]) == strconv.Itoa(stringSelect) {
			for _, name := range []string{"min_values", "max_values"} {
				if c[name] == nil {
					c[name] = 1
				}
			}
		}
		if inner, is := c["components"].([]any); is {
			c["components"] = numbered(inner, n)
		}
		out = append(out, c)
	}
	return out
}

// attach keeps the files that are to stay and adds the new ones.
func (s *Server) attach(p *post, v map[string]any, files []*Upload) {
	if list, said := v["attachments"]; said {
		keep := as[[]struct{ ID string }](list)
		n := 0
		for i, f := range p.Attachments {
			if slices.ContainsFunc(keep, func(k struct{ ID string }) bool { return k.ID == f.ID }) {
				p.Attachments[n], p.files[n] = f, p.files[i]
				n++
			}
		}
		p.Attachments, p.files = p.Attachments[:n:n], p.files[:n:n]
	}
	for _, f := range files {
		id := s.nextID()
		address := s.URL + "/attachments/" + p.ChannelID + "/" + id + "/" + f.Name
		p.Attachments = append(p.Attachments, wireFile{
			ID: id, Name: f.Name, Size: len(f.Data), URL: address, ProxyURL: address, Type: f.Type, Description: f.Description,
		})
		p.files = append(p.files, f)
	}
}

// writable says why the bot can't write something into a channel.
func (s *Server) writable(c *channel, v map[string]any, files []*Upload) *refusal {
	if c.recipient != nil {
		return s.reach(c.recipient)
	}
	needs := int64(sendMessages)
	if c.kind == kindThread {
		needs = sendInThreads
	}
	if !empty(v["embeds"]) {
		needs |= embedLinks
	}
	if len(files) > 0 {
		needs |= attachFiles
	}
	if c.may()&needs != needs {
		return errPermission
	}
	return nil
}

func (s *Server) createMessage(c *Call) (any, *refusal) {
	ch, refused := s.channel(c, 0)
	if refused != nil {
		return nil, refused
	}
	v := c.data()
	if refused := s.writable(ch, v, c.Files); refused != nil {
		return nil, refused
	}
	now := s.options.Now()
	nonce, key := v["nonce"], ""
	if nonce != nil && v["enforce_nonce"] == true {
		key = ch.id + " " + asText(nonce)
		if old := s.nonces[key]; old != nil && now.Sub(old.at) < nonceAge {
			return old.wireMessage, nil
		}
	}
	p := s.put(ch, s.bot)
	if refused := s.fill(p, v, c.Files); refused != nil {
		s.unput(p)
		return nil, refused
	}
	p.Nonce = nonce
	if key != "" {
		s.nonces[key] = p
	}
	if r := as[*struct {
		ID string `json:"message_id"`
	}](v["message_reference"]); r != nil {
		p.Type, p.Reference = 19, &wireReplied{MessageID: r.ID, ChannelID: ch.id}
	}
	ch.thread.Archived = false
	s.ping(p, v)
	s.dispatchMessage("MESSAGE_CREATE", p)
	return p.wireMessage, nil
}

// asText is a nonce, which may be a number, as a text.
func asText(v any) string {
	if s, is := v.(string); is {
		return s
	}
	return string(encode(v))
}

// unput takes back a message that was refused.
func (s *Server) unput(p *post) {
	delete(s.posts, p.ID)
	p.channel.posts = slices.DeleteFunc(p.channel.posts, func(o *post) bool { return o == p })
}

// find returns a message of a call that everybody there sees.
func (s *Server) find(c *Call, bits int64) (*post, *refusal) {
	ch, refused := s.channel(c, bits)
	if refused != nil {
		return nil, refused
	}
	p := s.posts[c.Path["message_id"]]
	if p == nil || p.gone || p.channel != ch || p.only != "" {
		return nil, errMessage
	}
	return p, nil
}

func (s *Server) updateMessage(c *Call) (any, *refusal) {
	p, refused := s.find(c, 0)
	if refused != nil {
		return nil, refused
	}
	if p.Author.ID != s.AppID {
		return nil, errOthersMessage
	}
	if u := p.channel.recipient; u != nil {
		if refused := s.reach(u); refused != nil {
			return nil, refused
		}
	}
	return s.rewrite(p, c)
}

// rewrite changes a message.
func (s *Server) rewrite(p *post, c *Call) (any, *refusal) {
	if refused := s.fill(p, c.data(), c.Files); refused != nil {
		return nil, refused
	}
	edited := wireTime(s.options.Now())
	p.Edited = &edited
	if p.only == "" {
		s.dispatchMessage("MESSAGE_UPDATE", p)
	}
	return p.wireMessage, nil
}

func (s *Server) getMessage(c *Call) (any, *refusal) {
	p, refused := s.find(c, readHistory)
	if refused != nil {
		return nil, refused
	}
	return p.wireMessage, nil
}

func (s *Server) listMessages(c *Call) (any, *refusal) {
	ch, refused := s.channel(c, readHistory)
	if refused != nil {
		return nil, refused
	}
	limit, err := strconv.Atoi(cmp.Or(c.Query.Get("limit"), "50"))
	if err != nil || limit < 1 || limit > 100 {
		return nil, invalid(wrong("limit", "NUMBER_TYPE_RANGE", "int value should be between 1 and 100."))
	}
	all := []wireMessage{}
	for _, p := range slices.Backward(ch.posts) {
		if p.gone || p.only != "" || p.thinking || !within(p.ID, c) {
			continue
		}
		if all = append(all, p.wireMessage); len(all) == limit && c.Query.Get("after") == "" {
			break
		}
	}
	return all[max(0, len(all)-limit):], nil
}

// within reports whether an id lies in the range of a call.
func within(id string, c *Call) bool {
	after, before := c.Query.Get("after"), c.Query.Get("before")
	return (after == "" || later(id, after)) && (before == "" || later(before, id))
}

// later reports whether an id is of a later time than another.
func later(id, than string) bool {
	return len(id) > len(than) || len(id) == len(than) && id > than
}

func (s *Server) deleteMessage(c *Call) (any, *refusal) {
	p, refused := s.find(c, 0)
	if refused != nil {
		return nil, refused
	}
	if p.Author.ID != s.AppID && (p.channel.guild == nil || p.channel.may()&manageMessages == 0) {
		return nil, refuse(http.StatusForbidden, 50003, "Cannot execute action on a DM channel")
	}
	p.gone = true
	s.dispatchTo(p.channel, "MESSAGE_DELETE", map[string]any{"id": p.ID, "channel_id": p.ChannelID, "guild_id": p.channel.guildID()})
	return nil, nil
}
