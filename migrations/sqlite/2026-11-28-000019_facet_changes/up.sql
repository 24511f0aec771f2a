-- Writes only append what they change of the number of builds of a facet; a job adds the changes up. A count is the sum
-- of the parts that `facet_parts` has of it.
CREATE TABLE facet_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    facet INTEGER NOT NULL,
    difference BIGINT NOT NULL
);

CREATE VIEW facet_parts AS
SELECT id, listed, primary_archetype, secondary_archetype, class_name, class_folded, race, is_template, game_version, builds
FROM facets
UNION ALL
SELECT f.id, f.listed, f.primary_archetype, f.secondary_archetype, f.class_name, f.class_folded, f.race, f.is_template,
    f.game_version, c.difference
FROM facet_changes c JOIN facets f ON f.id = c.facet;
