package bot_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/bot/chat"
)

func TestWhatCoordinatorsWrite(t *testing.T) {
	for typed, want := range map[string]string{
		"plain":                             "plain",
		"*bold* and _italic_":               "b(bold) and i(italic)",
		"**bold** too":                      "b(bold) too",
		"*bold and _both_*":                 "b(bold and )bi(both)",
		"(*bold*), _it_!":                   "(b(bold)), i(it)!",
		"2 * 3 * 4 = 24":                    "2 * 3 * 4 = 24",
		"2*3*4":                             "2*3*4",
		"* not * bold":                      "* not * bold",
		"*not bold":                         "*not bold",
		"my_file_name and _x":               "my_file_name and _x",
		"**":                                "**",
		"*a*b*":                             "b(a*b)",
		`\*not bold\*, \_, \[x](https://a)`: "*not bold*, _, [x](https://a)",
		`C:\temp \ \\`:                      `C:\temp \ \\`,
		"- one\n-two\n - three":             "• one\n-two\n - three",
		"- *one*":                           "• b(one)",
		"- - one":                           "• - one",
		"[here](https://a.org/x_y_(z))!":    "[here|https://a.org/x_y_(z)]!",
		"[here](http://a.org)":              "[here|http://a.org]",
		"[here](javascript:alert(1))":       "[here](javascript:alert(1))",
		"[here](tg://user?id=1)":            "[here](tg://user?id=1)",
		"[here](https://)":                  "[here](https://)",
		"[here](https://a b)":               "[here](https://a b)",
		"[x](https://good.org@evil.org)":    "[x](https://good.org@evil.org)",
		"[](https://a.org)":                 "[](https://a.org)",
		"[*x*](https://a.org)":              "[*x*|https://a.org]",
		"*[x](https://a.org)*":              "[x|https://a.org]", // bold as well
		"see https://a.org/_b_/*c*, *now*":  "see https://a.org/_b_/*c*, b(now)",
		"*https://a.org/x*":                 "b(https://a.org/x)",
		"<2027-01-21T17:00:00Z|x> `code`":   "<2027-01-21T17:00:00Z|x> `code`",
		"@everyone <@1> &lt; {{.Name}}":     "@everyone <@1> &lt; {{.Name}}",
		"a\r\nb\n\nc":                       "a\nb\n\nc",
		"":                                  "",
		"*über*_alles_ ćevapi*":             "b(über)i(alles) ćevapi*",
	} {
		if got := looks(bot.Written(typed)); got != want {
			t.Errorf("%q looks like %q, want %q", typed, got, want)
		}
	}
}

// looks shows what a reader sees of a text.
func looks(text chat.Text) string {
	var b strings.Builder
	for i, line := range text.Lines() {
		if i > 0 {
			b.WriteByte('\n')
		}
		if line.Item {
			b.WriteString("• ")
		}
		for _, s := range line.Spans {
			switch {
			case s.Link != "":
				b.WriteString("[" + s.Text + "|" + s.Link + "]")
			case s.Code || !s.Moment.IsZero():
				b.WriteString("?(" + s.Text + ")")
			case s.Bold && s.Italic:
				b.WriteString("bi(" + s.Text + ")")
			case s.Bold:
				b.WriteString("b(" + s.Text + ")")
			case s.Italic:
				b.WriteString("i(" + s.Text + ")")
			default:
				b.WriteString(s.Text)
			}
		}
	}
	return b.String()
}

// TestNothingThatIsWrittenIsLost holds any text against what is seen of it: only marks
// may be gone, and links lead to the web.
func TestNothingThatIsWrittenIsLost(t *testing.T) {
	piece := rapid.OneOf(rapid.SampledFrom([]string{"*", "**", "_", "[", "](", ")", "https://a.org", "javascript:x", "\\", "`", "<", "|", ">",
		"- ", "\n", " ", "a", "ž", "🤸🏽‍♀️", "2027-01-21T17:00:00Z"}), rapid.String())
	marks := strings.NewReplacer("*", "", "_", "", "\\", "", " (https", "https", "[", "", "]", "", "(", "", ")", "") // an address stands behind its words
	items := strings.NewReplacer("- ", "", "• ", "", "-https", "https", "•https", "https")
	bare := func(text string) string { return items.Replace(marks.Replace(text)) } // marks may have stood within "- "
	rapid.Check(t, func(t *rapid.T) {
		typed := strings.Join(rapid.SliceOfN(piece, 0, 30).Draw(t, "pieces"), "")
		typed = strings.ToValidUTF8(typed, "?")
		text := bot.Written(typed)
		if got, want := bare(text.Plain()), bare(strings.ReplaceAll(typed, "\r\n", "\n")); got != want {
			t.Fatalf("%q is seen as %q (%q)", typed, text.Plain(), text)
		}
		for _, line := range text.Lines() {
			for _, s := range line.Spans {
				if s.Code || !s.Moment.IsZero() || s.Link != "" && !strings.HasPrefix(s.Link, "http") {
					t.Fatalf("%q has the span %+v", typed, s)
				}
			}
		}
	})
}
