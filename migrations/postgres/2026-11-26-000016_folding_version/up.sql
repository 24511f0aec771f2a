-- The version of the folding that stored texts were made with, as the constants of the scores are recorded. What was
-- stored before this column was there was made with the first.
ALTER TABLE ranking_constants ADD COLUMN folding integer NOT NULL DEFAULT 1;

-- Every search reads the list of entries that are not in the index yet, one of similar spelling a dozen times.
ALTER INDEX builds_search SET (gin_pending_list_limit = 128);
