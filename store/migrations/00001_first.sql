-- +goose Up

-- One SQL text for SQLite and PostgreSQL. Instants are Unix milliseconds, 0 for
-- none; days are text such as 2027-01-31, wall clock times 2027-01-31 18:00;
-- lengths are milliseconds; ids are made by the program.

-- The oldest program that may use this schema, by the level compiled into it.
CREATE TABLE schema_info (oldest_binary BIGINT NOT NULL);
INSERT INTO schema_info (oldest_binary) VALUES (1);

CREATE TABLE program (
    id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    name TEXT   NOT NULL
);

CREATE TABLE cycle (
    id             TEXT   NOT NULL PRIMARY KEY,
    slug           TEXT   NOT NULL UNIQUE,
    title          TEXT   NOT NULL,
    zone           TEXT   NOT NULL,
    language       TEXT   NOT NULL,
    starts         TEXT   NOT NULL,
    ends           TEXT   NOT NULL,
    minimum        BIGINT NOT NULL CHECK (minimum > 0),
    due_by         TEXT   NOT NULL,
    meeting_length BIGINT NOT NULL,
    rules          TEXT   NOT NULL,
    version        BIGINT NOT NULL DEFAULT 1,
    -- The plan: up to when the outbox holds what was due, when anything can become
    -- due next (0: ask the plan), and which program and zone rules reckoned that.
    planned_to     BIGINT NOT NULL DEFAULT 0,
    next_due       BIGINT NOT NULL DEFAULT 0,
    planned_by     TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX cycle_next_due ON cycle (next_due);

CREATE TABLE person (
    id              TEXT    NOT NULL PRIMARY KEY,
    slug            TEXT    NOT NULL UNIQUE,
    name            TEXT    NOT NULL,
    city            TEXT    NOT NULL,
    country         TEXT    NOT NULL,
    language        TEXT    NOT NULL,
    zone            TEXT    NOT NULL,
    quiet           TEXT    NOT NULL,
    language_chosen BOOLEAN NOT NULL DEFAULT FALSE,
    zone_chosen     BOOLEAN NOT NULL DEFAULT FALSE,
    quiet_chosen    BOOLEAN NOT NULL DEFAULT FALSE,
    paused_until    BIGINT  NOT NULL DEFAULT 0
);

CREATE TABLE bot (
    id       TEXT NOT NULL PRIMARY KEY,
    platform TEXT NOT NULL,
    name     TEXT NOT NULL,
    UNIQUE (platform, name)
);

CREATE TABLE account (
    id         TEXT    NOT NULL PRIMARY KEY,
    bot_id     TEXT    NOT NULL REFERENCES bot (id),
    person_id  TEXT    NOT NULL REFERENCES person (id),
    user_id    TEXT    NOT NULL,
    chat_id    TEXT    NOT NULL,
    reachable  BOOLEAN NOT NULL,
    reason     TEXT    NOT NULL,
    is_first   BOOLEAN NOT NULL,
    created_at BIGINT  NOT NULL,
    UNIQUE (bot_id, user_id)
);
CREATE INDEX account_person ON account (person_id);

CREATE TABLE chat_group (
    id       TEXT NOT NULL PRIMARY KEY,
    cycle_id TEXT NOT NULL REFERENCES cycle (id),
    bot_id   TEXT NOT NULL REFERENCES bot (id),
    chat_id  TEXT NOT NULL,
    title    TEXT NOT NULL,
    UNIQUE (bot_id, chat_id)
);
CREATE INDEX chat_group_cycle ON chat_group (cycle_id);

CREATE TABLE member (
    cycle_id  TEXT   NOT NULL REFERENCES cycle (id),
    person_id TEXT   NOT NULL REFERENCES person (id),
    role      TEXT   NOT NULL CHECK (role IN ('mentee', 'mentor', 'coordinator')),
    joined_at BIGINT NOT NULL,
    left_at   BIGINT NOT NULL,
    PRIMARY KEY (cycle_id, person_id)
);
CREATE INDEX member_person ON member (person_id);

CREATE TABLE pair (
    id        TEXT   NOT NULL PRIMARY KEY,
    cycle_id  TEXT   NOT NULL,
    mentor_id TEXT   NOT NULL,
    mentee_id TEXT   NOT NULL,
    ended_at  BIGINT NOT NULL,
    UNIQUE (cycle_id, mentor_id, mentee_id),
    FOREIGN KEY (cycle_id, mentor_id) REFERENCES member (cycle_id, person_id),
    FOREIGN KEY (cycle_id, mentee_id) REFERENCES member (cycle_id, person_id)
);
CREATE INDEX pair_mentee ON pair (cycle_id, mentee_id);

CREATE TABLE meeting (
    id           TEXT   NOT NULL PRIMARY KEY,
    cycle_id     TEXT   NOT NULL REFERENCES cycle (id),
    pair_id      TEXT   NOT NULL REFERENCES pair (id),
    number       BIGINT NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('proposed', 'agreed', 'held', 'cancelled')),
    day          TEXT   NOT NULL,
    starts_at    BIGINT NOT NULL,
    length       BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    proposed_by  TEXT   NOT NULL,
    agreed_at    BIGINT NOT NULL,
    logged_at    BIGINT NOT NULL,
    logged_by    TEXT   NOT NULL,
    confirmed_at BIGINT NOT NULL,
    disputed_at  BIGINT NOT NULL,
    disputed_by  TEXT   NOT NULL,
    cancelled_at BIGINT NOT NULL,
    UNIQUE (pair_id, number)
);
CREATE UNIQUE INDEX meeting_one_a_day ON meeting (pair_id, day) WHERE state = 'held';
CREATE INDEX meeting_cycle ON meeting (cycle_id, pair_id, number);

