DROP INDEX receipts_caller;
ALTER TABLE receipts DROP COLUMN subject, DROP COLUMN build;
