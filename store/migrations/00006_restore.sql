-- +goose Up

-- After a restore what may have gone out before is held for the coordinators' word: in
-- each cycle what was due since held_from, the instant of the backup, until held_to, the
-- first start after the restore (0: it hasn't started yet). Both 0: nothing is held.
ALTER TABLE cycle ADD COLUMN held_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cycle ADD COLUMN held_to BIGINT NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN held BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX message_held ON message (cycle_id, due) WHERE held;

-- Programs that know only earlier levels would send what is held.
UPDATE schema_info SET oldest_binary = 3;
