package programfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

func title(v strictyaml.Value) (string, bool) { return v.Text(textLimit) }
func where(v strictyaml.Value) (string, bool) { return v.Text(whereLimit) }

// id reads what names a thing in the file, and in keys.
func id(v strictyaml.Value) (string, bool) {
	s, ok := v.Scalar()
	if !ok {
		return "", false
	}
	if !store.ValidSlug(s) {
		v.Report("%q is no id: use a-z, 0-9 and -, 40 characters at most", s)
		return "", false
	}
	return s, true
}

// language reads the language of a cycle or a person.
func (r *reader) language(v strictyaml.Value) (string, bool) {
	s, ok := v.Scalar()
	if !ok {
		return "", false
	}
	if !slices.Contains(r.languages, s) {
		text := fmt.Sprintf("there are no texts in the language %q", s)
		if hint := strictyaml.DidYouMean(s, r.languages, ""); hint != "" {
			text += ": " + hint
		}
		v.Report("%s; there are %s", strings.TrimSuffix(text, "?"), strings.Join(r.languages, ", "))
		return "", false
	}
	return s, true
}

func role(v strictyaml.Value) (store.Role, bool) {
	s, ok := v.Scalar()
	if !ok {
		return "", false
	}
	switch r := store.Role(s); r {
	case store.Mentee, store.Mentor, store.Coordinator:
		return r, true
	}
	known := []string{string(store.Mentee), string(store.Mentor), string(store.Coordinator)}
	v.Report("%q is no role: %s", s, strictyaml.DidYouMean(s, known, "there are "))
	return "", false
}

var twoCapitals = regexp.MustCompile(`^[A-Z]{2}$`)

// country reads the two letters of ISO 3166, and XK, which is in use for Kosovo.
func country(v strictyaml.Value) (string, bool) {
	s, ok := v.Scalar()
	if !ok {
		return "", false
	}
	region, err := language.ParseRegion(s)
	switch {
	case err != nil || !region.IsCountry() || len(s) != 2:
		v.Report("%q is no country: write its two letters, such as RS", s)
	case !twoCapitals.MatchString(s):
		v.Report("%q is no country: did you mean %s?", s, region.Canonicalize())
	case region.Canonicalize().String() != s:
		v.Report("%q is no country's code: did you mean %s?", s, region.Canonicalize())
	default:
		return s, true
	}
	return "", false
}

// zone reads an IANA zone.
func (r *reader) zone(v strictyaml.Value) (string, bool) {
	s, ok := v.Scalar()
	if !ok {
		return "", false
	}
	said, seen := r.zones[s]
	if !seen {
		if _, err := store.Zone(s); err != nil {
			said = fmt.Sprintf("there is no time zone %q: %s", s, zoneHint(s))
		}
		r.zones[s] = said
	}
	if said != "" {
		v.Report("%s", said)
		return "", false
	}
	return s, true
}

// zoneHint says which zone somebody may have meant.
func zoneHint(name string) string {
	names := locale.ZoneNames()
	typed := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(name), " ", "_"))
	for _, n := range names {
		low := strings.ToLower(n)
		if low == typed || low[strings.LastIndexByte(low, '/')+1:] == typed {
			return "did you mean " + n + "?"
		}
	}
	if hint := strictyaml.DidYouMean(name, names, ""); hint != "" {
		return hint
	}
	return "write the name of a region and a city, such as Europe/Belgrade"
}

// exists reports a time that clocks in a zone skip.
func exists(v strictyaml.Value, w store.Wall, zone string) {
	loc, err := store.Zone(zone)
	if err != nil || w.ExistsIn(loc) {
		return // a zone that isn't one has been reported where it stands
	}
	v.Report("clocks in %s skip %s: the first time after the change is %s", zone, w, store.WallOf(w.In(loc).In(loc)))
}

// length reads how long a meeting or session takes.
func length(v strictyaml.Value) (time.Duration, bool) {
	s, ok := v.Scalar()
	if !ok {
		return 0, false
	}
	d, err := time.ParseDuration(s)
	if err != nil || d != d.Truncate(time.Minute) || d <= 0 || d > 24*time.Hour {
		v.Report("%q is no length: write minutes or hours, such as 90m or 1h30m, a day at most", s)
		return 0, false
	}
	return d, true
}
