package discord

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// maxText is how long a message may be, its markup included
// (https://docs.discord.com/developers/resources/message#create-message).
const maxText = 2000

// pieces renders a text as markdown in as many messages as it takes. A piece ends with a
// paragraph if it can, else with a line, else with a word; markup goes on in the next.
func pieces(t chat.Text) (all []string) {
	rest := flatten(t)
	for len(rest) > 0 {
		var piece []run
		piece, rest = cut(rest, maxText)
		if visible(plain(piece)) {
			all = append(all, markdown(piece))
		}
	}
	return all
}

// A spot is a place in runs: before a byte of one of them.
type spot struct{ run, at int }

// cut takes the first piece off runs.
func cut(runs []run, limit int) (piece, rest []run) {
	var ends [4]spot // of the last word (1), line (2) and paragraph (3) that fit
	units, newlines := 0, 0
	seen := false // something else than white space
	for i := range runs {
		r := &runs[i]
		if units += r.overhead(); units > limit && i > 0 {
			return divide(runs, best(ends, spot{i, 0}))
		}
		if r.raw != "" {
			newlines, seen = 0, true
			continue
		}
		for at, sign := range r.text {
			if units += cost(sign); units > limit && (i > 0 || at > 0) {
				return divide(runs, best(ends, spot{i, at}))
			}
			after := spot{i, at + utf8.RuneLen(sign)}
			switch {
			case sign == '\n':
				newlines++
			case !unicode.IsSpace(sign):
				newlines, seen = 0, true
			}
			switch {
			case !seen || !unicode.IsSpace(sign):
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
		if rest[0].raw != "" {
			return piece, rest
		}
		if rest[0].text = strings.TrimLeftFunc(rest[0].text, unicode.IsSpace); rest[0].text != "" {
			return piece, rest
		}
		rest = rest[1:]
	}
	return piece, nil
}
