-- +goose Up

-- Calendars that are fetched from an address: a person's, or a cycle's, at most one of
-- each. Of the token in the address only the hash is kept.
CREATE TABLE feed (
    hash       TEXT   NOT NULL PRIMARY KEY,
    person_id  TEXT   UNIQUE REFERENCES person (id),
    cycle_id   TEXT   UNIQUE REFERENCES cycle (id),
    created_at BIGINT NOT NULL,
    CHECK ((person_id IS NULL) <> (cycle_id IS NULL))
);
