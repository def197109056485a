package strictyaml

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// A Map is a value made of keys.
type Map struct {
	Value
	keys    []Value // in the order of the file, each once
	names   []string
	entries map[string]Value
}

// newMap reads keys; one that stands there twice is reported.
func newMap(v Value, pairs []*ast.MappingValueNode) *Map {
	m := &Map{Value: v, entries: make(map[string]Value, len(pairs))}
	first := map[string]Position{}
	for _, p := range pairs {
		key := Value{v.doc, p.Key}
		name, ok := keyName(key)
		if !ok {
			continue
		}
		if at, twice := first[name]; twice {
			key.Report("%s stands here a second time (first on line %d): remove one of the two", quote(name), at.Line)
			continue
		}
		first[name] = key.Place()
		m.keys, m.names = append(m.keys, key), append(m.names, name)
		m.entries[name] = Value{v.doc, p.Value}
	}
	return m
}

func keyName(key Value) (string, bool) {
	switch n := key.node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.MergeKeyNode:
		return "", !key.tricky()
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return n.GetToken().Value, true
	default:
		key.Report("this can't be a key: write a word")
		return "", false
	}
}

// Only reports every key that isn't known.
func (m *Map) Only(known ...string) {
	isKnown := map[string]bool{}
	for _, k := range known {
		isKnown[k] = true
	}
	for i, name := range m.names {
		if m.doc.full() {
			m.doc.more = true // if only perhaps
			return
		}
		switch v := m.entries[name]; {
		case isKnown[name]:
		case v.Empty() && strings.Contains(name, " "):
			m.keys[i].Report("unknown key %s: if it belongs to the text before it, put that in quotes, "+
				"since a comma ends a text in { }", quote(name))
		default:
			m.keys[i].Report("unknown key %s: %s", quote(name), DidYouMean(name, known, "there are "))
		}
	}
}

// Get returns the value of a key that may be absent.
func (m *Map) Get(key string) (Value, bool) {
	v, ok := m.entries[key]
	return v, ok
}

// Need returns the value of a key; its absence is reported, with an example of
// what to write.
func (m *Map) Need(key, example string) (Value, bool) {
	v, ok := m.entries[key]
	if !ok {
		m.Report("%s is missing: write it here, such as \"%s: %s\"", quote(key), key, example)
	}
	return v, ok
}

// quote shows what somebody typed, short and harmless for a terminal.
func quote(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// DidYouMean returns words that mend a misspelt word: the known ones that look
// like it, or else all of them after the words of otherwise; "" where there is
// nothing to say.
func DidYouMean(word string, known []string, otherwise string) string {
	best, near := 0, []string{}
	for _, k := range known {
		d := distance(strings.ToLower(word), strings.ToLower(k))
		switch {
		case d > min((len(k)+1)/3, 1+len(k)/6):
		case len(near) == 0 || d < best:
			best, near = d, []string{k}
		case d == best:
			near = append(near, k)
		}
	}
	switch {
	case len(near) > 0 && len(near) <= 3:
		return "did you mean " + strings.Join(near, " or ") + "?"
	case otherwise != "" && len(known) > 0:
		return otherwise + strings.Join(known, ", ")
	}
	return ""
}

// distance counts the letters to insert, remove, replace, or swap with their
// neighbour, to make one word of the other.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	if len(s) > 100 || len(s)-len(t) > 3 || len(t)-len(s) > 3 {
		return 100
	}
	before, last, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(t)]
}
