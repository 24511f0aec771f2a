DROP TABLE ranking_constants;
DROP TABLE build_tags;
DROP TABLE build_ranks;
DROP TABLE build_search;
DROP TABLE builds;
DROP TABLE facets;
