-- Answers kept for replay under an Idempotency-Key, written in the transaction of the write itself.
CREATE TABLE receipts (
    caller bytea NOT NULL,
    idempotency_key text NOT NULL,
    fingerprint bytea NOT NULL,
    status smallint NOT NULL,
    location text,
    body text NOT NULL,
    kept_at timestamptz NOT NULL,
    PRIMARY KEY (caller, idempotency_key)
);
CREATE INDEX receipts_kept ON receipts (kept_at);
