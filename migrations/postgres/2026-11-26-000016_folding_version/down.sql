ALTER INDEX builds_search RESET (gin_pending_list_limit);
ALTER TABLE ranking_constants DROP COLUMN folding;
