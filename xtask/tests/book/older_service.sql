-- The database of the older service at its last revision, with builds, votes, feedback and searches of the last days.
-- Votes come in fives, so that no mean lies between two decimals.
CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('006');

CREATE TABLE builds (
    id serial PRIMARY KEY,
    build_id varchar(12) NOT NULL UNIQUE,
    name varchar(100) NOT NULL,
    description text,
    primary_archetype varchar(20) NOT NULL,
    secondary_archetype varchar(20) NOT NULL,
    class_name varchar(50) NOT NULL,
    race varchar(20) NOT NULL,
    is_public boolean NOT NULL DEFAULT true,
    session_id varchar(64) NOT NULL,
    user_id varchar(64),
    created_at timestamp NOT NULL,
    updated_at timestamp,
    rating_sum float NOT NULL DEFAULT 0,
    vote_count integer NOT NULL DEFAULT 0,
    player_id varchar(64),
    steam_id varchar(32),
    steam_display_name varchar(64),
    is_template boolean NOT NULL DEFAULT false
);
CREATE TABLE build_votes (
    id serial PRIMARY KEY,
    build_id varchar(12) NOT NULL REFERENCES builds (build_id) ON DELETE CASCADE,
    session_id varchar(64) NOT NULL,
    user_id varchar(64),
    rating integer NOT NULL,
    created_at timestamp NOT NULL,
    player_id varchar(64),
    steam_id varchar(32)
);
CREATE TABLE feedback (
    id serial PRIMARY KEY,
    feedback_id varchar(12) NOT NULL UNIQUE,
    query text NOT NULL,
    response_snippet text NOT NULL,
    search_mode varchar(10) NOT NULL,
    rating varchar(8) NOT NULL,
    comment text,
    session_id varchar(64) NOT NULL,
    user_id varchar(64),
    created_at timestamp NOT NULL,
    reviewed_at timestamp,
    reviewed_by text,
    flagged_for_cleanup boolean NOT NULL DEFAULT false,
    cleanup_issue_url text
);
CREATE TABLE search_analytics (
    id serial PRIMARY KEY,
    query text NOT NULL,
    search_mode varchar(10) NOT NULL,
    result_count integer NOT NULL,
    session_id varchar(64) NOT NULL,
    user_id varchar(64),
    created_at timestamp NOT NULL
);

INSERT INTO builds (build_id, name, description, primary_archetype, secondary_archetype, class_name, race, is_public,
    session_id, created_at)
SELECT 'b_' || lpad(to_hex(n), 8, '0'), (ARRAY['Iron Wall', 'Quiet Blade', 'Élan', 'Old Oath'])[1 + n % 4] || ' ' || n,
    CASE WHEN n % 3 = 0 THEN 'holds a line of tanks' END, 'tank', (ARRAY['fighter', 'cleric'])[1 + n % 2],
    (ARRAY['Knight', 'Paladin'])[1 + n % 2], (ARRAY['vek', 'dunir', 'empyrean'])[1 + n % 3], n % 10 <> 0,
    'sess_' || lpad(to_hex(n % 40), 24, '0'),
    date_trunc('second', now() AT TIME ZONE 'UTC') - interval '2 days' + n * interval '7.000101 seconds'
FROM generate_series(1, 60) n;

INSERT INTO build_votes (build_id, session_id, rating, created_at)
SELECT 'b_' || lpad(to_hex(n), 8, '0'), 'sess_' || lpad(to_hex(100 + voter), 24, '0'), 1 + (n * voter * voter + n) % 5,
    date_trunc('second', now() AT TIME ZONE 'UTC') - interval '1 day' + n * voter * interval '1 second'
FROM generate_series(1, 40) n, generate_series(1, 5) voter;
UPDATE builds b SET rating_sum = v.stars, vote_count = v.votes
FROM (SELECT build_id, sum(rating) AS stars, count(*) AS votes FROM build_votes GROUP BY build_id) v
WHERE v.build_id = b.build_id;

INSERT INTO feedback (feedback_id, query, response_snippet, search_mode, rating, session_id, created_at)
SELECT 'f_' || lpad(to_hex(n), 8, '0'), 'best healer ' || n, 'A cleric.', (ARRAY['quick', 'smart', 'deep'])[1 + n % 3],
    (ARRAY['up', 'down'])[1 + n % 2], 'sess_' || lpad(to_hex(n), 24, '0'), now() AT TIME ZONE 'UTC' - n * interval '1 hour'
FROM generate_series(1, 40) n;

INSERT INTO search_analytics (query, search_mode, result_count, session_id, created_at)
SELECT 'search ' || n % 30, (ARRAY['quick', 'smart', 'deep'])[1 + n % 3], n % 7, 'sess_' || lpad(to_hex(n), 24, '0'),
    now() AT TIME ZONE 'UTC' - n * interval '10 minutes'
FROM generate_series(1, 500) n;
