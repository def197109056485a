package locale

import (
	"strings"
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
		{"sr-Latn", "petak, 12. mart", "2027-03-12", ""},
		{"sr-Latn", "četvrtak, 12. mart 60", "2027-02-04", "12. mart 60"}, // that is no Thursday
		{"en", "Tuesday 9 February 60", "2027-02-09", "60"},
		{"sr-Latn", "9. 3.", "2027-03-09", ""},
		{"sr-Latn", "9. 3. 60", "2027-03-09", "60"},
		{"sr-Latn", "13. 3. 2026. 60", "2026-03-13", "60"},
		{"sr-Latn", "13.3. 2026.", "2026-03-13", ""},
		{"sr-Latn", "11.mart", "2027-03-11", ""},
		{"sr-Latn", "11.marta.2026.", "2026-03-11", ""},
		{"sr-Latn", "11.marta 2026. 60", "2026-03-11", "60"},
		{"sr-Latn", "prekjuče", "2027-02-08", ""},
		{"sr-Latn", "prekosutra", "2027-02-12", ""},
		{"sr-Latn", "u sredu", "2027-02-10", ""},
		{"sr-Latn", "u prošlu sredu 60", "2027-02-03", "60"},
		{"sr-Latn", "subotu", "2027-02-06", ""},
		{"sr-Latn", "pre dva dana", "2027-02-08", ""},
		{"sr-Latn", "pre 2 dana 60", "2027-02-08", "60"},
		{"sr-Latn", "pre jednog dana", "2027-02-09", ""},
		{"sr-Latn", "pre pet dana", "2027-02-05", ""},
		{"en", "two days ago", "2027-02-08", ""},
		{"en", "2 days ago 1h30", "2027-02-08", "1h30"},
		{"en", "a day ago", "2027-02-09", ""},
		{"en", "10 days ago", "2027-01-31", ""},
		{"en", "9", "2027-02-09", ""},
		{"en", "10", "2027-02-10", ""},
		{"en", "11", "2027-01-11", ""},
		{"en", "31 60", "2027-01-31", "60"},
		{"en", "on the 9th", "2027-02-09", ""},
		{"sr-Latn", "9. 1h30", "2027-02-09", "1h30"},
		{"sr-Latn", "15. avgust", "2026-08-15", ""},
		{"sr-Latn", "15. avgusta", "2026-08-15", ""},
		{"sr-Latn", "u četvrtak", "2027-02-04", ""},
		{"sr-Latn", "prošle srede", "2027-02-03", ""},
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
	for text, want := range map[string]string{"9": "2027-03-09", "10": "2027-02-10", "31": "2027-03-31", "12. 60": "2027-02-12"} {
		if day, _, _ := l.ReadDay(text, today, false); day.Format(time.DateOnly) != want {
			t.Errorf("%s is %v, want %s", text, day, want)
		}
	}
}

func TestReadDaysToCome(t *testing.T) {
	l, _ := For("en")
	for text, want := range map[string]string{
		"in two days": "2027-02-12", "in 2 days": "2027-02-12", "in a day": "2027-02-11", "in two days’ time": "2027-02-12",
		"for 2 days' time": "2027-02-12", "in ten days 18:30": "2027-02-20 18:30", "in a day's time 18:30": "2027-02-11 18:30",
		"za dva dana": "2027-02-12", "za 2 dana": "2027-02-12", "za jedan dan u 9": "2027-02-11 u 9", "kroz pet dana": "2027-02-15",
	} {
		for _, past := range []bool{true, false} {
			day, rest, ok := l.ReadDay(text, today, past)
			if got := strings.TrimSpace(day.Format(time.DateOnly) + " " + rest); !ok || got != want {
				t.Errorf("%q is read as %q (%v), want %q", text, got, ok, want)
			}
		}
	}
}

// cyrillic writes Serbian in its other script.
var cyrillic = strings.NewReplacer("lj", "љ", "nj", "њ", "dž", "џ", "a", "а", "b", "б", "v", "в", "g", "г", "d", "д", "đ", "ђ", "e", "е",
	"ž", "ж", "z", "з", "i", "и", "j", "ј", "k", "к", "l", "л", "m", "м", "n", "н", "o", "о", "p", "п", "r", "р", "s", "с", "t", "т",
	"ć", "ћ", "u", "у", "f", "ф", "h", "х", "c", "ц", "č", "ч", "š", "ш")

func TestReadDayInBothScripts(t *testing.T) {
	l, _ := For("sr-Latn")
	texts := []string{
		"juče 60", "danas", "sutra", "prekjuče", "prekosutra", "u prošlu sredu", "sledećeg četvrtka", "ovaj petak", "iduće srede",
		"pre dva dana", "pre šest dana", "za četiri dana", "12. marta 2027.", "11.mart", "petak, 12. mart", "u subotu", "nedelje",
	}
	for i := range l.dates.Months {
		texts = append(texts, "12. "+l.dates.Months[i], "12. "+l.dates.MonthsOf[i], "12. "+l.dates.Months[i][:3])
	}
	for i := range l.dates.Names {
		texts = append(texts, l.dates.Names[i], l.dates.Of[i])
	}
	for _, text := range texts {
		want, left, ok := l.ReadDay(text, today, true)
		if !ok {
			t.Errorf("%q isn't read", text)
		}
		for _, other := range []string{cyrillic.Replace(text), strings.ToUpper(cyrillic.Replace(text))} {
			if day, rest, ok := l.ReadDay(other, today, true); !ok || day != want || rest != left {
				t.Errorf("%q is read as %v, %q (%v), want %v, %q", other, day, rest, ok, want, left)
			}
		}
	}
	if day, _, ok := l.ReadDay("сриједа", today, true); ok {
		t.Errorf("what isn't understood in Latin is read as %v", day)
	}
}

