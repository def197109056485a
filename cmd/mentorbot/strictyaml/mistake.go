package strictyaml

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
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

// excerpt returns the part of a line around a column, and how many characters
// stand before the column there. Tabs become spaces, and what a terminal would
// obey is replaced.
func excerpt(line string, column int) (text string, before int) {
	runes := []rune(line)
	at := min(max(column-1, 0), len(runes))
	from, lead := 0, ""
	if at > excerptBefore {
		from, lead = at-excerptBefore, "…"
	}
	to, tail := len(runes), ""
	if to > from+excerptWidth {
		to, tail = from+excerptWidth, "…"
	}
	for i := from; i < to; i++ {
		switch {
		case runes[i] == '\t':
			runes[i] = ' '
		case unicode.IsControl(runes[i]):
			runes[i] = unicode.ReplacementChar
		}
	}
	return lead + string(runes[from:to]) + tail, at - from + len([]rune(lead))
}
