package bot_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// A town is a hall with a second cycle, of which the people of the first know
// nothing, and in which something of everything has happened.
type town struct {
	*hall
	second store.Cycle
	// cycleOf says in which cycle somebody is, by slug; ids of things are the hall's,
	// those of the second cycle under "far-…".
	everybody []string
	names     map[string]string // by slug
}

// newTown opens a town. Everybody in it has joined; "gone" has left, "new" has not
// begun, and "stranger" is nobody.
func newTown(h *hall) *town {
	h.Helper()
	w := &town{hall: h, names: map[string]string{}}
	h.everyone()
	h.do(func(tx *store.Tx) error {
		w.second = h.cycle
		w.second.ID, w.second.Slug, w.second.Title = "", "far", "Far cycle"
		must(tx.InsertCycle(&w.second))
		for slug, role := range map[string]store.Role{
			"far-mentor": store.Mentor, "far-mentee": store.Mentee, "far-coordinator": store.Coordinator,
		} {
			w.add(tx, w.second.ID, slug, role)
		}
		w.add(tx, h.cycle.ID, "gone", store.Mentee)
		w.add(tx, h.cycle.ID, "new", store.Mentee)
		p := store.Pair{CycleID: w.second.ID, MentorID: h.ids["far-mentor"], MenteeID: h.ids["far-mentee"]}
		must(tx.InsertPair(&p))
		h.ids["far-pair"] = p.ID
		s := store.Session{CycleID: w.second.ID, Slug: "far-spring", Title: "Far session",
			At: store.NewDate(2027, 3, 4).At(18 * 60), Length: 90 * time.Minute, Where: "https://far.example.org/"}
		must(tx.InsertSession(&s))
		h.ids["far-spring"] = s.ID
		e := store.Event{CycleID: w.second.ID, Slug: "far-event", Title: "Far event", Place: "Faraway",
			From: store.NewDate(2027, 6, 18), To: store.NewDate(2027, 6, 20)}
		must(tx.InsertEvent(&e))
		h.ids["far-belgrade"] = e.ID
		return nil
	})
	for _, who := range []string{"far-mentor", "far-mentee", "far-coordinator", "gone"} {
		h.joins(who)
	}
	h.do(func(tx *store.Tx) error { return tx.Leave(h.cycle.ID, h.ids["gone"]) })
	h.taps("mentee", "log "+h.ids["pair-mentee"]+" 2027-02-08 60")
	h.taps("far-mentee", "log "+h.ids["far-pair"]+" 2027-02-08 60")
	w.collect("", h.cycle.ID)
	w.collect("far-", w.second.ID)
	h.do(func(tx *store.Tx) error {
		people, err := tx.People()
		for _, p := range people {
			w.names[p.Slug] = p.Name
			w.everybody = append(w.everybody, p.Slug)
		}
		return err
	})
	slices.Sort(w.everybody)
	h.tick()
	return w
}

func (w *town) add(tx *store.Tx, cycleID, slug string, role store.Role) {
	p := store.Person{Slug: slug, Name: "Zzz " + strings.ToUpper(slug)}
	must(tx.InsertPerson(&p))
	must(tx.PutMember(store.Member{CycleID: cycleID, PersonID: p.ID, Role: role}))
	w.ids[slug] = p.ID
}

// collect finds the ids of what has happened in a cycle.
func (w *town) collect(prefix, cycleID string) {
	w.do(func(tx *store.Tx) error {
		meetings, err := tx.Meetings(cycleID)
		must(err)
		w.ids[prefix+"meeting"] = meetings[0].ID
		entries, err := tx.Entries(cycleID, 1)
		must(err)
		w.ids[prefix+"entry"] = entries[0].ID
		w.ids[prefix+"cycle"] = cycleID
		author := "coordinator"
		if prefix != "" {
			author = "far-coordinator"
		}
		a := store.Announcement{CycleID: cycleID, AuthorID: w.ids[author], Audience: store.AudienceEveryone, Text: "Hello " + prefix + "all"}
		must(tx.InsertAnnouncement(&a))
		w.ids[prefix+"announcement"] = a.ID
		return nil
	})
}

var (
	rawKey      = regexp.MustCompile(`\b(?:button|ask|hint|log|start|refused|denied|sorry|command|manage|people|announce|settings|event|session|digest|pace)\.[a-z][a-z-]+\b`)
	placeholder = regexp.MustCompile(`\{\{|\}\}|<no value>|%!|<nil>|\bNaN\b`)
)

