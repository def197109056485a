package discord

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A run is a part of a text that looks the same throughout.
type run struct {
	text               string
	bold, italic, code bool
	link               string // the address that it leads to
	raw                string // Discord's own markup, which shows instead of the text
}

// item begins an item of a list. What follows it is at the start of a line, too.
const item = "- "

// flatten returns a text as runs, lines and bullets included.
func flatten(t chat.Text) (all []run) {
	for i, line := range t.Lines() {
		if i > 0 {
			all = append(all, run{text: "\n"})
		}
		if line.Item {
			all = append(all, run{raw: item})
		}
		for i := range line.Spans {
			all = append(all, runsOf(&line.Spans[i])...)
		}
	}
	return all
}

// address finds addresses in what is plain text.
var address = regexp.MustCompile(`https?://[^\s<>"]*[^\s<>".,:;!?'*_~|` + "`" + `()\[\]]`)

// runsOf makes runs of a span: of plain text, several, since the addresses in it lead
// somewhere, and would be spoilt by escaping.
func runsOf(s *chat.Span) (all []run) {
	r := run{text: clean(s.Text), bold: s.Bold, italic: s.Italic, code: s.Code}
	switch {
	case !s.Moment.IsZero():
		n := s.Moment.Unix()
		return []run{{text: r.text, raw: fmt.Sprintf("<t:%d:F> (<t:%d:R>)", n, n)}}
	case s.Code: // nothing is in it
		return []run{{text: r.text, code: true}}
	case s.Link != "" && linkable(s.Link) && !strings.Contains(s.Text, "://"):
		r.link = s.Link
		return []run{r}
	case s.Link != "" && s.Link != s.Text:
		r.text += " (" + clean(s.Link) + ")"
	}
	rest := r.text
	for at := address.FindStringIndex(rest); at != nil; at = address.FindStringIndex(rest) {
		before, found := r, r
		before.text, found.text = rest[:at[0]], rest[at[0]:at[1]]
		if before.text != "" {
			all = append(all, before)
		}
		if linkable(found.text) { // with brackets, what it leads to isn't shown below
			found = run{text: found.text, raw: "<" + found.text + ">"}
		}
		all = append(all, found)
		rest = rest[at[1]:]
	}
	if r.text = rest; rest != "" {
		all = append(all, r)
	}
	return all
}

const maxAddress = 800 // bytes; a message has room for it, and words

// linkable reports whether Discord makes a link of an address.
func linkable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && len(address) <= maxAddress && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && !strings.ContainsAny(address, "<> \n\\")
}

// clean takes out what no text may hold.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// visible reports whether there is anything to see in a text; Discord refuses one in
// which there isn't.
func visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		blank := r == '\u2800' || r == '\u3164' || r == '\u115f' || r == '\u1160' || r == '\uffa0'
		return !blank && !unicode.IsSpace(r) && !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Mn, unicode.Me)
	})
}

func plain(runs []run) string {
	var b strings.Builder
	for i := range runs {
		b.WriteString(runs[i].text + runs[i].raw)
	}
	return b.String()
}

// A writer writes runs as Discord's markdown.
type writer struct {
	b      strings.Builder
	begun  bool // something else than white space stands on the line
	digits bool // there are digits only
	marked bool // it ends with a mark
}

func markdown(runs []run) string {
	w := &writer{digits: true}
	for i := range runs {
		w.run(&runs[i])
	}
	return w.b.String()
}

func (w *writer) run(r *run) {
	if r.raw != "" {
		w.raw(r.raw)
		return
	}
	core := strings.TrimSpace(r.text) // marks must touch what they mark
	if core == "" {
		w.escaped(r.text)
		return
	}
	at := strings.Index(r.text, core)
	mark := r.mark()
	if first, more, cut := strings.Cut(core, "\n"); cut && mark != "" { // marks end with their line
		one, two := *r, *r
		one.text, two.text = r.text[:at]+first, "\n"+more+r.text[at+len(core):]
		w.run(&one)
		w.run(&two)
		return
	}
	w.escaped(r.text[:at])
	if mark != "" && w.marked {
		w.b.WriteString("\u200b") // else two marks would be one
	}
	w.b.WriteString(mark)
	if mark != "" {
		w.begun = true
	}
	switch {
	case r.code:
		w.raw(fenced(core))
	case r.link == "":
		w.escaped(core)
	default:
		w.b.WriteByte('[')
		w.begun = true
		w.escaped(core)
		w.raw("](<" + r.link + ">)")
	}
	w.b.WriteString(mark)
	w.marked = mark != ""
	w.escaped(r.text[at+len(core):])
}

// mark is what stands before a run and after it.
func (r *run) mark() string {
	switch {
	case r.bold && r.italic:
		return "***"
	case r.bold:
		return "**"
	case r.italic:
		return "*"
	}
	return ""
}

func (w *writer) raw(s string) {
	w.b.WriteString(s)
	w.begun, w.digits, w.marked = s != item, s == item, false
}

// fenced is code between more backticks than it has.
func fenced(text string) string {
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if fence != "`" {
		text = " " + text + " "
	}
	return fence + text + fence
}

// always are the signs that mean something wherever they stand, and lineStart those that
// do at the start of a line.
const (
	always    = "\\*_~|`[]<>@"
	lineStart = "#-+"
)

// escaped writes a text that shows as it is.
func (w *writer) escaped(s string) {
	for _, r := range s {
		numbered := (r == '.' || r == ')') && w.begun && w.digits
		scheme := r == ':' && strings.Contains(s, "://")
		if strings.ContainsRune(always, r) || !w.begun && strings.ContainsRune(lineStart, r) || numbered || scheme {
			w.b.WriteByte('\\')
		}
		w.b.WriteRune(r)
		w.marked = false
		switch {
		case r == '\n':
			w.begun, w.digits = false, true
		case !unicode.IsSpace(r):
			w.begun = true
			w.digits = w.digits && r >= '0' && r <= '9'
		}
	}
}

// cost is how many UTF-16 units a sign of a text may take when it is written.
func cost(r rune) int {
	n := utf16.RuneLen(r)
	if strings.ContainsRune(always+lineStart+".):", r) {
		n++
	}
	return n
}

// overhead is what a run takes beside its text.
func (r *run) overhead() int {
	n := 2 * (len(r.mark()) + 1) * (1 + strings.Count(r.text, "\n"))
	switch {
	case r.raw != "":
		return chat.UTF16Len(r.raw)
	case r.code:
		return n + 4 + 2*strings.Count(r.text, "`")
	case r.link != "":
		return n + chat.UTF16Len(r.link) + 6
	}
	return n
}
