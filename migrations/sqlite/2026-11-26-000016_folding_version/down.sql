ALTER TABLE ranking_constants DROP COLUMN folding;
