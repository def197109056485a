package locale

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// forms are the plural forms that a text of each language needs.
var forms = map[string][]string{"en": {"one", "other"}, "sr-Latn": {"few", "one", "other"}}

// counts meet every plural form of a Slavic language more than once.
var counts = []int{0, 1, 2, 3, 4, 5, 11, 12, 14, 21, 22, 25, 101, 111}

// source returns a language's texts by id, each by its plural form, or by "".
func source(t *testing.T, tag string) map[string]map[string]string {
	t.Helper()
	src, err := files.ReadFile(tag + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Texts map[string]any }
	if err := yaml.Unmarshal(src, &file); err != nil {
		t.Fatal(err)
	}
	texts := map[string]map[string]string{}
	var walk func(id string, v any)
	walk = func(id string, v any) {
		switch v := v.(type) {
		case string:
			texts[id] = map[string]string{"": v}
		case map[string]any:
			if _, plural := v["other"].(string); plural {
				texts[id] = map[string]string{}
				for form, text := range v {
					texts[id][form] = text.(string)
				}
				return
			}
			for key, inner := range v {
				walk(strings.TrimPrefix(id+"."+key, "."), inner)
			}
		default:
			t.Errorf("%s: %s is neither a text nor plural forms", tag, id)
		}
	}
	walk("", file.Texts)
	return texts
}

var placeholder = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// placeholders returns the values that any form of a text needs, besides Count.
func placeholders(forms map[string]string) []string {
	found := map[string]bool{}
	for _, text := range forms {
		for _, match := range placeholder.FindAllStringSubmatch(text, -1) {
			found[match[1]] = true
		}
	}
	delete(found, "Count")
	return slices.Sorted(maps.Keys(found))
}

func TestEveryLanguageHasTheSameTexts(t *testing.T) {
	english := source(t, "en")
	if len(english) < 40 {
		t.Fatalf("only %d texts were found", len(english))
	}
	for _, tag := range Languages() {
		texts := source(t, tag)
		if diff := cmp.Diff(slices.Sorted(maps.Keys(english)), slices.Sorted(maps.Keys(texts))); diff != "" {
			t.Errorf("en has (-), %s has (+):\n%s", tag, diff)
		}
		for id, text := range texts {
			if diff := cmp.Diff(placeholders(english[id]), placeholders(text)); diff != "" {
				t.Errorf("the values of %s in en (-), in %s (+):\n%s", id, tag, diff)
			}
			_, plural := english[id]["other"]
			if plural && !slices.Equal(slices.Sorted(maps.Keys(text)), forms[tag]) {
				t.Errorf("%s: %s has the plural forms %v, want %v", tag, id, slices.Sorted(maps.Keys(text)), forms[tag])
			}
		}
	}
}

func TestEveryTextInEveryForm(t *testing.T) {
	const telegram, discord, label = 4096, 2000, 64
	long := strings.Repeat("Č", 80)
	shortened := long[:len(long)/2] // as names are on buttons
	for _, tag := range Languages() {
		l, ok := For(tag)
		if !ok {
			t.Fatalf("there is no language %s", tag)
		}
		for id, text := range source(t, tag) {
			args := Args{}
			for _, name := range placeholders(text) {
				args[name] = long
				if strings.HasPrefix(id, "button.") {
					args[name] = shortened
				}
			}
			rendered := map[string]bool{}
			for _, n := range counts {
				if _, plural := text["other"]; plural {
					args["Count"] = n
				}
				got, err := l.Text(id, args)
				if err != nil {
					t.Errorf("%s: %v", tag, err)
				}
				if got == "" || strings.ContainsAny(got, "{}") || strings.Contains(got, "no value") {
					t.Errorf("%s: %s is shown as %q", tag, id, got)
				}
				if len(utf16.Encode([]rune(got))) > telegram || len([]rune(got)) > discord {
					t.Errorf("%s: %s is too long", tag, id)
				}
				if strings.HasPrefix(id, "button.") && len([]rune(got)) > label {
					t.Errorf("%s: the label %q is too long", tag, got)
				}
				rendered[got] = true
			}
			if _, plural := text["other"]; plural && len(rendered) < len(counts) && !strings.Contains(text["one"], "One") && tag != "en" {
				t.Errorf("%s: %s doesn't say how many: %v", tag, id, slices.Sorted(maps.Keys(rendered)))
			}
		}
	}
}

