package telegram

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kooperativa/mentorbot/bot/chat"
)

func TestRender(t *testing.T) {
	moment := time.Date(2027, 1, 21, 17, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		text chat.Text
		want string
	}{
		{"markup", "a *b _c_* `d`", "a <b>b </b><b><i>c</i></b> <code>d</code>"},
		{"code stands alone", "*b `d`*", "<b>b </b><code>d</code>"},
		{"escapes", chat.Escape(`<b>&"*`), `&lt;b&gt;&amp;"*`},
		{"list", "- a\n- b", "• a\n• b"},
		{"link", chat.Link("a<", `https://x.org/?a="&b`), `<a href="https://x.org/?a=&quot;&amp;b">a&lt;</a>`},
		{"no link", chat.Link("a", "javascript:alert(1)"), "a (javascript:alert(1))"},
		{"moment", "When: " + chat.Moment(moment, "six"), "When: six"},
		{"odd characters", "a\x00b\xff", "ab\uFFFD"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff([]string{c.want}, pieces(c.text, maxText)); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, nothing := range []chat.Text{"", " \n ", "\u200b\u200f", "**"} {
		if got := pieces(nothing, maxText); len(got) > 0 {
			t.Errorf("%q is rendered as %q", nothing, got)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		name string
		text chat.Text
		want []string
	}{
		{"fits", "0123456789", []string{"0123456789"}},
		{"at a paragraph", "aa\n\nbb\ncc dd", []string{"aa\n\n", "bb\ncc dd"}},
		{"at a line", "aa bb\ncc dd", []string{"aa bb\n", "cc dd"}},
		{"at a word", "aaaa bbbb cccc", []string{"aaaa bbbb ", "cccc"}},
		{"anywhere", "0123456789ab", []string{"0123456789", "ab"}},
		{"markup goes on", "*aaaa bbbb cccc*", []string{"<b>aaaa bbbb </b>", "<b>cccc</b>"}},
		{"two units each", "🎉🎉🎉🎉🎉🎉", []string{"🎉🎉🎉🎉🎉", "🎉"}},
		{"leading space is no end", "    \n\n    aaaaaaaaa", []string{"aaaaaaaaa"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, pieces(c.text, 10)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// textOf reads what was rendered, as a strict reader of XML does.
func textOf(t interface{ Fatal(...any) }, html string) (text string, entities int) {
	d := xml.NewDecoder(strings.NewReader(html))
	var b strings.Builder
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String(), entities
		}
		if err != nil {
			t.Fatal(html, err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			entities++
		case xml.CharData:
			b.Write(token)
		}
	}
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func TestPiecesKeepEverything(t *testing.T) {
	parts := []string{"*", "_", "`", "[", "](https://x.org/a)", "](x)", "<", "&", ">", "\n", "\n\n", "- ", " ", "a", "ž", "🎉", "word ", "\\"}
	rapid.Check(t, func(t *rapid.T) {
		text := chat.Text(strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 300).Draw(t, "parts"), ""))
		limit := rapid.IntRange(2, 60).Draw(t, "limit")
		var all strings.Builder
		for _, piece := range pieces(text, limit) {
			text, entities := textOf(t, piece)
			if n := chat.UTF16Len(text); n > limit || entities > maxEntities {
				t.Fatalf("a piece has %d units and %d entities: %q", n, entities, piece)
			}
			if !visible(text) {
				t.Fatalf("there is nothing to see in %q", piece)
			}
			all.WriteString(text)
		}
		want := plain(flatten(text))
		if squeeze(all.String()) != squeeze(want) {
			t.Fatalf("%q became %q", want, all.String())
		}
	})
}

func FuzzPieces(f *testing.F) {
	f.Add("*a_b`c[d](https://e.org)\n- g\\", 5)
	f.Add("<2027-01-21T17:00:00Z|f>\x01\x0b\ufffe", 3)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = 2 + max(limit, 0)%5000
		for _, piece := range pieces(chat.Text(text), limit) {
			if n := chat.UTF16Len(piece); !utf8.ValidString(piece) || n == 0 {
				t.Errorf("%q gives %q", text, piece)
			}
		}
	})
}

func TestKeyboard(t *testing.T) {
	var buttons []chat.Button
	for _, l := range []string{"Yes", "No", "Maybe, if it doesn't rain", "1", "2", "3", "4", "5", " "} {
		buttons = append(buttons, chat.Button{Label: l, Command: "x " + l})
	}
	buttons = append(buttons, chat.Button{Label: "My own chat", Private: true})
	var rows []string
	for _, row := range keyboard(buttons, "https://t.me/b?start").InlineKeyboard {
		var labels []string
		for _, k := range row {
			labels = append(labels, k.Text)
			if (k.URL != "") == (k.CallbackData != "") {
				t.Errorf("the button %q doesn't do one thing", k.Text)
			}
		}
		rows = append(rows, strings.Join(labels, "|"))
	}
	want := []string{"Yes|No", "Maybe, if it doesn't rain", "1|2|3|4", "5|…|My own chat"}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

func TestPlaceholder(t *testing.T) {
	if got := placeholder(strings.Repeat("🎉", 40)); got != strings.Repeat("🎉", 31)+"…" {
		t.Errorf("got %q", got)
	}
	if got := placeholder("A code"); got != "A code" {
		t.Errorf("got %q", got)
	}
}

func TestFileName(t *testing.T) {
	for name, want := range map[string]string{
		"spring.ics": "spring.ics", "": "file", "../a\nb": "_a_b", "\u202ecod.exe": "_cod.exe", "...": "file",
		strings.Repeat("ž", 150) + ".pdf": strings.Repeat("ž", 98) + ".pdf",
	} {
		if got := fileName(name); got != want {
			t.Errorf("%q became %q", name, got)
		}
	}
}

func TestPlace(t *testing.T) {
	for id, want := range map[string]place{"5": {chat: 5}, "-1005:7": {chat: -1005, thread: 7}} {
		if got, err := parsePlace(id); got != want || err != nil || got.String() != id {
			t.Errorf("%q is %v, %v", id, got, err)
		}
	}
	for _, id := range []string{"", "a", "5:", "5:b", "0", "ana"} {
		if p, err := parsePlace(id); err == nil {
			t.Errorf("%q is %v", id, p)
		}
	}
}
