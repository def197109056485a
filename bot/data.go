package bot

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// data gives the person all that is kept of them, as a text file. It is made anew each
// time, and kept nowhere.
func (t *turn) data() error {
	r, err := t.tx.Record(t.me())
	if err != nil {
		return err
	}
	d := dossier{turn: t, r: r, names: map[string]string{}}
	if err := d.meet(); err != nil {
		return err
	}
	if err := d.write(); err != nil {
		return err
	}
	who := store.Slugify(t.to.Name, func(slug string) bool { return slug == noSlug })
	if strings.HasPrefix(who, noSlug) {
		who = t.to.Slug // a name in letters that a file's can't have everywhere
	}
	t.reply.Update = false
	t.say("data.done", nil, t.lead("settings", "settings"), t.lead("privacy", "privacy"))
	t.reply.Files = []chat.File{{
		Name: d.word("data.file", locale.Args{"Who": who}), Type: "text/plain; charset=utf-8", Data: []byte(d.text.String()),
	}}
	return nil
}

// noSlug is what is made of a name without any letter that a slug could have.
const noSlug = "item"

// A dossier is what is kept of somebody, put in words, as plain text.
type dossier struct {
	*turn
	r        *store.Record
	names    map[string]string // of whom the reader may know by name, by id
	lines    []string          // of the section that is being written
	text     strings.Builder
	subjects map[string]string // titles of sessions and events, by id
}

// meet learns the names of partners and of coordinators: of nobody else.
func (d *dossier) meet() error {
	d.names[d.me()] = d.word("data.by-you", nil)
	var known []string
	for i := range d.r.Pairs {
		partner, _ := d.r.Pairs[i].Partner(d.me())
		known = append(known, partner)
	}
	for i := range d.r.Parts {
		members, err := d.tx.Members(d.r.Parts[i].CycleID)
		if err != nil {
			return err
		}
		for _, m := range members {
			if m.Role == store.Coordinator {
				known = append(known, m.PersonID)
			}
		}
	}
	for _, id := range known {
		p, err := d.tx.Person(id)
		if err != nil {
			return err
		}
		if _, met := d.names[id]; !met {
			d.names[id] = oneLine(d.nameOf(&p))
		}
	}
	return nil
}

// by names whoever did something.
func (d *dossier) by(personID string) string {
	if name := d.names[personID]; name != "" {
		return name
	}
	return d.word("data.by-other", nil)
}

// word finds a text whose values are shown whole, and without markup.
func (d *dossier) word(id string, args locale.Args) string {
	text, err := d.language.Text(id, args)
	if err != nil && d.err == nil {
		d.err = err
	}
	return text
}

// line adds a line to the section, of what isn't empty.
func (d *dossier) line(parts ...string) {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	d.lines = append(d.lines, strings.Join(said, "; "))
}

// field adds a line with something that has a name.
func (d *dossier) field(id, value string) {
	if value = oneLine(value); value == "" {
		value = d.word("data.none", nil)
	}
	d.line(d.word(id, nil) + ": " + value)
}

// section ends the section, under its title.
func (d *dossier) section(id string) {
	if len(d.lines) == 0 {
		d.line(d.word("data.none", nil))
	}
	fmt.Fprintf(&d.text, "\n%s\n", strings.ToUpper(d.word(id, nil)))
	for _, line := range d.lines {
		fmt.Fprintf(&d.text, "- %s\n", line)
	}
	d.lines = nil
}

// when tells an instant with its year, in the reader's zone; "" for none.
func (d *dossier) when(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	at = at.In(d.zone)
	return d.dated(store.DateOf(at)) + ", " + d.language.Clock(at)
}

// dated tells a day with its year.
func (d *dossier) dated(day store.Date) string {
	year, _, _ := day.Calendar()
	return d.word("data.day", locale.Args{"Day": d.language.Day(noon(day)), "Year": year})
}

// ever puts an instant in words, unless it never came.
func (d *dossier) ever(id string, at time.Time, by string) string {
	if at.IsZero() {
		return ""
	}
	return d.word(id, locale.Args{"When": d.when(at), "By": by})
}

func (d *dossier) yes(is bool) string {
	if is {
		return d.word("data.yes", nil)
	}
	return d.word("data.no", nil)
}

// titleOf returns what a session or an event is called.
func (d *dossier) titleOf(subjectID string) string {
	if title := d.subjects[subjectID]; title != "" {
		return title
	}
	title := ""
	if s, err := d.tx.Session(subjectID); err == nil {
		title = s.Title
	} else if e, err := d.tx.Event(subjectID); err == nil {
		title = e.Title
	} else if !errors.Is(err, store.ErrNotFound) && d.err == nil {
		d.err = err
	}
	if d.subjects == nil {
		d.subjects = map[string]string{}
	}
	d.subjects[subjectID] = oneLine(title)
	return d.subjects[subjectID]
}

// oneLine is a value on one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
