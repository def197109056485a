package chat

import (
	"strings"
	"time"
	"unicode/utf8"
)

// A Line is one line of a text, perhaps an item of a list. An escaped newline does
// not end it.
type Line struct {
	Item  bool
	Spans []Span // empty: an empty line
}

// A Span is part of a line that looks the same throughout.
type Span struct {
	Text               string // as it is to be read, without markup
	Bold, Italic, Code bool
	Link               string    // the address that it leads to
	Moment             time.Time // the moment that it tells; zero: none
}

const itemMark = "- "

// Lines reads the markup. It is what adapters render from.
func (t Text) Lines() []Line {
	var lines []Line
	p := parser{rest: string(t)}
	for {
		lines = append(lines, p.line())
		if p.rest == "" {
			return lines
		}
		p.rest = p.rest[1:] // the newline at which the line ended
		if p.rest == "" {
			return append(lines, Line{})
		}
	}
}

// A parser reads text from the front.
type parser struct {
	rest         string
	bold, italic bool
	plain        strings.Builder
	spans        []Span
}

// line reads up to a newline, which it leaves, or the end.
func (p *parser) line() Line {
	l := Line{Item: p.skip(itemMark)}
	p.bold, p.italic, p.spans = false, false, nil
	for p.rest != "" && p.rest[0] != '\n' {
		switch p.rest[0] {
		case '*':
			p.flush()
			p.bold = !p.bold
			p.rest = p.rest[1:]
		case '_':
			p.flush()
			p.italic = !p.italic
			p.rest = p.rest[1:]
		default:
			if !p.code() && !p.link() && !p.moment() {
				p.plain.WriteString(p.next())
			}
		}
	}
	p.flush()
	l.Spans = p.spans
	return l
}

func (p *parser) skip(prefix string) (ok bool) {
	p.rest, ok = strings.CutPrefix(p.rest, prefix)
	return ok
}

// next takes one character, or what a backslash escapes.
func (p *parser) next() string {
	if len(p.rest) > 1 {
		p.skip(`\`)
	}
	_, n := utf8.DecodeRuneInString(p.rest)
	taken := p.rest[:n]
	p.rest = p.rest[n:]
	return taken
}

// until takes what comes before an end mark on this line, and the mark.
func (p *parser) until(mark byte) (string, bool) {
	var b strings.Builder
	for p.rest != "" && p.rest[0] != '\n' {
		if p.rest[0] == mark {
			p.rest = p.rest[1:]
			return b.String(), true
		}
		b.WriteString(p.next())
	}
	return "", false
}

func (p *parser) code() bool {
	before := p.rest
	if p.skip("`") {
		if text, ok := p.until('`'); ok {
			return p.add(Span{Text: text, Code: true})
		}
	}
	p.rest = before
	return false
}

func (p *parser) link() bool {
	before := p.rest
	if p.skip("[") {
		if words, ok := p.until(']'); ok && p.skip("(") {
			if address, ok := p.until(')'); ok {
				return p.add(Span{Text: words, Link: address})
			}
		}
	}
	p.rest = before
	return false
}

func (p *parser) moment() bool {
	before := p.rest
	if p.skip("<") {
		if at, ok := p.until('|'); ok {
			t, err := time.Parse(time.RFC3339, at)
			if words, ok := p.until('>'); ok && err == nil {
				return p.add(Span{Text: words, Moment: t})
			}
		}
	}
	p.rest = before
	return false
}

// add puts a span after what was read so far.
func (p *parser) add(s Span) bool {
	p.flush()
	s.Bold, s.Italic = p.bold, p.italic
	if s.Text != "" {
		p.spans = append(p.spans, s)
	}
	return true
}

// flush ends the span of plain text that was being read.
func (p *parser) flush() {
	if p.plain.Len() == 0 {
		return
	}
	p.spans = append(p.spans, Span{Text: p.plain.String(), Bold: p.bold, Italic: p.italic})
	p.plain.Reset()
}
