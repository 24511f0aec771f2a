\set query random(1, 2000)
\set caller random(1, 9007199254740991)
INSERT INTO searches (query, search_mode, result_count, session, player_id, caller, searched_at) VALUES ('best build ' || :query, 'quick', :query % 40, sha256(int8send(:caller)), NULL, sha256(int8send(:caller)), now());
