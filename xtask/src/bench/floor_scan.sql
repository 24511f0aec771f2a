\set first random(1, 22)
BEGIN;
SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off;
SELECT r.created_at, r.build FROM build_ranks r JOIN builds b ON b.id = r.build WHERE r.listed AND b.visibility = 'public' AND NOT b.hidden AND b.search_text LIKE '%' || substr('ejeejjmoclghodfafpcghnecjfpkolip', :first::integer, 11) || '%' ORDER BY r.created_at DESC, r.build DESC LIMIT 21;
END;
