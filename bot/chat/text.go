package chat

import (
	"strings"
	"time"
	"unicode/utf16"
)

// Text is text in the neutral markup:
//
//	*bold*   _italic_   `code`   [words](address)
//	<2027-01-21T17:00:00Z|words>   a moment in time, and words for it
//	- an item of a list, at the start of a line
//
// Bold and italic may overlap and end with their line. A backslash before a
// character, or before the end of a line, takes its meaning away. Whatever is not
// markup stands for itself, so every string is a valid Text.
type Text string

// Escape returns the text that shows a value as it was typed, wherever in a text it
// is put.
func Escape(value string) Text {
	var b strings.Builder
	for i, r := range value {
		if strings.ContainsRune("\\*_`[]()<>|\n", r) || r == '-' && i == 0 {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return Text(b.String())
}

// Link returns words that lead to an address. Both are values.
func Link(words, address string) Text {
	return "[" + Escape(words) + "](" + Escape(address) + ")"
}

// Moment returns a moment in time with the words for it, a value. An adapter may
// show the moment in its platform's own way instead, in the reader's zone: so it
// should stand where it fits no sentence's grammar, as after "When:".
func Moment(t time.Time, words string) Text {
	return Text("<"+t.UTC().Format(time.RFC3339)+"|") + Escape(words) + ">"
}

// Plain returns the text without markup: for places that know none. Items of lists
// begin with a bullet, and an address follows its words in brackets unless it is
// them.
func (t Text) Plain() string {
	var b strings.Builder
	for i, line := range t.Lines() {
		if i > 0 {
			b.WriteByte('\n')
		}
		if line.Item {
			b.WriteString("• ")
		}
		for _, s := range line.Spans {
			b.WriteString(s.Text)
			if s.Link != "" && s.Link != s.Text {
				b.WriteString(" (" + s.Link + ")")
			}
		}
	}
	return b.String()
}

// UTF16Len returns how many UTF-16 code units a string has: what platforms count.
func UTF16Len(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// Join puts parts of a text below one another, with an empty line between them; it
// leaves out empty ones.
func Join(parts ...Text) Text { return join("\n\n", parts) }

// Stack puts lines of a text, or whole lists, right below one another; it leaves
// out empty ones.
func Stack(lines ...Text) Text { return join("\n", lines) }

// List puts each item on a line of its own, as a list.
func List(items []Text) Text {
	var b strings.Builder
	for i, item := range items {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(itemMark + string(item))
	}
	return Text(b.String())
}

func join(between string, parts []Text) Text {
	var b strings.Builder
	for _, p := range parts {
		if b.Len() > 0 && p != "" {
			b.WriteString(between)
		}
		b.WriteString(string(p))
	}
	return Text(b.String())
}
