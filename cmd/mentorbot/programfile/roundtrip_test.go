package programfile

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

// TestRoundTrip applies random programs, one over the other, and holds that the
// database then says what the file says, that an export is read as the same, and
// that applying it changes nothing.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := store.Open(context.Background(), store.Options{Database: ":memory:"})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for range 2 {
			f := program(t)
			read, err := Parse("program.yaml", f.Encode(), languages)
			if err != nil {
				t.Fatalf("%v\n%s", err, f.Encode())
			}
			same(t, "read", f, read)
			apply(t, s, read)
			kept := fromStore(t, s)
			same(t, "kept", f, kept)
			exported, err := Parse("exported.yaml", kept.Encode(), languages)
			if err != nil {
				t.Fatalf("%v\n%s", err, kept.Encode())
			}
			same(t, "exported", f, exported)
			if changes := apply(t, s, exported); !changes.None() || len(changes.Notes) > 0 {
				t.Fatalf("applying an export changes %v %v", changes.Lines, changes.Notes)
			}
		}
	})
}

func apply(t *rapid.T, s *store.Store, f *File) (changes Changes) {
	err := s.Update(context.Background(), func(tx *store.Tx) (err error) {
		changes, err = f.Apply(tx, true)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

func fromStore(t *rapid.T, s *store.Store) (f *File) {
	err := s.View(context.Background(), func(tx *store.Tx) (err error) {
		f, err = FromStore(tx, "pilot")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// same compares files but for what the store makes, and for the order of lists in
// which it means nothing.
func same(t *rapid.T, what string, want, got *File) {
	t.Helper()
	diff := cmp.Diff(want, got,
		cmpopts.EquateEmpty(),
		cmpopts.IgnoreFields(store.Cycle{}, "ID", "Version", "PlannedTo"),
		cmpopts.IgnoreFields(store.Session{}, "ID", "CycleID", "Revision", "ChangedAt"),
		cmpopts.IgnoreFields(store.Event{}, "ID", "CycleID", "Revision", "ChangedAt"),
		cmpopts.IgnoreFields(store.Person{}, "ID"),
		cmpopts.SortSlices(func(a, b store.Session) bool { return a.Slug < b.Slug }),
		cmpopts.SortSlices(func(a, b store.Event) bool { return a.Slug < b.Slug }),
		cmpopts.SortSlices(func(a, b Person) bool { return a.Slug < b.Slug }),
		cmpopts.SortSlices(func(a, b Pair) bool { return a.Mentor+" "+a.Mentee < b.Mentor+" "+b.Mentee }),
	)
	if diff != "" {
		t.Fatalf("%s isn't what was written (-written +%s):\n%s", what, what, diff)
	}
}

// program draws a program file without mistakes.
func program(t *rapid.T) *File {
	f := &File{Program: text(t, "program"), Privacy: lines(t), Cycle: cycle(t)}
	for _, slug := range slugs(t, "session", 4) {
		f.Sessions = append(f.Sessions, store.Session{
			Slug: slug, Title: text(t, "title"), At: wallIn(t, f.Cycle.Starts, f.Cycle.Ends, f.Cycle.Zone),
			Length: minutes(t), Where: maybeText(t, "where"),
		})
	}
	for _, slug := range slugs(t, "event", 3) {
		f.Events = append(f.Events, event(t, f, slug))
	}
	roles := map[store.Role][]string{}
	for _, slug := range slugs(t, "person", 8) {
		p := person(t, slug)
		roles[p.Role] = append(roles[p.Role], slug)
		f.People = append(f.People, p)
	}
	for _, mentor := range roles[store.Mentor] {
		for _, mentee := range roles[store.Mentee] {
			if rapid.Bool().Draw(t, "pair") {
				f.Pairs = append(f.Pairs, Pair{mentor, mentee})
			}
		}
	}
	return f
}

func cycle(t *rapid.T) store.Cycle {
	c := store.Cycle{
		Slug: "pilot", Title: text(t, "title"), Zone: zoneName(t), Language: tongue(t),
		Starts: store.NewDate(2027, 1, 1) + day(t, 700), MeetingLength: minutes(t),
		Rules: store.Rules{
			Session: someOffsets(t, "session", false), Meeting: someOffsets(t, "meeting", false),
			Event: someOffsets(t, "event", true), Pace: rapid.IntRange(0, 40).Draw(t, "pace"),
			Quiet:  quietHours(t),
			Digest: rapid.SampledFrom([]string{"", "0 9 * * MON", "30 8 1,15 * *", "30 8 1 * *"}).Draw(t, "digest"),
		},
	}
	c.Ends = c.Starts + day(t, 400)
	c.By = c.Starts + day(t, int(c.Ends-c.Starts))
	c.Minimum = rapid.IntRange(1, int(c.By-c.Starts)+1).Draw(t, "minimum")
	if rapid.Bool().Draw(t, "mornings") {
		clock := clockOf(t)
		c.Rules.EventMorning = &clock
	}
	return c
}

func event(t *rapid.T, f *File, slug string) store.Event {
	e := store.Event{Slug: slug, Title: text(t, "title"), Place: maybeText(t, "place")}
	e.From = f.Cycle.Starts + day(t, int(f.Cycle.Ends-f.Cycle.Starts))
	e.To = e.From + day(t, int(min(f.Cycle.Ends-e.From, 4)))
	zone := f.Cycle.Zone
	if rapid.Bool().Draw(t, "elsewhere") {
		e.Zone = zoneName(t)
		zone = e.Zone
	}
	for range rapid.IntRange(0, 4).Draw(t, "items") {
		e.Agenda = append(e.Agenda, store.AgendaItem{At: wallIn(t, e.From, e.To, zone), Title: text(t, "item")})
	}
	slices.SortStableFunc(e.Agenda, func(a, b store.AgendaItem) int { return compareWalls(a.At, b.At) })
	return e
}

func person(t *rapid.T, slug string) Person {
	p := Person{store.Person{Slug: slug, Name: text(t, "name"), City: maybeText(t, "city")},
		rapid.SampledFrom([]store.Role{store.Mentor, store.Mentee, store.Coordinator}).Draw(t, "role")}
	p.Country = rapid.SampledFrom([]string{"", "RS", "NO", "XK", "MK"}).Draw(t, "country")
	if rapid.Bool().Draw(t, "own") {
		quiet := quietHours(t)
		p.Language, p.Zone, p.Quiet = tongue(t), zoneName(t), &quiet
	}
	return p
}

// slugs draws ids, the ones that look like something else among them.
func slugs(t *rapid.T, what string, most int) []string {
	odd := rapid.SampledFrom([]string{"1", "-", "null", "true", "no", "0x1f", "1e3", "2027-01-01", "---", "y"})
	plain := rapid.StringMatching(`[a-z0-9-]{1,40}`)
	drawn := rapid.SliceOfN(rapid.OneOf(odd, plain), 0, most).Draw(t, what)
	slices.Sort(drawn)
	return slices.Compact(drawn)
}

// text draws what somebody may type, and what YAML takes for something else.
func text(t *rapid.T, what string) string {
	odd := rapid.SampledFrom([]string{"yes", "NO", "null", "~", "08:00", "2027", "1_000", "0x1F", "a: b", "a #b", "- a",
		"[a]", "{a}", "*a", "&a", "!a", "|", ">", "%", "@a", "`a`", `"a"`, `'a'`, `a\n`, " a", "a ", "? a", "a, b", "none",
		"Čačak – Niš", "Šabac\u00a0\u200f", "\ufeffa", "👩🏽\u200d💻", ".inf", "...", "---", "<<", "a\U0010ffff"})
	return rapid.OneOf(odd, rapid.StringOfN(rapid.Rune().Filter(typable), 1, 30, -1).Filter(visibly)).Draw(t, what)
}

// lines draws words of several lines. They are always there: where a file has none, the
// words there were stay.
func lines(t *rapid.T) string {
	line := rapid.Custom(func(t *rapid.T) string { return maybeText(t, "line") })
	drawn := strings.Trim(strings.Join(rapid.SliceOfN(line, 0, 5).Draw(t, "lines"), "\n"), "\n")
	if strings.TrimSpace(drawn) == "" {
		return text(t, "line")
	}
	return drawn
}

func typable(r rune) bool { return !strictyaml.Breaks(r) && !strictyaml.Turns(r) }

func visibly(s string) bool { return strings.TrimSpace(s) != "" }

func maybeText(t *rapid.T, what string) string {
	if rapid.Bool().Draw(t, "has "+what) {
		return text(t, what)
	}
	return ""
}

func tongue(t *rapid.T) string { return rapid.SampledFrom(languages).Draw(t, "language") }

func zoneName(t *rapid.T) string {
	return rapid.SampledFrom([]string{"Europe/Belgrade", "Europe/Lisbon", "Asia/Tbilisi", "UTC", "Pacific/Chatham"}).Draw(t, "zone")
}

func day(t *rapid.T, most int) store.Date { return store.Date(rapid.IntRange(0, most).Draw(t, "day")) }

func clockOf(t *rapid.T) store.Clock { return store.Clock(rapid.IntRange(0, 24*60-1).Draw(t, "clock")) }

func minutes(t *rapid.T) time.Duration {
	return time.Duration(rapid.IntRange(1, 24*60).Draw(t, "minutes")) * time.Minute
}

func quietHours(t *rapid.T) store.Quiet {
	if q := (store.Quiet{Start: clockOf(t), End: clockOf(t)}); !q.None() {
		return q
	}
	return store.Quiet{}
}

// wallIn draws a time on some days that clocks in a zone show.
func wallIn(t *rapid.T, from, to store.Date, zone string) store.Wall {
	loc, err := store.Zone(zone)
	if err != nil {
		t.Fatal(err)
	}
	w := (from + day(t, int(to-from))).At(clockOf(t))
	if !w.ExistsIn(loc) {
		w.Clock = 12 * 60
	}
	return w
}

func someOffsets(t *rapid.T, what string, wholeDays bool) []store.Offset {
	units := []string{"d", "h", "m"}
	if wholeDays {
		units = units[:1]
	}
	var all []store.Offset
	seen := map[time.Duration]bool{}
	for range rapid.IntRange(0, 4).Draw(t, what) {
		o, err := store.ParseOffset(fmt.Sprint(rapid.IntRange(1, 366).Draw(t, "n"), rapid.SampledFrom(units).Draw(t, "unit")))
		if err != nil {
			t.Fatal(err)
		}
		if !seen[o.About()] {
			seen[o.About()] = true
			all = append(all, o)
		}
	}
	store.SortOffsets(all)
	return all
}
