package locale

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// reading holds the words, besides those of dates, by which people mean a day. Each
// has all the forms that are understood, without diacritics.
type reading struct {
	Today, Yesterday, Tomorrow []string
	Months                     []string // other forms of the months' names, from January: "mart" beside "marta"
	Filler                     []string // words that change nothing: "on", "last"
}

// ReadDay finds a day at the front of what somebody typed: 2027-03-12, 12.3., 12 March
// 2027, yesterday, Friday; in any of the languages, first in l. It returns the day as
// its midnight in UTC and what follows it. today, in the writer's calendar, is what
// days without a year are nearest to; a weekday is meant before it, or on it, if past
// is set, else after it.
func (l *Language) ReadDay(text string, today time.Time, past bool) (day time.Time, rest string, ok bool) {
	y, m, d := today.Date()
	words := split(text)
	for _, language := range l.andOthers() {
		r := reader{&language.dates, time.Date(y, m, d, 0, 0, 0, 0, time.UTC), past, words}
		if day, ok := r.day(); ok {
			if len(r.words) == 0 {
				return day, "", true
			}
			return day, strings.TrimSpace(text[r.words[0].at:]), true
		}
	}
	return time.Time{}, text, false
}

// andOthers returns all languages, l first.
func (l *Language) andOthers() []*Language {
	all := []*Language{l}
	for _, tag := range Languages() {
		if other := languages[tag]; other != l {
			all = append(all, other)
		}
	}
	return all
}

// A word of what was typed, folded, and where it began.
type word struct {
	text string
	at   int
}

// split takes a text apart at white space and commas.
func split(text string) (words []word) {
	start := -1
	for i, r := range text + " " {
		switch apart := unicode.IsSpace(r) || r == ','; {
		case apart && start >= 0:
			words = append(words, word{Fold(text[start:i]), start})
			start = -1
		case !apart && start < 0:
			start = i
		}
	}
	return words
}

// Fold returns a text as it is compared with others that people type: in lower case,
// without diacritics.
func Fold(s string) string {
	fold := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	folded, _, err := transform.String(fold, strings.ToLower(s))
	if err != nil {
		return strings.ToLower(s)
	}
	return strings.ReplaceAll(folded, "đ", "dj")
}

// A reader reads a day in one language.
type reader struct {
	dates *dates
	today time.Time
	past  bool
	words []word
}

func (r *reader) peek() string {
	if len(r.words) == 0 {
		return ""
	}
	return r.words[0].text
}

func (r *reader) take() { r.words = r.words[1:] }

func (r *reader) day() (time.Time, bool) {
	for slices.Contains(r.dates.Read.Filler, r.peek()) {
		r.take()
	}
	w := strings.TrimRight(r.peek(), ".")
	switch read := &r.dates.Read; {
	case w == "":
		return time.Time{}, false
	case slices.Contains(read.Today, w):
		return r.away(0)
	case slices.Contains(read.Yesterday, w):
		return r.away(-1)
	case slices.Contains(read.Tomorrow, w):
		return r.away(1)
	}
	if day, err := time.Parse("2006-01-02", w); err == nil {
		r.take()
		return day, true
	}
	if n, ok := r.weekday(w); ok {
		return r.away(n)
	}
	return r.written()
}

// away takes the word that was read, which means a day so far from today.
func (r *reader) away(days int) (time.Time, bool) {
	r.take()
	return r.today.AddDate(0, 0, days), true
}

// weekday returns how far away the day lies that a weekday's name means.
func (r *reader) weekday(w string) (int, bool) {
	for i := range r.dates.Names {
		if w == Fold(r.dates.Names[i]) || w == Fold(r.dates.Of[i]) {
			n := (i - int(r.today.Weekday()) + 7) % 7
			if r.past && n > 0 {
				n -= 7
			}
			return n, true
		}
	}
	return 0, false
}

// written reads 12.3., 12/3/2027, 12 March, 12. marta 2027, March 12.
func (r *reader) written() (time.Time, bool) {
	parts := strings.FieldsFunc(r.peek(), func(c rune) bool { return c == '.' || c == '/' })
	if len(parts) == 2 || len(parts) == 3 {
		d, err1 := strconv.Atoi(parts[0])
		m, err2 := strconv.Atoi(parts[1])
		if err1 != nil || err2 != nil {
			return time.Time{}, false
		}
		r.take()
		if len(parts) == 3 {
			year, _ := strconv.Atoi(parts[2]) // a word instead leaves 0, and no such day then
			return r.date(year, m, d, true)
		}
		return r.date(r.year(), m, d, false)
	}
	if len(r.words) < 2 {
		return time.Time{}, false
	}
	first, second := number(r.words[0].text), number(r.words[1].text)
	month := r.month(r.words[1].text)
	if first == 0 {
		first, month = second, r.month(r.words[0].text)
	}
	if first == 0 || month == 0 {
		return time.Time{}, false
	}
	r.words = r.words[2:]
	return r.date(r.year(), month, first, false)
}

// number reads a day's number, with an ending or without: 12, 12., 12th.
func number(w string) int {
	w = strings.TrimRight(w, ".")
	for _, ending := range []string{"st", "nd", "rd", "th"} {
		w = strings.TrimSuffix(w, ending)
	}
	n, err := strconv.Atoi(w)
	if err != nil || n < 1 || n > 31 {
		return 0
	}
	return n
}

// month reads a month's name, or its first letters, three at least.
func (r *reader) month(w string) int {
	w = strings.TrimRight(w, ".")
	if len(w) < 3 {
		return 0
	}
	for _, names := range [][]string{r.dates.Months, r.dates.Read.Months} {
		for i, name := range names {
			if strings.HasPrefix(Fold(name), w) {
				return i + 1
			}
		}
	}
	return 0
}

// year takes a year, if one follows.
func (r *reader) year() int {
	n, err := strconv.Atoi(strings.TrimRight(r.peek(), "."))
	if err != nil || n < 2000 || n > 2999 {
		return 0
	}
	r.take()
	return n
}

// date returns a day that there is; without a year the nearest one to today.
func (r *reader) date(year, month, day int, sure bool) (time.Time, bool) {
	if year > 0 || sure {
		return exists(year, month, day)
	}
	var nearest time.Time
	for y := r.today.Year() - 1; y <= r.today.Year()+1; y++ {
		t, ok := exists(y, month, day)
		if ok && (nearest.IsZero() || t.Sub(r.today).Abs() < nearest.Sub(r.today).Abs()) {
			nearest = t
		}
	}
	return nearest, !nearest.IsZero()
}

func exists(year, month, day int) (time.Time, bool) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t, year >= 2000 && year < 3000 && int(t.Month()) == month && t.Day() == day
}
