-- Lists read the counted votes only.
ANALYZE facets;
INSERT INTO build_ranks (build, facet, listed, created_at, stars_5, bayesian, trend, tally_revision)
SELECT number, f.id, f.listed, created_at, votes, CASE WHEN votes > 0 THEN (28.0 + 5 * votes) / (8 + votes) ELSE -1 END,
    CASE WHEN votes > 0 THEN votes / 10.0 ELSE -1 END, votes
FROM drafts d
JOIN facets f ON f.listed = (d.visibility = 'public') AND f.primary_archetype = d.primary_archetype
    AND f.secondary_archetype = d.secondary_archetype AND f.class_name = d.class_name AND f.race = d.race
ORDER BY number;

-- As the service's job would do it, two thousand at a time.
INSERT INTO tag_counts (tag, builds) SELECT tag, sum(difference) FROM tag_changes GROUP BY tag;
TRUNCATE tag_changes;
SELECT definition FROM left_out \gexec
DO $$ BEGIN
    ASSERT (SELECT sum(builds) FROM facets) = (SELECT count(*) FROM build_ranks), 'facets';
    ASSERT (SELECT sum(builds) FROM tag_counts) = (SELECT count(*) FROM build_tags WHERE listed), 'tags';
END $$;