func TestPluralForms(t *testing.T) {
	for tag, want := range map[string]map[int]string{
		"en":      {1: "1 hour", 2: "2 hours", 21: "21 hours"},
		"sr-Latn": {1: "1 sat", 2: "2 sata", 4: "4 sata", 5: "5 sati", 11: "11 sati", 12: "12 sati", 21: "21 sat", 22: "22 sata", 101: "101 sat"},
	} {
		l, _ := For(tag)
		for n, text := range want {
			if got, err := l.Text("length.hours", Args{"Count": n}); err != nil || got != text {
				t.Errorf("%s: %d is %q (%v), want %q", tag, n, got, err, text)
			}
		}
	}
}

// Sentences agree with the numbers and the people in them, however many they are.
func TestSerbianAgrees(t *testing.T) {
	l, _ := For("sr-Latn")
	for _, test := range []struct {
		id   string
		args Args
		want string
	}{
		{"pair-add.unknown", Args{"What": "Ana"}, "U toj ulozi se niko ne zove „Ana“. Izaberi nekog."},
		{"person-end.pairs", Args{"Count": 1, "Names": "Ana"}, "Završava se 1 par, a druga strana odmah dobija vest: Ana."},
		{"person-end.pairs", Args{"Count": 2, "Names": "Ana, Iva"}, "Završavaju se 2 para, a druge strane odmah dobijaju vest: Ana, Iva."},
		{"log.extra", Args{"Number": 5, "Minimum": 4}, "*Upisan je 5. sastanak; obavezni broj (4) je već ispunjen, ovaj je dodatni.*"},
		{"confirm.ask-extra", Args{"Number": 5, "Minimum": 4}, "To je 5. sastanak; obavezni broj (4) je već ispunjen, ovaj je dodatni. Je li tako?"},
		{"announce.not-joined", Args{"Names": "Ana"}, "Još bez prijave, pa poruka ne stiže: Ana"},
	} {
		if got, err := l.Text(test.id, test.args); err != nil || got != test.want {
			t.Errorf("%s says %q (%v), want %q", test.id, got, err, test.want)
		}
	}
}

func TestAMissingTextIsAnError(t *testing.T) {
	l, _ := For("en")
	if got, err := l.Text("no.such-text", nil); err == nil {
		t.Errorf("no.such-text is %q", got)
	}
}

func TestFor(t *testing.T) {
	for tag, want := range map[string]string{"sr-Latn": "sr-Latn", "sr-Latn-RS": "sr-Latn", "en-GB": "en"} {
		if l, ok := For(tag); !ok || l.Tag != want {
			t.Errorf("%s is spoken to in %s (%v), want %s", tag, l.Tag, ok, want)
		}
	}
	for _, tag := range []string{"", "sr-Cyrl", "sr", "mk", "-"} {
		if l, ok := For(tag); ok || l.Tag != "en" {
			t.Errorf("%q has the texts of %s", tag, l.Tag)
		}
	}
}

func TestDatesInWords(t *testing.T) {
	loc := time.FixedZone("", 3600)
	at := func(month time.Month, day int) time.Time { return time.Date(2027, month, day, 18, 5, 0, 0, loc) }
	now := at(time.January, 21).Add(-10 * time.Hour)
	for _, test := range []struct {
		say    func(*Language) string
		en, sr string
	}{
		{func(l *Language) string { return l.Moment(at(time.January, 27), now) },
			"Wednesday 27 January at 18:05", "sreda, 27. januar u 18:05"},
		{func(l *Language) string { return l.Moment(at(time.January, 21), now) },
			"today, Thursday 21 January, at 18:05", "danas, četvrtak, 21. januar u 18:05"},
		{func(l *Language) string { return l.Moment(at(time.January, 22), now) },
			"tomorrow, Friday 22 January, at 18:05", "sutra, petak, 22. januar u 18:05"},
		{func(l *Language) string { return l.Day(at(time.March, 7)) }, "Sunday 7 March", "nedelja, 7. mart"},
		{func(l *Language) string { return l.Until(at(time.June, 15)) }, "Tuesday 15 June", "utorka, 15. juna"},
		{func(l *Language) string { return l.Days(at(time.June, 18), at(time.June, 20)) },
			"Friday 18 to Sunday 20 June", "od petka, 18. do nedelje, 20. juna"},
		{func(l *Language) string { return l.Days(at(time.May, 30), at(time.June, 2)) },
			"Sunday 30 May to Wednesday 2 June", "od nedelje, 30. maja do srede, 2. juna"},
		{func(l *Language) string { return l.Days(at(time.June, 18), at(time.June, 18)) },
			"Friday 18 June", "petak, 18. jun"},
		{func(l *Language) string { return l.Clock(at(time.June, 18)) }, "18:05", "18:05"},
	} {
		for tag, want := range map[string]string{"en": test.en, "sr-Latn": test.sr} {
			l, _ := For(tag)
			if got := test.say(l); got != want {
				t.Errorf("%s: %q, want %q", tag, got, want)
			}
		}
	}
}
