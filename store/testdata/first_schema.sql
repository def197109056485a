-- +goose Up

-- The first schema, frozen, with some rows: what a database of the first program
-- holds. A test upgrades it with all migrations that came later. The first
-- migration may change until the first release; then this file changes no more,
-- and the test holds the migration to it.

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

-- Rows, as the first program wrote them.
INSERT INTO program (id, name) VALUES (1, 'Kooperativa Mentorship');
INSERT INTO cycle (id, slug, title, zone, language, starts, ends, minimum, due_by, meeting_length, rules, version, planned_to, next_due, planned_by)
VALUES ('c1', 'pilot', 'Mentorship, pilot cycle', 'Europe/Belgrade', 'en', '2027-01-11', '2027-06-30', 6, '2027-06-15', 5400000,
    '{"session":["7d","1d","1h"],"meeting":["1d"],"pace":7,"event":["60d","30d","14d","7d","1d"],"event_morning":480,"quiet":"21:00-09:00","digest":"0 9 * * MON"}',
    7, 1799650800000, 1799654400000, 'first');
INSERT INTO person (id, slug, name, city, country, language, zone, quiet, language_chosen, zone_chosen, quiet_chosen, paused_until) VALUES
    ('p1', 'mentor-1', 'Mentor One', 'Novi Sad', 'RS', 'sr-Latn', 'Europe/Belgrade', '22:00-08:00', FALSE, TRUE, TRUE, 0),
    ('p2', 'mentee-1', 'Mentee One', 'Skopje', 'MK', '', '', '', FALSE, FALSE, FALSE, 1799650800000),
    ('p3', 'coordinator-1', 'Coordinator One', '', '', '', '', '', FALSE, FALSE, FALSE, 0);
INSERT INTO bot (id, platform, name) VALUES ('b1', 'telegram', 'mentorbot');
INSERT INTO account (id, bot_id, person_id, user_id, chat_id, reachable, reason, is_first, created_at)
VALUES ('a1', 'b1', 'p1', '1001', '1001', FALSE, 'blocked the bot', TRUE, 1799568000000);
INSERT INTO chat_group (id, cycle_id, bot_id, chat_id, title) VALUES ('g1', 'c1', 'b1', '-100', 'Pilot');
INSERT INTO member (cycle_id, person_id, role, joined_at, left_at) VALUES
    ('c1', 'p1', 'mentor', 1799568000000, 0), ('c1', 'p2', 'mentee', 1799568000000, 0), ('c1', 'p3', 'coordinator', 0, 0);
INSERT INTO pair (id, cycle_id, mentor_id, mentee_id, ended_at) VALUES ('r1', 'c1', 'p1', 'p2', 0);
INSERT INTO meeting (id, cycle_id, pair_id, number, state, day, starts_at, length, revision, proposed_by, agreed_at, logged_at, logged_by, confirmed_at, disputed_at, disputed_by, cancelled_at) VALUES
    ('m1', 'c1', 'r1', 1, 'held', '2027-01-20', 0, 3600000, 1, '', 0, 1800518400000, 'p1', 1800522000000, 0, '', 0),
    ('m2', 'c1', 'r1', 2, 'agreed', '2027-02-10', 1802278800000, 5400000, 2, 'p2', 1800518400000, 0, '', 0, 0, '', 0);
INSERT INTO session (id, cycle_id, slug, title, starts_at, length, place, revision, changed_at, cancelled_at, attendance_at)
VALUES ('s1', 'c1', 'opening', 'Opening session', '2027-01-21 18:00', 5400000, 'https://meet.example.org/opening', 2, 1799568000000, 0, 1800561600000);
INSERT INTO event (id, cycle_id, slug, title, first_day, last_day, place, zone, agenda, revision, changed_at, cancelled_at)
VALUES ('e1', 'c1', 'belgrade', 'Live event in Belgrade', '2027-06-18', '2027-06-20', 'Belgrade', '',
    '[{"at":"2027-06-18 18:00","title":"Arrival and dinner"}]', 1, 1799568000000, 0);
INSERT INTO answer (subject_id, person_id, cycle_id, revision, coming, given_at, given_by, form)
VALUES ('s1', 'p1', 'c1', 2, TRUE, 1799654400000, 'p1', '');
INSERT INTO attendance (subject_id, day, person_id, cycle_id, taken_at, taken_by)
VALUES ('s1', '2027-01-21', 'p1', 'c1', 1800561600000, 'p3');
INSERT INTO announcement (id, cycle_id, author_id, audience, sealed, state, due, revision)
VALUES ('n1', 'c1', 'p3', 'everyone', 'sealed', 'scheduled', 1800561600000, 1);
INSERT INTO message (id, cycle_id, key, kind, subject, occurrence, ahead, person_id, due, until, state, reason, attempts, settled_at) VALUES
    ('o1', 'c1', 'session/opening/2/7d/mentor-1', 'session', 'opening', '2', '7d', 'p1', 1799946000000, 1800550800000, 'sent', '', 1, 1799946001000),
    ('o2', 'c1', 'session/opening/2/1d/mentor-1', 'session', 'opening', '2', '1d', 'p1', 1800464400000, 1800550800000, 'planned', '', 0, 0);
INSERT INTO reference (message_id, number, bot_id, chat_id, remote_id) VALUES ('o1', 1, 'b1', '1001', '42');
INSERT INTO handled (bot_id, request_id, chat_id, sealed, unsent, handled_at) VALUES ('b1', '77', '1001', 'sealed', TRUE, 1799654400000);
INSERT INTO question (bot_id, chat_id, user_id, sealed, expires_at) VALUES ('b1', '1001', '1001', 'sealed', 1799658000000);
INSERT INTO invitation (hash, person_id, created_at, expires_at, used_at) VALUES ('0123abcd', 'p3', 1799568000000, 1800172800000, 0);
