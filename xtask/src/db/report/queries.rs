//! The questions of a report. Each answers with one JSON value.

use crate::flags::ReportKind;

pub fn of(kind: ReportKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        ReportKind::Health => &HEALTH,
        ReportKind::Performance => &PERFORMANCE,
        ReportKind::Activity => &ACTIVITY,
    }
}

const HEALTH: [(&str, &str); 7] = [
    (
        "server",
        "SELECT json_build_object('version', current_setting('server_version'), 'started', pg_postmaster_start_time(),
            'standby', pg_is_in_recovery(), 'database', current_database(),
            'size', pg_size_pretty(pg_database_size(current_database())),
            'oldest_transaction_id_age', (SELECT age(datfrozenxid) FROM pg_database
                                          WHERE datname = current_database()))",
    ),
    (
        "connections",
        "SELECT json_build_object('in_use', count(*), 'of', current_setting('max_connections')::int,
            'active', count(*) FILTER (WHERE state = 'active'), 'idle', count(*) FILTER (WHERE state = 'idle'),
            'idle_in_transaction', count(*) FILTER (WHERE state LIKE 'idle in transaction%'),
            'waiting_for_a_lock', count(*) FILTER (WHERE wait_event_type = 'Lock'),
            'oldest_transaction_seconds', round(extract(epoch FROM max(now() - xact_start))))
         FROM pg_stat_activity WHERE backend_type = 'client backend'",
    ),
    (
        // Of a statement only its kind: its text may contain values.
        "sessions",
        "SELECT coalesce(json_agg(t), '[]') FROM (
            SELECT pid, application_name AS application, usename AS user, state, wait_event_type AS waits_for,
                round(extract(epoch FROM now() - state_change)) AS seconds,
                round(extract(epoch FROM now() - xact_start)) AS transaction_seconds,
                upper((regexp_match(query, '^[[:space:]]*([[:alpha:]]+)'))[1]) AS statement
            FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = current_database()
            ORDER BY xact_start NULLS LAST, state_change LIMIT 50) t",
    ),
    (
        "cache",
        "SELECT json_build_object(
            'hit_ratio', round(sum(blks_hit)::numeric / nullif(sum(blks_hit) + sum(blks_read), 0), 4),
            'blocks_read', sum(blks_read), 'temporary_files', sum(temp_files), 'deadlocks', sum(deadlocks),
            'rolled_back', sum(xact_rollback), 'committed', sum(xact_commit))
         FROM pg_stat_database WHERE datname = current_database()",
    ),
    (
        "replicas",
        "SELECT coalesce(json_agg(json_build_object('name', application_name, 'state', state, 'sync', sync_state,
            'lag_bytes', pg_wal_lsn_diff(sent_lsn, replay_lsn),
            'lag_seconds', round(extract(epoch FROM replay_lag), 3))), '[]') FROM pg_stat_replication",
    ),
    (
        "own_lag",
        "SELECT CASE WHEN pg_is_in_recovery() THEN json_build_object('seconds_behind',
            round(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 1)) END",
    ),
    (
        "invalid_indexes",
        "SELECT coalesce(json_agg(json_build_object('index', indexrelid::regclass::text)), '[]')
         FROM pg_index WHERE NOT indisvalid",
    ),
];

