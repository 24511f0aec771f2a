CREATE TABLE searches (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    query TEXT NOT NULL,
    search_mode TEXT NOT NULL CHECK (search_mode IN ('quick', 'smart', 'deep')),
    result_count INTEGER NOT NULL CHECK (result_count >= 0),
    session BLOB NOT NULL,
    player_id TEXT,
    caller BLOB NOT NULL,
    searched_at BIGINT NOT NULL
);
CREATE INDEX searches_time ON searches (searched_at);
CREATE INDEX searches_session ON searches (session);
CREATE INDEX searches_player ON searches (player_id) WHERE player_id IS NOT NULL;

-- Searches rolled up by UTC day, mode, folded query and spelling. Keys are the first 16 bytes of a text's
-- SHA-256, since a text itself can be too long for an index.
CREATE TABLE search_days (
    day INTEGER NOT NULL,
    search_mode TEXT NOT NULL,
    query_key BLOB NOT NULL,
    spelling_key BLOB NOT NULL,
    query_folded TEXT NOT NULL,
    spelling TEXT NOT NULL,
    searches BIGINT NOT NULL,
    zero_results BIGINT NOT NULL,
    PRIMARY KEY (day, search_mode, query_key, spelling_key)
) WITHOUT ROWID;

-- Who searched for what on a day: as many distinct callers as any threshold needs, no more.
CREATE TABLE search_callers (
    day INTEGER NOT NULL,
    search_mode TEXT NOT NULL,
    query_key BLOB NOT NULL,
    caller BLOB NOT NULL,
    PRIMARY KEY (day, search_mode, query_key, caller)
) WITHOUT ROWID;

CREATE TABLE hidden_queries (
    query_key BLOB PRIMARY KEY NOT NULL,
    query TEXT NOT NULL,
    hidden_at BIGINT NOT NULL
);
