package bot_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/store"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := store.Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// ical reads a calendar file, strictly.
func ical(t *testing.T, data []byte) *icalComponent {
	t.Helper()
	c, err := readICal(data)
	if err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	return c
}

func TestACalendarFileOfWhatIsComing(t *testing.T) {
	h := newHall(t).everyone().underWay()
	said := h.types("mentor", "/next").tap("Add to my calendar").says("4 entries")
	if said.Update || len(said.Files) != 1 || said.Files[0].Name != "mentorship.ics" {
		t.Fatalf("the file comes as %+v", said.Reply)
	}
	c := ical(t, said.Files[0].Data)
	want := map[string][3]string{
		"session-" + h.ids["skills"] + "@mentorbot":  {"Skills session", "CONFIRMED", "20270422T180000"},
		"session-" + h.ids["closing"] + "@mentorbot": {"Cancelled: Closing session", "CANCELLED", "20270610T180000"},
		"event-" + h.ids["belgrade"] + "@mentorbot":  {"Live event in Belgrade", "CONFIRMED", "20270618"},
	}
	events := c.components("VEVENT")
	if len(events) != 4 {
		t.Errorf("there are %d events", len(events))
	}
	for _, e := range events {
		if strings.HasPrefix(e.value("UID"), "meeting-") {
			if e.value("SUMMARY") != "Meeting with Borka" || e.value("DTSTART") != "20270420T150000Z" || e.value("DTEND") != "20270420T160000Z" {
				t.Errorf("the meeting is %+v", e)
			}
			continue
		}
		if got := [3]string{e.text("SUMMARY"), e.value("STATUS"), e.value("DTSTART")}; got != want[e.value("UID")] {
			t.Errorf("%s is %v", e.value("UID"), got)
		}
	}
	h.types("mentor", "/event").tap("I can't")
	if c := ical(t, h.taps("mentor", "calendar").Files[0].Data); len(c.components("VEVENT")) != 3 {
		t.Error("what one can't come to is still in the calendar")
	}
	h.taps("other", "calendar "+h.ids["skills"]).says("Here it is.")
	h.taps("other", "calendar aaaaaaaaaaaaa").says("wasn't meant for you")
	h.taps("stranger", "calendar "+h.ids["skills"]).says("invitation")
}

// Whatever became of a session, a calendar believes the file that was made last.
func TestTheSequenceNeverFalls(t *testing.T) {
	h := newHall(t).everyone()
	read := func() (uid, status string, n int) {
		e := ical(t, h.taps("mentee", "calendar "+h.ids["spring"]).Files[0].Data).components("VEVENT")[0]
		n, err := strconv.Atoi(e.value("SEQUENCE"))
		must(err)
		return e.value("UID"), e.value("STATUS"), n
	}
	uid, _, last := read()
	for _, step := range []struct {
		change func(*store.Tx) error
		status string
	}{
		{func(tx *store.Tx) error { return tx.CancelSession(h.ids["spring"]) }, "CANCELLED"},
		{func(tx *store.Tx) error { return tx.RestoreSession(h.ids["spring"]) }, "CONFIRMED"},
		{func(tx *store.Tx) error { return tx.MoveSession(h.ids["spring"], store.NewDate(2027, 3, 6).At(18*60)) }, "CONFIRMED"},
	} {
		h.later(time.Minute)
		h.do(step.change)
		again, status, n := read()
		if again != uid || status != step.status || n <= last {
			t.Errorf("after %s %d it is %s %s %d", uid, last, again, status, n)
		}
		last = n
	}
}

func TestTextsInACalendarFile(t *testing.T) {
	start := time.Date(2027, 3, 4, 17, 0, 0, 0, time.UTC)
	for _, text := range append([]string{
		`a\b; c, d: "e" 'f'`, "two\nlines\r\nand\rmore", "\\n isn't a line end", "tab\tand bell\x07",
		strings.Repeat("č", 200), strings.Repeat("word ", 60), strings.Repeat("🤸🏽‍♀️", 40), strings.Repeat("x", 74) + "é",
		"مرحبا \u202eabc", "BEGIN:VEVENT\r\nEND:VCALENDAR",
	}, nasty...) {
		data, err := bot.CalendarFile(start, bot.Entry{
			UID: "a", Title: text, Where: text, About: text, Zone: zone(t, "Europe/Belgrade"),
			Start: start, End: start.Add(time.Hour),
		})
		if err != nil {
			t.Fatal(err)
		}
		want := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x07", "").Replace(text)
		e := ical(t, data).components("VEVENT")[0]
		for _, name := range []string{"SUMMARY", "LOCATION", "DESCRIPTION"} {
			if got := e.text(name); got != want {
				t.Errorf("%s of %q is %q", name, text, got)
			}
		}
	}
}

