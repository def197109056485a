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
	more     bool // than are kept
	mask     func(line string) string
}

// maxMistakes is how many mistakes of a file are told: more than anybody mends at once.
const maxMistakes = 1000

// full reports whether no further mistake is kept, so that there is no use in looking.
func (d *Document) full() bool { return len(d.mistakes) >= maxMistakes }

// MaxSize is the size of the largest file that is read, in bytes.
const MaxSize = 4 << 20

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

// utf8 reports the first place that isn't UTF-8: an older editor wrote it, or it is no
// text at all.
func (d *Document) utf8() bool {
	for i, line := range d.lines {
		column := 1
		for rest := line; rest != ""; column++ {
			r, n := utf8.DecodeRuneInString(rest)
			if r == utf8.RuneError && n == 1 {
				d.Report(Position{i + 1, column}, "this is not UTF-8: save the file with the encoding UTF-8")
				return false
			}
			rest = rest[n:]
		}
	}
	return true
}

// Report notes a mistake. Its text says what is wrong and how to mend it.
func (d *Document) Report(at Position, format string, args ...any) {
	if d.full() {
		d.more = true
		return
	}
	d.mistakes = append(d.mistakes, Mistake{File: d.file, Position: at, Text: Visible(fmt.Sprintf(format, args...))})
}

// Err returns the mistakes as [Mistakes], nil if there are none: all, unless there are
// very many.
func (d *Document) Err() error {
	if len(d.mistakes) == 0 {
		return nil
	}
	told := d.mistakes.sorted()
	d.excerpts(told)
	if d.more {
		last := told[len(told)-1]
		told = append(told, Mistake{File: d.file, Position: last.Position, Text: "and more: mend these first"})
	}
	return told
}

// excerpts gives each mistake its line. They are in order, so that a line of millions of
// characters with mistakes all over is gone through once.
func (d *Document) excerpts(told Mistakes) {
	var at cursor
	for i := range told {
		m := &told[i]
		if m.Line < 1 || m.Line > len(d.lines) {
			continue
		}
		if at.number != m.Line {
			at = cursor{number: m.Line, line: d.lines[m.Line-1]}
			if d.mask != nil {
				at.line = d.mask(at.line)
			}
		}
		m.Excerpt, m.caret = at.excerpt(m.Column)
	}
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
