-- Builds that are unkind to searches, the oldest first; unkind.rs knows what they hold. Words of 32 letters have many
-- parts, each of which is a term that was not searched for before.
CREATE FUNCTION pg_temp.word(name text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT translate(left(encode(sha256(convert_to(name, 'UTF8')), 'hex'), 32), '0123456789', 'ghijklmnop') $$;

-- As in words.sql, and every Chinese character and emoji is a word.
CREATE OR REPLACE FUNCTION pg_temp.line(part text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN part = '' THEN '' ELSE '  ' || regexp_replace(trim(regexp_replace(lower(translate(part, '.,', '')),
    '([\u4e00-\u9fff\U0001f000-\U0001faff])', ' \1 ', 'g')), ' +', '  ', 'g') || ' ' END $$;

CREATE TEMP TABLE shapes AS SELECT
    string_to_array('暗,黑,龙,骑,士,火,焰,冰,霜,雷,圣,光,影,风,暴,狂,战,神', ',') AS han,
    string_to_array('во,ин,све,та,дра,кон,мор,ра,зим,ник,лес,гор', ',') AS cyrillic,
    string_to_array('🔥,🐉,🌙,💀,🏹,🌊,🌲,🍀', ',') AS emoji,
    pg_temp.word('everywhere') AS everywhere, pg_temp.word('newlack') AS newlack, pg_temp.word('oldonly') AS oldonly,
    pg_temp.word('half') AS half, pg_temp.word('rare') AS rare,
    -- All trigrams of the word, and no part of it that is longer than eleven letters.
    (SELECT string_agg(substr(pg_temp.word('pieces'), n, 11), ' ') FROM generate_series(1, 28, 9) n) AS pieces,
    (SELECT string_agg(pg_temp.word('long' || n), ' ' ORDER BY n) FROM generate_series(1, 8) n) AS long;

-- A tenth is by one author, a hundredth has all votes, and each tag that begins with "own" is on five builds.
CREATE TEMP TABLE drafts AS
SELECT number, class.*, race.race, race.race_name, race.race_folded,
       CASE number % 5
           WHEN 0 THEN pg_temp.pick(han, number, '1') || pg_temp.pick(han, number, '2') || pg_temp.pick(han, number, '3')
           WHEN 1 THEN pg_temp.pick(cyrillic, number, '1') || pg_temp.pick(cyrillic, number, '2') || ' '
               || pg_temp.pick(cyrillic, number, '3') || pg_temp.pick(cyrillic, number, '4')
           WHEN 2 THEN adjective || pg_temp.pick(emoji, number, '1') || noun
           ELSE adjective || ' ' || noun
       END AS name,
       concat_ws(' ', everywhere, pieces, CASE WHEN number <= 0.9 * :builds THEN newlack END,
           CASE WHEN number <= 0.01 * :builds THEN oldonly END, CASE WHEN number % 2 = 0 THEN half END,
           CASE WHEN number % 10000 = 17 THEN rare END, CASE WHEN number % 7 = 0 THEN long END) AS description,
       CASE WHEN number % 25 = 3 THEN 'private' ELSE 'public' END AS visibility,
       false AS is_template, 'alpha-2' AS game_version,
       ARRAY['pvp', 'tag' || number % 200, 'own' || number % (:builds / 5)] AS build_tags, NULL AS build_data,
       :'now'::timestamptz - 365 * interval '1 day' * ((:builds - number) / :builds::double precision) AS created_at,
       pg_temp.draw(number, 'owner', :builds / 3 + 1) AS owner,
       CASE WHEN number % 10 = 0 THEN '77' END AS steam_id,
       CASE WHEN number % 100 = 1 THEN 1 + pg_temp.draw(number, 'votes', 500) ELSE 0 END AS votes
FROM (SELECT number, pg_temp.pick(w.adjectives, number, 'adjective') AS adjective,
             pg_temp.pick(w.nouns, number, 'noun') AS noun, shapes.*
      FROM generate_series(1, :builds::bigint) number, words w, shapes) drawn
JOIN classes class ON class.position = floor(64 * pow(pg_temp.fraction(number, 'class'), 2))
JOIN races race ON race.position = floor(9 * pow(pg_temp.fraction(number, 'race'), 1.5));
