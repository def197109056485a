package programfile

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
)

// privacy reads the programme's own words on privacy: lines of text. Those that are
// blank at its beginning and end fall away.
func privacy(v strictyaml.Value) (string, bool) {
	s, ok := v.Scalar()
	if !ok {
		return "", false
	}
	s = strings.Trim(s, "\n")
	for _, r := range s {
		switch {
		case r != '\n' && strictyaml.Breaks(r):
			v.Report("the text has a control character (%U): write it without", r)
			return "", false
		case strictyaml.Turns(r):
			v.ReportTurns(r)
			return "", false
		}
	}
	if strings.TrimSpace(s) == "" {
		v.Report("the text is blank: write one, or leave the key out")
		return "", false
	}
	if n := utf8.RuneCountInString(s); n > privacyLimit {
		v.Report("the text is too long: %d characters, %d at most", n, privacyLimit)
		return "", false
	}
	return s, true
}

// literal writes lines of text so that they are read as the same: as a block, or in
// quotes where a block would lose something.
func literal(s string) string {
	lines := strings.Split(s, "\n")
	if strings.HasPrefix(s, " ") || slices.ContainsFunc(lines, func(line string) bool { return !blockLine(line) }) {
		return scalar(s)
	}
	var b strings.Builder
	b.WriteString("|-")
	for _, line := range lines {
		b.WriteByte('\n')
		if line != "" {
			b.WriteString("  " + line)
		}
	}
	return b.String()
}

// blockLine reports whether a line stays as it is in a block, by whose first line it is
// known how far its lines are set in.
func blockLine(line string) bool {
	return strings.TrimRight(line, " ") == line && !strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) })
}

// excerpt is how much of a text a change is shown by, in characters.
const excerpt = 60

// firstOther returns how two texts go on from the first line in which they differ.
func firstOther(before, after string) (string, string) {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	return shortened(a), shortened(b)
}

func shortened(lines []string) string {
	text := strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
	if r := []rune(text); len(r) > excerpt {
		return string(r[:excerpt]) + "…"
	}
	return text
}
