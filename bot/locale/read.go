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
	BeforeYesterday            []string `yaml:"before_yesterday"`
	AfterTomorrow              []string `yaml:"after_tomorrow"`
	Last, This, Next           []string // before a weekday
	Weekdays                   []string // other forms of the weekdays' names, from Sunday
	Week                       []string // weekdays' names that mean a week after last, this and next
	Months                     []string // other forms of the months' names, from January: "mart" beside "marta"
	Filler                     []string // words that change nothing: "on"
	Before, After              []string // around a number of days that have passed: "two days ago"
	Within, Time               []string // around one of days to come: "in two days", "in two days' time"
	Days                       []string
	Numbers                    [][]string // from one
}

// ReadDay finds a day at the front of what somebody typed: 2027-03-12, 12.3., 12 March
// 2027, yesterday, two days ago, Friday, next Friday, 12; in any of the languages, first
// in l. It returns the day as its midnight in UTC and what follows it. today, in the
// writer's calendar, is what days without a year are nearest to; a weekday, or a day's
// number, by itself is meant before it, or on it, if past is set, else after it.
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
		if other := languages[tag](); other != l {
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
// without diacritics, in Latin letters. Serbian is written in two scripts, and people mix
// them.
func Fold(s string) string {
	s = latin.Replace(norm.NFC.String(strings.ToLower(s)))
	fold := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	folded, _, err := transform.String(fold, s)
	if err != nil {
		return s
	}
	return strings.ReplaceAll(folded, "đ", "dj")
}

// latin are the Cyrillic letters that the languages of the region use.
var latin = strings.NewReplacer("а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "ђ", "dj", "ѓ", "gj", "е", "e",
	"ж", "z", "з", "z", "и", "i", "ј", "j", "к", "k", "л", "l", "љ", "lj", "м", "m", "н", "n", "њ", "nj", "о", "o",
	"п", "p", "р", "r", "с", "s", "т", "t", "ћ", "c", "ќ", "kj", "у", "u", "ф", "f", "х", "h", "ц", "c", "ч", "c",
	"џ", "dz", "ш", "s", "ѕ", "dz", "щ", "st", "ъ", "a", "ы", "y", "ь", "", "э", "e", "ю", "ju", "я", "ja", "й", "j",
	"ё", "e", "ѐ", "e", "ѝ", "i")

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
	filled := false
	for slices.Contains(r.dates.Read.Filler, r.peek()) {
		r.take()
		filled = true
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
	case slices.Contains(read.BeforeYesterday, w):
		return r.away(-2)
	case slices.Contains(read.AfterTomorrow, w):
		return r.away(2)
	case slices.Contains(read.Last, w):
		return r.which(func(ahead int) int { return ahead - 7 })
	case slices.Contains(read.Next, w):
		return r.which(func(ahead int) int { return (ahead+6)%7 + 1 })
	case slices.Contains(read.This, w):
		return r.which(func(ahead int) int {
			if left := (7 - int(r.today.Weekday())) % 7; ahead > left { // until Sunday
				return ahead - 7
			}
			return ahead
		})
	}
	if day, err := time.Parse("2006-01-02", w); err == nil {
		r.take()
		return day, true
	}
	if ahead, ok := r.weekday(w); ok {
		return r.named(ahead)
	}
	if day, ok := r.counted(); ok {
		return day, true
	}
	if day, ok := r.written(); ok {
		return day, true
	}
	return r.bare(filled)
}

// away takes the word that was read, which means a day so far from today.
func (r *reader) away(days int) (time.Time, bool) {
	r.take()
	return r.today.AddDate(0, 0, days), true
}

// which takes a word that says which weekday is meant, and the weekday. far tells how
// far away that is, from how many days the next such weekday is ahead, today's being 0.
// A week is no day.
func (r *reader) which(far func(ahead int) int) (time.Time, bool) {
	r.take()
	w := strings.TrimRight(r.peek(), ".")
	ahead, ok := r.weekday(w)
	if !ok || slices.Contains(r.dates.Read.Week, w) {
		return time.Time{}, false
	}
	return r.away(far(ahead))
}

// weekday returns how many days ahead the next day is that a weekday's name means.
func (r *reader) weekday(w string) (ahead int, ok bool) {
	for _, names := range [][]string{r.dates.Names, r.dates.Of, r.dates.Read.Weekdays} {
		for i, name := range names {
			if w == Fold(name) {
				return (i - int(r.today.Weekday()) + 7) % 7, true
			}
		}
	}
	return 0, false
}

