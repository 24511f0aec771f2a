-- A score row counts votes by their stars. The number of votes and their sum are generated from the counters, and
-- checks refuse what no set of votes can come to. Earlier versions could store tallies unlike their votes, so rows
-- are repaired from the votes first.
ALTER TABLE build_ranks
    ADD COLUMN stars_1 integer NOT NULL DEFAULT 0,
    ADD COLUMN stars_2 integer NOT NULL DEFAULT 0,
    ADD COLUMN stars_3 integer NOT NULL DEFAULT 0,
    ADD COLUMN stars_4 integer NOT NULL DEFAULT 0,
    ADD COLUMN stars_5 integer NOT NULL DEFAULT 0;

UPDATE build_ranks r SET stars_1 = v.s1, stars_2 = v.s2, stars_3 = v.s3, stars_4 = v.s4, stars_5 = v.s5
FROM (
    SELECT build, count(*) FILTER (WHERE rating = 1) AS s1, count(*) FILTER (WHERE rating = 2) AS s2,
        count(*) FILTER (WHERE rating = 3) AS s3, count(*) FILTER (WHERE rating = 4) AS s4,
        count(*) FILTER (WHERE rating = 5) AS s5
    FROM votes GROUP BY build
) v WHERE v.build = r.build;

-- Days whose votes or stars differ are made anew. Weights are those of ranking_constants.
CREATE TEMPORARY TABLE day_repairs ON COMMIT DROP AS
WITH constants AS (SELECT coalesce((SELECT half_life FROM ranking_constants), 259200) AS half_life),
counted AS (
    SELECT v.build, d.day, count(*) AS votes, sum(v.rating)::bigint AS rating_sum,
        sum(round(power(2::double precision,
            (extract(epoch FROM v.cast_at)::double precision - d.day * 86400.0) / c.half_life) * 16777216))::bigint
            AS weight
    FROM votes v CROSS JOIN constants c
    CROSS JOIN LATERAL (SELECT floor(extract(epoch FROM v.cast_at) / 86400)::integer AS day) d
    GROUP BY v.build, d.day
)
SELECT coalesce(c.build, d.build) AS build, coalesce(c.day, d.day) AS day, c.votes, c.rating_sum, c.weight
FROM counted c FULL JOIN vote_days d ON d.build = c.build AND d.day = c.day
WHERE (c.votes, c.rating_sum) IS DISTINCT FROM (d.votes, d.rating_sum);

DELETE FROM vote_days d USING day_repairs r WHERE d.build = r.build AND d.day = r.day;
INSERT INTO vote_days (build, day, votes, rating_sum, weight)
SELECT build, day, votes, rating_sum, weight FROM day_repairs WHERE votes IS NOT NULL;

-- The two scores of the rows that were wrong.
WITH constants AS (
    SELECT coalesce((SELECT prior_mean FROM ranking_constants), 3.5) AS mean,
        coalesce((SELECT prior_weight FROM ranking_constants), 8) AS weight,
        coalesce((SELECT half_life FROM ranking_constants), 259200) AS half_life
),
wrong AS (
    SELECT build, stars_1 + stars_2 + stars_3 + stars_4 + stars_5 AS n,
        stars_1 + 2 * stars_2 + 3 * stars_3 + 4 * stars_4 + 5 * stars_5 AS sum
    FROM build_ranks
    WHERE vote_count <> stars_1 + stars_2 + stars_3 + stars_4 + stars_5
        OR rating_sum <> stars_1 + 2 * stars_2 + 3 * stars_3 + 4 * stars_4 + 5 * stars_5
        OR build IN (SELECT build FROM day_repairs)
),
newest AS (SELECT d.build, max(d.day) AS day FROM vote_days d JOIN wrong USING (build) GROUP BY d.build),
trends AS (
    SELECT d.build, greatest(0, (n.day * 86400.0 - 946684800.0) / c.half_life
        + ln(sum(d.weight / 16777216.0 * power(2::double precision, (d.day - n.day) * 86400.0 / c.half_life)))
        / ln(2::double precision)) AS trend
    FROM vote_days d JOIN newest n USING (build) CROSS JOIN constants c
    GROUP BY d.build, n.day, c.half_life
)
UPDATE build_ranks r SET bayesian = (c.weight * c.mean + w.sum) / (c.weight + w.n),
    trend = coalesce((SELECT t.trend FROM trends t WHERE t.build = r.build), -1),
    tally_revision = r.tally_revision + 1
FROM wrong w CROSS JOIN constants c WHERE w.build = r.build;

ALTER TABLE build_ranks DROP COLUMN vote_count, DROP COLUMN rating_sum;
ALTER TABLE build_ranks
    ADD COLUMN vote_count bigint NOT NULL
        GENERATED ALWAYS AS (stars_1::bigint + stars_2 + stars_3 + stars_4 + stars_5) STORED,
    ADD COLUMN rating_sum bigint NOT NULL
        GENERATED ALWAYS AS (stars_1::bigint + 2 * stars_2 + 3 * stars_3 + 4 * stars_4 + 5 * stars_5) STORED,
    ADD CONSTRAINT build_ranks_stars_not_negative
        CHECK (stars_1 >= 0 AND stars_2 >= 0 AND stars_3 >= 0 AND stars_4 >= 0 AND stars_5 >= 0);
CREATE INDEX build_ranks_popular ON build_ranks (vote_count DESC, created_at DESC, build DESC) INCLUDE (facet) WHERE listed;

-- A day is there exactly while votes fall on it; each has one to five stars and weighs at least one.
ALTER TABLE vote_days
    ADD CONSTRAINT vote_days_hold_votes CHECK (votes > 0),
    ADD CONSTRAINT vote_days_stars_fit_votes CHECK (rating_sum BETWEEN votes AND 5 * votes),
    ADD CONSTRAINT vote_days_weight_fits_votes CHECK (weight >= 16777216 * votes);

-- Fails a transaction whose statement changed another number of rows than was decided, so that it is tried again.
CREATE FUNCTION expect_rows(expected bigint, affected bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF expected <> affected THEN
        RAISE EXCEPTION 'expected to change % rows, changed %', expected, affected USING ERRCODE = '40001';
    END IF;
    RETURN true;
END $$;
