\set first random(1, 22)
BEGIN;
SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off;
SELECT r.created_at, r.build FROM (SELECT created_at, build FROM build_ranks WHERE listed ORDER BY created_at DESC, build DESC LIMIT (SELECT max(build) / 10 FROM build_ranks)) r JOIN builds b ON b.id = r.build WHERE b.id > (SELECT max(id) / 10 * 9 - 200 FROM builds) AND b.visibility = 'public' AND NOT b.hidden AND strpos(b.search_text, substr('ejeejjmoclghodfafpcghnecjfpkolip', :first::integer, 11)) > 0 ORDER BY r.created_at DESC, r.build DESC LIMIT 21;
END;
