-- Claims and erasures that were accepted and are not finished: any process carries one on from where it stands. The
-- row goes with the last batch. `job_key` is a digest of session and player.
CREATE TABLE account_jobs (
    kind TEXT NOT NULL CHECK (kind IN ('claim', 'erasure')),
    job_key BLOB NOT NULL,
    session BLOB NOT NULL,
    player_id TEXT,
    steam_id TEXT,
    display_name TEXT,
    accepted_at BIGINT NOT NULL,
    resumed_at BIGINT NOT NULL,
    PRIMARY KEY (kind, job_key)
) WITHOUT ROWID;
