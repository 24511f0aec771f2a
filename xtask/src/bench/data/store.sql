-- The drafts as builds, with their tags, and facets that add up.
INSERT INTO builds (id, build_id, name, description, primary_archetype, secondary_archetype, class_name, race,
    visibility, is_template, tags, build_data, game_version, search_text, session, player_id, steam_id, display_name,
    created_at, updated_at)
SELECT number, 'b_' || (10000000 + number * 61803401 % 90000000), name, description,
    primary_archetype, secondary_archetype, class_name, race, visibility, is_template,
    array_to_json(build_tags)::text, build_data, game_version,
    concat_ws(E'\n', pg_temp.line(name), pg_temp.line(class_name), pg_temp.line(race), pg_temp.line(race_folded),
        pg_temp.line(coalesce(description, ''))),
    CASE WHEN NOT is_template THEN sha256(convert_to('owner ' || owner, 'UTF8')) END,
    CASE WHEN NOT is_template AND owner % 4 = 0 THEN 'player-' || owner END, steam_id,
    CASE WHEN NOT is_template AND owner % 4 = 0 THEN 'Player ' || owner END,
    created_at, created_at
FROM drafts ORDER BY number;

INSERT INTO build_tags (tag, build, listed) SELECT tag, number, visibility = 'public'
FROM drafts, unnest(build_tags) tag ORDER BY 1, 2;

INSERT INTO facets (listed, primary_archetype, secondary_archetype, class_name, class_folded, race, is_template,
    game_version, builds)
SELECT visibility = 'public', primary_archetype, secondary_archetype, class_name, lower(class_name), race, is_template,
    game_version, count(*)
FROM drafts GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
ANALYZE drafts;

SELECT setval(pg_get_serial_sequence('builds', 'id'), :builds);
