ALTER INDEX idempotency_records_caller RENAME TO receipts_caller;
ALTER INDEX idempotency_records_subject RENAME TO receipts_subject;
ALTER INDEX idempotency_records_build RENAME TO receipts_build;
ALTER INDEX idempotency_records_kept RENAME TO receipts_kept;
ALTER TABLE idempotency_records RENAME CONSTRAINT idempotency_records_build_fkey TO receipts_build_fkey;
ALTER TABLE idempotency_records RENAME CONSTRAINT idempotency_records_pkey TO receipts_pkey;
ALTER TABLE idempotency_records RENAME TO receipts;
