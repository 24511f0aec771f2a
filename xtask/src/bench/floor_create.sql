\set number random(1, 9007199254740991)
\set primary random(1, 8)
\set secondary random(1, 8)
\set race random(1, 8)
\set suffix random(0, 999)
\set one random(1, 8)
\set other random(1, 8)
BEGIN;
INSERT INTO builds (build_id, name, description, primary_archetype, secondary_archetype, class_name, race, visibility, is_template, tags, build_data, game_version, search_text, session, created_at, updated_at) VALUES ('b_f' || :number, (ARRAY['Amber', 'Ashen', 'Eager', 'Gilded', 'Hollow', 'Iron', 'Silent', 'Moonlit'])[:one] || ' ' || (ARRAY['Anvil', 'Badger', 'Comet', 'Ember', 'Falcon', 'Otter', 'Raven', 'Wolf'])[:other] || ' ' || :suffix, 'A build for small groups that trust each other. Bring friends.', 'primary' || :primary, 'secondary' || :secondary, 'Class ' || :primary || :secondary, 'race' || :race, 'public', false, '["pvp","solo","tag' || :one || '"]', '{"notes":"for long evenings alone","skills":[{"name":"gap closer","rank":3},{"name":"interrupt","rank":2}]}', 'floor', '  ' || lower((ARRAY['Amber', 'Ashen', 'Eager', 'Gilded', 'Hollow', 'Iron', 'Silent', 'Moonlit'])[:one]) || '  ' || lower((ARRAY['Anvil', 'Badger', 'Comet', 'Ember', 'Falcon', 'Otter', 'Raven', 'Wolf'])[:other]) || '  ' || :suffix || E' \n  class  ' || :primary || :secondary || E' \n  race' || :race || E' \n  race' || :race || E' \n  a  build  for  small  groups  that  trust  each  other  bring  friends ', sha256(int8send(:number)), now(), now()) RETURNING id AS build \gset
INSERT INTO facets (listed, primary_archetype, secondary_archetype, class_name, class_folded, race, is_template, game_version, builds) VALUES (true, 'primary' || :primary, 'secondary' || :secondary, 'Class ' || :primary || :secondary, 'class ' || :primary || :secondary, 'race' || :race, false, 'floor', 1) ON CONFLICT (listed, primary_archetype, secondary_archetype, class_name, race, is_template, game_version) DO UPDATE SET builds = facets.builds + excluded.builds RETURNING id AS facet \gset
INSERT INTO build_ranks (build, facet, listed, created_at, bayesian, trend, tally_revision) VALUES (:build, :facet, true, now(), -1, -1, 0);
INSERT INTO build_tags (tag, build, listed) VALUES ('pvp', :build, true);
INSERT INTO build_tags (tag, build, listed) VALUES ('solo', :build, true);
INSERT INTO build_tags (tag, build, listed) VALUES ('tag' || :one, :build, true);
END;
