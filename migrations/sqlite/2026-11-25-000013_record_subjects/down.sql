INSERT INTO build_search (build_search, rank) VALUES ('secure-delete', 0);
DROP TABLE receipts;
CREATE TABLE receipts (
    caller BLOB NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status SMALLINT NOT NULL,
    location TEXT,
    body TEXT NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (caller, idempotency_key)
) WITHOUT ROWID;
CREATE INDEX receipts_kept ON receipts (kept_at);
