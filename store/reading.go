package store

import "fmt"

// NoteRead notes that a person says they have read an announcement, and reports whether
// they say so for the first time. Of an announcement that isn't there it notes nothing.
func (tx *Tx) NoteRead(announcementID, personID string) (first bool, err error) {
	n, err := tx.exec(`INSERT INTO reading (announcement_id, person_id, read_at)
		SELECT announcement.id, person.id, $3 FROM announcement, person WHERE announcement.id = $1 AND person.id = $2
		ON CONFLICT (announcement_id, person_id) DO NOTHING`, announcementID, personID, ms(tx.Now()))
	if err != nil {
		return false, fmt.Errorf("note reading: %w", err)
	}
	return n > 0, nil
}

// Readers returns the ids of those who say they have read an announcement, in the order
// in which they did.
func (tx *Tx) Readers(announcementID string) ([]string, error) {
	return list(tx, "read readers", column[string],
		`SELECT person_id FROM reading WHERE announcement_id = $1 ORDER BY read_at, person_id`, announcementID)
}
