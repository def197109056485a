package locale

import (
	"testing"
	"time"
)

// today of these tests is a Wednesday.
var today = time.Date(2027, 2, 10, 0, 0, 0, 0, time.UTC)

func TestReadDay(t *testing.T) {
	for _, test := range []struct{ tag, text, day, rest string }{
		{"en", "today", "2027-02-10", ""},
		{"en", "Yesterday 60", "2027-02-09", "60"},
		{"en", "2027-01-31 90 min", "2027-01-31", "90 min"},
		{"en", "12 March", "2027-03-12", ""},
		{"en", "on 12th march, 2028 90", "2028-03-12", "90"},
		{"en", "March 12 1h30", "2027-03-12", "1h30"},
		{"en", "12.1.", "2027-01-12", ""},
		{"en", "12/1/2026", "2026-01-12", ""},
		{"en", "20 dec", "2026-12-20", ""},
		{"en", "last Friday 60", "2027-02-05", "60"},
		{"en", "Wednesday", "2027-02-10", ""},
		{"en", "29 February", "2028-02-29", ""},
		{"en", "juče", "2027-02-09", ""},
		{"sr-Latn", "juče 60", "2027-02-09", "60"},
		{"sr-Latn", "juce", "2027-02-09", ""},
		{"sr-Latn", "danas", "2027-02-10", ""},
		{"sr-Latn", "12. marta", "2027-03-12", ""},
		{"sr-Latn", "12 mart 2027. sat", "2027-03-12", "sat"},
		{"sr-Latn", "petak, 12. mart", "2027-02-05", "12. mart"},
		{"sr-Latn", "15. avgust", "2026-08-15", ""},
		{"sr-Latn", "15. avgusta", "2026-08-15", ""},
		{"sr-Latn", "u četvrtak", "2027-02-04", ""},
		{"sr-Latn", "prošle srede", "2027-02-10", ""},
		{"sr-Latn", "yesterday", "2027-02-09", ""},
	} {
		l, _ := For(test.tag)
		day, rest, ok := l.ReadDay(test.text, today, true)
		if !ok || day.Format(time.DateOnly) != test.day || rest != test.rest {
			t.Errorf("%s: %q is read as %v, %q (%v), want %s, %q", test.tag, test.text, day, rest, ok, test.day, test.rest)
		}
	}
}

func TestReadDayAhead(t *testing.T) {
	l, _ := For("en")
	if day, _, _ := l.ReadDay("Friday", today, false); day.Format(time.DateOnly) != "2027-02-12" {
		t.Errorf("Friday is %v", day)
	}
	if day, _, _ := l.ReadDay("tomorrow", today, false); day.Format(time.DateOnly) != "2027-02-11" {
		t.Errorf("tomorrow is %v", day)
	}
}

func TestReadDayRefuses(t *testing.T) {
	l, _ := For("en")
	for _, text := range []string{
		"", " ", "60", "30.2.", "31 June", "soon", "2027-02-30", "12", "ma 12", "1.1.99", "99999999999999999999.1.", "12 x", "١٢ March", "\x00", "1/2/3/4",
	} {
		if day, rest, ok := l.ReadDay(text, today, true); ok {
			t.Errorf("%q is read as %v, %q", text, day, rest)
		} else if rest != text {
			t.Errorf("%q was not read, but %q is left", text, rest)
		}
	}
}

func FuzzReadDay(f *testing.F) {
	for _, seed := range []string{"12 March", "12.3.2027", "yesterday", "u petak", "1.1.1.1", "\xff 12"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, _ := For("sr-Latn")
		if day, _, ok := l.ReadDay(text, today, true); ok && (day.Year() < 2000 || day.Year() > 2999 || day.Hour() != 0) {
			t.Errorf("%q is read as %v", text, day)
		}
	})
}
