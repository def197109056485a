// Package strictyaml reads YAML files that people write by hand, and finds all
// their mistakes at once.
//
// It walks the syntax tree instead of decoding into a struct, because a decoder
// stops at the first mistake. Every accessor of [Value] and [Map] reports what it
// doesn't like to the [Document], with the place, an excerpt and how to mend it,
// and goes on; at the end [Document.Err] has everything. Text is read as it
// stands in the file: 08:00 is no number here, and NO no truth value. Anchors,
// aliases, tags and merge keys are refused, so no small file can become a large
// one.
package strictyaml

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
)

// A Document is one YAML file while it is read.
type Document struct {
	file     string
	lines    []string
	mistakes Mistakes
	mask     func(line string) string
}

// MaxSize is the size of the largest file that is read, in bytes.
const MaxSize = 16 << 20

// Read parses src, the content of file. Its root is meant to be a mapping. Where
// there is nothing to go on with, the root is nil and the document's Err says why.
// mask, if not nil, hides what is secret in a line before a mistake shows it.
func Read(file string, src []byte, mask func(line string) string) (*Document, *Map) {
	d := &Document{file: file, mask: mask}
	if len(src) > MaxSize {
		d.Report(Position{1, 1}, "the file is too large: %d bytes, %d at most", len(src), MaxSize)
		return d, nil
	}
	text := strings.TrimPrefix(string(src), "\ufeff")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	d.lines = strings.Split(text, "\n")
	if !d.utf8() {
		return d, nil
	}
	root := d.parse(text)
	if root == nil {
		return d, nil
	}
	m, ok := Value{d, root}.Map()
	if !ok {
		return d, nil
	}
	return d, m
}

// utf8 reports each line that isn't UTF-8, as older editors write them.
func (d *Document) utf8() bool {
	good := true
	for i, line := range d.lines {
		column := 1
		for rest := line; rest != ""; column++ {
			r, n := utf8.DecodeRuneInString(rest)
			if r == utf8.RuneError && n == 1 {
				d.Report(Position{i + 1, column}, "this is not UTF-8: save the file with the encoding UTF-8")
				good = false
				break
			}
			rest = rest[n:]
		}
	}
	return good
}

// Report notes a mistake. Its text says what is wrong and how to mend it.
func (d *Document) Report(at Position, format string, args ...any) {
	m := Mistake{File: d.file, Position: at, Text: fmt.Sprintf(format, args...)}
	if at.Line >= 1 && at.Line <= len(d.lines) {
		line := d.lines[at.Line-1]
		if d.mask != nil {
			line = d.mask(line)
		}
		m.Excerpt, m.caret = excerpt(line, at.Column)
	}
	d.mistakes = append(d.mistakes, m)
}

// Err returns all mistakes as [Mistakes], nil if there are none.
func (d *Document) Err() error {
	if len(d.mistakes) == 0 {
		return nil
	}
	return d.mistakes.sorted()
}

// place returns where a node begins.
func place(n ast.Node) Position {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return place(m.Values[0])
	}
	if v, ok := n.(*ast.MappingValueNode); ok {
		return place(v.Key)
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return Position{t.Position.Line, t.Position.Column}
	}
	return Position{1, 1}
}
