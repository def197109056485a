package store_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kooperativa/mentorbot/store"
)

func free(string) bool { return false }

func TestSlugify(t *testing.T) {
	for title, want := range map[string]string{
		"Opening session":            "opening-session",
		"  Čačak – Šid, đak & Žabac": "cacak-sid-djak-zabac",
		"ĆĐŽ":                        "cdjz",
		"Љубав и Џез у Ђуђе":         "ljubav-i-dzez-u-djudje",
		"Ќе Ѓорѓи й ё":               "kje-gjorgji-j-e",
		"Straße, Łódź, Bjørn Æon":    "strasse-lodz-bjorn-aeon",
		"What's next?":               "whats-next",
		"What’s next?":               "whats-next",
		"№ 7: ½ ﬁnale":               "no-7-12-finale",
		"日本":                         "item",
		"🎉":                          "item",
		"":                           "item",
		"--a--b--":                   "a-b",
		"C\u030CA":                   "ca",
		"мъдрост":                    "madrost",
		"день":                       "den",
		"a\x00b\xffc":                "a-b-c",
		strings.Repeat("ab ", 20):    "ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-a",
		strings.Repeat("abc ", 20):   "abc-abc-abc-abc-abc-abc-abc-abc-abc-abc",
	} {
		if got := store.Slugify(title, free); got != want {
			t.Errorf("%q becomes %q, want %q", title, got, want)
		}
	}
}

func TestSlugifyFindsAFreeOne(t *testing.T) {
	taken := map[string]bool{}
	for _, want := range []string{"opening", "opening-2", "opening-3"} {
		got := store.Slugify("Opening", func(s string) bool { return taken[s] })
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		taken[got] = true
	}
}

func TestSlugifyMakesValidSlugs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.String().Draw(t, "title")
		taken := map[string]bool{}
		for range 12 {
			slug := store.Slugify(title, func(s string) bool { return taken[s] })
			if !store.ValidSlug(slug) || taken[slug] || strings.HasPrefix(slug, "-") || strings.HasSuffix(slug, "-") {
				t.Fatalf("%q becomes %q", title, slug)
			}
			taken[slug] = true
		}
	})
}
