DROP TABLE hidden_queries;
DROP TABLE search_callers;
DROP TABLE search_days;
DROP TABLE searches;
