-- One row per combination of what lists filter by. Totals are sums over these few rows, and a filter is a
-- short list of their ids, so that neither costs more as builds are added.
CREATE TABLE facets (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    listed BOOLEAN NOT NULL,
    primary_archetype TEXT NOT NULL,
    secondary_archetype TEXT NOT NULL,
    class_name TEXT NOT NULL,
    class_folded TEXT NOT NULL,
    race TEXT NOT NULL,
    is_template BOOLEAN NOT NULL,
    game_version TEXT NOT NULL,
    builds BIGINT NOT NULL DEFAULT 0,
    UNIQUE (listed, primary_archetype, secondary_archetype, class_name, race, is_template, game_version)
);

-- The part of a build that its owner writes: wide, and never touched by a vote.
CREATE TABLE builds (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    build_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT,
    primary_archetype TEXT NOT NULL,
    secondary_archetype TEXT NOT NULL,
    class_name TEXT NOT NULL,
    race TEXT NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'unlisted', 'private')),
    is_template BOOLEAN NOT NULL DEFAULT 0,
    tags TEXT NOT NULL DEFAULT '[]',
    build_data TEXT,
    game_version TEXT NOT NULL,
    search_text TEXT NOT NULL,
    session BLOB,
    player_id TEXT,
    steam_id TEXT,
    display_name TEXT,
    -- Instants are microseconds since 1970.
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    revision BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX builds_session ON builds (session) WHERE player_id IS NULL;
CREATE INDEX builds_player ON builds (player_id) WHERE player_id IS NOT NULL;
CREATE INDEX builds_templates ON builds (class_name, name) WHERE is_template;

CREATE VIRTUAL TABLE build_search USING fts5 (
    search_text, content = 'builds', content_rowid = 'id', tokenize = 'trigram case_sensitive 1'
);
CREATE TRIGGER builds_search_insert AFTER INSERT ON builds BEGIN
    INSERT INTO build_search (rowid, search_text) VALUES (new.id, new.search_text);
END;
CREATE TRIGGER builds_search_delete AFTER DELETE ON builds BEGIN
    INSERT INTO build_search (build_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
END;
CREATE TRIGGER builds_search_update AFTER UPDATE OF search_text ON builds BEGIN
    INSERT INTO build_search (build_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
    INSERT INTO build_search (rowid, search_text) VALUES (new.id, new.search_text);
END;

-- The part of a build that votes move: narrow, with what lists sort and filter by.
CREATE TABLE build_ranks (
    build BIGINT PRIMARY KEY NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
    facet INTEGER NOT NULL REFERENCES facets (id),
    listed BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    vote_count BIGINT NOT NULL DEFAULT 0 CHECK (vote_count >= 0),
    rating_sum BIGINT NOT NULL DEFAULT 0 CHECK (rating_sum >= 0),
    bayesian DOUBLE NOT NULL,
    trend DOUBLE NOT NULL,
    tally_revision BIGINT NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX build_ranks_newest ON build_ranks (created_at DESC, build DESC, facet) WHERE listed;
CREATE INDEX build_ranks_rating ON build_ranks (bayesian DESC, created_at DESC, build DESC, facet) WHERE listed;
CREATE INDEX build_ranks_popular ON build_ranks (vote_count DESC, created_at DESC, build DESC, facet) WHERE listed;
CREATE INDEX build_ranks_trending ON build_ranks (trend DESC, created_at DESC, build DESC, facet) WHERE listed;
CREATE INDEX build_ranks_facet ON build_ranks (facet, created_at DESC, build DESC);

CREATE TABLE build_tags (
    tag TEXT NOT NULL,
    build BIGINT NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
    PRIMARY KEY (tag, build)
) WITHOUT ROWID;
CREATE INDEX build_tags_build ON build_tags (build);

-- The constants the stored scores were made with. Scores of other constants cannot be compared.
CREATE TABLE ranking_constants (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    prior_mean DOUBLE NOT NULL,
    prior_weight DOUBLE NOT NULL,
    half_life DOUBLE NOT NULL
);
