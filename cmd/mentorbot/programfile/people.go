package programfile

import (
	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

// people reads the members of the cycle.
func (r *reader) people(root *strictyaml.Map) []Person {
	seen := map[string]strictyaml.Position{}
	if v, ok := root.Get("people"); !ok || v.Empty() || v.IsList() {
		r.roles = map[string]store.Role{}
	}
	return entries(root, "people", func(m *strictyaml.Map) (p Person) {
		m.Only("id", "name", "role", "city", "country", "language", "zone", "quiet")
		p.Slug = newID(m, seen, "person", "mentor-1")
		p.Name, _ = need(m, "name", "Mentor from Novi Sad", title)
		p.Role, _ = need(m, "role", "mentor", role)
		p.City, _ = maybe(m, "city", "", title)
		p.Country, _ = maybe(m, "country", "", country)
		p.Language, _ = maybe(m, "language", "", r.language)
		p.Zone, _ = maybe(m, "zone", "", r.zone)
		if v, ok := m.Get("quiet"); ok {
			if q, ok := quiet(v); ok {
				p.Quiet = &q
			}
		}
		if _, twice := r.roles[p.Slug]; !twice && p.Slug != "" {
			r.roles[p.Slug] = p.Role
			r.ids = append(r.ids, p.Slug)
		}
		return p
	})
}

// pairs reads who meets whom.
func (r *reader) pairs(root *strictyaml.Map) []Pair {
	seen := map[Pair]strictyaml.Position{}
	return entries(root, "pairs", func(m *strictyaml.Map) (p Pair) {
		m.Only("mentor", "mentee")
		var mentorOK, menteeOK bool
		p.Mentor, mentorOK = r.partner(m, "mentor", "mentor-1", store.Mentor)
		p.Mentee, menteeOK = r.partner(m, "mentee", "mentee-1", store.Mentee)
		if !mentorOK || !menteeOK {
			return p
		}
		if at, twice := seen[p]; twice {
			m.Report("the pair of %s and %s stands here a second time (first on line %d): remove one of the two",
				p.Mentor, p.Mentee, at.Line)
			return p
		}
		seen[p] = m.Place()
		return p
	})
}

// partner reads the id of one of a pair: somebody of the file, in that role.
func (r *reader) partner(m *strictyaml.Map, key, example string, want store.Role) (string, bool) {
	slug, ok := need(m, key, example, id)
	if !ok {
		return "", false
	}
	v, _ := m.Get(key)
	switch has, known := r.roles[slug]; {
	case r.roles == nil: // people are no list, as has been said
		return slug, true
	case !known:
		v.Report("there is no person with the id %s: %s", slug, r.personHint(slug))
	case has != "" && has != want:
		v.Report("%s is a %s, and a pair needs a %s here: change the pair, or the person's role", slug, has, want)
	default:
		return slug, true
	}
	return "", false
}

// personHint says whom somebody may have meant. Searching many people for many ids
// takes long, so it gives up after the first ones.
func (r *reader) personHint(slug string) string {
	if r.hints++; r.hints <= 20 {
		if hint := strictyaml.DidYouMean(slug, r.ids, ""); hint != "" {
			return hint
		}
	}
	return "add them under people, or correct the id"
}
