package store

import (
	"context"
	"database/sql"
	"fmt"
)

// maxDamage is how many faults of a database are told.
const maxDamage = 20

// Examine looks through the whole database for damage and returns what it finds, in the
// database's own words; on PostgreSQL, which looks after itself, nothing. Others may go on
// working meanwhile.
func (s *Store) Examine(ctx context.Context) (damage []string, err error) {
	if damage, err = s.engine.examine(ctx); err != nil {
		return nil, fmt.Errorf("examine database: %w", err)
	}
	return damage, nil
}

func (e *postgres) examine(ctx context.Context) ([]string, error) { return nil, e.db.PingContext(ctx) }

func (e *memory) examine(context.Context) ([]string, error) { return nil, nil }

func (e *sqlite) examine(ctx context.Context) (damage []string, err error) {
	err = onConnection(e.path, forLooking, func(db *sql.DB) error {
		damage, err = damageOf(ctx, db)
		return err
	})
	return damage, err
}

// damageOf is Examine for a SQLite file.
func damageOf(ctx context.Context, db *sql.DB) (damage []string, err error) {
	damage, err = complaints(ctx, db, fmt.Sprintf(`PRAGMA integrity_check(%d)`, maxDamage))
	if err != nil {
		return nil, err
	}
	lost, err := complaints(ctx, db, `SELECT DISTINCT 'a row of ' || "table" || ' refers to one of ' || parent || ' that is not there'
		FROM pragma_foreign_key_check`)
	return append(damage, lost...), err
}

// complaints are the rows of a query that aren't "ok", at most maxDamage of them.
func complaints(ctx context.Context, db *sql.DB, query string) (all []string, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() && len(all) < maxDamage {
		var found string
		if err := rows.Scan(&found); err != nil {
			return nil, err
		}
		if found != "ok" {
			all = append(all, found)
		}
	}
	return all, rows.Err()
}
