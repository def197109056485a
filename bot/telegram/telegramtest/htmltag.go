package telegramtest

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// plainTags are those without attributes, and what they make.
var plainTags = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
	"code": "code", "pre": "pre", "blockquote": "blockquote",
}

// attributes are those that a tag may have.
var attributes = map[string]string{
	"a": "href", "span": "class", "tg-emoji": "emoji-id", "code": "class", "blockquote": "expandable",
	"tg-time": "unix format",
}

var timeFormat = regexp.MustCompile(`^(r|w?[dD]?[tT]?)$`)

// start returns what a tag makes.
func (p *htmlParser) start(name string, given map[string]string) (entity, error) {
	e := entity{Type: plainTags[name]}
	for a := range given {
		if !strings.Contains(" "+attributes[name]+" ", " "+a+" ") {
			return e, fmt.Errorf("attribute %q of the tag %q", a, name)
		}
	}
	switch name {
	case "a":
		return entity{Type: "text_link", URL: given["href"]}, checkLink(given["href"])
	case "span":
		if given["class"] != "tg-spoiler" {
			return e, errors.New(`tag "span" must have class "tg-spoiler"`)
		}
		e.Type = "spoiler"
	case "tg-emoji":
		e.Type, e.CustomEmojiID = "custom_emoji", given["emoji-id"]
		if _, err := strconv.ParseInt(e.CustomEmojiID, 10, 64); err != nil {
			return e, errors.New("invalid custom emoji identifier specified")
		}
	case "tg-time":
		at, err := strconv.ParseInt(given["unix"], 10, 32)
		if err != nil || at <= 0 || !timeFormat.MatchString(given["format"]) {
			return e, errors.New("invalid date-time specified")
		}
		return entity{Type: "date_time", UnixTime: at, DateTimeFormat: given["format"]}, nil
	case "code":
		return p.code(given)
	case "blockquote":
		if _, is := given["expandable"]; is {
			e.Type = "expandable_blockquote"
		}
	}
	if e.Type == "" {
		return e, fmt.Errorf("unsupported start tag %q", name)
	}
	return e, nil
}

// code is a tag of its own, or names the language of the pre around it.
func (p *htmlParser) code(given map[string]string) (entity, error) {
	class, has := given["class"]
	if !has {
		return entity{Type: "code"}, nil
	}
	language, ok := strings.CutPrefix(class, "language-")
	if n := len(p.open); ok && n > 0 && p.open[n-1].name == "pre" && p.open[n-1].entity.Offset == p.n {
		p.open[n-1].entity.Language = language
		return entity{}, nil
	}
	return entity{}, fmt.Errorf("class %q of the tag %q", class, "code")
}

var styles = map[string]bool{
	"": true, "bold": true, "italic": true, "underline": true, "strikethrough": true, "spoiler": true,
}

// nests refuses what may not stand within what is open.
func (p *htmlParser) nests(e entity) error {
	for _, t := range p.open {
		outer := t.entity.Type
		switch {
		case outer == "code", outer == "pre" && e.Type != "":
		case strings.HasSuffix(outer, "blockquote"):
			if !strings.HasSuffix(e.Type, "blockquote") {
				continue
			}
		case styles[outer]:
			if e.Type != outer && e.Type != "code" && e.Type != "pre" {
				continue
			}
		case styles[e.Type]:
			continue
		}
		return fmt.Errorf("a %s within a %s", e.Type, outer)
	}
	return nil
}

// checkLink refuses an address that Telegram wouldn't make a link of: it would show the
// words and drop the address.
func checkLink(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("no address: %q", address)
	}
	switch {
	case u.Scheme == "tg" && u.Host != "":
		return nil
	case (u.Scheme == "http" || u.Scheme == "https") && strings.Contains(strings.Trim(u.Hostname(), "."), "."):
		return nil
	}
	return fmt.Errorf("wrong HTTP URL: %q", address)
}
