package store_test

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

// eachDatabase runs a test with the address of an empty database of each kind.
func eachDatabase(t *testing.T, test func(t *testing.T, database string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, storetest.SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, storetest.Postgres(t)) })
}

func mustMigrate(t *testing.T, database string, files fs.FS, level int) {
	t.Helper()
	if err := store.Migrate(t.Context(), database, files, level); err != nil {
		t.Fatal(err)
	}
}

// files returns the program's migrations and more.
func files(t *testing.T, more map[string]string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	own, _ := store.Schema()
	err := fs.WalkDir(own, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(own, path)
		all[path] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range more {
		all[name] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + text)}
	}
	return all
}

// A database of the first program becomes one of this program: with the schema of
// a new one, and with all it held.
func TestUpgradeOfTheFirstSchema(t *testing.T) {
	frozen, err := os.ReadFile("testdata/first_schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	eachDatabase(t, func(t *testing.T, database string) {
		mustMigrate(t, database, fstest.MapFS{"00001_first.sql": {Data: frozen}}, 1)
		s := openAt(t, database)
		if s.Postgres() {
			wantSchema(t, s, postgresSchema, openAt(t, storetest.Postgres(t)))
		} else {
			wantSchema(t, s, sqliteSchema, openAt(t, storetest.SQLite(t)))
		}
		wantFirstRows(t, s)
	})
}

const (
	sqliteSchema   = "SELECT name || ': ' || COALESCE(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite%'"
	postgresSchema = `SELECT table_name || '.' || column_name || ': ' || data_type || ' ' || is_nullable || ' ' || COALESCE(column_default, '')
		FROM information_schema.columns WHERE table_schema = current_schema() AND table_name <> 'goose_lock'
		UNION ALL SELECT replace(indexdef, current_schema(), '') FROM pg_indexes WHERE schemaname = current_schema() AND tablename <> 'goose_lock'`
)

// wantSchema compares what a query tells of two databases' schemas.
func wantSchema(t *testing.T, s *store.Store, query string, fresh *store.Store) {
	t.Helper()
	got, want := texts(t, s, query), texts(t, fresh, query)
	if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
		t.Errorf("a new database has %d things, the upgraded one differs: %s", len(want), diff)
	}
}

// texts returns the rows of one column, sorted.
func texts(t *testing.T, s *store.Store, query string) (all []string) {
	t.Helper()
	mustView(t, s, func(tx *store.Tx) error {
		rows, err := tx.Query(query)
		if err != nil {
			return err
		}
		for rows.Next() {
			var text string
			if err := rows.Scan(&text); err != nil {
				return err
			}
			all = append(all, text)
		}
		return rows.Err()
	})
	slices.Sort(all)
	return all
}

// wantFirstRows looks at the rows of the frozen schema through the nouns.
func wantFirstRows(t *testing.T, s *store.Store) {
	t.Helper()
	mustView(t, s, func(tx *store.Tx) error {
		cycle, err := tx.CycleBySlug("pilot")
		if err != nil {
			return err
		}
		snapshot, err := tx.Snapshot(cycle.ID)
		if err != nil {
			return err
		}
		got := map[string]int{
			"members": len(snapshot.Members), "people": len(snapshot.People), "pairs": len(snapshot.Pairs),
			"meetings": len(snapshot.Meetings), "sessions": len(snapshot.Sessions), "events": len(snapshot.Events),
			"answers": len(snapshot.Answers), "agenda": len(snapshot.Events[0].Agenda), "minimum": cycle.Minimum,
			"announcements": len(snapshot.Announcements),
		}
		want := map[string]int{
			"members": 3, "people": 3, "pairs": 1, "meetings": 2, "sessions": 1, "events": 1, "answers": 1, "agenda": 1, "minimum": 6,
			"announcements": 1,
		}
		if !maps.Equal(got, want) {
			t.Errorf("the snapshot has %v, want %v", got, want)
		}
		program, err := tx.Program()
		if p, err := tx.PersonBySlug("mentor-1"); program.Privacy != "" || p.ShowsName || err != nil {
			t.Errorf("what the second schema added is %+v, %+v, %v", program, p, err)
		}
		if err != nil {
			return err
		}
		messages, err := tx.Messages(store.MessageFilter{})
		if len(messages) != 2 || snapshot.Cycle.Slug != "pilot" {
			t.Errorf("%d messages of the cycle %q", len(messages), snapshot.Cycle.Slug)
		}
		return err
	})
}

func TestNewerProgramMigrates(t *testing.T) {
	second := map[string]string{"09999_motto.sql": "ALTER TABLE program ADD COLUMN motto TEXT NOT NULL DEFAULT 'none';"}
	eachDatabase(t, func(t *testing.T, database string) {
		s := openAt(t, database)
		mustUpdate(t, s, func(tx *store.Tx) error { return tx.SetProgram(store.Program{Name: "Kept"}) })
		_, level := store.Schema()
		mustMigrate(t, database, files(t, second), level+1)
		mustMigrate(t, database, files(t, second), level+1) // does nothing
		// The older program, of which the new schema says that it may go on, sees it.
		mustView(t, openAt(t, database), func(tx *store.Tx) error {
			var name, motto string
			err := tx.Row("SELECT name, motto FROM program").Scan(&name, &motto)
			if name != "Kept" || motto != "none" {
				t.Errorf("the program is %q, %q", name, motto)
			}
			return err
		})
	})
}

func TestOlderProgramRefuses(t *testing.T) {
	second := map[string]string{"09999_new.sql": "CREATE TABLE new (id BIGINT);\nUPDATE schema_info SET oldest_binary = 9999;"}
	eachDatabase(t, func(t *testing.T, database string) {
		mustMigrate(t, database, files(t, second), 9999)
		s, err := store.Open(context.Background(), store.Options{Database: database})
		if err == nil {
			t.Fatal("an older program opened the database", s.Close())
		}
		for _, part := range []string{"open database: ", "newer mentorbot", "update this one"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("the error is %q, without %q", err, part)
			}
		}
		mustMigrate(t, database, files(t, second), 9999) // the newer one still can
	})
}

func TestMigrationThatFailsChangesNothing(t *testing.T) {
	bad := map[string]string{"09999_bad.sql": "CREATE TABLE half (id BIGINT);\nALTER TABLE nowhere ADD COLUMN nothing TEXT;"}
	eachDatabase(t, func(t *testing.T, database string) {
		_, level := store.Schema()
		err := store.Migrate(t.Context(), database, files(t, bad), level)
		if err == nil || !strings.Contains(err.Error(), "version:9999") {
			t.Errorf("the error is %v", err)
		}
		s := openAt(t, database)
		if err := s.View(t.Context(), func(tx *store.Tx) error { return tx.Row("SELECT COUNT(*) FROM half").Scan(new(int)) }); err == nil {
			t.Error("half of the migration is there")
		}
	})
}
