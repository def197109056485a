package store

import "time"

// An Entry of the journal says who did what, when, in a cycle.
type Entry struct {
	ID, CycleID string
	By          string    // person who did it
	For         string    // person for whom it was done, if a coordinator acted for somebody; else ""
	At          time.Time // when
	What        string    // stable code: log, session-add, session-move, …
	Subject     string    // id of what it was done to
	Before      string    // JSON of what undoing needs; "" if it can't be undone
	UndoneAt    time.Time // zero: it holds
	UndoneBy    string    // person
}

const selectEntry = `SELECT id, cycle_id, done_by, done_for, done_at, what, subject, undo, undone_at, undone_by FROM journal`

func scanEntry(row scanner, e *Entry) error {
	return row.Scan(&e.ID, &e.CycleID, &e.By, &e.For, when(&e.At), &e.What, &e.Subject, &e.Before,
		when(&e.UndoneAt), &e.UndoneBy)
}

// InsertEntry adds an entry to the journal and sets its ID, unless it has one, and At
// to now.
func (tx *Tx) InsertEntry(e *Entry) error {
	fill(&e.ID)
	e.At, e.UndoneAt, e.UndoneBy = kept(tx.Now()), time.Time{}, ""
	return tx.run("insert entry", `INSERT INTO journal (id, cycle_id, done_by, done_for, done_at, what, subject, undo)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.ID, e.CycleID, e.By, e.For, ms(e.At), e.What, e.Subject, clean(e.Before))
}

// Entry returns an entry of the journal by id.
func (tx *Tx) Entry(id string) (Entry, error) {
	return one(tx, "read entry", scanEntry, selectEntry+` WHERE id = $1`, id)
}

// Entries returns the last entries of a cycle's journal, at most limit of them, the
// latest first.
func (tx *Tx) Entries(cycleID string, limit int) ([]Entry, error) {
	return list(tx, "read entries", scanEntry,
		selectEntry+` WHERE cycle_id = $1 ORDER BY done_at DESC, id DESC LIMIT $2`, cycleID, limit)
}

// EntriesOf returns the entries of the journal about one subject, the latest first.
func (tx *Tx) EntriesOf(cycleID, subject string) ([]Entry, error) {
	return list(tx, "read entries of subject", scanEntry,
		selectEntry+` WHERE cycle_id = $1 AND subject = $2 ORDER BY done_at DESC, id DESC`, cycleID, subject)
}

// UndoEntry notes that what an entry tells was undone, now. ErrState: it was already.
func (tx *Tx) UndoEntry(id, by string) error {
	if _, err := tx.Entry(id); err != nil {
		return err
	}
	return tx.write("note undoing", ErrState,
		`UPDATE journal SET undone_at = $1, undone_by = $2 WHERE id = $3 AND undone_at = 0`, ms(tx.Now()), by, id)
}
