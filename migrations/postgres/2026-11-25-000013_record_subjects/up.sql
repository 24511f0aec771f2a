-- A record of an Idempotency-Key is bound to what it holds an answer about, and goes with it: a build, or the report or
-- feedback of this id. Earlier records cannot be bound any more, and are kept for a day only: they go.
DELETE FROM receipts;
ALTER TABLE receipts
    ADD COLUMN build bigint REFERENCES builds (id) ON DELETE CASCADE,
    ADD COLUMN subject text;
CREATE INDEX receipts_build ON receipts (build);
CREATE INDEX receipts_subject ON receipts (subject) WHERE subject IS NOT NULL;
-- Finds the oldest records of a caller.
CREATE INDEX receipts_caller ON receipts (caller, kept_at DESC, idempotency_key);
