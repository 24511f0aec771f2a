-- A search beyond the daily shares of its caller or address is stored and does not count: roll-ups hold ranked ones.
ALTER TABLE searches ADD COLUMN ranked boolean NOT NULL DEFAULT true;

-- The address that a caller brought towards the threshold of popular queries: a hash under the key of the day, empty for
-- none that counts (another caller had brought it, or there were enough), NULL for one of the caller's own.
ALTER TABLE search_callers ADD COLUMN address bytea;

-- The keys of those hashes. They go when their day is over, and no hash leads back to its address then.
CREATE TABLE search_address_keys (
    day integer PRIMARY KEY,
    key bytea NOT NULL
);

-- Of each day and mode the queries that may be popular, collected now and then: popular queries are chosen among them
-- where there are too many to rank them all on request. `callers` are those who brought an address.
CREATE TABLE popular_candidates (
    day integer NOT NULL,
    search_mode text NOT NULL,
    query_key bytea NOT NULL,
    searches bigint NOT NULL,
    callers bigint NOT NULL,
    collected_at timestamptz NOT NULL,
    PRIMARY KEY (day, search_mode, query_key)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