// named takes a weekday's name, and the date that follows it if that is such a day.
func (r *reader) named(ahead int) (time.Time, bool) {
	far := ahead
	if r.past && ahead > 0 {
		far -= 7
	}
	day, ok := r.away(far)
	words := r.words
	if date, ok := r.written(); ok && date.Weekday() == day.Weekday() {
		return date, true
	}
	r.words = words
	return day, ok
}

// counted reads two days ago, pre 2 dana; in two days, za 2 dana.
func (r *reader) counted() (time.Time, bool) {
	read := &r.dates.Read
	if n, ok := r.days(read.Before, read.After); ok {
		return r.today.AddDate(0, 0, -n), true
	}
	n, ok := r.days(read.Within, nil)
	if ok && slices.Contains(read.Time, r.peek()) {
		r.take()
	}
	return r.today.AddDate(0, 0, n), ok
}

// days takes a number of days between words, if there are such.
func (r *reader) days(before, after []string) (n int, ok bool) {
	read, words := &r.dates.Read, r.words
	take := func(list []string) bool {
		if len(list) == 0 {
			return true
		}
		if len(words) == 0 || !slices.Contains(list, words[0].text) {
			return false
		}
		words = words[1:]
		return true
	}
	if !take(before) || len(words) == 0 {
		return 0, false
	}
	n = slices.IndexFunc(read.Numbers, func(forms []string) bool { return slices.Contains(forms, words[0].text) }) + 1
	if n == 0 && len(words[0].text) <= 3 {
		n, _ = strconv.Atoi(words[0].text) // a word leaves 0
	}
	words = words[1:]
	if n < 1 || !take(read.Days) || !take(after) {
		return 0, false
	}
	r.words = words
	return n, true
}

// bare reads a day's number by itself: the last, or the next, such day of a month. It
// isn't one where a word follows it, "30 minutes"; nor, without an ending, after a word
// that stands before a time of day as well: "u 9".
func (r *reader) bare(filled bool) (time.Time, bool) {
	n := number(r.peek())
	if n == 0 || filled && strings.Trim(r.peek(), "0123456789") == "" {
		return time.Time{}, false
	}
	if len(r.words) > 1 {
		if next := r.words[1].text; next[0] < '0' || next[0] > '9' || strings.HasSuffix(next, ".") {
			return time.Time{}, false
		}
	}
	step := 1
	if r.past {
		step = -1
	}
	for k := range 3 { // of three months in turn, only one can lack it
		month := time.Date(r.today.Year(), r.today.Month()+time.Month(step*k), 1, 0, 0, 0, 0, time.UTC)
		day, ok := exists(month.Year(), int(month.Month()), n)
		if ok && step*day.Compare(r.today) >= 0 {
			r.take()
			return day, true
		}
	}
	return time.Time{}, false
}

// written reads 12.3., 12. 3. 2027., 12/3/2027, 12 March, 12.marta 2027, March 12. What
// is no day it doesn't take.
func (r *reader) written() (time.Time, bool) {
	words := r.words
	day, ok := r.date()
	if !ok {
		r.words = words
	}
	return day, ok
}

func (r *reader) date() (time.Time, bool) {
	parts := strings.FieldsFunc(r.peek(), func(c rune) bool { return c == '.' || c == '/' })
	if len(parts) == 2 || len(parts) == 3 {
		return r.dotted(parts)
	}
	if len(r.words) < 2 {
		return time.Time{}, false
	}
	first, second := r.words[0].text, r.words[1].text
	day, month := number(first), r.month(second)
	switch {
	case day == 0:
		day, month = number(second), r.month(first)
	case month == 0 && strings.HasSuffix(first, ".") && strings.HasSuffix(second, "."):
		month, _ = strconv.Atoi(strings.TrimSuffix(second, ".")) // of anything else 0
	}
	if day == 0 || month == 0 {
		return time.Time{}, false
	}
	r.words = r.words[2:]
	return r.of(r.year(), month, day, false)
}

// dotted takes the word that is a day and a month, and perhaps a year.
func (r *reader) dotted(parts []string) (time.Time, bool) {
	day, err := strconv.Atoi(parts[0])
	month, err2 := strconv.Atoi(parts[1])
	if err2 != nil {
		month = r.month(parts[1])
	}
	if err != nil || month == 0 {
		return time.Time{}, false
	}
	r.take()
	if len(parts) == 3 {
		year, _ := strconv.Atoi(parts[2]) // a word instead leaves 0, and no such day then
		return r.of(year, month, day, true)
	}
	return r.of(r.year(), month, day, false)
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

// of returns a day that there is; without a year the nearest one to today.
func (r *reader) of(year, month, day int, sure bool) (time.Time, bool) {
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
