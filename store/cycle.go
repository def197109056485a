package store

import "time"

// A Cycle is one run of the programme.
type Cycle struct {
	ID, Slug, Title string
	Zone            string // IANA
	Language        string
	Starts, Ends    Date
	Minimum         int  // individual meetings of each pair
	By              Date // inclusive: when the minimum must be reached
	MeetingLength   time.Duration
	Rules           Rules
	Version         int64     // raised by every change of what a plan reads
	PlannedTo       time.Time // the instant up to which the outbox holds what was due; zero: never planned
	Hold            Hold      // of messages that may have gone out before a restore
}

func (c *Cycle) check() error {
	if _, err := Zone(c.Zone); err != nil {
		return ErrZone
	}
	switch {
	case !ValidSlug(c.Slug):
		return ErrSlug
	case c.Minimum < 1:
		return ErrMinimum
	case c.Ends < c.Starts, c.By < c.Starts, c.By > c.Ends:
		return ErrDates
	}
	return nil
}

// inside refuses a day on which the cycle doesn't run.
func (c *Cycle) inside(day Date) error {
	switch {
	case day < c.Starts:
		return ErrBeforeCycle
	case day > c.Ends:
		return ErrAfterCycle
	}
	return nil
}

// Location returns the cycle's zone.
func (c *Cycle) Location() *time.Location { return location(c.Zone) }

// wall returns what calendar and clock of the cycle show at t.
func (c *Cycle) wall(t time.Time) Wall { return WallOf(t.In(c.Location())) }

// local refuses a wall clock time that the cycle's zone skips.
func (c *Cycle) local(w Wall) error {
	if !w.ExistsIn(c.Location()) {
		return ErrNoSuchTime
	}
	return nil
}

const cycleColumns = `id, slug, title, zone, language, starts, ends, minimum, due_by,
	meeting_length, rules, version, planned_to, held_from, held_to`

const selectCycle = `SELECT ` + cycleColumns + ` FROM cycle`

// fields are where to scan cycleColumns.
func (c *Cycle) fields() []any {
	return []any{&c.ID, &c.Slug, &c.Title, &c.Zone, &c.Language, &c.Starts, &c.Ends, &c.Minimum, &c.By,
		lasting(&c.MeetingLength), &scanRules{&c.Rules}, &c.Version, when(&c.PlannedTo),
		when(&c.Hold.From), when(&c.Hold.To)}
}

func scanCycle(row scanner, c *Cycle) error { return row.Scan(c.fields()...) }

// Cycles returns all cycles, in no particular order.
func (tx *Tx) Cycles() ([]Cycle, error) {
	return list(tx, "read cycles", scanCycle, selectCycle)
}

// Cycle returns a cycle by its id.
func (tx *Tx) Cycle(id string) (Cycle, error) {
	return one(tx, "read cycle", scanCycle, selectCycle+` WHERE id = $1`, id)
}

// CycleBySlug returns a cycle by the id that its program file gives it.
func (tx *Tx) CycleBySlug(slug string) (Cycle, error) {
	return one(tx, "read cycle", scanCycle, selectCycle+` WHERE slug = $1`, slug)
}

// InsertCycle adds a cycle that was never planned and sets its ID, unless it has
// one, and its Version.
func (tx *Tx) InsertCycle(c *Cycle) error {
	if err := c.check(); err != nil {
		return err
	}
	rules, err := c.Rules.encode()
	if err != nil {
		return err
	}
	fill(&c.ID)
	c.Version, c.PlannedTo, c.Hold = 1, time.Time{}, Hold{}
	return tx.write("insert cycle", ErrKnown, `INSERT INTO cycle (id, slug, title, zone, language, starts, ends,
		minimum, due_by, meeting_length, rules) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT DO NOTHING`,
		c.ID, c.Slug, clean(c.Title), c.Zone, clean(c.Language), c.Starts, c.Ends,
		c.Minimum, c.By, c.MeetingLength.Milliseconds(), rules)
}

// UpdateCycle writes what a program file says of the cycle: everything but ID,
// Slug, Version, PlannedTo and Hold. Other rules bring the latter to now: what they would
// have made due long ago must not be looked at. Another zone moves the sessions and events
// that go by the cycle's clock, as far as they aren't over.
func (tx *Tx) UpdateCycle(c Cycle) error {
	if err := c.check(); err != nil {
		return err
	}
	rules, err := c.Rules.encode()
	if err != nil {
		return err
	}
	have, err := tx.Cycle(c.ID)
	if err != nil {
		return err
	}
	err = tx.write("update cycle", ErrNotFound, `UPDATE cycle SET title = $1, zone = $2, language = $3, starts = $4,
		ends = $5, minimum = $6, due_by = $7, meeting_length = $8, rules = $9, planned_to = CASE WHEN rules <> $9
		AND planned_to > 0 AND planned_to < $10 THEN $10 ELSE planned_to END WHERE id = $11`,
		clean(c.Title), c.Zone, clean(c.Language), c.Starts,
		c.Ends, c.Minimum, c.By, c.MeetingLength.Milliseconds(), rules, ms(tx.Now()), c.ID)
	if err != nil {
		return err
	}
	if have.Zone != c.Zone {
		if err := tx.rezone(&have, &c); err != nil {
			return err
		}
	}
	return tx.Touch(c.ID)
}