func TestWholeDaysInACalendarFile(t *testing.T) {
	data, err := bot.CalendarFile(inTheMorning, bot.Entry{UID: "a", Title: "x",
		From: store.NewDate(2027, 6, 28), To: store.NewDate(2027, 6, 30)})
	if err != nil {
		t.Fatal(err)
	}
	e := ical(t, data).components("VEVENT")[0]
	if e.value("DTSTART") != "20270628" || e.value("DTEND") != "20270701" {
		t.Errorf("from %s to %s", e.value("DTSTART"), e.value("DTEND"))
	}
}

// Every hour of some years, the file's own zone has the offset that the clocks of the
// zone have.
func TestZonesInACalendarFile(t *testing.T) {
	irregular := map[string]bool{}
	for _, name := range []string{
		"Europe/Belgrade", "Europe/Lisbon", "Europe/London", "Europe/Dublin", "Europe/Chisinau", "Europe/Istanbul", "Asia/Tbilisi",
		"Asia/Kathmandu", "Africa/Casablanca", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Pacific/Apia", "UTC",
	} {
		loc := zone(t, name)
		for _, day := range []store.Date{store.NewDate(2027, 1, 11), store.NewDate(2027, 3, 28), store.NewDate(2027, 10, 31), store.NewDate(2011, 12, 30)} {
			start := day.At(18 * 60).In(loc)
			data, err := bot.CalendarFile(start, bot.Entry{UID: "a", Title: "x", Zone: loc, Start: start, End: start.Add(90 * time.Minute)})
			if err != nil {
				t.Fatal(err)
			}
			c := ical(t, data)
			e := c.components("VEVENT")[0]
			if got, err := c.when(e.all("DTSTART")[0]); err != nil || !got.Equal(start) {
				t.Errorf("%s: %s is read as %s, %v", name, start, got, err)
			}
			zones := c.components("VTIMEZONE")
			if len(zones) == 0 {
				if start.Year() == 2027 {
					irregular[name] = true // its times are in UTC
				}
				continue
			}
			if n := len(zones[0].components("STANDARD")); n != 1 || len(zones[0].inner) > 2 {
				t.Errorf("%s has %d standard times of %d", name, n, len(zones[0].inner))
			}
			year := start.Year()
			if month := start.Month(); month == time.March || month == time.October {
				continue // the year was looked at
			}
			for at := time.Date(year, 1, 1, 0, 30, 0, 0, time.UTC); at.Year() <= year; at = at.Add(time.Hour) {
				local := at.In(loc)
				_, want := local.Zone()
				wall := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, time.UTC)
				got := int(zones[0].offsetAt(wall) / time.Second)
				// An hour that comes twice means the first time, until the clocks are set back.
				if _, before := at.Add(-3 * time.Hour).In(loc).Zone(); got != want && before == want {
					if _, after := at.Add(3 * time.Hour).In(loc).Zone(); after == want {
						t.Fatalf("%s: at %s the offset is %d, want %d, in\n%s", name, local, got, want, data)
					}
				}
			}
		}
	}
	if len(irregular) != 2 || !irregular["UTC"] || !irregular["Africa/Casablanca"] {
		t.Errorf("in 2027 times are in UTC in %v", irregular)
	}
}

// The checker itself refuses what is wrong.
func TestTheCheckerIsStrict(t *testing.T) {
	start := time.Date(2027, 3, 4, 17, 0, 0, 0, time.UTC)
	data, err := bot.CalendarFile(start, bot.Entry{UID: "a", Title: "One, two", Zone: zone(t, "Europe/Belgrade"),
		Start: start, End: start.Add(time.Hour), About: strings.Repeat("long ", 40)})
	if err != nil {
		t.Fatal(err)
	}
	good := string(data)
	for what, bad := range map[string]string{
		"bare LF":        strings.ReplaceAll(good, "\r\n", "\n"),
		"unfolded":       strings.ReplaceAll(good, "\r\n ", ""),
		"unescaped":      strings.Replace(good, `One\, two`, "One, two", 1),
		"no UID":         strings.Replace(good, "UID:", "X-UID:", 1),
		"no DTSTAMP":     strings.Replace(good, "DTSTAMP", "CREATED", 1),
		"unknown zone":   strings.Replace(good, "TZID:Europe/Belgrade", "TZID:Europe/Rome", 1),
		"floating":       strings.Replace(good, "DTSTART;TZID=Europe/Belgrade", "DTSTART", 1),
		"no end":         strings.Replace(good, "END:VEVENT\r\n", "", 1),
		"no version":     strings.Replace(good, "VERSION:2.0\r\n", "", 1),
		"wrong onset":    strings.Replace(good, "BYDAY=-1SU", "BYDAY=1SU", 1),
		"alarm":          strings.Replace(good, "END:VEVENT", "BEGIN:VALARM\r\nEND:VALARM\r\nEND:VEVENT", 1),
		"nothing at all": "",
	} {
		func() {
			defer func() {
				if recover() != nil {
					return // it noticed
				}
			}()
			if _, err := readICal([]byte(bad)); err == nil {
				t.Errorf("%s passes", what)
			}
		}()
	}
}
