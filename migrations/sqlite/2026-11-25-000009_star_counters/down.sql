CREATE TABLE old_build_ranks (
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
INSERT INTO old_build_ranks SELECT build, facet, listed, created_at, vote_count, rating_sum, bayesian, trend,
    tally_revision FROM build_ranks;
DROP TABLE build_ranks;
ALTER TABLE old_build_ranks RENAME TO build_ranks;
CREATE INDEX build_ranks_newest ON build_ranks (created_at DESC, build DESC, facet) WHERE listed;
CREATE INDEX build_ranks_rating ON build_ranks (bayesian DESC, created_at DESC, build DESC, facet) WHERE listed;
CREATE INDEX build_ranks_popular ON build_ranks (vote_count DESC, created_at DESC, build DESC, facet) WHERE listed;
CREATE INDEX build_ranks_trending ON build_ranks (trend DESC, created_at DESC, build DESC, facet) WHERE listed;
CREATE INDEX build_ranks_facet ON build_ranks (facet, created_at DESC, build DESC);

CREATE TABLE old_vote_days (
    build BIGINT NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
    day INTEGER NOT NULL,
    votes BIGINT NOT NULL,
    rating_sum BIGINT NOT NULL,
    weight BIGINT NOT NULL,
    PRIMARY KEY (build, day)
) WITHOUT ROWID;
INSERT INTO old_vote_days SELECT build, day, votes, rating_sum, weight FROM vote_days;
DROP TABLE vote_days;
ALTER TABLE old_vote_days RENAME TO vote_days;
CREATE INDEX vote_days_day ON vote_days (day, build, votes);
