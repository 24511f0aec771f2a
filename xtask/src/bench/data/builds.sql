-- Builds in the order of their creation, the first of them official; the last twenty-fifth, of any age, private.
CREATE TEMP TABLE patterns AS
SELECT position,
       ARRAY(SELECT DISTINCT pg_temp.pick(tags, position, 'tag' || n)
             FROM generate_series(1, 1 + pg_temp.draw(position, 'tags', 4)) n) AS build_tags,
       jsonb_build_object('notes', pg_temp.pick(styles, position, 'notes'), 'skills',
           (SELECT jsonb_agg(jsonb_build_object('name', pg_temp.pick(skills, position, 'skill' || n),
                                                'rank', 1 + pg_temp.draw(position, 'rank' || n, 5)))
            FROM generate_series(1, 4 + pg_temp.draw(position, 'skills', 8)) n))::text AS build_data
FROM generate_series(0, 4095::bigint) position, words;
ANALYZE patterns, classes, races;

CREATE TEMP TABLE drafts AS
SELECT number, class.*, race.race, race.race_name, race.race_folded,
       CASE pg_temp.draw(number, 'name', 4)
           WHEN 0 THEN adjective || ' ' || class.class_name
           WHEN 1 THEN noun || ' of the ' || adjective || ' ' || class.class_name
           WHEN 2 THEN adjective || ' ' || noun
           ELSE initcap(pg_temp.pick(syllables, number, 's1') || pg_temp.pick(syllables, number, 's2')
                        || pg_temp.pick(syllables, number, 's3')) || ' the ' || adjective
       END AS name,
       CASE WHEN pg_temp.draw(number, 'described', 5) > 0 THEN
           'A ' || class.class_name || ' ' || pg_temp.pick(styles, number, 'style') || '. '
           || pg_temp.pick(advice, number, 'advice') || '.'
       END AS description,
       CASE WHEN number > 0.96 * :builds THEN 'private' WHEN number <= 64 OR listing >= 6 THEN 'public'
           ELSE 'unlisted' END AS visibility,
       number <= 64 AS is_template,
       CASE WHEN pg_temp.draw(number, 'version', 10) = 0 THEN 'alpha-1' ELSE 'alpha-2' END AS game_version,
       pattern.build_tags, pattern.build_data,
       :'now'::timestamptz - 365 * interval '1 day' * CASE WHEN number > 0.96 * :builds
           THEN pg_temp.fraction(number, 'age') ELSE 1 - number / (0.96 * :builds) END AS created_at,
       pg_temp.draw(number, 'owner', :builds / 3 + 1) AS owner, NULL AS steam_id
FROM (SELECT number, pg_temp.draw(number, 'listing', 100) AS listing,
             pg_temp.pick(w.adjectives, number, 'adjective') AS adjective,
             pg_temp.pick(w.nouns, number, 'noun') AS noun, w.*
      FROM generate_series(1, :builds::bigint) number, words w) drawn
JOIN classes class ON class.position = floor(64 * pow(pg_temp.fraction(number, 'class'), 2))
JOIN patterns pattern ON pattern.position = pg_temp.draw(number, 'pattern', 4096)
JOIN races race ON race.position = floor(9 * pow(pg_temp.fraction(number, 'race'), 1.5));
