\set number random(1, 9007199254740991)
\set primary random(1, 8)
\set secondary random(1, 8)
\set race random(1, 8)
\set suffix random(0, 999)
\set one random(1, 8)
\set other random(1, 8)
BEGIN;
INSERT INTO builds (build_id, name, description, primary_archetype, secondary_archetype, class_name, race, visibility, is_template, tags, build_data, game_version, search_text, session, created_at, updated_at) VALUES ('b_f' || :number, (ARRAY['Amber', 'Ashen', 'Eager', 'Gilded', 'Hollow', 'Iron', 'Silent', 'Moonlit'])[:one] || ' ' || (ARRAY['Anvil', 'Badger', 'Comet', 'Ember', 'Falcon', 'Otter', 'Raven', 'Wolf'])[:other] || ' ' || :suffix, 'A build for small groups that trust each other. Bring friends.', 'primary' || :primary, 'secondary' || :secondary, 'Class ' || :primary || :secondary, 'race' || :race, 'public', false, '["pvp","solo","tag' || :one || '"]', '{"notes":"for long evenings alone","skills":[{"name":"gap closer","rank":3},{"name":"interrupt","rank":2}]}', 'floor', '  ' || lower((ARRAY['Amber', 'Ashen', 'Eager', 'Gilded', 'Hollow', 'Iron', 'Silent', 'Moonlit'])[:one]) || '  ' || lower((ARRAY['Anvil', 'Badger', 'Comet', 'Ember', 'Falcon', 'Otter', 'Raven', 'Wolf'])[:other]) || '  ' || :suffix || E' \n  class  ' || :primary || :secondary || E' \n  race' || :race || E' \n  race' || :race || E' \n  a  build  for  small  groups  that  trust  each  other  bring  friends ', sha256(int8send(:number)), now(), now()) RETURNING id AS build \gset
INSERT INTO facets (listed, primary_archetype, secondary_archetype, class_name, class_folded, race, is_template, game_version) VALUES (true, 'primary' || :primary, 'secondary' || :secondary, 'Class ' || :primary || :secondary, 'class ' || :primary || :secondary, 'race' || :race, false, 'floor') ON CONFLICT DO NOTHING;
SELECT id AS facet FROM facets WHERE listed AND primary_archetype = 'primary' || :primary AND secondary_archetype = 'secondary' || :secondary AND class_name = 'Class ' || :primary || :secondary AND race = 'race' || :race AND NOT is_template AND game_version = 'floor' \gset
INSERT INTO build_ranks (build, facet, listed, created_at, bayesian, trend, tally_revision) VALUES (:build, :facet, true, now(), -1, -1, 0);
INSERT INTO build_tags (tag, build, listed) VALUES ('pvp', :build, true);
INSERT INTO build_tags (tag, build, listed) VALUES ('solo', :build, true);
INSERT INTO build_tags (tag, build, listed) VALUES ('tag' || :one, :build, true);
INSERT INTO facet_changes (facet, difference) VALUES (:facet, 1);
END;
