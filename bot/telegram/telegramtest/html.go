package telegramtest

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// An htmlParser reads HTML as https://core.telegram.org/bots/api#html-style describes it.
// Telegram forgives some of what that page rules out, or drops it without a word; this
// parser refuses it.
type htmlParser struct {
	rest string
	at   int // bytes read
	text strings.Builder
	n    int // UTF-16 units of text
	open []tag
	done []entity
}

type tag struct {
	name   string
	entity entity
}

type htmlError struct{ error }

// parseHTML returns the text and its entities.
func parseHTML(in string) (string, []entity, error) {
	p := &htmlParser{rest: in}
	for p.rest != "" {
		if err := p.step(); err != nil {
			return "", nil, htmlError{fmt.Errorf("can't parse entities: %w at byte offset %d", err, p.at)}
		}
	}
	if len(p.open) > 0 {
		last := p.open[len(p.open)-1]
		return "", nil, htmlError{fmt.Errorf("can't parse entities: Can't find end tag corresponding to start tag %q", last.name)}
	}
	text, entities := trim(p.text.String(), p.done)
	if len(entities) > 100 {
		return "", nil, htmlError{fmt.Errorf("can't parse entities: %d of them, and Telegram drops those after 100", len(entities))}
	}
	return text, entities, nil
}

func (p *htmlParser) step() error {
	switch p.rest[0] {
	case '<':
		return p.tag()
	case '>':
		return errors.New("bare '>'")
	case '&':
		return p.character()
	}
	n := strings.IndexAny(p.rest, "<>&")
	if n < 0 {
		n = len(p.rest)
	}
	p.write(p.rest[:n])
	p.take(n)
	return nil
}

func (p *htmlParser) write(s string) {
	p.text.WriteString(s)
	p.n += chat.UTF16Len(s)
}

func (p *htmlParser) take(n int) { p.rest, p.at = p.rest[n:], p.at+n }

var character = regexp.MustCompile(`^&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));`)

func (p *htmlParser) character() error {
	s, n, err := readCharacter(p.rest)
	if err != nil {
		return err
	}
	p.write(s)
	p.take(n)
	return nil
}

// readCharacter reads what stands for one character, and returns its length.
func readCharacter(in string) (s string, n int, err error) {
	m := character.FindStringSubmatch(in)
	if m == nil {
		return "", 0, errors.New("bare '&' or unknown entity")
	}
	if m[3] != "" {
		return map[string]string{"lt": "<", "gt": ">", "amp": "&", "quot": `"`}[m[3]], len(m[0]), nil
	}
	digits, base := m[1], 10
	if m[2] != "" {
		digits, base = m[2], 16
	}
	code, err := strconv.ParseInt(digits, base, 32)
	if err != nil || code == 0 || code > 0x10ffff || code >= 0xd800 && code < 0xe000 {
		return "", 0, fmt.Errorf("no character has the number %s", digits)
	}
	return string(rune(code)), len(m[0]), nil
}

var (
	startTag  = regexp.MustCompile(`^<([a-z][a-z0-9-]*)((?:\s+[a-z-]+(?:=(?:"[^"<>]*"|'[^'<>]*'))?)*)\s*>`)
	endTag    = regexp.MustCompile(`^</([a-z][a-z0-9-]*)>`)
	attribute = regexp.MustCompile(`([a-z-]+)(?:=(?:"([^"]*)"|'([^']*)'))?`)
)

func (p *htmlParser) tag() error {
	if m := endTag.FindStringSubmatch(p.rest); m != nil {
		if err := p.end(m[1]); err != nil {
			return err
		}
		p.take(len(m[0]))
		return nil
	}
	m := startTag.FindStringSubmatch(p.rest)
	if m == nil {
		return errors.New("bare '<' or broken tag")
	}
	given := map[string]string{}
	for _, a := range attribute.FindAllStringSubmatch(m[2], -1) {
		value, err := unescape(a[2] + a[3])
		if err != nil {
			return err
		}
		given[a[1]] = value
	}
	e, err := p.start(m[1], given)
	if err != nil {
		return err
	}
	if err := p.nests(e); err != nil {
		return err
	}
	e.Offset = p.n
	p.open = append(p.open, tag{m[1], e})
	p.take(len(m[0]))
	return nil
}

func unescape(in string) (string, error) {
	var b strings.Builder
	for in != "" {
		if in[0] == '&' {
			s, n, err := readCharacter(in)
			if err != nil {
				return "", err
			}
			b.WriteString(s)
			in = in[n:]
			continue
		}
		b.WriteByte(in[0])
		in = in[1:]
	}
	return b.String(), nil
}

func (p *htmlParser) end(name string) error {
	if len(p.open) == 0 {
		return fmt.Errorf("unexpected end tag %q", name)
	}
	last := p.open[len(p.open)-1]
	if last.name != name {
		return fmt.Errorf("unmatched end tag, expected %q, found %q", last.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	e := last.entity
	e.Length = p.n - e.Offset
	if e.Length > 0 && e.Type != "" {
		p.done = append(p.done, e)
	}
	return nil
}