// faults says what is wrong with what somebody is shown.
func (w *town) faults(m chat.Message, typed bool) (faults []string) {
	bad := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	plain := m.Text.Plain()
	if strings.TrimSpace(plain) == "" {
		bad("there is no text")
	}
	if n := chat.UTF16Len(string(m.Text)); n > chat.MaxText && !typed {
		bad("the text has %d units", n)
	}
	if len(m.Buttons) > chat.MaxButtons {
		bad("there are %d buttons", len(m.Buttons))
	}
	read := []string{plain}
	for _, b := range m.Buttons {
		if b.Label == "" || chat.UTF16Len(b.Label) > chat.MaxLabel || (b.Command == "") != b.Private || len(b.Command) > chat.MaxCommand {
			bad("the button %+v", b)
		}
		read = append(read, b.Label)
	}
	for _, f := range m.Files {
		if f.Name == "" || strings.ContainsAny(f.Name, "/\\\n") || len(f.Data) == 0 {
			bad("the file %q of %d bytes", f.Name, len(f.Data))
		}
		read = append(read, string(f.Data))
	}
	for _, text := range read {
		for _, wordless := range []string{"made a change (", "promena (", "something changed", "neka promena"} { // of the journal
			if strings.Contains(text, wordless) {
				bad("the journal has no words for something in %q", text)
			}
		}
		for _, typed := range texts { // what was typed is shown as typed
			if strings.ContainsAny(typed, "{%") {
				text = strings.ReplaceAll(text, typed, "")
			}
		}
		if found := placeholder.FindString(text); found != "" {
			bad("%q is shown in %q", found, text)
		}
		if found := rawKey.FindString(text); found != "" && !strings.Contains(text, "BEGIN:VCALENDAR") {
			bad("the key %q is shown in %q", found, text)
		}
	}
	for what, id := range w.ids {
		for _, text := range read[:1+len(m.Buttons)] {
			if strings.Contains(text, id) {
				bad("the id of %s is shown in %q", what, text)
			}
		}
	}
	return faults
}

// strange returns what somebody reads of whom they have nothing to do with: of the
// other cycle everything, and, for whoever isn't a coordinator, names of people who
// haven't agreed and aren't their partner.
func (w *town) strange(who string, m chat.Message) (found []string) {
	far := strings.HasPrefix(who, "far-")
	var text strings.Builder
	text.WriteString(m.Text.Plain())
	for _, b := range m.Buttons {
		text.WriteString("\n" + b.Label)
	}
	for _, f := range m.Files {
		text.Write(f.Data)
	}
	read := text.String()
	for _, typed := range texts { // they may have typed it themselves
		read = strings.ReplaceAll(read, "“"+typed+"”", "")
		read = strings.ReplaceAll(read, "„"+typed+"“", "")
	}
	for _, word := range w.secrets(who, far) {
		if hasWord(read, word) {
			found = append(found, word)
		}
	}
	return found
}

// hasWord reports whether a word stands in a text, and not as the beginning of another.
func hasWord(text, word string) bool {
	for {
		_, rest, ok := strings.Cut(text, word)
		if !ok {
			return false
		}
		if r, _ := utf8.DecodeRuneInString(rest); !unicode.IsLetter(r) {
			return true
		}
		text = rest
	}
}

func (w *town) secrets(who string, far bool) (words []string) {
	if !far {
		words = append(words, "Far cycle", "Far session", "Far event", "Faraway", "https://far.example.org/")
	} else {
		words = append(words, "Pilot cycle", "Spring session", "Live event in Belgrade", "https://meet.example.org/spring")
	}
	partners := map[string][]string{
		"mentee": {"mentor"}, "second": {"mentor"}, "mentor": {"mentee", "second"},
		"far-mentee": {"far-mentor"}, "far-mentor": {"far-mentee"},
	}
	for slug, name := range w.names {
		other := strings.HasPrefix(slug, "far-") != far || who == "stranger"
		mine := slug == who || slices.Contains(partners[who], slug) || strings.HasSuffix(slug, "coordinator") ||
			strings.HasSuffix(who, "coordinator")
		if other || !mine {
			words = append(words, name)
		}
	}
	return words
}
