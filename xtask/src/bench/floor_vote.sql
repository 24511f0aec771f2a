\set build random(1, :targets)
\set voter random(1, 9007199254740991)
\set rating random(1, 5)
BEGIN;
INSERT INTO votes (build, session, rating, cast_at) VALUES (:build, sha256(int8send(:voter)), :rating, now());
UPDATE build_ranks SET stars_1 = stars_1 + (:rating = 1)::integer, stars_2 = stars_2 + (:rating = 2)::integer, stars_3 = stars_3 + (:rating = 3)::integer, stars_4 = stars_4 + (:rating = 4)::integer, stars_5 = stars_5 + (:rating = 5)::integer, bayesian = (28.0 + rating_sum + :rating) / (9.0 + vote_count), trend = trend + 0.000001, tally_revision = tally_revision + 1 WHERE build = :build;
END;
