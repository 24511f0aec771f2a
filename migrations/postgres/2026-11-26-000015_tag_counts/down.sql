DROP TRIGGER build_tags_inserted ON build_tags;
DROP TRIGGER build_tags_updated ON build_tags;
DROP TRIGGER build_tags_deleted ON build_tags;
DROP FUNCTION count_tags();
DROP TABLE tag_changes;
DROP TABLE tag_counts;
ALTER TABLE build_tags DROP COLUMN listed;
DROP INDEX builds_steam;
