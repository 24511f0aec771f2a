CREATE TABLE votes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    build BIGINT NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
    session BLOB NOT NULL,
    player_id TEXT,
    rating SMALLINT NOT NULL CHECK (rating BETWEEN 1 AND 5),
    cast_at BIGINT NOT NULL,
    UNIQUE (build, session)
);
CREATE UNIQUE INDEX votes_build_player ON votes (build, player_id) WHERE player_id IS NOT NULL;
CREATE INDEX votes_session ON votes (session);
CREATE INDEX votes_player ON votes (player_id) WHERE player_id IS NOT NULL;

-- Votes rolled up by UTC day (days since 1970). Weights are whole units of 2^-24 (see votes/ballot.rs).
CREATE TABLE vote_days (
    build BIGINT NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
    day INTEGER NOT NULL,
    votes BIGINT NOT NULL,
    rating_sum BIGINT NOT NULL,
    weight BIGINT NOT NULL,
    PRIMARY KEY (build, day)
) WITHOUT ROWID;
CREATE INDEX vote_days_day ON vote_days (day, build, votes);