CREATE TABLE session (
    id            TEXT   NOT NULL PRIMARY KEY,
    cycle_id      TEXT   NOT NULL REFERENCES cycle (id),
    slug          TEXT   NOT NULL,
    title         TEXT   NOT NULL,
    starts_at     TEXT   NOT NULL,
    length        BIGINT NOT NULL,
    place         TEXT   NOT NULL,
    revision      BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL,
    cancelled_at  BIGINT NOT NULL,
    attendance_at BIGINT NOT NULL,
    UNIQUE (cycle_id, slug)
);

CREATE TABLE event (
    id           TEXT   NOT NULL PRIMARY KEY,
    cycle_id     TEXT   NOT NULL REFERENCES cycle (id),
    slug         TEXT   NOT NULL,
    title        TEXT   NOT NULL,
    first_day    TEXT   NOT NULL,
    last_day     TEXT   NOT NULL,
    place        TEXT   NOT NULL,
    zone         TEXT   NOT NULL,
    agenda       TEXT   NOT NULL,
    revision     BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL,
    cancelled_at BIGINT NOT NULL,
    UNIQUE (cycle_id, slug)
);

-- What people said of sessions and events (RSVP): subject_id is either's id.
CREATE TABLE answer (
    subject_id TEXT    NOT NULL,
    person_id  TEXT    NOT NULL REFERENCES person (id),
    cycle_id   TEXT    NOT NULL REFERENCES cycle (id),
    revision   BIGINT  NOT NULL,
    coming     BOOLEAN NOT NULL,
    given_at   BIGINT  NOT NULL,
    given_by   TEXT    NOT NULL,
    form       TEXT    NOT NULL,
    PRIMARY KEY (subject_id, person_id)
);
CREATE INDEX answer_person ON answer (person_id);

-- Who was there: a row for each who was present, for a session or a day of an event.
CREATE TABLE attendance (
    subject_id TEXT   NOT NULL,
    day        TEXT   NOT NULL,
    person_id  TEXT   NOT NULL REFERENCES person (id),
    cycle_id   TEXT   NOT NULL REFERENCES cycle (id),
    taken_at   BIGINT NOT NULL,
    taken_by   TEXT   NOT NULL,
    PRIMARY KEY (subject_id, day, person_id)
);
CREATE INDEX attendance_person ON attendance (person_id);

