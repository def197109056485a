-- +goose Up

-- What is posted in a group, whether it can be reached, and since when it hears of what
-- is due: since it was linked, has reminders, or can be reached again.
ALTER TABLE chat_group ADD COLUMN announcements BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE chat_group ADD COLUMN reminders BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE chat_group ADD COLUMN reachable BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE chat_group ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE chat_group ADD COLUMN since BIGINT NOT NULL DEFAULT 0;
CREATE INDEX message_group ON message (group_id) WHERE group_id IS NOT NULL;

-- Programs that know only earlier levels would withdraw what is for groups.
UPDATE schema_info SET oldest_binary = 4;
