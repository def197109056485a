package telegram

import (
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A wireEntity says how a part of a text looks, counted in UTF-16 code units
// (https://core.telegram.org/bots/api#messageentity).
type wireEntity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url"`
}

// A look is how a code unit of a text looks.
type look struct {
	bold, italic bool
	link         string
}

// styled puts a text and its looks into the neutral markup; "" if all of it looks plain.
// What the markup doesn't have (underlined, crossed out, a spoiler) looks plain.
func styled(text string, entities []wireEntity) chat.Text {
	units := utf16.Encode([]rune(text))
	looks := make([]look, len(units))
	for _, e := range entities {
		for i := max(0, e.Offset); i < min(len(units), e.Offset+e.Length); i++ {
			switch e.Type {
			case "bold":
				looks[i].bold = true
			case "italic":
				looks[i].italic = true
			case "text_link":
				looks[i].link = e.URL
			}
		}
	}
	if !slices.ContainsFunc(looks, func(l look) bool { return l != look{} }) {
		return ""
	}
	var b marking
	for from := 0; from < len(units); {
		to := from + 1
		for to < len(units) && looks[to] == looks[from] {
			to++
		}
		b.write(string(utf16.Decode(units[from:to])), looks[from])
		from = to
	}
	b.turn(look{})
	return chat.Text(b.String())
}

// A marking is a text in the neutral markup that is being written.
type marking struct {
	strings.Builder
	now look
}

// write adds a part that looks the same throughout. A look ends with its line.
func (m *marking) write(part string, l look) {
	for i, line := range strings.Split(part, "\n") {
		if i > 0 {
			m.turn(look{})
			m.WriteByte('\n')
		}
		switch {
		case line == "":
		case l.link != "":
			m.turn(look{bold: l.bold, italic: l.italic})
			m.WriteString(string(chat.Link(line, l.link)))
		default:
			m.turn(l)
			m.WriteString(string(chat.Escape(line)))
		}
	}
}

// turn begins and ends what is to look otherwise from here on.
func (m *marking) turn(l look) {
	if m.now.bold != l.bold {
		m.WriteByte('*')
	}
	if m.now.italic != l.italic {
		m.WriteByte('_')
	}
	m.now = l
}
