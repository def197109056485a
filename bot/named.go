package bot

import (
	"slices"
	"strings"
	"unicode"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// A named is somebody, or a pair, who is found by what is typed of their names and
// cities.
type named struct {
	offer
	names  []string
	cities []string
	apart  [2]string // tell it from others with the same label: the first alone, if it does
}

// namedPerson is a member of the cycle spoken of. A role tells people of one name and
// city apart.
func (t *turn) namedPerson(m *store.Member) named {
	name, city := t.name(m.PersonID), ""
	if p := t.c.People[m.PersonID]; p != nil {
		city = p.City
	}
	return named{offer{name, m.PersonID}, []string{name}, []string{city}, [2]string{city, t.role(m.Role).Plain()}}
}

// peopleNamed are those of the members of the cycle spoken of that suit.
func (t *turn) peopleNamed(suits func(*store.Member) bool) (all []named) {
	for i := range t.c.Members {
		if m := &t.c.Members[i]; suits(m) {
			all = append(all, t.namedPerson(m))
		}
	}
	tellApart(all)
	return all
}

// namedPair is a pair of a cycle, as who reads both names sees it.
func (s *speech) namedPair(c *store.Snapshot, p *store.Pair) named {
	mentor, mentee := c.People[p.MentorID], c.People[p.MenteeID]
	names, cities := []string{s.nameOf(mentor), s.nameOf(mentee)}, []string{mentor.City, mentee.City}
	from := strings.Join(slices.DeleteFunc(slices.Clone(cities), func(city string) bool { return city == "" }), dash)
	return named{offer{strings.Join(names, dash), p.ID}, names, cities, [2]string{from, c.Cycle.Title}}
}

// dash stands between the two of a pair.
const dash = " – "

// namedPartner is a pair as one of it sees it: the other one.
func (s *speech) namedPartner(partner *store.Person, pairID, title string) named {
	name := s.nameOf(partner)
	return named{offer{name, pairID}, []string{name}, []string{partner.City}, [2]string{partner.City, title}}
}

// tellApart sorts what is named by its label, and adds to labels that would look the
// same what tells them apart.
func tellApart(all []named) {
	bare := make([]string, len(all))
	added := make([][]string, len(all))
	for i := range all {
		bare[i] = all[i].label
	}
	for k := range len(named{}.apart) {
		alike := map[string][]string{} // what would be added, by label
		for i := range all {
			shown := label(all[i].label)
			if what := all[i].apart[k]; !slices.Contains(alike[shown], what) {
				alike[shown] = append(alike[shown], what)
			}
		}
		for i := range all {
			what := all[i].apart[k]
			if what == "" || len(alike[label(all[i].label)]) < 2 {
				continue
			}
			added[i] = append(added[i], what)
			all[i].label = fit(bare[i], labelRunes*3/5) + " (" + fit(strings.Join(added[i], ", "), labelRunes*2/5-3) + ")"
		}
	}
	folded := map[string]string{}
	for i := range all {
		folded[all[i].label] = locale.Fold(all[i].label)
	}
	slices.SortStableFunc(all, func(a, b named) int { return strings.Compare(folded[a.label], folded[b.label]) })
}

// lookUp finds who is meant at the front of what was typed. exact: it is all of their
// name, or what stands on their button; else each word that was typed begins a word of
// their names and cities.
func lookUp(all []named, text string) (found []named, rest string, exact bool) {
	wordings := make([]wording, len(all))
	most := 0
	for i := range all {
		wordings[i] = all[i].wording()
		most = max(most, wordings[i].most)
	}
	words := strings.Fields(text)
	for n := min(len(words), most); n > 0; n-- {
		typed := locale.Fold(strings.Join(words[:n], " "))
		parts := nameWords(typed)
		for _, exact = range []bool{true, false} {
			for i := range all {
				if exact && slices.Contains(wordings[i].exactly, typed) || !exact && wordings[i].has(parts) {
					found = append(found, all[i])
				}
			}
			if len(found) > 0 {
				return found, strings.Join(words[n:], " "), exact
			}
		}
	}
	return nil, text, false
}

// A wording is what somebody is found by, folded.
type wording struct {
	exactly []string
	words   []string
	most    int // how many words what is typed can have
}

func (n *named) wording() (l wording) {
	for _, text := range append([]string{n.label, strings.Join(n.names, dash)}, n.names...) {
		l.exactly = append(l.exactly, locale.Fold(strings.Join(strings.Fields(text), " ")))
	}
	all := strings.Join(append(slices.Clone(n.names), n.cities...), " ")
	l.words = nameWords(locale.Fold(all))
	l.most = max(len(strings.Fields(n.label)), len(strings.Fields(all))) + 1 // the dash of a pair
	return l
}

// has reports whether each of some words begins one of the name's. A single letter has
// to be a whole one: so many begin with it.
func (l *wording) has(parts []string) bool {
	short := len([]rune(strings.Join(parts, ""))) < 2
	for _, part := range parts {
		begins := func(word string) bool { return word == part || !short && strings.HasPrefix(word, part) }
		if !slices.ContainsFunc(l.words, begins) {
			return false
		}
	}
	return len(parts) > 0
}

// nameWords are the words of a name, without what stands between them.
func nameWords(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
}

// among is kept with the options: what was typed of a name that fits several. Then they
// are all that is offered.
const among = "among"

// offersAmong are offers for what is named.
func (t *turn) offersAmong(all []named) (offers []offer) {
	if typed := t.args[among]; typed != "" {
		all, _, _ = lookUp(all, typed)
	}
	for i := range all {
		offers = append(offers, all[i].offer)
	}
	return offers
}

// readNamed finds who is meant by what was typed at the front of a text. What fits
// several is not read: who asks gets to choose from them.
func (t *turn) readNamed(all []named, text string) (value, rest string, ok bool) {
	found, rest, exact := lookUp(all, text)
	switch {
	case len(found) == 0 || !t.goesOn(rest, exact):
		return "", text, false
	case len(found) == 1:
		return found[0].value, rest, true
	}
	words := strings.Fields(text)
	t.args[among] = strings.Join(words[:len(words)-len(strings.Fields(rest))], " ")
	return "", text, false
}

// severalFit says that what was typed fits several.
func (t *turn) severalFit() chat.Text {
	return t.text("ask.several", locale.Args{"What": t.args[among]})
}

// goesOn reports whether what stands behind a name can do so: nothing, or more options.
// Else it belongs to the name, which is another's. Behind a whole name stands what was
// mistyped, perhaps, but nothing for which anything typed would do.
func (t *turn) goesOn(rest string, exact bool) bool {
	if rest == "" {
		return true
	}
	if len(t.later) == 0 || t.later[0].free {
		return false
	}
	return exact || slices.ContainsFunc(t.later, func(o option) bool {
		_, _, ok := o.read(t, rest)
		return ok
	})
}
