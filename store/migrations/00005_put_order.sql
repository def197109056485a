-- +goose Up

-- The order in which messages were put into the outbox: of what waits for the same
-- instant, such as the end of quiet hours, what happened first goes first. About the
-- instant of putting, in milliseconds; 0 for those put there before this.
ALTER TABLE message ADD COLUMN put BIGINT NOT NULL DEFAULT 0;
DROP INDEX message_waiting;
CREATE INDEX message_waiting ON message (due, put, key) WHERE state = 'planned';
