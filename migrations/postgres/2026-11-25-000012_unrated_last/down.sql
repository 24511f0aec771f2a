DROP INDEX vote_days_day;
CREATE INDEX vote_days_day ON vote_days (day, build) INCLUDE (votes);

UPDATE build_ranks SET bayesian = coalesce((SELECT prior_mean FROM ranking_constants), 3.5) WHERE vote_count = 0;
