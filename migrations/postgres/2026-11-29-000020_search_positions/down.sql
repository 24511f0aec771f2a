-- Indexes of pg_trgm have no positions.
SELECT 1;
