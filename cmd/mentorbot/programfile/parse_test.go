package programfile

import (
	"errors"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

var languages = []string{"en", "sr-Latn"}

func mustParse(t testing.TB, src string) *File {
	t.Helper()
	f, err := Parse("program.yaml", []byte(src), languages)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSampleIsThePilot(t *testing.T) {
	f := mustParse(t, string(Sample))
	if got := len(f.Pairs); got != 6 {
		t.Errorf("%d pairs", got)
	}
	if got := len(f.Sessions); got != 4 {
		t.Errorf("%d sessions", got)
	}
	c := f.Cycle
	if c.Minimum != 6 || c.Starts.String() != "2027-01-11" || c.Ends.String() != "2027-06-30" || c.By.String() != "2027-06-15" {
		t.Errorf("cycle %+v", c)
	}
	if e := f.Events[0]; e.To-e.From != 2 || e.Place != "Belgrade" || len(e.Agenda) == 0 {
		t.Errorf("event %+v", e)
	}
	cities := map[string]string{}
	for _, p := range f.People {
		cities[p.Slug] = p.City
		if want := strings.ToUpper(string(p.Role)[:1]) + string(p.Role)[1:] + " from " + p.City; p.Name != want {
			t.Errorf("%s is named %q, want %q", p.Slug, p.Name, want)
		}
	}
	for _, p := range f.Pairs {
		if cities[p.Mentor] == cities[p.Mentee] {
			t.Errorf("%v are from one city", p)
		}
	}
}

func TestSampleSaysTheDefaults(t *testing.T) {
	said := mustParse(t, string(Sample)).Cycle.Rules
	head, _, found := strings.Cut(string(Sample), "\nreminders:\n")
	if !found {
		t.Fatal("the sample has no reminders")
	}
	silent := mustParse(t, head).Cycle.Rules
	if !sameRules(said, silent) || !sameRules(silent, store.DefaultRules()) {
		t.Errorf("said %+v, default %+v", said, silent)
	}
}

func TestPrivacyHasALimit(t *testing.T) {
	for n, mistakes := range map[int]int{privacyLimit: 0, privacyLimit + 1: 1} {
		src := "privacy: |\n  " + strings.Repeat("š", n) + "\n\n" + string(Sample)
		_, err := Parse("program.yaml", []byte(src), languages)
		var found strictyaml.Mistakes
		if errors.As(err, &found); len(found) != mistakes {
			t.Errorf("%d characters: %v", n, err)
		}
	}
}
