-- +goose Up

-- Pictures and files that came with an announcement, sealed with their names.
CREATE TABLE attachment (
    announcement_id TEXT   NOT NULL REFERENCES announcement (id),
    position        BIGINT NOT NULL,
    sealed          BYTEA  NOT NULL,
    PRIMARY KEY (announcement_id, position)
);
