DROP INDEX idempotency_records_kept;
DROP INDEX idempotency_records_build;
DROP INDEX idempotency_records_subject;
DROP INDEX idempotency_records_caller;
ALTER TABLE idempotency_records RENAME TO receipts;
CREATE INDEX receipts_kept ON receipts (kept_at);
CREATE INDEX receipts_build ON receipts (build);
CREATE INDEX receipts_subject ON receipts (subject) WHERE subject IS NOT NULL;
CREATE INDEX receipts_caller ON receipts (caller, kept_at DESC, idempotency_key);
