package bot

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// written reads what a coordinator has typed with simple formatting: *bold* (or **bold**),
// _italic_, [words](https://…) and lines that begin with "- ". Whatever isn't that stands
// for itself: a lone star, a name_with_underscores, an address, markup of other kinds. A
// backslash keeps a star, an underscore or a bracket from being markup.
func written(text string) chat.Text {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		item, is := strings.CutPrefix(line, "- ")
		lines[i] = inline(item, "")
		if is {
			lines[i] = "- " + lines[i]
		}
	}
	return chat.Text(strings.Join(lines, "\n"))
}

// inline reads a line, or a part of one that stands within marks.
func inline(line, within string) string {
	var b strings.Builder
	plain, before := 0, ' ' // where what stands for itself began, and the character before
	for i := 0; i < len(line); {
		read, n := span(line[i:], before, within)
		if n == 0 {
			r, size := utf8.DecodeRuneInString(line[i:])
			before = r
			i += size
			continue
		}
		b.WriteString(string(chat.Escape(line[plain:i])))
		b.WriteString(read)
		before, _ = utf8.DecodeLastRuneInString(line[:i+n])
		i += n
		plain = i
	}
	b.WriteString(string(chat.Escape(line[plain:])))
	return b.String()
}

// span reads what doesn't stand for itself at the start of a text, or must be kept
// together, and returns how long it was; 0 if there is no such thing.
func span(text string, before rune, within string) (read string, n int) {
	switch {
	case text[0] == '\\' && len(text) > 1 && strings.ContainsRune("*_[", rune(text[1])):
		return string(chat.Escape(text[1:2])), 2
	case text[0] == '[':
		return linked(text)
	case wordy(before):
		return "", 0
	}
	if address := addressAt(text); address != "" {
		return string(chat.Escape(address)), len(address)
	}
	for _, mark := range []string{"**", "*", "_"} {
		if strings.HasPrefix(text, mark) && !strings.Contains(within, mark[:1]) {
			if inner := marked(text, mark); inner != "" {
				return mark[:1] + inline(inner, within+mark) + mark[:1], len(inner) + 2*len(mark)
			}
		}
	}
	return "", 0
}

// marked returns what stands between two marks, the first of which begins the text; ""
// if there is no second, or they hold nothing.
func marked(text, mark string) string {
	rest := text[len(mark):]
	for from := 0; ; {
		i := strings.Index(rest[from:], mark)
		if i < 0 {
			return ""
		}
		inner := rest[:from+i]
		after, _ := utf8.DecodeRuneInString(rest[from+i+len(mark):])
		if strings.TrimSpace(inner) == inner && strings.Trim(inner, mark) != "" && !wordy(after) {
			return inner
		}
		from += i + 1
	}
}

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// linked reads [words](address).
func linked(text string) (read string, n int) {
	words, rest, ok := strings.Cut(text[1:], "](")
	if !ok || strings.TrimSpace(words) == "" || strings.ContainsAny(words, "[]") {
		return "", 0
	}
	depth, end := 1, -1
	for i, r := range rest {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			end = i
			break
		}
	}
	if end < 0 || !isAddress(rest[:end]) {
		return "", 0
	}
	return string(chat.Link(words, rest[:end])), 1 + len(words) + 2 + end + 1
}

// isAddress reports whether a text is an address on the web.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
}

// addressAt returns the address that a text begins with, without the punctuation that
// ends a sentence.
func addressAt(text string) string {
	if !strings.HasPrefix(text, "http://") && !strings.HasPrefix(text, "https://") {
		return ""
	}
	if end := strings.IndexFunc(text, unicode.IsSpace); end >= 0 {
		text = text[:end]
	}
	text = strings.TrimRight(text, ".,;:!?)*_'\"")
	if !isAddress(text) {
		return ""
	}
	return text
}
