package chat_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kooperativa/mentorbot/bot/chat"
)

var moment = time.Date(2027, 1, 21, 17, 0, 0, 0, time.UTC)

func TestLines(t *testing.T) {
	for _, c := range []struct {
		name string
		text chat.Text
		want []chat.Line
	}{
		{"nothing", "", []chat.Line{{}}},
		{"plain", "a b", []chat.Line{{Spans: []chat.Span{{Text: "a b"}}}}},
		{"bold and italic", "a *b _c_* d", []chat.Line{{Spans: []chat.Span{
			{Text: "a "}, {Text: "b ", Bold: true}, {Text: "c", Bold: true, Italic: true}, {Text: " d"},
		}}}},
		{"style ends with its line", "*a\nb", []chat.Line{
			{Spans: []chat.Span{{Text: "a", Bold: true}}}, {Spans: []chat.Span{{Text: "b"}}},
		}},
		{"code", "`a*b`", []chat.Line{{Spans: []chat.Span{{Text: "a*b", Code: true}}}}},
		{"link", "*[a b](https://x.org/a_b)*", []chat.Line{{Spans: []chat.Span{
			{Text: "a b", Link: "https://x.org/a_b", Bold: true},
		}}}},
		{"moment", "<2027-01-21T17:00:00Z|at six>", []chat.Line{{Spans: []chat.Span{{Text: "at six", Moment: moment}}}}},
		{"list", "a:\n- b\n- c\n\nd - e", []chat.Line{
			{Spans: []chat.Span{{Text: "a:"}}},
			{Item: true, Spans: []chat.Span{{Text: "b"}}},
			{Item: true, Spans: []chat.Span{{Text: "c"}}},
			{},
			{Spans: []chat.Span{{Text: "d - e"}}},
		}},
		{"escapes", `\*a\_ \- \[b](c) \` + "\n" + `d\\`, []chat.Line{{Spans: []chat.Span{{Text: "*a_ - [b](c) \nd\\"}}}}},
		{"not markup", "a [b] (c) <d> e` 1<2 [x", []chat.Line{{Spans: []chat.Span{{Text: "a [b] (c) <d> e` 1<2 [x"}}}}},
		{"no moment", "<now|here>", []chat.Line{{Spans: []chat.Span{{Text: "<now|here>"}}}}},
		{"last newline", "a\n", []chat.Line{{Spans: []chat.Span{{Text: "a"}}}, {}}},
		{"lone backslash", `a\`, []chat.Line{{Spans: []chat.Span{{Text: `a\`}}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.text.Lines()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	text := "*Hello*, " + chat.Escape("A_n_a*") + "\n- " + chat.Link("here", "https://x.org/(1)") + "\n- " +
		chat.Link("https://x.org", "https://x.org") + "\n" + chat.Moment(moment, "Thursday | 18:00 >")
	want := "Hello, A_n_a*\n• here (https://x.org/(1))\n• https://x.org\nThursday | 18:00 >"
	if got := text.Plain(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// nasty draws values such as people type, made mostly of what could pass for markup.
func nasty() *rapid.Generator[string] {
	pieces := append(strings.Split("*_`[]()<>|\\-& \n\r#@~", ""), "- ", "](", "\u202e", "\u200f", "עמית", "👩‍👩‍👧", "<2027-01-21T17:00:00Z|",
		"a", "Š", "[x](y)", "<@1>", "@everyone", "```", "\xff")
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "pieces"), "")
	})
}

func TestValuesAppearAsTyped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := nasty().Draw(t, "a")
		b := nasty().Draw(t, "b")
		if !utf8.ValidString(a + b) {
			t.Skip("platforms give valid text only")
		}
		text := "*" + chat.Escape(a) + "*" + chat.Escape(b) + "_\n- " + chat.Escape(b) + "\n" + chat.Escape(a) +
			chat.Link(a, "https://x.org/"+b) + chat.Moment(moment, b)
		var want []chat.Line
		var spans []chat.Span
		add := func(s chat.Span) {
			if s.Text != "" {
				spans = append(spans, s)
			}
		}
		end := func(item bool) {
			want = append(want, chat.Line{Item: item, Spans: spans})
			spans = nil
		}
		add(chat.Span{Text: a, Bold: true})
		add(chat.Span{Text: b})
		end(false)
		add(chat.Span{Text: b})
		end(true)
		add(chat.Span{Text: a})
		add(chat.Span{Text: a, Link: "https://x.org/" + b})
		add(chat.Span{Text: b, Moment: moment})
		end(false)
		if diff := cmp.Diff(want, text.Lines()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzEveryStringIsText(f *testing.F) {
	for _, s := range []string{"*a_b`c[d](e)<2027-01-21T17:00:00Z|f>\n- g\\", "[a](", "<|>", "\\", "\xff\\\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, line := range chat.Text(s).Lines() {
			for _, span := range line.Spans {
				if span.Text == "" {
					t.Errorf("%q has an empty span", s)
				}
			}
		}
		if got := chat.Escape(s).Plain(); utf8.ValidString(s) && got != s {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func TestUTF16Len(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "čšž": 3, "🎉": 2, "👩‍👩‍👧": 8, "\xff": 1} {
		if got := chat.UTF16Len(s); got != want {
			t.Errorf("UTF16Len(%q) = %d, want %d", s, got, want)
		}
	}
}
