-- Claims and erasures that were accepted and are not finished: any process carries one on from where it stands. The
-- row goes with the last batch. `job_key` is a digest of session and player.
CREATE TABLE account_jobs (
    kind text NOT NULL CHECK (kind IN ('claim', 'erasure')),
    job_key bytea NOT NULL,
    session bytea NOT NULL,
    player_id text,
    steam_id text,
    display_name text,
    accepted_at timestamptz NOT NULL,
    resumed_at timestamptz NOT NULL,
    PRIMARY KEY (kind, job_key)
);
