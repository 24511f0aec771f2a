DROP TABLE build_search;
CREATE VIRTUAL TABLE build_search USING fts5 (
    search_text, content = 'builds', content_rowid = 'id', tokenize = 'trigram case_sensitive 1'
);
INSERT INTO build_search (build_search, rank) VALUES ('secure-delete', 1);
INSERT INTO build_search (build_search) VALUES ('rebuild');
