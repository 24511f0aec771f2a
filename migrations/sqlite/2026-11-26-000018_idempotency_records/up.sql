-- The table is named as what it holds. SQLite renames no index.
DROP INDEX receipts_kept;
DROP INDEX receipts_build;
DROP INDEX receipts_subject;
DROP INDEX receipts_caller;
ALTER TABLE receipts RENAME TO idempotency_records;
CREATE INDEX idempotency_records_kept ON idempotency_records (kept_at);
CREATE INDEX idempotency_records_build ON idempotency_records (build);
CREATE INDEX idempotency_records_subject ON idempotency_records (subject) WHERE subject IS NOT NULL;
-- Finds the oldest records of a caller.
CREATE INDEX idempotency_records_caller ON idempotency_records (caller, kept_at DESC, idempotency_key);
