DROP TRIGGER build_tags_inserted;
DROP TRIGGER build_tags_updated;
DROP TRIGGER build_tags_deleted;
DROP TABLE tag_changes;
DROP TABLE tag_counts;
ALTER TABLE build_tags DROP COLUMN listed;
DROP INDEX builds_steam;
