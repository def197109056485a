package telegram

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// What Telegram takes of a message (https://core.telegram.org/bots/api#sendmessage), in
// UTF-16 units after its markup was read. It drops entities after the first hundred without
// a word.
const (
	maxText     = 4096
	maxCaption  = 1024
	maxEntities = 100
)

// A run is a part of a text that looks the same throughout.
type run struct {
	text               string
	bold, italic, code bool
	link               string
}

// entities is how many entities Telegram makes of a run.
func (r *run) entities() (n int) {
	for _, is := range []bool{r.bold, r.italic, r.code, r.link != ""} {
		if is {
			n++
		}
	}
	return n
}

// flatten returns a text as runs, lines and bullets included.
func flatten(t chat.Text) []run {
	var all runs
	for i, line := range t.Lines() {
		if i > 0 {
			all.add(run{text: "\n"})
		}
		if line.Item {
			all.add(run{text: "• "})
		}
		for i := range line.Spans {
			all.add(runOf(&line.Spans[i]))
		}
	}
	return all.end()
}

func runOf(s *chat.Span) run {
	r := run{text: clean(s.Text), bold: s.Bold, italic: s.Italic, code: s.Code}
	if s.Code { // it may hold nothing, and be in nothing
		r.bold, r.italic = false, false
	}
	switch {
	case s.Link == "":
	case linkable(s.Link):
		r.link = clean(s.Link)
	case s.Link != s.Text:
		r.text += " (" + clean(s.Link) + ")"
	}
	return r
}

// runs are put together from parts; those that look the same are one.
type runs struct {
	done []run
	last run // without its text
	text strings.Builder
}

func (all *runs) add(r run) {
	text := r.text
	if r.text = ""; r != all.last {
		all.end()
		all.last = r
	}
	all.text.WriteString(text)
}

func (all *runs) end() []run {
	if all.text.Len() > 0 {
		all.last.text = all.text.String()
		all.done = append(all.done, all.last)
	}
	all.last, all.text = run{}, strings.Builder{}
	return all.done
}

// linkable reports whether Telegram makes a link of an address: else it would show the
// words and drop the address.
func linkable(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return strings.Contains(strings.Trim(u.Hostname(), "."), ".")
	case "tg":
		return u.Host != ""
	}
	return false
}

// clean takes out what no text may hold.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// visible reports whether there is anything to see in a text; Telegram refuses one in
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
		b.WriteString(runs[i].text)
	}
	return b.String()
}

var (
	escapeText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	escapeLink = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
)

// html writes runs as https://core.telegram.org/bots/api#html-style has it.
func html(runs []run) string {
	var b strings.Builder
	for i := range runs {
		r := &runs[i]
		var ends string
		open := func(is bool, tag, attribute string) {
			if is {
				b.WriteString("<" + tag + attribute + ">")
				ends = "</" + tag + ">" + ends
			}
		}
		open(r.bold, "b", "")
		open(r.italic, "i", "")
		open(r.link != "", "a", ` href="`+escapeLink.Replace(r.link)+`"`)
		open(r.code, "code", "")
		b.WriteString(escapeText.Replace(r.text) + ends)
	}
	return b.String()
}
