CREATE TABLE feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    feedback_id TEXT NOT NULL UNIQUE,
    query TEXT NOT NULL,
    query_folded TEXT NOT NULL,
    response_snippet TEXT NOT NULL,
    rating TEXT NOT NULL CHECK (rating IN ('up', 'down')),
    search_mode TEXT NOT NULL CHECK (search_mode IN ('quick', 'smart', 'deep')),
    comment TEXT,
    session BLOB NOT NULL,
    player_id TEXT,
    received_at BIGINT NOT NULL,
    reviewed_at BIGINT,
    reviewed_by TEXT,
    flagged_for_cleanup BOOLEAN NOT NULL DEFAULT 0,
    cleanup_issue_url TEXT
);
CREATE INDEX feedback_received ON feedback (received_at DESC, id DESC);
CREATE INDEX feedback_negative ON feedback (id) WHERE rating = 'down';
CREATE INDEX feedback_session ON feedback (session);
CREATE INDEX feedback_player ON feedback (player_id) WHERE player_id IS NOT NULL;