const PERFORMANCE: [(&str, &str); 4] = [
    (
        "tables",
        "SELECT coalesce(json_agg(t), '[]') FROM (
            SELECT relname AS table, n_live_tup AS rows, pg_size_pretty(pg_total_relation_size(relid)) AS size,
                seq_scan, seq_tup_read, idx_scan, n_tup_upd AS updates,
                round(n_tup_hot_upd::numeric / nullif(n_tup_upd, 0), 2) AS hot_ratio
            FROM pg_stat_user_tables ORDER BY pg_total_relation_size(relid) DESC LIMIT 20) t",
    ),
    (
        "bloat",
        "SELECT coalesce(json_agg(t), '[]') FROM (
            SELECT relname AS table, n_dead_tup AS dead_rows,
                round(n_dead_tup::numeric / nullif(n_live_tup + n_dead_tup, 0), 3) AS dead_ratio,
                greatest(last_vacuum, last_autovacuum) AS last_vacuum,
                greatest(last_analyze, last_autoanalyze) AS last_analyze
            FROM pg_stat_user_tables WHERE n_dead_tup > 0 ORDER BY n_dead_tup DESC LIMIT 10) t",
    ),
    (
        // What keeps something unique works without ever being read.
        "unused_indexes",
        "SELECT coalesce(json_agg(t), '[]') FROM (
            SELECT s.relname AS table, s.indexrelname AS index, pg_size_pretty(pg_relation_size(s.indexrelid)) AS size
            FROM pg_stat_user_indexes s JOIN pg_index i USING (indexrelid)
            WHERE s.idx_scan = 0 AND NOT i.indisunique ORDER BY pg_relation_size(s.indexrelid) DESC LIMIT 20) t",
    ),
    (
        // Small tables are rightly read whole.
        "sequential_scans",
        "SELECT coalesce(json_agg(t), '[]') FROM (
            SELECT relname AS table, seq_scan, seq_tup_read, seq_tup_read / nullif(seq_scan, 0) AS rows_each
            FROM pg_stat_user_tables WHERE n_live_tup > 10000 AND seq_scan > 0
            ORDER BY seq_tup_read DESC LIMIT 10) t",
    ),
];

/// Days without anything are left out.
const ACTIVITY: [(&str, &str); 1] = [(
    "activity",
    "SELECT coalesce(json_agg(t), '[]') FROM (
        SELECT day, sum(builds) AS builds, sum(votes) AS votes, sum(searches) AS searches,
            sum(feedback) AS feedback
        FROM (
            SELECT created_at AS at, 1 AS builds, 0 AS votes, 0 AS searches, 0 AS feedback FROM builds
            UNION ALL SELECT cast_at, 0, 1, 0, 0 FROM votes
            UNION ALL SELECT searched_at, 0, 0, 1, 0 FROM searches
            UNION ALL SELECT received_at, 0, 0, 0, 1 FROM feedback
        ) events, LATERAL (SELECT (at AT TIME ZONE 'UTC')::date AS day) days
        WHERE at >= date_trunc('day', now(), 'UTC') - interval '13 days'
        GROUP BY day ORDER BY day DESC) t",
)];

/// The same on SQLite, where a time is a number of microseconds.
pub const SQLITE_ACTIVITY: &str =
    "SELECT json_group_array(json_object('day', day, 'builds', builds, 'votes', votes,
        'searches', searches, 'feedback', feedback))
    FROM (SELECT date(at / 1000000, 'unixepoch') AS day, sum(builds) AS builds, sum(votes) AS votes,
            sum(searches) AS searches, sum(feedback) AS feedback
        FROM (
            SELECT created_at AS at, 1 AS builds, 0 AS votes, 0 AS searches, 0 AS feedback FROM builds
            UNION ALL SELECT cast_at, 0, 1, 0, 0 FROM votes
            UNION ALL SELECT searched_at, 0, 0, 1, 0 FROM searches
            UNION ALL SELECT received_at, 0, 0, 0, 1 FROM feedback)
        WHERE at >= unixepoch('now', 'start of day', '-13 days') * 1000000
        GROUP BY day ORDER BY day DESC)";

/// Statements are shown without their values: the extension keeps `$1` for each.
pub const SLOW_STATEMENTS: &str = "SELECT coalesce(json_agg(t), '[]') FROM (
        SELECT calls, round(total_exec_time::numeric) AS total_ms, round(mean_exec_time::numeric, 3) AS mean_ms,
            round(max_exec_time::numeric, 1) AS max_ms, rows, left(query, 120) AS statement
        FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        ORDER BY total_exec_time DESC LIMIT 10) t";
