DROP TABLE vote_days;
DROP TABLE votes;
