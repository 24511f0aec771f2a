-- How far each relation of the Python service's database has been adopted. The mark moves in the transaction of
-- the rows it stands for. `witness` is a digest of the last row, which identifies the source.
CREATE TABLE import_progress (
    relation text PRIMARY KEY,
    last_id bigint NOT NULL,
    witness bytea NOT NULL,
    finished_at timestamptz
);

-- Rows that cannot be live here, and why. `contents` is JSON; session ids in it are hashed.
CREATE TABLE import_quarantine (
    relation text NOT NULL,
    legacy_id bigint NOT NULL,
    reason text NOT NULL,
    contents text NOT NULL,
    noted_at timestamptz NOT NULL,
    PRIMARY KEY (relation, legacy_id)
);
