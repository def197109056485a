-- +goose Up

-- Whether somebody has decided that they are, or aren't, shown by name: they are asked
-- only once.
ALTER TABLE person ADD COLUMN name_chosen BOOLEAN NOT NULL DEFAULT FALSE;
