SELECT definition FROM left_out \gexec
-- Counts that are kept must be those that counting gives.
DO $$ BEGIN
    ASSERT (SELECT sum(builds) FROM facets) = (SELECT count(*) FROM build_ranks), 'facets';
    ASSERT (SELECT sum(vote_count) FROM build_ranks) = (SELECT count(*) FROM votes), 'votes';
    ASSERT (SELECT sum(searches) FROM search_days) = (SELECT count(*) FROM searches), 'searches';
END $$;
