-- The table is named as what it holds.
ALTER TABLE receipts RENAME TO idempotency_records;
ALTER TABLE idempotency_records RENAME CONSTRAINT receipts_pkey TO idempotency_records_pkey;
ALTER TABLE idempotency_records RENAME CONSTRAINT receipts_build_fkey TO idempotency_records_build_fkey;
ALTER INDEX receipts_kept RENAME TO idempotency_records_kept;
ALTER INDEX receipts_build RENAME TO idempotency_records_build;
ALTER INDEX receipts_subject RENAME TO idempotency_records_subject;
ALTER INDEX receipts_caller RENAME TO idempotency_records_caller;
