package strictyaml

import (
	"strings"
	"unicode"
)

// Turns reports whether a character makes what follows it be shown in another order
// than it was written in, so that a text seems to say something else. No text in any
// language needs one; the marks U+200E, U+200F and U+061C, which do no such harm, some do.
func Turns(r rune) bool { return '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069' }

// Breaks reports whether a character ends a line, or is one that a terminal obeys.
func Breaks(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

// Visible keeps what a terminal would obey from reaching it.
func Visible(s string) string { return strings.Map(harmless, s) }

func harmless(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case Breaks(r), Turns(r):
		return unicode.ReplacementChar
	}
	return r
}

// Legible returns a text as [Value.Text] takes it: on one line, and without what turns
// its order around.
func Legible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case Breaks(r):
			return ' '
		case Turns(r):
			return -1
		}
		return r
	}, s)
}
