package programfile

import (
	"errors"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
)

// FuzzParse looks for files that make the parser panic, that it refuses without
// saying where, or that it takes but can't read again once written.
func FuzzParse(f *testing.F) {
	f.Add(string(Sample))
	head, _, _ := strings.Cut(string(Sample), "\npeople:\n")
	for _, part := range []string{"", "people: [", "people: &a [*a]", "people: {", "reminders: {digest: \"0 0 31 2 *\"}",
		"reminders: {session: [1d, 24h, none], pace: none}", "people:\n\t- x", "\ufeff---\n...", "people: !!str x",
		"people:\n - {id: a, name: \"\\u0041\\x07\", role: mentor}", "? [a]\n: b", "<<: {people: []}", "people: |\n x"} {
		f.Add(head + "\n" + part)
		f.Add(part)
	}
	f.Fuzz(func(t *testing.T, src string) {
		file, err := Parse("f.yaml", []byte(src), languages)
		if err != nil {
			var mistakes strictyaml.Mistakes
			if !errors.As(err, &mistakes) || len(mistakes) == 0 || file != nil {
				t.Fatalf("no mistakes in %v", err)
			}
			for _, m := range mistakes {
				if m.Line < 1 || m.Column < 1 || m.Text == "" || m.String() == "" {
					t.Fatalf("mistake without a place: %+v", m)
				}
			}
			return
		}
		again, err := Parse("again.yaml", file.Encode(), languages)
		if err != nil {
			t.Fatalf("what it writes it can't read: %v\n%s", err, file.Encode())
		}
		if a, b := string(file.Encode()), string(again.Encode()); a != b {
			t.Fatalf("written once\n%s\nand again\n%s", a, b)
		}
	})
}
