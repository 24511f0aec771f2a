-- The index no longer has the positions of trigrams: what it finds is compared with the texts anyway. With positions, SQLite
-- (3.53) leaves trigrams of long texts behind that were changed or deleted, in spite of `secure-delete`. It is made anew from
-- the texts.
DROP TABLE build_search;
CREATE VIRTUAL TABLE build_search USING fts5 (
    search_text, content = 'builds', content_rowid = 'id', tokenize = 'trigram case_sensitive 1', detail = none
);
INSERT INTO build_search (build_search, rank) VALUES ('secure-delete', 1);
INSERT INTO build_search (build_search) VALUES ('rebuild');
