package bot

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// LanguageOf returns the tag of the language in which a person of c is spoken to.
func LanguageOf(c *store.Snapshot, person *store.Person) string { return languageOf(c, person).Tag }

func languageOf(c *store.Snapshot, person *store.Person) *locale.Language {
	tag := person.Language
	if tag == "" {
		tag = c.Cycle.Language
	}
	language, _ := locale.For(tag)
	return language
}

// A speech is words to one person, or in a group, at one instant.
type speech struct {
	c        *store.Snapshot
	to       *store.Person
	group    *store.Group // in which it is said; nil: to one person
	language *locale.Language
	zone     *time.Location
	now      time.Time
	size     size
	err      error // the first text that could not be found
	written  int   // UTF-16 units of what is shown that a coordinator has written at length
}

func newSpeech(c *store.Snapshot, to *store.Person, now time.Time, size size) *speech {
	return &speech{c: c, to: to, language: languageOf(c, to), zone: c.ZoneOf(to), now: now, size: size}
}

// A size bounds what is said at once.
type size struct {
	name int // characters that are shown of a name or title
	list int // lines that are shown of a list
}

// sizes are tried in turn until a message is short enough. The first suits any
// cycle of a usual size; the last one suits every cycle.
var sizes = []size{{80, 12}, {60, 6}, {30, 4}, {15, 2}}

// text finds a text. Strings among the values were typed by people: they are
// shown as typed, shortened if they are long. Texts are markup.
func (s *speech) text(id string, args locale.Args) chat.Text {
	values := make(locale.Args, len(args))
	for name, value := range args {
		if typed, ok := value.(string); ok {
			value = s.typed(typed)
		}
		values[name] = value
	}
	text, err := s.language.Text(id, values)
	if err != nil && s.err == nil {
		s.err = err
	}
	return chat.Text(text)
}

// typed shows what somebody typed.
func (s *speech) typed(text string) chat.Text { return chat.Escape(shorten(text, s.size.name)) }

// lineOf puts a text on one line, without what turns the order of the text around it
// or what a terminal obeys: a program file refuses both.
func lineOf(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r), '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069':
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

func shorten(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

func (s *speech) button(id, command string) chat.Button {
	return chat.Button{Label: s.text("button."+id, nil).Plain(), Command: command}
}

// moment tells an instant in the reader's own zone. In a group, where readers have
// different ones, it is the cycle's, and named.
func (s *speech) moment(t time.Time) chat.Text {
	words := s.language.Moment(t.In(s.zone), s.now)
	if s.group != nil {
		words = s.text("zone", locale.Args{"When": chat.Text(words), "City": s.city(s.zone)}).Plain()
	}
	return chat.Moment(t, words)
}

// there tells an instant by the clock of another zone, which is named where the
// reader's own clock shows something else.
func (s *speech) there(t time.Time, zone *time.Location, words string) chat.Text {
	if store.WallOf(t.In(zone)) == store.WallOf(t.In(s.zone)) {
		return chat.Text(words)
	}
	return s.text("zone", locale.Args{"When": chat.Text(words), "City": s.city(zone)})
}

// city names a zone by its city, in the reader's language.
func (s *speech) city(zone *time.Location) string { return s.language.City(zone.String()) }

// day tells a day by itself.
func (s *speech) day(d store.Date) chat.Text { return chat.Text(s.language.Day(noon(d))) }

// until returns a day as in "by Tuesday 15 June".
func (s *speech) until(d store.Date) chat.Text { return chat.Text(s.language.Until(noon(d))) }

// noon stands for a date where only its day is shown.
func noon(d store.Date) time.Time { return d.At(12 * 60).In(time.UTC) }

// length returns how long something takes, as people say it.
func (s *speech) length(d time.Duration) chat.Text {
	if hours := int(d / time.Hour); d%time.Hour == 0 && hours > 0 {
		return s.text("length.hours", locale.Args{"Count": hours})
	}
	return s.text("length.minutes", locale.Args{"Count": int(d / time.Minute)})
}

// list shows items as a list, with how many more there are on the last line if they
// are too many.
func (s *speech) list(items []chat.Text) chat.Text { return chat.List(s.cut(items)) }

func (s *speech) cut(items []chat.Text) []chat.Text {
	if len(items) <= s.size.list {
		return items
	}
	shown := s.size.list - 1
	return append(items[:shown:shown], s.text("list.more", locale.Args{"More": len(items) - shown}))
}

// title heads a message with a title that somebody typed.
func (s *speech) title(id, title string) chat.Text { return s.text(id, locale.Args{"Title": title}) }

// where says where something is: an address, which must not be shortened.
func (s *speech) where(address string) chat.Text {
	if address == "" {
		return ""
	}
	return s.text("where", locale.Args{"Where": chat.Escape(address)})
}

// partner is the name of the reader's partner in a pair.
func (s *speech) partner(pair *store.Pair) string {
	id, _ := pair.Partner(s.to.ID)
	return s.name(id)
}

func (s *speech) name(personID string) string {
	if p := s.c.People[personID]; p != nil {
		return s.nameOf(p)
	}
	return "?"
}

// nameOf is what somebody is called; whose data was erased has no name any more.
func (s *speech) nameOf(p *store.Person) string {
	if p.Name == "" {
		return s.text("left.former", nil).Plain()
	}
	return p.Name
}

// comes reports whether the reader has said that they come to a session or event.
func (s *speech) comes(subjectID string) bool {
	a, _ := s.c.Answer(subjectID, s.to.ID)
	return a.Coming
}

// told reports whether anything about the same occurrence has reached the reader.
func (s *speech) told(m *store.Message) bool {
	return slices.ContainsFunc(s.c.Told, func(t store.Told) bool {
		return t.Kind == m.Kind && t.Subject == m.Subject && t.Occurrence == m.Occurrence &&
			t.PersonID == m.PersonID && t.GroupID == m.GroupID && t.State == store.Sent
	})
}

// answers are the buttons below a question whether somebody comes.
func (s *speech) answers(noun, id string) []chat.Button {
	return []chat.Button{
		s.button("come", strings.Join([]string{noun, id, "yes"}, " ")),
		s.button("cant", strings.Join([]string{noun, id, "no"}, " ")),
	}
}
