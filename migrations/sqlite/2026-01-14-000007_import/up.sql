-- How far each relation of the Python service's database has been adopted. The mark moves in the transaction of
-- the rows it stands for. `witness` is a digest of the last row, which identifies the source.
CREATE TABLE import_progress (
    relation TEXT PRIMARY KEY NOT NULL,
    last_id BIGINT NOT NULL,
    witness BLOB NOT NULL,
    finished_at BIGINT
) WITHOUT ROWID;

-- Rows that cannot be live here, and why. `contents` is JSON; session ids in it are hashed.
CREATE TABLE import_quarantine (
    relation TEXT NOT NULL,
    legacy_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    contents TEXT NOT NULL,
    noted_at BIGINT NOT NULL,
    PRIMARY KEY (relation, legacy_id)
) WITHOUT ROWID;
