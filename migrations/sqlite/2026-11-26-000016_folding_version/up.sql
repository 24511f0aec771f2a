-- The version of the folding that stored texts were made with, as the constants of the scores are recorded. What was
-- stored before this column was there was made with the first.
ALTER TABLE ranking_constants ADD COLUMN folding INTEGER NOT NULL DEFAULT 1;
