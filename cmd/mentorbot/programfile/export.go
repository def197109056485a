package programfile

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

// FromStore reads a cycle as the file that would make it what it is now. What was
// ended is left out: pairs, cancelled sessions and events, members who left. So are
// characters that people typed in chat, and a file can't have.
func FromStore(tx *store.Tx, cycleSlug string) (*File, error) {
	program, err := tx.Program()
	if err != nil {
		return nil, err
	}
	f := &File{Program: program.Name, Privacy: program.Privacy}
	if f.Cycle, err = tx.CycleBySlug(cycleSlug); err != nil {
		return nil, err
	}
	if f.Sessions, err = tx.Sessions(f.Cycle.ID); err != nil {
		return nil, err
	}
	f.Sessions = slices.DeleteFunc(f.Sessions, func(s store.Session) bool { return !s.CancelledAt.IsZero() })
	slices.SortFunc(f.Sessions, compareSessions)
	if f.Events, err = tx.Events(f.Cycle.ID); err != nil {
		return nil, err
	}
	f.Events = slices.DeleteFunc(f.Events, func(e store.Event) bool { return !e.CancelledAt.IsZero() })
	slices.SortFunc(f.Events, compareEvents)
	if err := f.readPeople(tx); err != nil {
		return nil, err
	}
	for _, text := range f.typed() {
		*text = strictyaml.Legible(*text)
	}
	return f, nil
}

// typed are the texts of a file, of one line each, that can be typed in chat too.
func (f *File) typed() []*string {
	texts := []*string{&f.Program, &f.Cycle.Title}
	for i := range f.Sessions {
		texts = append(texts, &f.Sessions[i].Title, &f.Sessions[i].Where)
	}
	for i := range f.Events {
		e := &f.Events[i]
		texts = append(texts, &e.Title, &e.Place)
		for j := range e.Agenda {
			texts = append(texts, &e.Agenda[j].Title)
		}
	}
	for i := range f.People {
		texts = append(texts, &f.People[i].Name, &f.People[i].City)
	}
	return texts
}

// readPeople reads the members of the cycle and their pairs.
func (f *File) readPeople(tx *store.Tx) error {
	people, err := tx.People()
	if err != nil {
		return err
	}
	byID := make(map[string]*store.Person, len(people))
	for i := range people {
		byID[people[i].ID] = &people[i]
	}
	members, err := tx.Members(f.Cycle.ID)
	if err != nil {
		return err
	}
	there := map[string]string{}
	for _, m := range members {
		if p := byID[m.PersonID]; m.LeftAt.IsZero() && p != nil {
			f.People = append(f.People, Person{*p, m.Role})
			there[p.ID] = p.Slug
		}
	}
	slices.SortFunc(f.People, comparePeople)
	pairs, err := tx.Pairs(f.Cycle.ID)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		mentor, mentee := there[p.MentorID], there[p.MenteeID]
		if p.EndedAt.IsZero() && mentor != "" && mentee != "" {
			f.Pairs = append(f.Pairs, Pair{mentor, mentee})
		}
	}
	slices.SortFunc(f.Pairs, func(p, q Pair) int {
		return strings.Compare(p.Mentor+" "+p.Mentee, q.Mentor+" "+q.Mentee)
	})
	return nil
}

func compareSessions(a, b store.Session) int {
	if c := compareWalls(a.At, b.At); c != 0 {
		return c
	}
	return strings.Compare(a.Slug, b.Slug)
}

func compareEvents(a, b store.Event) int {
	if a.From != b.From {
		return int(a.From - b.From)
	}
	return strings.Compare(a.Slug, b.Slug)
}

// comparePeople puts mentors first, then mentees, then coordinators.
func comparePeople(a, b Person) int {
	order := []store.Role{store.Mentor, store.Mentee, store.Coordinator}
	if a.Role != b.Role {
		return slices.Index(order, a.Role) - slices.Index(order, b.Role)
	}
	return strings.Compare(a.Slug, b.Slug)
}

// Encode writes the file as YAML, from which Parse reads it again.
func (f *File) Encode() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "program: %s\n", scalar(f.Program))
	if f.Privacy != "" {
		fmt.Fprintf(&b, "privacy: %s\n", literal(f.Privacy))
	}
	fmt.Fprintf(&b, "cycle: %s\n", scalar(f.Cycle.Slug))
	block(&b, "", cycleFields(&f.Cycle))
	b.WriteString("meetings:\n")
	block(&b, "  ", meetingFields(&f.Cycle))
	list(&b, "sessions", f.Sessions, func(s *store.Session) {
		fmt.Fprintf(&b, "  - id: %s\n", scalar(s.Slug))
		block(&b, "    ", sessionFields(s))
	})
	list(&b, "events", f.Events, func(e *store.Event) {
		fmt.Fprintf(&b, "  - id: %s\n", scalar(e.Slug))
		block(&b, "    ", eventFields(e))
		if len(e.Agenda) > 0 {
			b.WriteString("    agenda:\n")
		}
		for _, item := range e.Agenda {
			fmt.Fprintf(&b, "      - {at: %s, title: %s}\n", item.At, scalar(item.Title))
		}
	})
	list(&b, "people", f.People, func(p *Person) {
		fmt.Fprintf(&b, "  - {id: %s, name: %s, role: %s", scalar(p.Slug), scalar(p.Name), p.Role)
		for _, field := range personFields(&p.Person) {
			if field.key != "name" && field.value != "" {
				fmt.Fprintf(&b, ", %s: %s", field.key, field.text())
			}
		}
		b.WriteString("}\n")
	})
	list(&b, "pairs", f.Pairs, func(p *Pair) {
		fmt.Fprintf(&b, "  - {mentor: %s, mentee: %s}\n", scalar(p.Mentor), scalar(p.Mentee))
	})
	b.WriteString("reminders:\n")
	block(&b, "  ", ruleFields(&f.Cycle.Rules))
	return b.Bytes()
}

func block(b *bytes.Buffer, indent string, fields []field) {
	for _, f := range fields {
		if f.value != "" {
			fmt.Fprintf(b, "%s%s: %s\n", indent, f.key, f.text())
		}
	}
}

func list[T any](b *bytes.Buffer, key string, all []T, write func(*T)) {
	if len(all) == 0 {
		fmt.Fprintf(b, "%s: []\n", key)
		return
	}
	fmt.Fprintf(b, "%s:\n", key)
	for i := range all {
		write(&all[i])
	}
}

func (f field) text() string {
	if f.typed {
		return scalar(f.value)
	}
	return f.value
}

// plain is text that no program takes for anything else.
var plain = regexp.MustCompile(`^\p{L}[\p{L}\p{M}\p{N}./()'-]*( [\p{L}\p{M}\p{N}./()'-]+)*$`)

// words that some program takes for a truth value, or for nothing.
var words = []string{"null", "true", "false", "yes", "no", "on", "off", "y", "n"}

// scalar writes text so that it is read as the same text: in quotes where needed.
func scalar(s string) string {
	if plain.MatchString(s) && !slices.Contains(words, strings.ToLower(s)) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "\\U%08X", r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
