\set by_zipf int(power(:terms + 1, random(0, 999999) / 1000000.0))
SELECT needle FROM bench_terms WHERE n = (SELECT CASE WHEN :step = 0 THEN :by_zipf ELSE :first + :step * nextval('bench_terms_used') END) \gset
SELECT r.created_at, r.build FROM build_ranks r JOIN builds b ON b.id = r.build WHERE r.listed AND b.visibility = 'public' AND NOT b.hidden AND b.search_text LIKE '%' || :needle || '%' ORDER BY r.created_at DESC, r.build DESC LIMIT 21;
SELECT count(*) FROM (SELECT FROM builds WHERE visibility = 'public' AND NOT hidden AND search_text LIKE '%' || :needle || '%' LIMIT 1001) counted;
