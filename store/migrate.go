package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/pressly/goose/v3"
	gooselock "github.com/pressly/goose/v3/lock"
)

// level is what this program knows of schemas: it may use each one that names
// this level or a lower one in schema_info. Raise it with each migration, and let
// the migration set oldest_binary to it if older programs would do harm.
const level = 4

//go:embed migrations/*.sql
var embedded embed.FS

// A migrations is a set of schema changes and the level of the program that
// brings them; tests have another than the program's.
type migrations struct {
	files fs.FS
	level int
}

var schema = func() migrations {
	files, err := fs.Sub(embedded, "migrations")
	if err != nil {
		panic(err) // the name above is wrong
	}
	return migrations{files, level}
}()

// migrate brings the schema up to what the program knows, or refuses.
func migrate(ctx context.Context, db *sql.DB, d goose.Dialect, m migrations) error {
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger())}
	if d == goose.DialectPostgres {
		// No advisory locks: poolers in front of PostgreSQL break them.
		locker, err := gooselock.NewPostgresTableLocker(
			gooselock.WithTableLockTimeout(200*time.Millisecond, 5*60*5),
			gooselock.WithTableLogger(slog.New(slog.DiscardHandler)))
		if err != nil {
			return err
		}
		options = append(options, goose.WithLocker(locker))
	}
	p, err := goose.NewProvider(d, db, m.files, options...)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if err := m.refuse(ctx, db, d); err != nil {
		return err
	}
	if err := up(ctx, p); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return m.refuse(ctx, db, d) // another program may have been quicker
}

// up migrates. On SQLite two processes that start at once aren't kept apart by a
// lock but by each migration being one transaction: the slower one fails, finds
// that somebody has gone on, and does the rest.
func up(ctx context.Context, p *goose.Provider) error {
	for before := int64(-1); ; {
		_, err := p.Up(ctx)
		if err == nil {
			return nil
		}
		now, versionErr := p.GetDBVersion(ctx)
		if versionErr != nil || now <= before {
			return err
		}
		before = now
	}
}

// ErrNewer refuses a database that needs a newer program.
var ErrNewer = errors.New("this database was written by a newer mentorbot")

// refuse tells whether the schema needs a newer program than this one.
func (m migrations) refuse(ctx context.Context, db *sql.DB, d goose.Dialect) error {
	find := "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_info'"
	if d == goose.DialectPostgres {
		find = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_info'"
	}
	var tables, oldest int
	if err := db.QueryRowContext(ctx, find).Scan(&tables); err != nil {
		return fmt.Errorf("look for the schema: %w", err)
	}
	if tables == 0 {
		return nil
	}
	if err := db.QueryRowContext(ctx, "SELECT oldest_binary FROM schema_info").Scan(&oldest); err != nil {
		return fmt.Errorf("read which programs may use the schema: %w", err)
	}
	if oldest > m.level {
		return fmt.Errorf("%w, of schema level %d, and this one knows levels up to %d: update this one", ErrNewer, oldest, m.level)
	}
	return nil
}
