-- The builds and votes that the last import wrote, or found equal: the row number here, the revision of a build, and a
-- digest of what both databases hold of it. A row of either side that has another digest was changed there since.
CREATE TABLE import_rows (
    relation TEXT NOT NULL,
    legacy_id BIGINT NOT NULL,
    target BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    checksum BLOB NOT NULL,
    PRIMARY KEY (relation, legacy_id)
) WITHOUT ROWID;
