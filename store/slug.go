package store

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// slugLimit is how long a slug may be.
const slugLimit = 40

// Slugify makes an id from a title in any script, such as a program file could have:
// Latin letters lose their marks, Cyrillic ones become Latin, and what is left of
// neither falls away; "item" if nothing is left. If taken says that there is such an
// id, it gets -2, -3, … until there is none.
func Slugify(title string, taken func(string) bool) string {
	slug := cut(plainWords(title), slugLimit)
	if slug == "" {
		slug = "item"
	}
	free := slug
	for n := 2; taken(free); n++ {
		suffix := "-" + strconv.Itoa(n)
		free = cut(slug, slugLimit-len(suffix)) + suffix
	}
	return free
}

// plainWords writes a text in a-z and 0-9, with - for whatever parts its words.
func plainWords(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFC.String(s) {
		plain, known := plainLetters(unicode.ToLower(r))
		switch {
		case plain != "":
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteString(plain)
		case !known:
			gap = true
		}
	}
	return b.String()
}

// plainLetters writes a lower-case letter or digit in a-z and 0-9; known with nothing to
// write says that it doesn't part words: a mark, or a letter without a sound of its own.
func plainLetters(r rune) (plain string, known bool) {
	if latin, ok := latinOf[r]; ok {
		return latin, true
	}
	for _, base := range norm.NFKD.String(string(r)) {
		base = unicode.ToLower(base)
		switch {
		case base >= 'a' && base <= 'z', base >= '0' && base <= '9':
			plain += string(base)
		default:
			plain += latinOf[base]
		}
	}
	return plain, plain != "" || unicode.IsMark(r) || r == '\'' || r == '’'
}

// latinOf are the letters that don't become Latin ones by losing their marks.
var latinOf = map[rune]string{
	'đ': "dj", 'ð': "d", 'þ': "th", 'ß': "ss", 'ł': "l", 'ø': "o", 'æ': "ae", 'œ': "oe", 'ı': "i", 'ħ': "h", 'ŋ': "ng",

	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'ђ': "dj", 'ѓ': "gj", 'е': "e", 'ё': "e", 'є': "je", 'ж': "z",
	'з': "z", 'ѕ': "dz", 'и': "i", 'і': "i", 'ї': "ji", 'ј': "j", 'й': "j", 'к': "k", 'л': "l", 'љ': "lj", 'м': "m",
	'н': "n", 'њ': "nj", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'ћ': "c", 'ќ': "kj", 'у': "u", 'ў': "u",
	'ф': "f", 'х': "h", 'ц': "c", 'ч': "c", 'џ': "dz", 'ш': "s", 'щ': "st", 'ъ': "a", 'ы': "y", 'ь': "", 'э': "e",
	'ю': "ju", 'я': "ja", 'ґ': "g",
}

// cut shortens a slug to at most n bytes, without a - at its end.
func cut(slug string, n int) string {
	if len(slug) > n {
		slug = slug[:n]
	}
	return strings.TrimRight(slug, "-")
}