func TestFold(t *testing.T) {
	for _, names := range [][]string{
		{"djordje", "Đorđe", "ЂОРЂЕ", "Ђорђе", "Djordje", "D\u0301jordje"}, {"ljubica", "Ljubica", "Љубица"}, {"njegos", "Njegoš", "Његош"},
		{"dzemal", "Džemal", "Џемал", "Dz\u030cemal"}, {"zivkovic", "Živković", "Живковић", "ЖИВКОВИЋ"}, {"caslav", "Časlav", "Часлав"},
		{"hristina", "Христина"}, {"gjorgji", "Gjorgji", "Ѓорѓи", "Г\u0301орг\u0301и"}, {"nikolaj", "Nikolaj", "Николай", "Никола\u0458"},
		{"\u0391", "α", "ά"},
	} {
		for _, name := range names {
			if got, want := Fold(name), Fold(names[0]); got != want {
				t.Errorf("%q is folded to %q, want %q", name, got, want)
			}
		}
	}
}

func TestAWeekdayThatWasOrIsToCome(t *testing.T) {
	monday, thursday := time.Date(2027, 2, 15, 0, 0, 0, 0, time.UTC), time.Date(2027, 2, 18, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		text  string
		today time.Time
		day   string
	}{
		{"next Friday", monday, "2027-02-19"},
		{"next Monday", monday, "2027-02-22"},
		{"last Friday", monday, "2027-02-12"},
		{"last Monday", monday, "2027-02-08"},
		{"this Friday", thursday, "2027-02-19"},
		{"this Monday", thursday, "2027-02-15"},
		{"this Sunday", thursday, "2027-02-21"},
		{"this Monday", monday, "2027-02-15"},
		{"sledeći petak", monday, "2027-02-19"},
		{"sledećeg petka", monday, "2027-02-19"},
		{"u sledeću sredu", monday, "2027-02-17"},
		{"iduće srede", monday, "2027-02-17"},
		{"naredni petak", monday, "2027-02-19"},
		{"prošli petak", monday, "2027-02-12"},
		{"prošlog petka", monday, "2027-02-12"},
		{"prošle nedelje", monday, ""},
		{"prošla nedelja", monday, "2027-02-14"},
		{"u prošlu nedelju", monday, "2027-02-14"},
		{"nedelje", monday, "2027-02-14"},
		{"ovaj petak", thursday, "2027-02-19"},
		{"ove srede", thursday, "2027-02-17"},
		{"u ovu nedelju", thursday, "2027-02-21"},
		{"sledeće nedelje", monday, ""},
		{"ove nedelje", monday, ""},
		{"next week", monday, ""},
		{"last week", monday, ""},
		{"next", monday, ""},
		{"next 12 March", monday, ""},
	} {
		l, _ := For("en")
		for _, past := range []bool{true, false} {
			if test.text == "nedelje" && !past {
				continue // a weekday by itself is another then
			}
			got := ""
			if day, _, ok := l.ReadDay(test.text, test.today, past); ok {
				got = day.Format(time.DateOnly)
			}
			if got != test.day {
				t.Errorf("%q on %s is read as %q, want %q", test.text, test.today.Format(time.DateOnly), got, test.day)
			}
		}
	}
}

func TestReadDayRefuses(t *testing.T) {
	l, _ := For("en")
	for _, text := range []string{
		"", " ", "60", "30.2.", "31 June", "soon", "2027-02-30", "12 min", "30 minutes", "2 h", "9 pm", "u 9", "32", "0", "days ago", "2 days", "0 days ago", "in", "in days", "in 0 days", "za", "za dana", "in two", "two days' time",
		"99999999999999999999 days ago", "pre", "pre dana", "9. 13.", "31. 2.", "30.2. 9", "11.foo", "ma 12", "1.1.99", "99999999999999999999.1.", "12 x", "١٢ March", "\x00", "1/2/3/4",
	} {
		if day, rest, ok := l.ReadDay(text, today, true); ok {
			t.Errorf("%q is read as %v, %q", text, day, rest)
		} else if rest != text {
			t.Errorf("%q was not read, but %q is left", text, rest)
		}
	}
}

func FuzzReadDay(f *testing.F) {
	for _, seed := range []string{"12 March", "12.3.2027", "yesterday", "u petak", "1.1.1.1", "\xff 12", "pre 2 dana", "9. 3. 2027.", "next Friday", "31 60"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, _ := For("sr-Latn")
		if day, _, ok := l.ReadDay(text, today, true); ok && (day.Year() < 2000 || day.Year() > 2999 || day.Hour() != 0) {
			t.Errorf("%q is read as %v", text, day)
		}
	})
}
