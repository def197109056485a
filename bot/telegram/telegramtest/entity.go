package telegramtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// An entity is a part of a text that looks or does something, in UTF-16 units.
type entity struct {
	Type           string `json:"type"`
	Offset         int    `json:"offset"`
	Length         int    `json:"length"`
	URL            string `json:"url,omitempty"`
	Language       string `json:"language,omitempty"`
	CustomEmojiID  string `json:"custom_emoji_id,omitempty"`
	UnixTime       int64  `json:"unix_time,omitempty"`
	DateTimeFormat string `json:"date_time_format,omitempty"`
}

// withEntities checks entities that were given beside a text.
func withEntities(text string, list []any) (string, []entity, error) {
	data, err := json.Marshal(list)
	if err != nil {
		return "", nil, err
	}
	var entities []entity
	if err := json.Unmarshal(data, &entities); err != nil {
		return "", nil, err
	}
	n := chat.UTF16Len(text)
	for _, e := range entities {
		if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > n {
			return "", nil, fmt.Errorf("entity %s lies outside of the text", e.Type)
		}
	}
	trimmed, entities := trim(text, entities)
	return trimmed, entities, nil
}

// trim takes white space off both ends, as Telegram does, and puts entities in order.
func trim(text string, entities []entity) (string, []entity) {
	left := strings.TrimLeft(text, " \n\t\r")
	skipped := chat.UTF16Len(text) - chat.UTF16Len(left)
	text = strings.TrimRight(left, " \n\t\r")
	n := chat.UTF16Len(text)
	var kept []entity
	for _, e := range entities {
		end := min(e.Offset+e.Length-skipped, n)
		e.Offset = max(e.Offset-skipped, 0)
		e.Length = end - e.Offset
		if e.Length > 0 {
			kept = append(kept, e)
		}
	}
	slices.SortStableFunc(kept, func(a, b entity) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length))
	})
	return text, kept
}

var found = []struct {
	name string
	is   *regexp.Regexp
}{
	{"bot_command", regexp.MustCompile(`(?:^|[^\pL\pN_/>@])(/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?)(?:$|[^\pL\pN_/@<])`)},
	{"url", regexp.MustCompile(`(?:^|[\s(])(https?://[^\s<>()"]+[^\s<>()".,:;!?])`)},
}

// find returns the entities that Telegram sees in a text by itself: those that matter
// here, commands and addresses.
func find(text string) (all []entity) {
	for _, f := range found {
		for at := 0; at < len(text); {
			m := f.is.FindStringSubmatchIndex(text[at:])
			if m == nil {
				break
			}
			all = append(all, entity{
				Type: f.name, Offset: chat.UTF16Len(text[:at+m[2]]), Length: chat.UTF16Len(text[at+m[2] : at+m[3]]),
			})
			at += m[3]
		}
	}
	_, all = trim(text, all)
	return all
}

// merge adds the entities that Telegram finds where none was given.
func merge(given, seen []entity) []entity {
	for _, e := range seen {
		if !slices.ContainsFunc(given, func(g entity) bool {
			return (g.Type == "text_link" || g.Type == "code" || g.Type == "pre") && g.Offset < e.Offset+e.Length && e.Offset < g.Offset+g.Length
		}) {
			given = append(given, e)
		}
	}
	return given
}

// part returns the words of an entity.
func part(text string, e entity) string {
	units := utf16.Encode([]rune(text))
	return string(utf16.Decode(units[e.Offset : e.Offset+e.Length]))
}

// links returns the addresses to which a text leads.
func links(text string, entities []entity) (all []string) {
	for _, e := range entities {
		switch e.Type {
		case "text_link":
			all = append(all, e.URL)
		case "url":
			all = append(all, part(text, e))
		}
	}
	return all
}
