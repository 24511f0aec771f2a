-- SQLite has no TRUNCATE, and a trigger keeps DELETE from becoming one. The statement keeps the file from being empty.
SELECT 1;
