UPDATE facets SET builds = builds + c.difference
FROM (SELECT facet, sum(difference) AS difference FROM facet_changes GROUP BY facet) c WHERE c.facet = facets.id;
DROP VIEW facet_parts;
DROP TABLE facet_changes;
