\set number random(1, :builds)
\set id 10000000 + :number * 61803401 % 90000000
SELECT b.id, b.build_id, b.name, b.description, b.primary_archetype, b.secondary_archetype, b.class_name, b.race, b.visibility, b.hidden, b.is_template, b.tags, b.game_version, b.session, b.player_id, b.steam_id, b.display_name, b.created_at, b.updated_at, b.revision, r.stars_1, r.stars_2, r.stars_3, r.stars_4, r.stars_5, r.bayesian, r.trend, r.tally_revision, b.build_data FROM builds b JOIN build_ranks r ON r.build = b.id WHERE b.build_id = 'b_' || :id;
