package bot

import (
	"slices"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// mostFiles is how many files may go out with an announcement.
const mostFiles = 5

// tooLarge asks for smaller or fewer files, if there is something too large.
func (t *turn) tooLarge() bool {
	files := t.request.Files
	if len(files) <= mostFiles && !slices.ContainsFunc(files, func(f chat.File) bool { return f.Data == nil || len(f.Data) > chat.MaxFile }) {
		return false
	}
	t.say("announce.too-large", locale.Args{"Files": mostFiles, "Most": chat.MaxFile >> 20}, t.button("cancel", "cancel"))
	t.reply.Ask = t.text("announce.hint-text", nil).Plain()
	return true
}

// attach keeps the files that came with a text, for an announcement. A text without any
// leaves those that it had.
func (t *turn) attach(announcementID string) error {
	if len(t.request.Files) == 0 {
		return nil
	}
	var all []store.Attachment
	for _, f := range t.request.Files {
		all = append(all, store.Attachment{Name: f.Name, Type: f.Type, Data: f.Data})
	}
	return t.tx.PutAttachments(announcementID, all)
}

// typedText is the text of an announcement with the formatting that its platform tells of,
// as it could have been typed.
func (t *turn) typedText() string {
	text := t.args["text"]
	if t.request.Styled == "" || text != strings.TrimSpace(t.request.Text) {
		return text
	}
	return strings.TrimSpace(unwritten(t.request.Styled))
}

// unwritten is what written reads as a text, as far as that can be typed: a line of which
// it can't be is typed without its formatting.
func unwritten(text chat.Text) string {
	var lines []string
	for _, line := range text.Lines() {
		lines = append(lines, unwrittenLine(line))
	}
	return strings.Join(lines, "\n")
}

func unwrittenLine(line chat.Line) string {
	item := ""
	if line.Item {
		item = "- "
	}
	for _, literal := range []func(string) string{func(s string) string { return s }, marks.Replace} {
		parts := []string{item}
		for _, span := range line.Spans {
			parts = append(parts, typedSpan(span, literal))
		}
		typed := strings.Join(parts, "")
		if read := written(typed).Lines(); len(read) == 1 && slices.Equal(seen(read[0].Spans), seen(line.Spans)) {
			return typed
		}
	}
	words := []string{item}
	for _, span := range line.Spans {
		words = append(words, span.Text)
	}
	return strings.Join(words, "")
}

// marks keeps marks from being markup.
var marks = strings.NewReplacer("*", `\*`, "_", `\_`, "[", `\[`)

// typedSpan is how a part of a line is typed; marks stand right beside words.
func typedSpan(span chat.Span, literal func(string) string) string {
	words := strings.TrimSpace(span.Text)
	if words == "" {
		return span.Text
	}
	typed := literal(words)
	switch {
	case span.Link == words:
		typed = words
	case span.Link != "":
		typed = "[" + words + "](" + span.Link + ")"
	}
	if span.Italic {
		typed = "_" + typed + "_"
	}
	if span.Bold {
		typed = "*" + typed + "*"
	}
	before, after, _ := strings.Cut(span.Text, words)
	return before + typed + after
}

// seen are the parts of a line as a reader sees them: spaces look the same in bold, and
// an address the same as one that leads to itself.
func seen(spans []chat.Span) (all []chat.Span) {
	for _, s := range spans {
		words := strings.TrimSpace(s.Text)
		before, after, _ := strings.Cut(s.Text, words)
		for _, part := range []chat.Span{{Text: before}, {Text: words, Bold: s.Bold, Italic: s.Italic, Link: s.Link}, {Text: after}} {
			if part.Link == part.Text {
				part.Link = ""
			}
			last := len(all) - 1
			switch {
			case part.Text == "":
			case last >= 0 && all[last].Bold == part.Bold && all[last].Italic == part.Italic && all[last].Link == part.Link:
				all[last].Text += part.Text
			default:
				all = append(all, part)
			}
		}
	}
	return all
}
