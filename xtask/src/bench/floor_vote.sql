\set build random(1, :targets)
\set voter random(1, 9007199254740991)
\set rating random(1, 5)
BEGIN;
INSERT INTO votes (build, session, rating, cast_at) VALUES (:build, sha256(int8send(:voter)), :rating, now());
UPDATE build_ranks SET vote_count = vote_count + 1, rating_sum = rating_sum + :rating, bayesian = (28.0 + rating_sum + :rating) / (9.0 + vote_count), trend = trend + 0.000001, tally_revision = tally_revision + 1 WHERE build = :build;
END;
