-- The public builds of a player.
CREATE INDEX builds_steam ON builds (steam_id) WHERE steam_id IS NOT NULL;

-- Whether the build is in public lists, so that tags are counted and looked up without the build.
ALTER TABLE build_tags ADD COLUMN listed BOOLEAN NOT NULL DEFAULT 1;
UPDATE build_tags SET listed = 0 WHERE build IN (SELECT build FROM build_ranks WHERE NOT listed);

-- How many listed builds have a tag. Writes only append to `tag_changes`; a job adds the changes up. A count is the sum
-- of both tables.
CREATE TABLE tag_counts (
    tag TEXT PRIMARY KEY NOT NULL,
    builds BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX tag_counts_most_used ON tag_counts (builds DESC, tag);
CREATE TABLE tag_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    tag TEXT NOT NULL,
    difference BIGINT NOT NULL
);

INSERT INTO tag_counts (tag, builds) SELECT tag, count(*) FROM build_tags WHERE listed GROUP BY tag;

CREATE TRIGGER build_tags_inserted AFTER INSERT ON build_tags WHEN new.listed BEGIN
    INSERT INTO tag_changes (tag, difference) VALUES (new.tag, 1);
END;
CREATE TRIGGER build_tags_updated AFTER UPDATE ON build_tags BEGIN
    INSERT INTO tag_changes (tag, difference) SELECT old.tag, -1 WHERE old.listed;
    INSERT INTO tag_changes (tag, difference) SELECT new.tag, 1 WHERE new.listed;
END;
CREATE TRIGGER build_tags_deleted AFTER DELETE ON build_tags WHEN old.listed BEGIN
    INSERT INTO tag_changes (tag, difference) VALUES (old.tag, -1);
END;
