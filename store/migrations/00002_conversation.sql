-- +goose Up

-- The conversation: the programme's own words on privacy, who is shown by name, wrong
-- tries of codes, a journal of acts, who has read what.

ALTER TABLE program ADD COLUMN privacy TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN shows_name BOOLEAN NOT NULL DEFAULT FALSE;

-- Somebody's pairs in all cycles are asked for with every command.
CREATE INDEX pair_of_mentor ON pair (mentor_id);
CREATE INDEX pair_of_mentee ON pair (mentee_id);

-- Wrong codes of invitations, by the platform's user, who need not be anybody we know.
CREATE TABLE wrong_try (
    id       TEXT   NOT NULL PRIMARY KEY,
    bot_id   TEXT   NOT NULL REFERENCES bot (id),
    user_id  TEXT   NOT NULL,
    tried_at BIGINT NOT NULL
);
CREATE INDEX wrong_try_user ON wrong_try (bot_id, user_id, tried_at);

-- Who did what, when; undo is the JSON of what undoing needs, '' if it can't be undone.
CREATE TABLE journal (
    id        TEXT   NOT NULL PRIMARY KEY,
    cycle_id  TEXT   NOT NULL REFERENCES cycle (id),
    done_by   TEXT   NOT NULL,
    done_for  TEXT   NOT NULL,
    done_at   BIGINT NOT NULL,
    what      TEXT   NOT NULL,
    subject   TEXT   NOT NULL,
    undo      TEXT   NOT NULL,
    undone_at BIGINT NOT NULL DEFAULT 0,
    undone_by TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX journal_cycle ON journal (cycle_id, done_at);

-- Who said of an announcement that they have read it.
CREATE TABLE reading (
    announcement_id TEXT   NOT NULL REFERENCES announcement (id),
    person_id       TEXT   NOT NULL REFERENCES person (id),
    read_at         BIGINT NOT NULL,
    PRIMARY KEY (announcement_id, person_id)
);
CREATE INDEX reading_person ON reading (person_id);

-- Programs that know only the first level would lose the privacy text.
UPDATE schema_info SET oldest_binary = 2;
