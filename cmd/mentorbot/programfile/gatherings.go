package programfile

import (
	"slices"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

// sessions reads the online group meetings.
func (r *reader) sessions(root *strictyaml.Map) []store.Session {
	seen := map[string]strictyaml.Position{}
	return entries(root, "sessions", func(m *strictyaml.Map) (s store.Session) {
		m.Only("id", "title", "at", "length", "where")
		s.Slug = newID(m, seen, "session", "opening")
		s.Title, _ = need(m, "title", "Opening session", title)
		s.Length, _ = maybe(m, "length", defaultLength, length)
		s.Where, _ = maybe(m, "where", "", where)
		var ok bool
		if s.At, ok = need(m, "at", "2027-01-21 18:00", wall); ok {
			v, _ := m.Get("at")
			r.inside(v, s.At.Date, "the session")
			exists(v, s.At, r.cycleZone)
		}
		return s
	})
}

// events reads the live events.
func (r *reader) events(root *strictyaml.Map) []store.Event {
	seen := map[string]strictyaml.Position{}
	return entries(root, "events", func(m *strictyaml.Map) (e store.Event) {
		m.Only("id", "title", "from", "to", "place", "zone", "agenda")
		e.Slug = newID(m, seen, "event", "belgrade")
		e.Title, _ = need(m, "title", "Live event in Belgrade", title)
		e.Place, _ = maybe(m, "place", "", title)
		var zoneOK bool
		e.Zone, zoneOK = maybe(m, "zone", "", r.zone)
		days := r.days(m, &e)
		zone := e.Zone
		if zone == "" && zoneOK {
			zone = r.cycleZone
		}
		e.Agenda = agenda(m, &e, days, zone)
		return e
	})
}

// days reads when an event is, and reports whether both days are known and in
// order.
func (r *reader) days(m *strictyaml.Map, e *store.Event) bool {
	var fromOK, toOK bool
	e.From, fromOK = need(m, "from", "2027-06-18", date)
	e.To, toOK = maybe(m, "to", e.From, date)
	if fromOK {
		v, _ := m.Get("from")
		r.inside(v, e.From, "the event's first day")
	}
	v, given := m.Get("to")
	if !given || !fromOK || !toOK {
		return fromOK && toOK
	}
	if e.To < e.From {
		v.Report("the event ends on %s, before it starts on %s: change one of the two", e.To, e.From)
		return false
	}
	r.inside(v, e.To, "the event's last day")
	return true
}

// agenda reads the points of an event's agenda, and puts them in order of time.
// known says that the event's days are; zone may be "", not known.
func agenda(m *strictyaml.Map, e *store.Event, known bool, zone string) []store.AgendaItem {
	items := entries(m, "agenda", func(m *strictyaml.Map) (item store.AgendaItem) {
		m.Only("at", "title")
		item.Title, _ = need(m, "title", "Arrival and dinner", title)
		var ok bool
		if item.At, ok = need(m, "at", "2027-06-18 18:00", wall); ok {
			v, _ := m.Get("at")
			if known && (item.At.Date < e.From || item.At.Date > e.To) {
				v.Report("this is outside its event, which is from %s to %s: change the day, or the event's from or to",
					e.From, e.To)
			}
			exists(v, item.At, zone)
		}
		return item
	})
	slices.SortStableFunc(items, func(a, b store.AgendaItem) int { return compareWalls(a.At, b.At) })
	return items
}

func compareWalls(a, b store.Wall) int {
	if a.Date != b.Date {
		return int(a.Date - b.Date)
	}
	return int(a.Clock - b.Clock)
}
