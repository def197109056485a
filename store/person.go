package store

import (
	"fmt"
	"time"
)

// A Person is a human, in any number of cycles.
type Person struct {
	ID, Slug, Name, City, Country string
	Language                      string // "": the cycle's
	Zone                          string // IANA; "": the cycle's
	Quiet                         *Quiet // nil: the cycle's
	// LanguageChosen, ZoneChosen and QuietChosen say that the person chose it in
	// chat, so that a program file no longer changes it.
	LanguageChosen, ZoneChosen, QuietChosen bool
	PausedUntil                             time.Time // no reminders before it; zero: never paused
	ShowsName                               bool      // others may see by name that they come
	NameChosen                              bool      // they have decided on ShowsName
}

func (p *Person) check() error {
	if !ValidSlug(p.Slug) {
		return ErrSlug
	}
	return checkZone(p.Zone)
}

// checkZone takes an IANA zone, or "" for the cycle's.
func checkZone(name string) error {
	if name == "" {
		return nil
	}
	if _, err := Zone(name); err != nil {
		return ErrZone
	}
	return nil
}

const personColumns = `id, slug, name, city, country, language,
	zone, quiet, language_chosen, zone_chosen, quiet_chosen, paused_until, shows_name, name_chosen`

// fields are where to scan personColumns.
func (p *Person) fields() []any {
	return []any{&p.ID, &p.Slug, &p.Name, &p.City, &p.Country, &p.Language, &p.Zone, &scanQuiet{&p.Quiet},
		&p.LanguageChosen, &p.ZoneChosen, &p.QuietChosen, when(&p.PausedUntil), &p.ShowsName, &p.NameChosen}
}

func scanPerson(row scanner, p *Person) error { return row.Scan(p.fields()...) }

// scanQuiet reads quiet hours; "" is nil.
type scanQuiet struct{ to **Quiet }

func (q *scanQuiet) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("scan quiet hours: %T is not text", src)
	}
	if s == "" {
		*q.to = nil
		return nil
	}
	quiet, err := ParseQuiet(s)
	*q.to = &quiet
	return err
}

func quietText(q *Quiet) string {
	if q == nil {
		return ""
	}
	return q.String()
}

// Person returns a person by id.
func (tx *Tx) Person(id string) (Person, error) {
	return one(tx, "read person", scanPerson, `SELECT `+personColumns+` FROM person WHERE id = $1`, id)
}

// PersonBySlug returns a person by the id that a program file gives them.
func (tx *Tx) PersonBySlug(slug string) (Person, error) {
	return one(tx, "read person", scanPerson, `SELECT `+personColumns+` FROM person WHERE slug = $1`, slug)
}

// People returns everybody in the programme, in no particular order.
func (tx *Tx) People() ([]Person, error) {
	return list(tx, "read people", scanPerson, `SELECT `+personColumns+` FROM person`)
}

// InsertPerson adds a person and sets their ID, unless they have one.
func (tx *Tx) InsertPerson(p *Person) error {
	if err := p.check(); err != nil {
		return err
	}
	fill(&p.ID)
	return tx.write("insert person", ErrKnown, `INSERT INTO person (id, slug, name, city, country, language,
		zone, quiet, language_chosen, zone_chosen, quiet_chosen, paused_until, shows_name, name_chosen)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`,
		p.ID, p.Slug, clean(p.Name), clean(p.City), clean(p.Country), clean(p.Language),
		p.Zone, quietText(p.Quiet), p.LanguageChosen, p.ZoneChosen, p.QuietChosen, ms(p.PausedUntil),
		p.ShowsName, p.NameChosen)
}

// UpdatePerson writes what a program file says of a person: name, city, country,
// and language, zone and quiet hours as far as the person hasn't chosen them in
// chat.
func (tx *Tx) UpdatePerson(p Person) error {
	if err := checkZone(p.Zone); err != nil {
		return err
	}
	return tx.changePerson(p.ID, `UPDATE person SET name = $1, city = $2, country = $3,
		language = CASE WHEN language_chosen THEN language ELSE $4 END,
		zone = CASE WHEN zone_chosen THEN zone ELSE $5 END,
		quiet = CASE WHEN quiet_chosen THEN quiet ELSE $6 END
		WHERE id = $7`,
		clean(p.Name), clean(p.City), clean(p.Country), clean(p.Language), p.Zone, quietText(p.Quiet), p.ID)
}

// ChooseLanguage notes the language that a person chose in chat.
func (tx *Tx) ChooseLanguage(personID, language string) error {
	return tx.changePerson(personID, `UPDATE person SET language = $1, language_chosen = TRUE WHERE id = $2`,
		clean(language), personID)
}

// ChooseZone notes the IANA zone that a person chose in chat.
func (tx *Tx) ChooseZone(personID, zone string) error {
	if _, err := Zone(zone); err != nil {
		return ErrZone
	}
	return tx.changePerson(personID, `UPDATE person SET zone = $1, zone_chosen = TRUE WHERE id = $2`, zone, personID)
}

// ChooseQuiet notes the quiet hours that a person chose in chat.
func (tx *Tx) ChooseQuiet(personID string, q Quiet) error {
	return tx.changePerson(personID, `UPDATE person SET quiet = $1, quiet_chosen = TRUE WHERE id = $2`,
		q.String(), personID)
}

// Pause stops a person's reminders until an instant; the zero time ends a pause, now:
// what was due in it isn't made up for.
func (tx *Tx) Pause(personID string, until time.Time) error {
	if until.IsZero() {
		return tx.changePerson(personID, `UPDATE person SET paused_until = CASE WHEN paused_until > $1 THEN $1
			ELSE paused_until END WHERE id = $2`, ms(tx.Now()), personID)
	}
	return tx.changePerson(personID, `UPDATE person SET paused_until = $1 WHERE id = $2`, ms(until), personID)
}

// ShowName notes that a person has decided whether others may see by name that they
// come.
func (tx *Tx) ShowName(personID string, shows bool) error {
	return tx.write("note whether name is shown", ErrNotFound,
		`UPDATE person SET shows_name = $1, name_chosen = TRUE WHERE id = $2`, shows, personID)
}

func (tx *Tx) changePerson(id, query string, args ...any) error {
	if err := tx.write("update person", ErrNotFound, query, args...); err != nil {
		return err
	}
	return tx.TouchPerson(id)
}

// RemovePerson takes a person out of the programme, with their memberships,
// invitations and calendar address, and whatever was planned for them. It refuses with
// a [*KeptError] when that would lose something that happened, or while they are in a
// pair.
func (tx *Tx) RemovePerson(id string) error {
	if err := keeping(tx.PersonTraces(id)); err != nil {
		return err
	}
	if err := tx.TouchPerson(id); err != nil {
		return err
	}
	for _, query := range []string{
		`DELETE FROM message WHERE person_id = $1`,
		`DELETE FROM invitation WHERE person_id = $1`,
		`DELETE FROM feed WHERE person_id = $1`,
		`DELETE FROM reading WHERE person_id = $1`,
		`DELETE FROM member WHERE person_id = $1`,
	} {
		if err := tx.run("remove what belongs to person", query, id); err != nil {
			return err
		}
	}
	return tx.write("remove person", ErrNotFound, `DELETE FROM person WHERE id = $1`, id)
}
