package strictyaml

import (
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
)

// A Value is whatever stands behind a key or in a list.
type Value struct {
	doc  *Document
	node ast.Node
}

// Place returns where the value begins.
func (v Value) Place() Position { return place(v.node) }

// Report notes a mistake at the value.
func (v Value) Report(format string, args ...any) { v.doc.Report(v.Place(), format, args...) }

// ReportTurns notes a character that [Turns] in the value.
func (v Value) ReportTurns(r rune) {
	v.Report("the text has a character that turns the order of others around (%U): write it without", r)
}

// Empty reports whether nothing stands there, or null.
func (v Value) Empty() bool { return v.node.Type() == ast.NullType }

// tricky refuses what YAML has for machines.
func (v Value) tricky() bool {
	switch v.node.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		v.Report("anchors and aliases (& and *) aren't used here: write the value out, in quotes if it begins with one")
	case *ast.TagNode:
		v.Report("tags (!) aren't used here: put a text that begins with ! in quotes")
	default:
		return false
	}
	return true
}

// kind names what stands there.
func (v Value) kind() string {
	switch v.node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.NullNode:
		return "nothing"
	default:
		return "a single value"
	}
}

// Map returns a value made of keys. Anything else is reported; then it returns
// false.
func (v Value) Map() (*Map, bool) {
	if v.tricky() {
		return nil, false
	}
	var pairs []*ast.MappingValueNode
	switch n := v.node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		v.Report("here stands %s: want keys and their values, such as \"id: opening\"", v.kind())
		return nil, false
	}
	return newMap(v, pairs), true
}

// List returns the values of a list; none if nothing stands there. Anything else
// is reported; then it returns false.
func (v Value) List() ([]Value, bool) {
	if v.tricky() {
		return nil, false
	}
	if v.Empty() {
		return nil, true
	}
	n, ok := v.node.(*ast.SequenceNode)
	if !ok {
		v.Report("here stands %s: want a list, each entry with a dash before it or all in [ ]", v.kind())
		return nil, false
	}
	values := make([]Value, 0, len(n.Values))
	for _, node := range n.Values {
		values = append(values, Value{v.doc, node})
	}
	return values, true
}

// IsList reports whether the value is a list.
func (v Value) IsList() bool {
	_, ok := v.node.(*ast.SequenceNode)
	return ok
}

// EmptyList reports whether the value is [].
func (v Value) EmptyList() bool {
	n, ok := v.node.(*ast.SequenceNode)
	return ok && len(n.Values) == 0
}

// Is reports whether the value is that word.
func (v Value) Is(word string) bool {
	n, ok := v.node.(*ast.StringNode)
	return ok && n.Value == word
}

// Scalar returns a single value as it stands in the file, without quotes. Anything
// else, and an empty text, is reported; then it returns false.
func (v Value) Scalar() (string, bool) {
	if v.tricky() {
		return "", false
	}
	var s string
	switch n := v.node.(type) {
	case *ast.StringNode:
		s = n.Value
	case *ast.LiteralNode:
		s = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		s = n.GetToken().Value
	case *ast.NullNode:
		v.Report("there is no value: write one")
		return "", false
	default:
		v.Report("here stands %s: want a single value", v.kind())
		return "", false
	}
	if s == "" {
		v.Report("the value is empty: write one")
		return "", false
	}
	return s, true
}

// Text returns words for people to read, at most limit characters of them on one
// line. What YAML takes for a number or a truth value is reported, since other
// programs would read it as such; so are control characters, and those that turn the order of others around.
func (v Value) Text(limit int) (string, bool) {
	s, ok := v.Scalar()
	if !ok {
		return "", false
	}
	switch v.node.(type) {
	case *ast.StringNode, *ast.LiteralNode:
	default:
		v.Report("want a text: put it in quotes, %q", s)
		return "", false
	}
	blank := true
	for _, r := range s {
		switch {
		case Breaks(r):
			v.Report("the text has a line break or a control character (%U): write it on one line without", r)
			return "", false
		case Turns(r):
			v.ReportTurns(r)
			return "", false
		}
		blank = blank && unicode.IsSpace(r)
	}
	if blank {
		v.Report("the text is blank: write one")
		return "", false
	}
	if n := utf8.RuneCountInString(s); n > limit {
		v.Report("the text is too long: %d characters, %d at most", n, limit)
		return "", false
	}
	return s, true
}

// Whole returns a whole number that isn't negative.
func (v Value) Whole() (int, bool) {
	s, ok := v.Scalar()
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		v.Report("%q is no whole number: write one such as 6", s)
		return 0, false
	}
	return int(n), true
}