-- The text of an announcement is sealed.
CREATE TABLE announcement (
    id        TEXT   NOT NULL PRIMARY KEY,
    cycle_id  TEXT   NOT NULL REFERENCES cycle (id),
    author_id TEXT   NOT NULL REFERENCES person (id),
    audience  TEXT   NOT NULL,
    sealed    BYTEA  NOT NULL,
    state     TEXT   NOT NULL CHECK (state IN ('draft', 'scheduled', 'sent', 'withdrawn')),
    due       BIGINT NOT NULL,
    revision  BIGINT NOT NULL
);
CREATE INDEX announcement_cycle ON announcement (cycle_id);

-- The outbox.
CREATE TABLE message (
    id          TEXT   NOT NULL PRIMARY KEY,
    cycle_id    TEXT   NOT NULL REFERENCES cycle (id),
    key         TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    occurrence  TEXT   NOT NULL,
    ahead       TEXT   NOT NULL,
    person_id   TEXT   REFERENCES person (id),
    group_id    TEXT   REFERENCES chat_group (id),
    due         BIGINT NOT NULL,
    until       BIGINT NOT NULL,
    state       TEXT   NOT NULL CHECK (state IN ('planned', 'sent', 'withdrawn', 'missed', 'failed')),
    reason      TEXT   NOT NULL,
    attempts    BIGINT NOT NULL DEFAULT 0,
    settled_at  BIGINT NOT NULL,
    lease_owner TEXT   NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0,
    UNIQUE (cycle_id, key),
    CHECK ((person_id IS NULL) <> (group_id IS NULL))
);
-- Claiming reads the front of this one, which holds only what is still to go out.
CREATE INDEX message_waiting ON message (due, key) WHERE state = 'planned';
-- Planning reads the history from this one alone.
CREATE INDEX message_told ON message (cycle_id, kind, subject, occurrence, person_id, state, settled_at, ahead, until);
CREATE INDEX message_failed ON message (cycle_id, settled_at) WHERE state = 'failed';
CREATE INDEX message_person ON message (person_id);

-- The platforms' ids of what was sent, in the order in which a message was split.
CREATE TABLE reference (
    message_id TEXT   NOT NULL REFERENCES message (id),
    number     BIGINT NOT NULL,
    bot_id     TEXT   NOT NULL REFERENCES bot (id),
    chat_id    TEXT   NOT NULL,
    remote_id  TEXT   NOT NULL,
    PRIMARY KEY (message_id, number)
);

-- Requests with an effect, kept with their sealed replies for as long as a
-- platform may repeat them.
CREATE TABLE handled (
    bot_id     TEXT    NOT NULL REFERENCES bot (id),
    request_id TEXT    NOT NULL,
    chat_id    TEXT    NOT NULL,
    sealed     BYTEA   NOT NULL,
    unsent     BOOLEAN NOT NULL,
    handled_at BIGINT  NOT NULL,
    PRIMARY KEY (bot_id, request_id)
);
CREATE INDEX handled_unsent ON handled (bot_id, handled_at) WHERE unsent;
CREATE INDEX handled_age ON handled (handled_at);

-- What a chat is being asked for, with the sealed command so far.
CREATE TABLE question (
    bot_id     TEXT   NOT NULL REFERENCES bot (id),
    chat_id    TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    sealed     BYTEA  NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (bot_id, chat_id, user_id)
);
CREATE INDEX question_expires ON question (expires_at);

-- Invitations, by the hash of their code.
CREATE TABLE invitation (
    hash       TEXT   NOT NULL PRIMARY KEY,
    person_id  TEXT   NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);
CREATE INDEX invitation_person ON invitation (person_id);
