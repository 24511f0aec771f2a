DROP TABLE popular_candidates;
DROP TABLE search_address_keys;
ALTER TABLE search_callers DROP COLUMN address;
ALTER TABLE searches DROP COLUMN ranked;
