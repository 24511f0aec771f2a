-- A record of an Idempotency-Key is bound to what it holds an answer about, and goes with it: a build, or the report or
-- feedback of this id. Earlier records cannot be bound any more, and are kept for a day only: they go.
DROP TABLE receipts;
CREATE TABLE receipts (
    caller BLOB NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status SMALLINT NOT NULL,
    location TEXT,
    body TEXT NOT NULL,
    kept_at BIGINT NOT NULL,
    build BIGINT REFERENCES builds (id) ON DELETE CASCADE,
    subject TEXT,
    PRIMARY KEY (caller, idempotency_key)
) WITHOUT ROWID;
CREATE INDEX receipts_kept ON receipts (kept_at);
CREATE INDEX receipts_build ON receipts (build);
CREATE INDEX receipts_subject ON receipts (subject) WHERE subject IS NOT NULL;
-- Finds the oldest records of a caller.
CREATE INDEX receipts_caller ON receipts (caller, kept_at DESC, idempotency_key);

-- Trigrams of what was deleted leave the index at once, and those of what was deleted before leave it now.
INSERT INTO build_search (build_search, rank) VALUES ('secure-delete', 1);
INSERT INTO build_search (build_search) VALUES ('optimize');
