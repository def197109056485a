package strictyaml

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Position is a place in a file: line and column, in characters, both from 1.
type Position struct{ Line, Column int }

func (p Position) compare(q Position) int {
	if p.Line != q.Line {
		return p.Line - q.Line
	}
	return p.Column - q.Column
}

// A Mistake is something in a file that whoever wrote it must mend.
type Mistake struct {
	File string
	Position
	Text    string // what is wrong, and how to mend it
	Excerpt string // the line it is on, made fit for a terminal; "" where there is none
	caret   int    // spaces before the caret
}

// String returns file:line:column and the text, the line, and a caret below the
// place.
func (m Mistake) String() string {
	s := fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Column, m.Text)
	if m.Excerpt == "" {
		return s
	}
	number := fmt.Sprintf("%5d", m.Line)
	return fmt.Sprintf("%s\n%s | %s\n%s | %s^", s,
		number, m.Excerpt, strings.Repeat(" ", len(number)), strings.Repeat(" ", m.caret))
}

// Mistakes are all the mistakes of one file, in the order of their places.
type Mistakes []Mistake

// Error lists all mistakes.
func (ms Mistakes) Error() string {
	parts := make([]string, len(ms))
	for i, m := range ms {
		parts[i] = m.String()
	}
	return strings.Join(parts, "\n")
}

// sorted returns the mistakes in the order of their places, each said once.
func (ms Mistakes) sorted() Mistakes {
	slices.SortStableFunc(ms, func(a, b Mistake) int { return a.compare(b.Position) })
	return slices.CompactFunc(ms, func(a, b Mistake) bool { return a.Position == b.Position && a.Text == b.Text })
}

// What an excerpt shows of a line: at most so many characters, so many of them
// before the place.
const (
	excerptWidth  = 100
	excerptBefore = 60
)

// A cursor is a place in a line that only goes on.
type cursor struct {
	number int // of the line
	line   string
	column int // characters before the place
	offset int // bytes before it
}

// forward goes on to where so many characters stand before the place, if the line has
// them.
func (c *cursor) forward(column int) {
	for c.column < column && c.offset < len(c.line) {
		_, n := utf8.DecodeRuneInString(c.line[c.offset:])
		c.offset += n
		c.column++
	}
}

// excerpt returns the part of the line around a column, and how many characters
// stand before the column there. Tabs become spaces, and what a terminal would
// obey is replaced. The columns of later calls must not be smaller.
func (c *cursor) excerpt(column int) (text string, before int) {
	at := max(column-1, 0)
	c.forward(at - excerptBefore)
	end := *c
	end.forward(at)
	before, end.offset, end.column = end.column-c.column, c.offset, c.column
	end.forward(c.column + excerptWidth)
	lead, tail := "", ""
	if c.column > 0 {
		lead = "…"
		before++
	}
	if end.offset < len(c.line) {
		tail = "…"
	}
	return lead + Visible(c.line[c.offset:end.offset]) + tail, before
}
