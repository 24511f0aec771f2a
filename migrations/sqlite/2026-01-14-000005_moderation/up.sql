CREATE TABLE reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    report_id TEXT NOT NULL UNIQUE,
    build BIGINT NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
    caller BLOB NOT NULL,
    session BLOB NOT NULL,
    player_id TEXT,
    reason TEXT NOT NULL,
    reported_at BIGINT NOT NULL,
    resolved_at BIGINT
);
CREATE UNIQUE INDEX reports_open ON reports (build, caller) WHERE resolved_at IS NULL;
CREATE INDEX reports_build ON reports (build);
CREATE INDEX reports_session ON reports (session);
CREATE INDEX reports_player ON reports (player_id) WHERE player_id IS NOT NULL;

CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    logged_at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    details TEXT NOT NULL
);

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
