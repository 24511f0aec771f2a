-- Votes that a few builds of any age draw most of, sooner after the build rather than later, then what is kept of them.
CREATE TEMP TABLE ballots AS
SELECT number, build, created_at + (:'now'::timestamptz - created_at) * pow(pg_temp.fraction(number, 'wait'), 2) AS cast_at,
       (1 + floor(5 * sqrt(pg_temp.fraction(build, 'worth') * 0.5 + pg_temp.fraction(number, 'stars') * 0.499)))::smallint AS rating
FROM (SELECT number, 1 + floor(0.96 * :builds * pow(pg_temp.fraction(number, 'build'), 3))::bigint * 61803401
             % (96 * :builds / 100) AS build
      FROM generate_series(1, :votes::bigint) number) drawn
JOIN (SELECT number AS build, created_at FROM drafts) seen USING (build);
ANALYZE ballots;

INSERT INTO votes (build, session, player_id, rating, cast_at)
SELECT build, sha256(int8send(number)), CASE WHEN number % 4 = 0 THEN 'voter-' || number END,
    rating, date_trunc('microseconds', cast_at)
FROM ballots ORDER BY build, number;

INSERT INTO vote_days
SELECT build, day, count(*), sum(rating), sum(round(pow(2, (second - day * 86400.0::double precision) / 259200) * 16777216))::bigint
FROM (SELECT build, rating, extract(epoch FROM cast_at)::double precision AS second,
             floor(extract(epoch FROM cast_at) / 86400)::int AS day FROM votes) cast_on
GROUP BY build, day ORDER BY build, day;
ANALYZE votes, vote_days, facets;
-- The statistics say little of tables that were just filled: a nested loop would aggregate anew for each build.
SET enable_nestloop = off;

INSERT INTO build_ranks (build, facet, listed, created_at, stars_1, stars_2, stars_3, stars_4, stars_5, bayesian, trend, tally_revision)
SELECT d.number, f.id, d.visibility = 'public', d.created_at, coalesce(stars_1, 0), coalesce(stars_2, 0), coalesce(stars_3, 0),
    coalesce(stars_4, 0), coalesce(stars_5, 0),
    coalesce((8 * 3.5 + stars) / (8 + n), -1), coalesce(greatest(0, trend), -1), coalesce(n, 0)
FROM drafts d
JOIN facets f ON f.listed = (d.visibility = 'public') AND f.primary_archetype = d.primary_archetype
    AND f.secondary_archetype = d.secondary_archetype AND f.class_name = d.class_name AND f.race = d.race
    AND f.is_template = d.is_template AND f.game_version = d.game_version
LEFT JOIN (SELECT build, sum(votes) AS n, sum(rating_sum) AS stars,
                  max(top) + ln(sum(weight / 16777216.0::double precision * pow(2, (day * 86400.0::double precision - 946684800) / 259200 - top))) / ln(2.0::double precision) AS trend
           FROM (SELECT *, max((day * 86400.0::double precision - 946684800) / 259200) OVER (PARTITION BY build) AS top
                 FROM vote_days) days GROUP BY build) scored ON scored.build = d.number
LEFT JOIN (SELECT build, count(*) FILTER (WHERE rating = 1) AS stars_1, count(*) FILTER (WHERE rating = 2) AS stars_2,
                  count(*) FILTER (WHERE rating = 3) AS stars_3, count(*) FILTER (WHERE rating = 4) AS stars_4,
                  count(*) FILTER (WHERE rating = 5) AS stars_5
           FROM votes GROUP BY build) counted ON counted.build = d.number
ORDER BY d.number;
RESET enable_nestloop;
