package strictyaml

import (
	"strings"
	"testing"
)

// first returns the first mistake of a file whose only key is a text, "" if there is
// none.
func first(src string) string {
	doc, root := Read("f.yaml", []byte(src), nil)
	if root != nil {
		root.Only("a", "b")
		if v, ok := root.Get("a"); ok {
			v.Text(10)
		}
	}
	if err := doc.Err(); err != nil {
		line, _, _ := strings.Cut(err.Error(), "\n")
		return line
	}
	return ""
}

func TestEditorsOfAllKinds(t *testing.T) {
	for name, src := range map[string]string{
		"Windows":  "\ufeff# note\r\na: x\r\nb: y\r\n",
		"old Mac":  "a: x\rb: y\r",
		"no end":   "a: x",
		"directed": "%YAML 1.2\n---\na: x\n...\n",
	} {
		if said := first(src); said != "" {
			t.Errorf("%s: %s", name, said)
		}
	}
	if said, want := first("\ufeffa: x\r\nc: y\r\n"), `f.yaml:2:1: unknown key "c": there are a, b`; said != want {
		t.Errorf("said %s, want %s", said, want)
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	for src, want := range map[string]string{
		"a: x\nb: \xe8 \xff\n":                 "f.yaml:2:4: this is not UTF-8: save the file with the encoding UTF-8",
		strings.Repeat("#", MaxSize+1):         "f.yaml:1:1: the file is too large: 4194305 bytes, 4194304 at most",
		"a: " + strings.Repeat("[", 100_000):   "f.yaml:1:54: this is nested too deeply",
		"a:\n" + strings.Repeat("- ", 100_000): "f.yaml:2:101: this is nested too deeply",
		strings.Repeat(" ", 501) + "a: x":      "f.yaml:1:502: this is nested too deeply",
		"a: \"x\\0y\"":                         "f.yaml:1:4: the text has a line break or a control character (U+0000): write it on one line without",
		"a: \"x\\u2028y\"":                     "f.yaml:1:4: the text has a line break or a control character (U+2028): write it on one line without",
		"a: x\u2066y":                          "f.yaml:1:4: the text has a character that turns the order of others around (U+2066): write it without",
		"a: 12345678901":                       `f.yaml:1:4: want a text: put it in quotes, "12345678901"`,
		"a: čćžšđčćžšđč":                       "f.yaml:1:4: the text is too long: 11 characters, 10 at most",
		"a: &x [*x, *x]":                       "f.yaml:1:4: anchors and aliases (& and *) aren't used here: write the value out, in quotes if it begins with one",
		"[1]: 2":                               "f.yaml:1:4: this can't be read as YAML: found an invalid key for this map",
		"? a\n: b":                             "f.yaml:1:1: this can't be a key: write a word",
	} {
		if said := first(src); said != want {
			t.Errorf("%.40q:\nsaid %s\nwant %s", src, said, want)
		}
	}
	if said := first("a: čćžšđčćžšđ"); said != "" {
		t.Errorf("ten letters: %s", said)
	}
}

// Characters that don't show have their use: an emoji is joined by one, and others set
// the end of a sentence right where some words are written from the right.
func TestTextThatNeedsWhatDoesNotShow(t *testing.T) {
	for _, src := range []string{"a: 👩\u200d🏫", "a: \u200eדנה\u200f", "a: می\u200cروم", "a: نادية!\u061c"} {
		if said := first(src); said != "" {
			t.Errorf("%q: %s", src, said)
		}
	}
}

// What a file has in it must not reach a terminal as it is.
func TestExcerptsAreHarmless(t *testing.T) {
	doc, _ := Read("f.yaml", []byte("a: x # \u202egnp.\n\t\x1b[31mb: y # \u2066\n"), nil)
	doc.Report(Position{1, 1}, "%s is wrong", "\x1b[31m\u202ex")
	if said := doc.Err().Error(); strings.ContainsAny(said, "\x1b\t\u202e\u2066") {
		t.Errorf("%q", said)
	}
}

func TestExcerptKeepsThePlaceInSight(t *testing.T) {
	line := strings.Repeat("č", 300)
	for _, column := range []int{1, 2, 60, 61, 62, 150, 299, 300, 301} {
		c := cursor{line: line}
		text, before := c.excerpt(column)
		if n := len([]rune(text)); n > excerptWidth+2 || before > n {
			t.Errorf("column %d: %d characters, caret after %d", column, n, before)
		}
	}
}

func TestDidYouMean(t *testing.T) {
	known := []string{"starts", "ends", "session", "sessions", "zone"}
	for word, want := range map[string]string{
		"start":    "did you mean starts?",
		"Zone":     "did you mean zone?",
		"znoe":     "did you mean zone?",
		"sesssion": "did you mean session?",
		"x":        "there are starts, ends, session, sessions, zone",
	} {
		if got := DidYouMean(word, known, "there are "); got != want {
			t.Errorf("%s: %s", word, got)
		}
	}
	if got := DidYouMean("x", known, ""); got != "" {
		t.Errorf("x: %s", got)
	}
}
