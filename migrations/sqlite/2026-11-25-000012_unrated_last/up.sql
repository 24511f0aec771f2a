-- Builds without votes come last by rating: their stored score is below every mean of stars.
UPDATE build_ranks SET bayesian = -1.0 WHERE vote_count = 0;

-- Popular builds are ranked by the stars of a period, which the index holds, too.
DROP INDEX vote_days_day;
CREATE INDEX vote_days_day ON vote_days (day, build, votes, rating_sum);
