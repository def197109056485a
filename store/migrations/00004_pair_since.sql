-- +goose Up

-- Since when two have been a pair, made or reopened: 0 for those made before this.
ALTER TABLE pair ADD COLUMN since BIGINT NOT NULL DEFAULT 0;
