// Package programfile reads and writes the file in which a coordinator describes a
// cycle, and applies it to the database. docs/program-file.md is its reference.
package programfile

import (
	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

// A File is a program file without mistakes. What it holds fits together: dates
// are inside the cycle, pairs name people of the file in their roles, ids occur
// once. What the store makes (ids, versions, instants) is not set.
type File struct {
	Program  string
	Privacy  string // the programme's own words, of any number of lines; "": not given
	Cycle    store.Cycle
	Sessions []store.Session
	Events   []store.Event // agendas in order of time
	People   []Person
	Pairs    []Pair
}

// A Person is one of the people of a cycle.
type Person struct {
	store.Person
	Role store.Role
}

// A Pair names the two by the ids that the file gives them.
type Pair struct{ Mentor, Mentee string }

// What a text may have, in characters.
const (
	textLimit  = 200
	whereLimit = 500 // addresses of meetings are long

	privacyLimit = 3000
)

// Parse reads a program file; file is its name in messages. languages are those
// that there are texts for. The error is [strictyaml.Mistakes]: all that must be
// mended.
func Parse(file string, src []byte, languages []string) (*File, error) {
	doc, root := strictyaml.Read(file, src, nil)
	if root == nil {
		return nil, doc.Err()
	}
	root.Only("program", "privacy", "cycle", "title", "zone", "language", "starts", "ends",
		"meetings", "sessions", "events", "people", "pairs", "reminders")
	r := &reader{languages: languages, zones: map[string]string{}}
	f := &File{}
	f.Program, _ = need(root, "program", "Kooperativa Mentorship", title)
	f.Privacy, _ = maybe(root, "privacy", "", privacy)
	f.Cycle = r.cycle(root)
	f.Sessions = r.sessions(root)
	f.Events = r.events(root)
	f.People = r.people(root)
	f.Pairs = r.pairs(root)
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return f, nil
}

// A reader knows what was read of a file so far, as far as other parts depend on
// it.
type reader struct {
	languages []string
	zones     map[string]string // of each zone that isn't one: what to say
	hints     int               // how many ids were looked up for a similar one

	cycleZone    string // "": not known
	starts, ends store.Date
	dated        bool // starts and ends are known and in order

	roles map[string]store.Role // of the people by id; "" for a mistaken one; nil: people aren't known
	ids   []string              // of the people
}

// need reads the value of a key that must be there.
func need[T any](m *strictyaml.Map, key, example string, read func(strictyaml.Value) (T, bool)) (value T, ok bool) {
	v, ok := m.Need(key, example)
	if !ok {
		return value, false
	}
	return read(v)
}

// maybe reads the value of a key that may be absent.
func maybe[T any](m *strictyaml.Map, key string, absent T, read func(strictyaml.Value) (T, bool)) (value T, ok bool) {
	v, ok := m.Get(key)
	if !ok {
		return absent, true
	}
	return read(v)
}

// entries reads the list behind a key, each of whose entries has keys of its own.
func entries[T any](m *strictyaml.Map, key string, read func(*strictyaml.Map) T) []T {
	values, _ := maybe(m, key, nil, strictyaml.Value.List)
	var all []T
	for _, v := range values {
		if m, ok := v.Map(); ok {
			all = append(all, read(m))
		}
	}
	return all
}

// unique reports an id that was read before.
func unique(seen map[string]strictyaml.Position, id string, v strictyaml.Value, what string) {
	if at, twice := seen[id]; twice {
		v.Report("the id %s is another %s's already (line %d): give each its own", id, what, at.Line)
		return
	}
	seen[id] = v.Place()
}

// newID reads the id of an entry, which no other may have.
func newID(m *strictyaml.Map, seen map[string]strictyaml.Position, what, example string) string {
	v, ok := m.Need("id", example)
	if !ok {
		return ""
	}
	slug, ok := id(v)
	if ok {
		unique(seen, slug, v, what)
	}
	return slug
}
