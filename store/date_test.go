package store_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kooperativa/mentorbot/store"
)

func wall(t *testing.T, s string) store.Wall {
	t.Helper()
	w, err := store.ParseWall(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func zone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	loc, err := store.Zone(name)
	if err != nil {
		tb.Fatal(err)
	}
	return loc
}

func TestWallBecomesAnInstant(t *testing.T) {
	for _, test := range []struct{ wall, zone, want string }{
		{"2027-01-21 18:00", "Europe/Belgrade", "2027-01-21T17:00:00Z"},
		{"2027-07-21 18:00", "Europe/Belgrade", "2027-07-21T16:00:00Z"},
		{"2027-03-28 02:30", "Europe/Belgrade", "2027-03-28T01:00:00Z"},     // skipped: the first instant after
		{"2027-03-28 03:00", "Europe/Belgrade", "2027-03-28T01:00:00Z"},     // that instant itself
		{"2027-10-31 02:30", "Europe/Belgrade", "2027-10-31T00:30:00Z"},     // twice: the first
		{"2027-10-31 02:00", "Europe/Belgrade", "2027-10-31T00:00:00Z"},     // twice as well
		{"2027-10-31 03:00", "Europe/Belgrade", "2027-10-31T02:00:00Z"},     // once again
		{"2027-09-05 00:00", "America/Santiago", "2027-09-05T04:00:00Z"},    // midnight itself is skipped
		{"2027-04-04 01:45", "Australia/Lord_Howe", "2027-04-03T14:45:00Z"}, // half an hour twice
		{"2011-12-30 12:00", "Pacific/Apia", "2011-12-30T10:00:00Z"},        // a whole day skipped
		{"2027-06-18 10:00", "Asia/Tbilisi", "2027-06-18T06:00:00Z"},
	} {
		got := wall(t, test.wall).In(zone(t, test.zone)).Format(time.RFC3339)
		if got != test.want {
			t.Errorf("%s in %s is %s, want %s", test.wall, test.zone, got, test.want)
		}
	}
}

func TestWallThatClocksSkip(t *testing.T) {
	belgrade := zone(t, "Europe/Belgrade")
	for text, want := range map[string]bool{
		"2027-03-28 01:59": true, "2027-03-28 02:00": false, "2027-03-28 02:59": false, "2027-03-28 03:00": true,
		"2027-10-31 02:30": true,
	} {
		if got := wall(t, text).ExistsIn(belgrade); got != want {
			t.Errorf("%s exists: %v, want %v", text, got, want)
		}
	}
}

func TestWallsAndInstantsAgree(t *testing.T) {
	names := []string{"Europe/Belgrade", "Europe/Lisbon", "Asia/Tbilisi", "America/Santiago", "Pacific/Chatham", "UTC"}
	rapid.Check(t, func(t *rapid.T) {
		loc, err := store.Zone(rapid.SampledFrom(names).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		at := time.Unix(rapid.Int64Range(-1e9, 4e9).Draw(t, "instant"), 0).In(loc).Truncate(time.Minute)
		w := store.WallOf(at)
		if text := at.Format("2006-01-02 15:04"); w.String() != text {
			t.Fatalf("a clock shows %s, not %s", text, w)
		}
		back := w.In(loc)
		if store.WallOf(back.In(loc)) != w || back.After(at) {
			t.Fatalf("%s became %s, which isn't its first occurrence", w, back.In(loc))
		}
	})
}

func TestOffsetCountsBack(t *testing.T) {
	belgrade := zone(t, "Europe/Belgrade")
	monday := wall(t, "2027-03-29 18:00").In(belgrade) // the clocks went forward on Sunday
	for text, want := range map[string]string{
		"1d": "2027-03-28 18:00", "2d": "2027-03-27 18:00", "48h": "2027-03-27 17:00", "90m": "2027-03-29 16:30",
	} {
		o, err := store.ParseOffset(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := store.WallOf(o.Before(monday, belgrade).In(belgrade)).String(); got != want {
			t.Errorf("%s before is %s, want %s", text, got, want)
		}
		if text != "48h" && text != o.String() {
			t.Errorf("%s is written as %s", text, o)
		}
	}
	for _, bad := range []string{"", "7", "d", "0d", "-1d", "1w", "1.5h", "7 d", "99999d"} {
		if o, err := store.ParseOffset(bad); err == nil {
			t.Errorf("offset %q was read as %s", bad, o)
		}
	}
}

func TestZonesWithoutMeaning(t *testing.T) {
	for _, name := range []string{"", "Local", "Europe/Beograd", "../etc/passwd"} {
		if _, err := store.Zone(name); err == nil {
			t.Errorf("zone %q was accepted", name)
		}
	}
}
