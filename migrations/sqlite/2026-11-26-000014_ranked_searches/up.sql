-- A search beyond the daily shares of its caller or address is stored and does not count: roll-ups hold ranked ones.
ALTER TABLE searches ADD COLUMN ranked BOOLEAN NOT NULL DEFAULT 1;

-- The address that a caller brought towards the threshold of popular queries: a hash under the key of the day, empty for
-- none that counts (another caller had brought it, or there were enough), NULL for one of the caller's own.
ALTER TABLE search_callers ADD COLUMN address BLOB;

-- The keys of those hashes. They go when their day is over, and no hash leads back to its address then.
CREATE TABLE search_address_keys (
    day INTEGER PRIMARY KEY NOT NULL,
    key BLOB NOT NULL
);

-- Of each day and mode the queries that may be popular, collected now and then: popular queries are chosen among them
-- where there are too many to rank them all on request. `callers` are those who brought an address.
CREATE TABLE popular_candidates (
    day INTEGER NOT NULL,
    search_mode TEXT NOT NULL,
    query_key BLOB NOT NULL,
    searches BIGINT NOT NULL,
    callers BIGINT NOT NULL,
    collected_at BIGINT NOT NULL,
    PRIMARY KEY (day, search_mode, query_key)
) WITHOUT ROWID;
