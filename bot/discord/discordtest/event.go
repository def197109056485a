package discordtest

import (
	"slices"
	"strings"
	"time"
)

// An event is a scheduled event of a guild.
type event struct {
	ID          string
	body        map[string]any
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Start       *time.Time `json:"scheduled_start_time"`
	End         *time.Time `json:"scheduled_end_time"`
	Kind        int        `json:"entity_type"`
	Channel     *string    `json:"channel_id"`
	Status      int        `json:"status"`
	Meta        *struct {
		Location string `json:"location"`
	} `json:"entity_metadata"`
}

// external is the kind of an event that isn't in a channel.
const external = 3

// An Event is a scheduled event as it stands.
type Event struct {
	ID, Name, Description, Location string
	Start, End                      time.Time
	Status                          int // 1 scheduled, 2 active, 3 completed, 4 cancelled
}

// eventRule: what is outside of Discord has a place and an end.
func eventRule(c *Call) *refusal { return ruled(as[event](c.Body).check()) }

func (e event) check() *problem {
	switch {
	case strings.TrimSpace(e.Name) == "":
		return wrong("name", "BASE_TYPE_REQUIRED", "This field is required.")
	case e.Start == nil:
		return wrong("scheduled_start_time", "BASE_TYPE_REQUIRED", "This field is required.")
	case e.End != nil && !e.End.After(*e.Start):
		return wrong("scheduled_end_time", "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", "The end is not after the start.")
	case e.Kind != external && (e.Channel == nil || *e.Channel == ""):
		return wrong("channel_id", "BASE_TYPE_REQUIRED", "This field is required.")
	case e.Kind != external:
		return nil
	case e.End == nil:
		return wrong("scheduled_end_time", "BASE_TYPE_REQUIRED", "This field is required.")
	case e.Meta == nil || strings.TrimSpace(e.Meta.Location) == "":
		return wrong("entity_metadata.location", "BASE_TYPE_REQUIRED", "This field is required.")
	case e.Channel != nil:
		return wrong("channel_id", "GUILD_SCHEDULED_EVENT_CHANNEL", "An external event has no channel.")
	}
	return nil
}

// maxEvents is how many scheduled or active events a guild may have.
const maxEvents = 100

func (s *Server) createEvent(c *Call) (any, *refusal) {
	g, refused := s.eventsOf(c)
	if refused != nil {
		return nil, refused
	}
	if len(g.events) >= maxEvents {
		return nil, refuse(400, 30038, "Maximum number of guild scheduled events reached (100)")
	}
	e := as[event](c.Body)
	if !e.Start.After(s.options.Now()) {
		return nil, invalid(wrong("scheduled_start_time", "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", "Cannot schedule event in the past."))
	}
	e.ID, e.Status = s.nextID(), 1
	e.body, _ = c.Body.(map[string]any)
	g.events = append(g.events, &e)
	s.dispatch("GUILD_SCHEDULED_EVENT_CREATE", g.ID, intentEvents, e.wire(g, s.AppID))
	return e.wire(g, s.AppID), nil
}

// eventsOf returns the guild of a call, if the bot may manage its events.
func (s *Server) eventsOf(c *Call) (*Guild, *refusal) {
	g, refused := s.guild(c)
	if refused == nil && g.may&(manageEvents|createEvents|administrator) == 0 {
		return nil, errPermission
	}
	return g, refused
}

func (s *Server) eventOf(c *Call) (*Guild, *event, *refusal) {
	g, refused := s.guild(c)
	if refused != nil {
		return nil, nil, refused
	}
	i := slices.IndexFunc(g.events, func(e *event) bool { return e.ID == c.Path["guild_scheduled_event_id"] })
	if i < 0 {
		return nil, nil, errEvent
	}
	return g, g.events[i], nil
}

func (s *Server) getEvent(c *Call) (any, *refusal) {
	g, e, refused := s.eventOf(c)
	if refused != nil {
		return nil, refused
	}
	return e.wire(g, s.AppID), nil
}

func (s *Server) listEvents(c *Call) (any, *refusal) {
	g, refused := s.guild(c)
	if refused != nil {
		return nil, refused
	}
	return g.wireEvents(), nil
}

func (g *Guild) wireEvents() []any {
	all := []any{}
	for _, e := range g.events {
		all = append(all, e.wire(g, g.server.AppID))
	}
	return all
}

func (s *Server) updateEvent(c *Call) (any, *refusal) {
	g, e, refused := s.eventOf(c)
	if refused != nil {
		return nil, refused
	}
	if _, refused := s.eventsOf(c); refused != nil {
		return nil, refused
	}
	merged := map[string]any{"status": e.Status}
	for name, v := range e.body {
		merged[name] = v
	}
	said, _ := c.Body.(map[string]any)
	for name, v := range said {
		merged[name] = v
	}
	next := as[event](merged)
	next.ID, next.body = e.ID, merged
	if p := next.check(); p != nil {
		return nil, invalid(p)
	}
	if next.Status != e.Status && !slices.Contains([][2]int{{1, 2}, {2, 3}, {1, 4}}, [2]int{e.Status, next.Status}) {
		return nil, invalid(wrong("status", "TRANSITION_INVALID", "Invalid Guild Scheduled Event Status Transition"))
	}
	*e = next
	s.dispatch("GUILD_SCHEDULED_EVENT_UPDATE", g.ID, intentEvents, e.wire(g, s.AppID))
	return e.wire(g, s.AppID), nil
}

func (s *Server) deleteEvent(c *Call) (any, *refusal) {
	g, e, refused := s.eventOf(c)
	if refused != nil {
		return nil, refused
	}
	if _, refused := s.eventsOf(c); refused != nil {
		return nil, refused
	}
	g.events = slices.DeleteFunc(g.events, func(o *event) bool { return o == e })
	s.dispatch("GUILD_SCHEDULED_EVENT_DELETE", g.ID, intentEvents, e.wire(g, s.AppID))
	return nil, nil
}

func (e *event) wire(g *Guild, creator string) map[string]any {
	w := map[string]any{
		"id": e.ID, "guild_id": g.ID, "creator_id": creator, "entity_id": nil, "user_count": 0, "description": nil, "channel_id": nil,
		"scheduled_end_time": nil, "entity_metadata": nil, "recurrence_rule": nil, "image": nil, "guild_scheduled_event_exceptions": []any{},
	}
	for name, v := range e.body {
		w[name] = v
	}
	w["status"] = e.Status
	return w
}

// Events returns the scheduled events of the guild.
func (g *Guild) Events() (all []Event) {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	for _, e := range g.events {
		one := Event{ID: e.ID, Name: e.Name, Description: e.Description, Start: *e.Start, Status: e.Status}
		if e.End != nil {
			one.End = *e.End
		}
		if e.Meta != nil {
			one.Location = e.Meta.Location
		}
		all = append(all, one)
	}
	return all
}

// DropEvent has somebody delete a scheduled event.
func (g *Guild) DropEvent(id string) {
	s := g.server
	s.mu.Lock()
	defer s.mu.Unlock()
	g.events = slices.DeleteFunc(g.events, func(e *event) bool { return e.ID == id })
	s.dispatch("GUILD_SCHEDULED_EVENT_DELETE", g.ID, intentEvents, map[string]any{"id": id, "guild_id": g.ID})
}
