package telegram

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// pieces renders a text as HTML in as many messages as it takes, each of limit UTF-16
// units at most. A piece ends with a paragraph if it can, else with a line, else with a
// word; markup goes on in the next. A text in which there is nothing to see has none.
func pieces(t chat.Text, limit int) (all []string) {
	rest := flatten(t)
	for len(rest) > 0 {
		var piece []run
		piece, rest = cut(rest, limit)
		if visible(plain(piece)) {
			all = append(all, html(piece))
		}
	}
	return all
}

// A spot is a place in runs: before a byte of one of them.
type spot struct{ run, at int }

// cut takes the first piece off runs.
func cut(runs []run, limit int) (piece, rest []run) {
	var ends [4]spot // of the last word (1), line (2) and paragraph (3) that fit
	units, entities, newlines := 0, 0, 0
	seen := false // something else than white space
	for i := range runs {
		if entities += runs[i].entities(); entities > maxEntities {
			return divide(runs, best(ends, spot{i, 0}))
		}
		for at, r := range runs[i].text {
			if units += utf16.RuneLen(r); units > limit {
				return divide(runs, best(ends, spot{i, at}))
			}
			after := spot{i, at + utf8.RuneLen(r)}
			switch {
			case r == '\n':
				newlines++
			case !unicode.IsSpace(r):
				newlines, seen = 0, true
			}
			switch {
			case !seen || !unicode.IsSpace(r):
			case newlines > 1:
				ends[3] = after
			case newlines == 1:
				ends[2] = after
			default:
				ends[1] = after
			}
		}
	}
	return runs, nil
}

// best returns where to cut, if the piece may go as far as a spot.
func best(ends [4]spot, far spot) spot {
	for i := 3; i > 0; i-- {
		if ends[i] != (spot{}) {
			return ends[i]
		}
	}
	return far
}

// divide divides runs at a spot; the white space there belongs to neither part.
func divide(runs []run, at spot) (piece, rest []run) {
	piece = append(piece, runs[:at.run]...)
	if at.at > 0 {
		first := runs[at.run]
		first.text = first.text[:at.at]
		piece = append(piece, first)
	}
	rest = append(rest, runs[at.run:]...)
	rest[0].text = rest[0].text[at.at:]
	for len(rest) > 0 {
		if rest[0].text = strings.TrimLeftFunc(rest[0].text, unicode.IsSpace); rest[0].text != "" {
			return piece, rest
		}
		rest = rest[1:]
	}
	return piece, nil
}
