-- Searches of ninety days. As in any language, more searches bring more different ones, but ever fewer of them; a
-- fifth are typed in another spelling.
CREATE TEMP TABLE topics AS
SELECT topic, folded, CASE WHEN changed THEN initcap(folded) ELSE folded END AS query, changed
FROM (SELECT topic, lower(pg_temp.pick(adjectives, topic, 'qa') || ' ' || pg_temp.pick(nouns, topic, 'qn') || ' ' || topic)
             AS folded
      FROM generate_series(0, floor(30 * sqrt(:searches))::bigint) topic, words) texts, (VALUES (true), (false)) v (changed);
ANALYZE topics;

CREATE TEMP TABLE asked AS
SELECT query, folded, mode, results, caller, at, floor(extract(epoch FROM at) / 86400)::int AS day
FROM (SELECT floor(30 * sqrt(:searches) * pow(pg_temp.fraction(number, 'query'), 4))::bigint AS topic,
             pg_temp.draw(number, 'spelling', 5) = 0 AS changed,
             (ARRAY['quick', 'smart', 'deep'])[1 + pg_temp.draw(number, 'mode', 3)] AS mode,
             CASE WHEN pg_temp.draw(number, 'found', 12) > 0 THEN 1 + pg_temp.draw(number, 'results', 40) ELSE 0 END AS results,
             sha256(int8send(pg_temp.draw(number, 'caller', :searches / 10 + 1))) AS caller,
             :'now'::timestamptz - 90 * interval '1 day' * pg_temp.fraction(number, 'when') AS at
      FROM generate_series(1, :searches::bigint) number) drawn
JOIN topics USING (topic, changed);
ANALYZE asked;

INSERT INTO searches (query, search_mode, result_count, session, player_id, caller, searched_at)
SELECT query, mode, results, caller, NULL, caller, at FROM asked ORDER BY at;

INSERT INTO search_days
SELECT day, mode, substring(sha256(convert_to(folded, 'UTF8')) FOR 16), substring(sha256(convert_to(query, 'UTF8')) FOR 16),
    folded, query, count(*), count(*) FILTER (WHERE results = 0)
FROM asked GROUP BY day, mode, folded, query ORDER BY 1, 2, 3, 4;

INSERT INTO search_callers
SELECT day, mode, substring(sha256(convert_to(folded, 'UTF8')) FOR 16), caller
FROM (SELECT day, mode, folded, caller, row_number() OVER (PARTITION BY day, mode, folded) AS place
      FROM (SELECT DISTINCT day, mode, folded, caller FROM asked) callers) placed
WHERE place <= 20 ORDER BY 1, 2, 3, 4;
