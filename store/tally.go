package store

import (
	"fmt"
	"time"
)

// A Tally counts what a database holds, for whoever watches it.
type Tally struct {
	Messages map[MessageState]int // every state there is, if only with 0
	Oldest   time.Time            // when the planned message that is due first is due; zero: none
	Unsent   int                  // replies that are not noted as sent
	Size     int64                // of the database, in bytes
	Latest   time.Time            // of the latest request with an effect, or settled message
}

// Tally counts. It looks at every message, which takes tens of milliseconds where there
// are a hundred thousand.
func (tx *Tx) Tally() (t Tally, err error) {
	type group struct {
		state MessageState
		n     int
	}
	groups, err := list(tx, "count messages", func(row scanner, g *group) error { return row.Scan(&g.state, &g.n) },
		`SELECT `+stateColumn+` AS told, COUNT(*) FROM message GROUP BY told`)
	if err != nil {
		return t, err
	}
	t.Messages = map[MessageState]int{Planned: 0, OnHold: 0, Sent: 0, Withdrawn: 0, Missed: 0, Failed: 0}
	for _, g := range groups {
		t.Messages[g.state] = g.n
	}
	if t.Oldest, err = tx.NextMessage(); err != nil {
		return t, err
	}
	t.Unsent, err = one(tx, "count unsent replies", column[int], `SELECT COUNT(*) FROM handled WHERE unsent`)
	if err != nil {
		return t, err
	}
	err = tx.row(`SELECT COALESCE(MAX(at), 0) FROM (SELECT MAX(settled_at) AS at FROM message
		UNION ALL SELECT MAX(handled_at) FROM handled) AS latest`).Scan(when(&t.Latest))
	if err != nil {
		return t, fmt.Errorf("read latest instant: %w", err)
	}
	t.Size, err = one(tx, "read size of database", column[int64], tx.dialect.size)
	return t, err
}
