-- A score row counts votes by their stars. The number of votes and their sum are generated from the counters, and
-- checks refuse what no set of votes can come to. Rows are made anew from the votes first. Both tables are copied,
-- since SQLite adds neither stored columns nor checks to a table that is there.
CREATE TABLE new_build_ranks (
    build BIGINT PRIMARY KEY NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
    facet INTEGER NOT NULL REFERENCES facets (id),
    listed BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    stars_1 INTEGER NOT NULL DEFAULT 0,
    stars_2 INTEGER NOT NULL DEFAULT 0,
    stars_3 INTEGER NOT NULL DEFAULT 0,
    stars_4 INTEGER NOT NULL DEFAULT 0,
    stars_5 INTEGER NOT NULL DEFAULT 0,
    vote_count BIGINT NOT NULL GENERATED ALWAYS AS (stars_1 + stars_2 + stars_3 + stars_4 + stars_5) STORED,
    rating_sum BIGINT NOT NULL
        GENERATED ALWAYS AS (stars_1 + 2 * stars_2 + 3 * stars_3 + 4 * stars_4 + 5 * stars_5) STORED,
    bayesian DOUBLE NOT NULL,
    trend DOUBLE NOT NULL,
    tally_revision BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT build_ranks_stars_not_negative
        CHECK (stars_1 >= 0 AND stars_2 >= 0 AND stars_3 >= 0 AND stars_4 >= 0 AND stars_5 >= 0)
) WITHOUT ROWID;
INSERT INTO new_build_ranks (build, facet, listed, created_at, stars_1, stars_2, stars_3, stars_4, stars_5, bayesian,
    trend, tally_revision)
SELECT r.build, r.facet, r.listed, r.created_at, coalesce(v.s1, 0), coalesce(v.s2, 0), coalesce(v.s3, 0),
    coalesce(v.s4, 0), coalesce(v.s5, 0), r.bayesian, r.trend, r.tally_revision
FROM build_ranks r LEFT JOIN (
    SELECT build, sum(rating = 1) AS s1, sum(rating = 2) AS s2, sum(rating = 3) AS s3, sum(rating = 4) AS s4,
        sum(rating = 5) AS s5
    FROM votes GROUP BY build
) v ON v.build = r.build;
UPDATE new_build_ranks SET bayesian = (
        coalesce((SELECT prior_weight * prior_mean FROM ranking_constants), 28.0) + rating_sum
    ) / (coalesce((SELECT prior_weight FROM ranking_constants), 8.0) + vote_count)
WHERE (vote_count, rating_sum) <> (SELECT vote_count, rating_sum FROM build_ranks r WHERE r.build = new_build_ranks.build);
DROP TABLE build_ranks;
ALTER TABLE new_build_ranks RENAME TO build_ranks;
CREATE INDEX build_ranks_newest ON build_ranks (created_at DESC, build DESC, facet) WHERE listed;
CREATE INDEX build_ranks_rating ON build_ranks (bayesian DESC, created_at DESC, build DESC, facet) WHERE listed;
CREATE INDEX build_ranks_popular ON build_ranks (vote_count DESC, created_at DESC, build DESC, facet) WHERE listed;
CREATE INDEX build_ranks_trending ON build_ranks (trend DESC, created_at DESC, build DESC, facet) WHERE listed;
CREATE INDEX build_ranks_facet ON build_ranks (facet, created_at DESC, build DESC);

-- A day is there exactly while votes fall on it; each has one to five stars and weighs at least one. A weight that
-- was wrong stays within its bounds: SQLite has no powers to make it anew, `doctor --repair` does.
CREATE TABLE new_vote_days (
    build BIGINT NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
    day INTEGER NOT NULL,
    votes BIGINT NOT NULL,
    rating_sum BIGINT NOT NULL,
    weight BIGINT NOT NULL,
    PRIMARY KEY (build, day),
    CONSTRAINT vote_days_hold_votes CHECK (votes > 0),
    CONSTRAINT vote_days_stars_fit_votes CHECK (rating_sum BETWEEN votes AND 5 * votes),
    CONSTRAINT vote_days_weight_fits_votes CHECK (weight >= 16777216 * votes)
) WITHOUT ROWID;
INSERT INTO new_vote_days (build, day, votes, rating_sum, weight)
SELECT v.build, v.day, v.votes, v.rating_sum, max(coalesce(d.weight, 0), 16777216 * v.votes)
FROM (
    SELECT build, (cast_at - (cast_at % 86400000000 + 86400000000) % 86400000000) / 86400000000 AS day,
        count(*) AS votes, sum(rating) AS rating_sum
    FROM votes GROUP BY 1, 2
) v LEFT JOIN vote_days d ON d.build = v.build AND d.day = v.day;
DROP TABLE vote_days;
ALTER TABLE new_vote_days RENAME TO vote_days;
CREATE INDEX vote_days_day ON vote_days (day, build, votes);
