DROP FUNCTION expect_rows(bigint, bigint);
ALTER TABLE vote_days
    DROP CONSTRAINT vote_days_weight_fits_votes,
    DROP CONSTRAINT vote_days_stars_fit_votes,
    DROP CONSTRAINT vote_days_hold_votes;

ALTER TABLE build_ranks
    ADD COLUMN old_vote_count bigint NOT NULL DEFAULT 0 CHECK (old_vote_count >= 0),
    ADD COLUMN old_rating_sum bigint NOT NULL DEFAULT 0 CHECK (old_rating_sum >= 0);
UPDATE build_ranks SET old_vote_count = vote_count, old_rating_sum = rating_sum WHERE vote_count > 0;
ALTER TABLE build_ranks
    DROP CONSTRAINT build_ranks_stars_not_negative, DROP COLUMN vote_count, DROP COLUMN rating_sum,
    DROP COLUMN stars_1, DROP COLUMN stars_2, DROP COLUMN stars_3, DROP COLUMN stars_4, DROP COLUMN stars_5;
ALTER TABLE build_ranks RENAME COLUMN old_vote_count TO vote_count;
ALTER TABLE build_ranks RENAME COLUMN old_rating_sum TO rating_sum;
ALTER TABLE build_ranks RENAME CONSTRAINT build_ranks_old_vote_count_check TO build_ranks_vote_count_check;
ALTER TABLE build_ranks RENAME CONSTRAINT build_ranks_old_rating_sum_check TO build_ranks_rating_sum_check;
CREATE INDEX build_ranks_popular ON build_ranks (vote_count DESC, created_at DESC, build DESC) INCLUDE (facet) WHERE listed;
